"""The wire's law: what botocore writes we read as it was, and what we write botocore reads as it was.

For every operation of every served service, over every protocol the service speaks:
`decode(botocore.serialize(x)) == x` and `botocore.parse(encode(y)) == y`, and so for every modelled error.
A value is generated from botocore's own shapes by a seeded generator; `LOSSES` lists what a protocol itself
cannot carry, and the generator keeps to it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore import xform_name
from botocore.awsrequest import HeadersDict, create_request_object, prepare_request_dict
from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel
from botocore.parsers import create_parser
from botocore.serialize import create_serializer
from botocore.utils import deep_merge

import emulator.wire
from emulator.errors import AwsError
from emulator.wire import models
from emulator.wire.codec import decode, encode, encode_error
from emulator.wire.http import Request, Response
from emulator.wire.routing import identify
from emulator.wire.validation import accepts, explain, validate
from tests.apis import APIS

SERVICES = frozenset(APIS)
SIGNING = {"stepfunctions": "states", "cloudwatch": "monitoring", "eventbridgev2": "events"}
PAIRS = [(name, protocol) for name in sorted(SERVICES) for protocol in models.service(name).protocols]
ID = "c2ae1b2f-5b7a-4b1e-9d5c-000000000000"

TWINS = {
    "GetBucketLifecycle",
    "GetBucketNotification",
    "ListDirectoryBuckets",
    "PutBucketLifecycle",
    "PutBucketNotification",
}
"""S3 operations whose requests are the very requests of another operation."""

LOSSES: dict[tuple[str, str], set[str]] = {
    ("query", "request"): {"empty map", "empty structure", "empty flattened list"},
    ("query", "answer"): {"empty flattened list", "empty flattened map"},
    ("json", "answer"): {"infinity"},
    ("rest-xml", "request"): {"empty flattened list", "empty flattened map", "carriage return"},
    ("rest-xml", "answer"): {"empty flattened list", "empty flattened map"},
}
"""What a protocol has no way to write inside a body (or botocore none to read). Everywhere: an empty list or
map in query strings and headers, parts of a second in headers, commas in header lists of answers (botocore
does not unquote), event streams, an empty payload; user metadata keeps no capitals in its keys."""

SKIPPED_ANSWERS = {"s3": {"GetBucketLocation", "GetBucketNotification"}}
"""Answers that botocore reads outside its parser (the root is the value), or by two members at once."""

TEXT = "abcXYZ 0189-_.~&<>\"'=+/%äß漢😀"
PLAIN = "abcdefghijklmnopqrstuvwxyz0123456789"


class Values:
    """Values of botocore's shapes, from a seed."""

    def __init__(self, seed: str, protocol: str, direction: str) -> None:
        self.random = random.Random(seed)
        self.losses = LOSSES.get((protocol, direction), set())
        self.direction = direction
        self.protocol = protocol

    def of(self, shape: Any, depth: int = 0, place: str = "body") -> Any:
        if getattr(shape, "is_document_type", False):
            return self.random.choice([{"a": [1, None, 2.5, "x"]}, {"b": {"c": True}}])
        return getattr(self, f"_{shape.type_name}", self._string)(shape, depth, place)

    def _string(self, shape: Any, depth: int, place: str) -> str:
        if getattr(shape, "enum", None):
            return str(self.random.choice(shape.enum))
        alphabet = PLAIN if place in ("uri", "header") else TEXT
        if place == "body" and "carriage return" not in self.losses and self.direction == "answer":
            alphabet += "\r\n\t"
        size = self.random.randint(1 if place != "body" else 0, 8)
        return "".join(self.random.choice(alphabet) for _ in range(size))

    def _integer(self, shape: Any, depth: int, place: str) -> int:
        return self.random.choice([0, 1, -1, 200, 2**31 - 1, -(2**31), self.random.randint(-999, 999)])

    def _long(self, shape: Any, depth: int, place: str) -> int:
        return self.random.choice([0, 2**63 - 1, -(2**63), self.random.randint(-(10**12), 10**12)])

    def _float(self, shape: Any, depth: int, place: str) -> float:
        infinite = [float("inf"), float("-inf")] if place == "body" and "infinity" not in self.losses else []
        return self.random.choice([0.0, -1.5, 0.25, 1e10, float(self.random.randint(0, 999)) / 8, *infinite])

    _double = _float

    def _boolean(self, shape: Any, depth: int, place: str) -> bool:
        return self.random.random() < 0.5

    def _timestamp(self, shape: Any, depth: int, place: str) -> datetime:
        seconds = self.random.randint(0, 4 * 10**9)
        whole = place == "header" or shape.serialization.get("timestampFormat") == "rfc822"
        fraction = 0 if whole else self.random.randint(0, 999)
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds, milliseconds=fraction)

    def _blob(self, shape: Any, depth: int, place: str) -> bytes:
        if place == "payload":
            return b"".join(self.random.choice([b"abc", b"{}", b"\n", "ä".encode()]) for _ in range(3))
        return self.random.randbytes(self.random.randint(0, 9))

    def _list(self, shape: Any, depth: int, place: str) -> list[Any]:
        flattened = shape.serialization.get("flattened")
        least = 1 if place != "body" or (flattened and "empty flattened list" in self.losses) else 0
        if depth > 3 and least == 0:
            return []
        items = [self.of(shape.member, depth + 1, place) for _ in range(self.random.randint(least, 3))]
        return [item for item in items if not self._lost(shape.member, item)] if least == 0 else items

    def _map(self, shape: Any, depth: int, place: str) -> dict[str, Any]:
        flattened = shape.serialization.get("flattened")
        lossy = "empty map" in self.losses or (flattened and "empty flattened map" in self.losses)
        least = 1 if place != "body" or lossy else 0
        if depth > 3 and least == 0:
            return {}
        out = {}
        for _ in range(self.random.randint(least, 2)):
            key = self._string(shape.key, depth, "header" if place == "headers" else place)
            out[key] = self.of(shape.value, depth + 1, "header" if place == "headers" else place)
        return out

    def _structure(self, shape: Any, depth: int, place: str) -> dict[str, Any]:
        members = shape.members
        chosen = [name for name in members if name in shape.required_members or self._wanted(depth)]
        if getattr(shape, "is_tagged_union", False) and members:
            chosen = [self.random.choice(list(members))]
        out = {}
        for name in chosen:
            member = members[name]
            if member.serialization.get("eventstream"):
                continue
            where = member.serialization.get("location", "body")
            if depth == 0 and shape.serialization.get("payload") == name:
                where = "payload" if member.type_name in ("blob", "string") else "body"
            value = self._status(member) if where == "statusCode" else self.of(member, depth + 1, _place(where))
            if not self._lost(member, value):
                out[name] = value
        return out

    def _status(self, member: Any) -> int:
        return self.random.choice([200, 202])

    def _wanted(self, depth: int) -> bool:
        return self.random.random() < (0.6, 0.4, 0.3, 0.15, 0.05)[min(depth, 4)]

    def _lost(self, shape: Any, value: Any) -> bool:
        if value != {} or shape.type_name not in ("structure", "map"):
            return False
        return "empty structure" in self.losses if shape.type_name == "structure" else "empty map" in self.losses


def _place(location: str) -> str:
    return {"querystring": "query", "headers": "headers"}.get(location, location)


@cache
def service_model(name: str, protocol: str) -> ServiceModel:
    raw = Loader().load_service_model(name, "service-2")
    extras = Path(emulator.wire.__file__).parent / "extras"
    for overlay in (extras / f"{name}.json", extras / f"{name}.{protocol}.json"):
        if overlay.exists():
            deep_merge(raw, json.loads(overlay.read_text())["merge"])
    return ServiceModel(raw, name)


def sent(operation: OperationModel, protocol: str, params: dict[str, Any]) -> Request:
    """The request that botocore makes of a call, as the front would hand it over."""
    call = create_serializer(protocol, include_validation=False).serialize_to_request(params, operation)
    said = {name.lower() for name in call["headers"]}
    prepare_request_dict(call, endpoint_url="http://localhost:4566")
    prepared = create_request_object(call).prepare()
    headers = {name.lower(): _text(value) for name, value in prepared.headers.items()}
    if "content-length" not in said:
        headers.pop("content-length", None)
    name = operation.service_model.service_name
    scope = f"test/20261120/eu-west-1/{SIGNING.get(name, name)}/aws4_request"
    headers["authorization"] = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"
    url = urlsplit(prepared.url)
    headers["host"] = url.netloc
    body = prepared.body or b""
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    return Request(prepared.method, target, headers, body.encode() if isinstance(body, str) else bytes(body))


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def received(response: Response) -> dict[str, Any]:
    return {"status_code": response.status, "headers": HeadersDict(response.headers), "body": response.body}


def cases(name: str, protocol: str, share: float) -> Iterator[OperationModel]:
    model = service_model(name, protocol)
    names = sorted(model.operation_names)
    wanted = random.Random(f"{name}{protocol}").sample(names, max(2, int(len(names) * share)))
    return (model.operation_model(each) for each in wanted)


def check_requests(name: str, protocol: str, share: float, examples: int) -> None:
    for operation in cases(name, protocol, share):
        if operation.name in TWINS and name == "s3":
            continue
        for example in range(examples):
            values = Values(f"{name}.{operation.name}.{example}", protocol, "request")
            shape = operation.input_shape
            params = values.of(shape) if shape else {}

            request = sent(operation, protocol, params)
            match = identify(request, SERVICES)

            assert match is not None
            assert (match.service, match.operation.name, match.region) == (name, operation.name, "eu-west-1")
            found = decode(match, request)
            expected = {xform_name(key): value for key, value in params.items()}
            assert _carried(operation, protocol, found, expected) == expected, (operation.name, request)


def _carried(
    operation: OperationModel, protocol: str, found: dict[str, Any], expected: dict[str, Any]
) -> dict[str, Any]:
    """What was decoded, without what a request says whether it was asked to or not: an empty payload."""
    shape = operation.input_shape
    payload = shape.serialization.get("payload") if shape else None
    if payload and found.get(xform_name(payload)) in (b"", {}) and xform_name(payload) not in expected:
        found = {key: value for key, value in found.items() if key != xform_name(payload)}
    if "content_type" in found and "content_type" not in expected:
        found = {key: value for key, value in found.items() if key != "content_type"}
    return found


def check_answers(name: str, protocol: str, share: float, examples: int) -> None:
    for operation in cases(name, protocol, share):
        shape = operation.output_shape
        if operation.name in SKIPPED_ANSWERS.get(name, ()) or operation.has_event_stream_output:
            continue
        for example in range(examples):
            values = Values(f"{name}.{operation.name}.{example}", protocol, "answer")
            result = values.of(shape) if shape else {}

            response = encode(models.service(name).over(protocol).operations[operation.name], result, ID)
            parsed = create_parser(protocol).parse(received(response), shape)

            metadata = parsed.pop("ResponseMetadata", {})
            parsed = _read(operation, parsed)
            assert not shape or metadata.get("RequestId") == ID
            said = _read(operation, result)
            assert {key: parsed[key] if value is not None else None for key, value in said.items()} == said
            assert parsed.keys() <= said.keys(), (operation.name, response)


def check_event_streams(name: str, protocol: str) -> int:
    checked = 0
    model = service_model(name, protocol)
    for operation in (model.operation_model(each) for each in model.operation_names):
        if not operation.has_event_stream_output or protocol == "smithy-rpc-v2-cbor":
            continue
        stream = operation.get_event_stream_output()
        values = Values(f"{name}.{operation.name}", protocol, "answer")
        events = [
            {key: values.of(shape)} for key, shape in stream.members.items() if not shape.metadata.get("exception")
        ]
        member = operation.output_shape.event_stream_name

        response = encode(models.service(name).over(protocol).operations[operation.name], {member: events}, ID)
        context = {"context": {"operation_name": operation.name}}
        body = HTTPBody(response.body)
        parsed = create_parser(protocol).parse(received(response) | context | {"body": body}, operation.output_shape)

        assert list(parsed[member]) == [_with_payload(stream, event) for event in events], operation.name
        checked += 1
    return checked


def _with_payload(stream: Any, event: dict[str, Any]) -> dict[str, Any]:
    """An event as botocore's parser gives it: its payload is there even when it is empty."""
    ((name, members),) = event.items()
    payloads = {
        key: b"" if shape.type_name == "blob" else {}
        for key, shape in stream.members[name].members.items()
        if shape.serialization.get("eventpayload")
    }
    return {name: payloads | members}


class HTTPBody:
    """A body as botocore's event stream takes it."""

    def __init__(self, data: Any) -> None:
        self.data = bytes(data)

    def stream(self) -> Iterator[bytes]:
        yield self.data


def _read(operation: OperationModel, value: dict[str, Any]) -> dict[str, Any]:
    """A result as botocore's parser gives it: payloads as text, no header map where there is no header."""
    shape = operation.output_shape
    payload = shape.serialization.get("payload") if shape else None
    out = dict(value)
    for name, member in (shape.members if shape else {}).items():
        if name == payload and member.type_name in ("blob", "string"):
            body = out.get(name, "")
            out[name] = body.decode() if isinstance(body, bytes) else body
        elif member.serialization.get("location") == "headers" or (name == payload):
            if not out.get(name):
                out.pop(name, None)
        elif member.serialization.get("name") == "Content-Type":
            out.setdefault(name, None)  # an answer with a body has one, said or not
        elif member.serialization.get("location") == "statusCode":
            out.setdefault(name, operation.http.get("responseCode", 200))
    return out


def check_errors(name: str, protocol: str) -> None:
    model = service_model(name, protocol)
    operation = models.service(name).over(protocol).operations[sorted(model.operation_names)[0]]
    compatible = "awsQueryCompatible" in model.metadata
    for shape in model.error_shapes:
        values = Values(f"{name}.{shape.name}", protocol, "answer")
        fields = {key: value for key, value in values.of(shape).items() if key.lower() != "message"}
        error = AwsError(shape.name, 'It said "no" & <left>', fields=fields)

        response = encode_error(operation, protocol, error, ID)
        parsed = create_parser(protocol).parse(received(response), None)
        modeled = create_parser(protocol).parse(received(response), shape)

        assert response.status == shape.metadata.get("error", {}).get("httpStatusCode", response.status) >= 400
        assert parsed["ResponseMetadata"]["RequestId"] == ID
        told = shape.metadata.get("error", {}).get("message", error.message)  # some have a text of their own here
        assert parsed["Error"]["Message"] == told, (shape.name, response)
        code = parsed["Error"].get("QueryErrorCode", parsed["Error"]["Code"]) if compatible else parsed["Error"]["Code"]
        assert code in (shape.name, shape.error_code), (shape.name, response)
        for key, value in fields.items():
            if value not in ({}, []):
                assert modeled.get(key, parsed["Error"].get(key)) == value, (shape.name, key, response)


@pytest.mark.parametrize(("name", "protocol"), PAIRS)
def test_a_request_is_read_as_botocore_meant_it(name: str, protocol: str) -> None:
    check_requests(name, protocol, share=0.15, examples=2)


@pytest.mark.parametrize(("name", "protocol"), PAIRS)
def test_an_answer_is_read_by_botocore_as_we_meant_it(name: str, protocol: str) -> None:
    check_answers(name, protocol, share=0.15, examples=2)


@pytest.mark.parametrize(("name", "protocol"), PAIRS)
def test_an_error_is_read_by_botocore_with_its_code_and_members(name: str, protocol: str) -> None:
    check_errors(name, protocol)


@pytest.mark.parametrize(("name", "protocol"), PAIRS)
def test_an_event_stream_is_read_by_botocore_as_we_meant_it(name: str, protocol: str) -> None:
    checked = check_event_streams(name, protocol)

    assert checked == {"s3": 1, "lambda": 1, "logs": 2}.get(name, 0)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "protocol"), PAIRS)
def test_every_operation_keeps_the_law(name: str, protocol: str) -> None:
    check_requests(name, protocol, share=1, examples=10)
    check_answers(name, protocol, share=1, examples=10)


def mutated(request: Request, chance: random.Random) -> Request:
    """A request with something broken: its body cut, flipped or replaced, its query or a header garbled."""
    body, target, headers = bytes(request.body), request.target, dict(request.headers)  # type: ignore[arg-type]
    kind = chance.randrange(6)
    if kind == 0:
        body = body[: chance.randint(0, len(body))]
    elif kind == 1 and body:
        at = chance.randrange(len(body))
        body = body[:at] + bytes([chance.randrange(256)]) + body[at + 1 :]
    elif kind == 2:
        body = chance.choice([b"[]", b"null", b"{", b'"x"', b"\xff\xfe", b"<a>", b"<a/>", b"a.1=2&a=3", b"1", b"\xbf"])
    elif kind == 3:
        target = target.replace("=", "=%ff", 1) if "=" in target else target + "?x=%ff&max-keys=abc"
    elif kind == 4 and headers:
        headers[chance.choice(sorted(headers.keys() - {"authorization", "x-amz-target"}))] = '\x7f,",{abc'
    else:
        for old, new in (
            (b'"', b"{"),
            (b":1", b':"x"'),
            (b"true", b"[1]"),
            (b"}", b",null}"),
            (b".1.", b".x."),
        ):
            body = body.replace(old, new, chance.randint(0, 1))
    return request._replace(body=body, target=target, headers=headers)


@pytest.mark.parametrize(("name", "protocol"), PAIRS)
def test_a_broken_request_raises_nothing_but_an_aws_error(name: str, protocol: str) -> None:
    chance = random.Random(name)
    refused = 0

    for operation in cases(name, protocol, 0.15):
        shape = operation.input_shape
        for example in range(12):
            values = Values(f"{name}.{operation.name}.{example}", protocol, "request")
            request = mutated(sent(operation, protocol, values.of(shape) if shape else {}), chance)
            refused += _answers(request) is not None

    assert refused > 0


def _answers(request: Request) -> AwsError | None:
    try:
        match = identify(request, SERVICES)
        if match is None:
            return None
        params = decode(match, request)
        assert accepts(match.operation)(params) == (not explain(match.operation, params))
        validate(match.operation, params)
    except AwsError as error:
        return error
    return None

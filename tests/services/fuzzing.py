"""Requests that no client would send: made from the models by a seeded generator, then damaged."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel, Shape
from botocore.serialize import create_serializer

from emulator.services import MODELS, SERVICES

# They wait on purpose, for a long time of the real world or for a process to start.
WAITING = {"WaitUntil", "AdvanceClock", "GetActivityTask", "InvokeWithResponseStream", "CreateFunction"}
WAITS = {"WaitTimeSeconds", "ReceiveMessageWaitTimeSeconds"}
STRANGE_TEXTS = (
    "", " ", "\x00", "\x7f", "\ud800", "\uffff", "😀" * 3, "é" * 300, "x" * 3_000, "../../etc/passwd", "%00", "a\r\nb",
    "²", "null", "{", "[]", "{}", '{"a": NaN}', "'; DROP TABLE work; --", "$.a[?(@.b", "arn:aws:sqs", "arn:::::",
    "rate(0 days)", "cron(0 0 31 2 ? *)", "{% $x %}", "-1", "1e999", "true", "2026-13-45T99:99:99Z", "9" * 400,
)  # fmt: skip
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # what may be the name of a header
STRANGE_NUMBERS = (0, -1, 1, 2**31, 2**63, -(2**63) - 1, 2**200, 1e300, -0.0)
STRANGE_VALUES = (
    None,
    True,
    "",
    "text",
    0,
    -1,
    2**70,
    1.5,
    [],
    {},
    [[]],
    [None],
    {"": None},
    [1, "a", {}],
    {"a": {"a": {}}},
)
MOMENTS = (
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(2026, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, tzinfo=UTC),
)


@dataclass(slots=True)
class Raw:
    """One request as bytes would say it."""

    service: str
    operation: str
    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class World:
    """What is there to be asked about: texts by the end of a member's name."""

    account: str
    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def text(self, name: str, chance: random.Random) -> str | None:
        """A text that makes sense for a member, if one is known."""
        for end, texts in self.texts.items():
            if name.lower().endswith(end):
                return chance.choice(texts)
        return None


@cache
def operations() -> tuple[tuple[str, str, OperationModel], ...]:
    """Every operation of every served service: service, protocol, model."""
    loader = Loader(extra_search_paths=[str(MODELS)])
    found = []
    for service in SERVICES:
        model = ServiceModel(loader.load_service_model(service.name, "service-2"), service.name)
        found += [
            (service.name, model.resolved_protocol, model.operation_model(name))
            for name in model.operation_names
            if name not in WAITING
        ]
    return tuple(found)


class Generator:
    """Requests without end; the same for the same seed."""

    def __init__(self, seed: int, world: World, emulated: frozenset[tuple[str, str]]) -> None:
        self.chance = random.Random(seed)
        self.world = world
        self.known: dict[str, list[tuple[str, str, OperationModel]]] = {}
        for entry in operations():
            if (entry[0], entry[2].name) in emulated:
                self.known.setdefault(entry[0], []).append(entry)

    def __iter__(self) -> Iterator[Raw]:
        while True:
            any_service = self.chance.choice(list(self.known.values()))
            service, protocol, operation = self.chance.choice(
                any_service if self.chance.random() < 0.97 else operations()
            )
            try:
                raw = self._serialized(service, protocol, operation)
            except Exception:
                continue  # what botocore itself cannot write
            yield self._damaged(raw)

    # -- from the model

    def _serialized(self, service: str, protocol: str, operation: OperationModel) -> Raw:
        shape = operation.input_shape
        params = {} if shape is None else self._structure(shape, 0)
        made = create_serializer(protocol, include_validation=False).serialize_to_request(params, operation)
        body = made["body"]
        headers = {name: str(value) for name, value in made["headers"].items() if _TOKEN.fullmatch(name)}
        if isinstance(body, dict):
            body = urlencode(body, errors="surrogatepass")
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        query = made["query_string"]
        target = quote(made["url_path"], safe="/%?=&+:", errors="surrogatepass")
        if query:
            items = query.items() if isinstance(query, dict) else query
            target += ("&" if "?" in target else "?") + urlencode(list(items), doseq=True, errors="surrogatepass")
        signed = operation.service_model.signing_name
        headers["Authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={self.world.account}/20260101/us-east-1/{signed}/aws4_request, "
            "SignedHeaders=host, Signature=0"
        )
        text = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else bytes(body or b"")
        return Raw(service, operation.name, made["method"], target, headers, text)

    def _structure(self, shape: Shape, depth: int) -> dict[str, Any]:
        likely = 0.35 if depth < 4 else 0.05
        return {
            name: self._value(name, member, depth + 1)
            for name, member in shape.members.items()
            if (name in shape.required_members and self.chance.random() < 0.98) or self.chance.random() < likely
        }

    def _value(self, name: str, shape: Shape, depth: int) -> Any:
        kind = shape.type_name
        if kind == "structure":
            return self._structure(shape, depth) if depth < 7 else {}
        if kind == "list":
            return [self._value(name, shape.member, depth + 1) for _ in range(self.chance.choice((0, 1, 1, 1, 2)))]
        if kind == "map":
            return {self._value("key", shape.key, depth + 1): self._value(name, shape.value, depth + 1)}
        if kind == "boolean":
            return self.chance.random() < 0.5
        if kind == "timestamp":
            return self.chance.choice(MOMENTS)
        if kind in ("integer", "long", "float", "double"):
            return self._number(name, shape)
        text = self._text(name, shape)
        return text.encode("utf-8", "surrogatepass") if kind == "blob" else text

    def _number(self, name: str, shape: Shape) -> Any:
        if name in WAITS:
            return 0
        least = shape.metadata.get("min", 0)
        if self.chance.random() < 0.85:
            return self.chance.randint(least, max(least, min(shape.metadata.get("max", least + 10), least + 10)))
        return self.chance.choice(STRANGE_NUMBERS)

    def _text(self, name: str, shape: Shape) -> str:
        known = getattr(shape, "enum", None)
        drawn = self.chance.random()
        if known and drawn < 0.93:
            return str(self.chance.choice([text for text in known if text not in WAITS] or [""]))
        if drawn < 0.90:
            text = self.world.text(name, self.chance)
            return text if text is not None else self.chance.choice(("a", "name", "value-1", "10", "{}"))
        return self.chance.choice(STRANGE_TEXTS)

    # -- damage

    def _damaged(self, raw: Raw) -> Raw:
        drawn = self.chance.random()
        if drawn < 0.70:
            return raw
        if drawn < 0.85 and raw.body[:1] == b"{":
            raw.body = self._other_json(raw.body)
        elif drawn < 0.93 and raw.body:
            raw.body = self._other_bytes(raw.body)
        else:
            self._other_head(raw)
        return raw

    def _other_json(self, body: bytes) -> bytes:
        try:
            document = json.loads(body)
        except ValueError:  # a blob that only begins like JSON
            return self._other_bytes(body)
        places: list[tuple[Any, Any]] = []
        waiting: list[Any] = [document]
        while waiting:
            node = waiting.pop()
            items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
            places += [(node, key) for key, _ in items if key not in WAITS]
            waiting += [value for _, value in items]
        if places:
            node, key = self.chance.choice(places)
            node[key] = self.chance.choice(STRANGE_VALUES)
        return json.dumps(document).encode()

    def _other_bytes(self, body: bytes) -> bytes:
        at = self.chance.randrange(len(body))
        return self.chance.choice(
            (
                body[:at],
                body[:at] + bytes([self.chance.randrange(256)]) + body[at + 1 :],
                body + body,
                b"[" * 3_000,
            )
        )

    def _other_head(self, raw: Raw) -> None:
        choice = self.chance.randrange(5)
        if choice == 0:
            raw.headers.pop("Authorization")
        elif choice == 1:
            raw.headers["Content-Type"] = self.chance.choice(("text/xml", "application/json", "application/cbor", ""))
        elif choice == 2:
            raw.headers["X-Amz-Target"] = self.chance.choice(("AWSEvents.Nothing", "Nothing", ".", "DynamoDB.X", ""))
        elif choice == 3:
            raw.target += self.chance.choice(("?", "?Action=Nothing", "/%zz", "?a=%ff&b", "//", "?versionId=%00"))
        else:
            raw.headers["Authorization"] = self.chance.choice(("", "AWS4-HMAC-SHA256", "Bearer x", "AWS a:b"))

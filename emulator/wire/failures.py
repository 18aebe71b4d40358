"""How each protocol writes an error: code, message, status and members as model and protocol say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from emulator.errors import AwsError
from emulator.wire import jsontext
from emulator.wire.http import Response, host_id
from emulator.wire.json_body import Writers
from emulator.wire.json_protocol import content_type_of
from emulator.wire.models import Operation, Shape
from emulator.wire.xml_body import XmlWriters, escaped

_TYPE_PREFIX = {"sqs": "com.amazonaws.sqs#"}
"""Services whose JSON errors carry the qualified name of the shape."""
_FAULTS = {"Sender": "User", "Receiver": "Service"}


class _Failure(NamedTuple):
    """An error as its model sees it: `name` of the shape, `code` as the query protocol knows it.

    The text may be the model's too (`error: {"message": ...}` in extras), where AWS has one of its own for a protocol.
    """

    name: str
    code: str
    status: int
    shape: Shape | None
    fields: dict[str, Any]
    message: str
    fault: str


def _failure(operation: Operation | None, error: AwsError) -> _Failure:
    shape = operation.model.error_codes.get(error.code) if operation else None
    traits: dict[str, Any] = shape.traits.get("error", {}) if shape else {}
    fault = "Receiver" if error.fault == "Receiver" or (shape and shape.traits.get("fault")) else "Sender"
    status = error.status or traits.get("httpStatusCode") or (500 if fault == "Receiver" else 400)
    name = shape.name if shape else error.code
    message = traits.get("message", error.message)
    return _Failure(name, traits.get("code", name), status, shape, error.fields, message, fault)


def _members(failure: _Failure, message_name: str) -> dict[str, Any]:
    """The members of the error: its fields, its message under the model's own name, and Lambda's `Type`."""
    named = [name for name in failure.shape.members if name.lower() == "message"] if failure.shape else []
    out = {(named[0] if named else message_name): failure.message, **failure.fields}
    if failure.shape and "Type" in failure.shape.members:
        out.setdefault("Type", _FAULTS[failure.fault])
    return out


def _json_members(failure: _Failure) -> dict[str, Any]:
    members = _members(failure, "message")
    if failure.shape is None:
        return members
    write = Writers().writer(failure.shape)
    written: dict[str, Any] = write(members) if write else members
    known = failure.shape.members
    return written | {name: value for name, value in members.items() if name not in known}


def _json(operation: Operation | None, error: AwsError, request_id: str) -> Response:
    failure = _failure(operation, error)
    metadata = operation.model.metadata if operation else {}
    compatible = "awsQueryCompatible" in metadata
    name = failure.name if compatible else failure.code
    prefix = _TYPE_PREFIX.get(operation.service, "") if operation else ""
    headers = [
        ("x-amzn-RequestId", request_id),
        ("Content-Type", content_type_of(metadata)),
    ]
    if compatible:
        headers.append(("x-amzn-query-error", f"{failure.code};{failure.fault}"))
    return Response(failure.status, headers, jsontext.dumps({"__type": prefix + name} | _json_members(failure)))


def _rest_json(operation: Operation | None, error: AwsError, request_id: str) -> Response:
    failure = _failure(operation, error)
    headers = [
        ("x-amzn-RequestId", request_id),
        ("Content-Type", "application/json"),
        ("x-amzn-ErrorType", failure.code),
    ]
    members = _json_members(failure)
    for name, member in (failure.shape.members if failure.shape else {}).items():
        if member.location == "header" and name in failure.fields:
            headers.append((member.wire_name(name), str(failure.fields[name])))
            members.pop(name, None)
    return Response(failure.status, headers, jsontext.dumps(members))


def _xml_fields(failure: _Failure) -> str:
    """The error's own members as elements; what the model does not know as text (S3 adds `BucketName`)."""
    writers, parts = XmlWriters(), []
    known = failure.shape.members if failure.shape else {}
    for name, value in failure.fields.items():
        if (member := known.get(name)) is not None:
            parts.append(writers.writer(member)(member.wire_name(name), value))
        else:
            parts.append(f"<{name}>{escaped(value)}</{name}>")
    return "".join(parts)


def _xml_error(failure: _Failure, typed: bool) -> str:
    kind = f"<Type>{failure.fault}</Type>" if typed else ""
    said = f"<Code>{escaped(failure.code)}</Code><Message>{escaped(failure.message)}</Message>"
    return kind + said + _xml_fields(failure)


def _query(operation: Operation | None, error: AwsError, request_id: str) -> Response:
    failure = _failure(operation, error)
    namespace = operation.model.metadata.get("xmlNamespace") if operation else None
    opening = f'<ErrorResponse xmlns="{namespace}">' if namespace else "<ErrorResponse>"
    text = (
        f"{opening}<Error>{_xml_error(failure, typed=True)}</Error><RequestId>{request_id}</RequestId></ErrorResponse>"
    )
    headers = [("x-amzn-RequestId", request_id), ("Content-Type", "text/xml")]
    return Response(failure.status, headers, text.encode("utf-8", "xmlcharrefreplace"))


def _rest_xml(operation: Operation | None, error: AwsError, request_id: str) -> Response:
    failure = _failure(operation, error)
    host = host_id(request_id)
    headers = [("x-amz-request-id", request_id), ("x-amz-id-2", host)]
    if failure.status == 304:
        return Response(304, headers, b"")
    headers.append(("Content-Type", "application/xml"))
    if operation and operation.http_method == "HEAD":
        return Response(failure.status, headers, b"")
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error>{_xml_error(failure, typed=False)}<RequestId>{request_id}</RequestId><HostId>{host}</HostId></Error>"
    )
    return Response(failure.status, headers, text.encode("utf-8", "xmlcharrefreplace"))


def _cbor(operation: Operation | None, error: AwsError, request_id: str) -> Response:
    from emulator.wire import cbor_protocol

    failure = _failure(operation, error)
    headers = [("x-amzn-RequestId", request_id), *cbor_protocol.HEADERS]
    if operation and "awsQueryCompatible" in operation.model.metadata:
        headers.append(("x-amzn-query-error", f"{failure.code};{failure.fault}"))
    return Response(
        failure.status, headers, cbor_protocol.dumps({"__type": failure.name} | _members(failure, "message"))
    )


_WRITERS: dict[str, Callable[[Operation | None, AwsError, str], Response]] = {
    "json": _json,
    "query": _query,
    "rest-json": _rest_json,
    "rest-xml": _rest_xml,
    "smithy-rpc-v2-cbor": _cbor,
}


def encode_error(operation: Operation | None, protocol: str, error: AwsError, request_id: str) -> Response:
    """The answer that carries an error.

    `error.code` may be the shape's name or the code the model gives it; `protocol` counts where no operation
    is known. Members come from `error.fields` (an unmodelled one is kept, as S3 sends `BucketName`).
    """
    return _WRITERS[operation.protocol if operation else protocol](operation, error, request_id)

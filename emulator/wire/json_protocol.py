"""json 1.0 and 1.1: the operation in X-Amz-Target, everything else in one JSON object."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from emulator.wire import jsontext
from emulator.wire.http import Request, Response
from emulator.wire.json_body import Readers, Writers, goes_out_as_it_is, serialization_error
from emulator.wire.models import Operation, Shape
from emulator.wire.names import xform_name


def parsed(text: bytes) -> dict[str, Any]:
    """The JSON object of a body; an empty body is an empty object. Raises SerializationException."""
    if not text:
        return {}
    try:
        value = jsontext.loads(text)
    except ValueError as error:
        raise serialization_error("The request body is not valid JSON") from error
    if type(value) is not dict:
        raise serialization_error("Unexpected token: the request body must be a JSON object")
    return value


def decoder(operation: Operation) -> Callable[[Request, bytes], dict[str, Any]]:
    """Compile (request, body) -> parameters."""
    shape = operation.input
    table = {} if shape is None else Readers().table(shape)
    entries = {wire: (xform_name(name), read) for wire, (name, read) in table.items()}

    def decode(request: Request, body: bytes) -> dict[str, Any]:
        out = {}
        for wire, value in parsed(body).items():
            if value is not None and (entry := entries.get(wire)) is not None:
                name, read = entry
                out[name] = value if read is None else read(value)
        return out

    return decode


def body_writer(shape: Shape) -> Callable[[dict[str, Any]], bytes]:
    """Compile the writer of a structure as a JSON text."""
    write = Writers().writer(shape)
    walk = not goes_out_as_it_is(shape)

    def text(value: dict[str, Any]) -> bytes:
        if not walk:
            out = jsontext.dumps(value)
            if b":null" not in out:
                return out
        return jsontext.dumps(value if write is None else write(value))

    return text


def encoder(operation: Operation) -> Callable[[dict[str, Any], str], Response]:
    """Compile (result, request id) -> answer. An operation without output answers with an empty body."""
    shape, status = operation.output, operation.status
    content_type = ("Content-Type", content_type_of(operation.model.metadata))
    if shape is None:
        return lambda result, request_id: Response(status, [("x-amzn-RequestId", request_id), content_type], b"")
    stream = next(((name, member) for name, member in shape.members.items() if member.is_stream), None)
    if stream is not None:
        return _stream_encoder(operation, *stream)
    write = body_writer(shape)
    return lambda result, request_id: Response(status, [("x-amzn-RequestId", request_id), content_type], write(result))


def _stream_encoder(operation: Operation, name: str, shape: Shape) -> Callable[[dict[str, Any], str], Response]:
    from emulator.wire import eventstream

    write = eventstream.body_encoder(operation, shape)
    content_type = ("Content-Type", eventstream.CONTENT_TYPE)
    return lambda result, request_id: Response(
        operation.status, [("x-amzn-RequestId", request_id), content_type], write(result.get(name))
    )


def content_type_of(metadata: Mapping[str, Any]) -> str:
    """The content type of a service's answers, by the metadata of its model."""
    return f"application/x-amz-json-{metadata.get('jsonVersion', '1.0')}"

"""`application/vnd.amazon.eventstream`: frames of headers and payload with checksums, written from the model.

Source: "Event stream encoding" in the Amazon Transcribe and Amazon S3 SelectObjectContent documentation.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from emulator.wire.json_protocol import body_writer
from emulator.wire.models import Operation, Shape
from emulator.wire.xml_body import XmlWriters

CONTENT_TYPE = "application/vnd.amazon.eventstream"
Encode: TypeAlias = Callable[[dict[str, Any]], bytes]
_STRING = 7


def frame(headers: Iterable[tuple[str, str]], payload: bytes) -> bytes:
    """One frame: lengths and their CRC-32, headers (all of type string), payload, CRC-32 of it all."""
    encoded = b"".join(_header(name, value) for name, value in headers)
    prelude = struct.pack(">II", 16 + len(encoded) + len(payload), len(encoded))
    message = prelude + struct.pack(">I", zlib.crc32(prelude)) + encoded + payload
    return message + struct.pack(">I", zlib.crc32(message))


def _header(name: str, value: str) -> bytes:
    key, text = name.encode(), value.encode()
    return struct.pack(">B", len(key)) + key + struct.pack(">BH", _STRING, len(text)) + text


def encoder(operation: Operation, stream: Shape) -> Encode:
    """Compile {event: members} -> its frame; an event whose shape is an exception goes out as one."""
    events = {name: _event_encoder(operation, name, shape) for name, shape in stream.members.items()}

    def encode(event: dict[str, Any]) -> bytes:
        return b"".join(events[name](members) for name, members in event.items())

    return encode


def _event_encoder(operation: Operation, name: str, shape: Shape) -> Encode:
    kind = "exception" if shape.traits.get("exception") else "event"
    payload = next((key for key, member in shape.members.items() if member.traits.get("eventpayload")), None)
    in_headers = [key for key, member in shape.members.items() if member.traits.get("eventheader")]
    media, write = _payload_writer(operation, shape, payload)

    def encode(members: dict[str, Any]) -> bytes:
        headers = [(":message-type", kind), (f":{kind}-type", name), (":content-type", media)]
        headers += [(key, str(members[key])) for key in in_headers if members.get(key) is not None]
        return frame(headers, write(members))

    return encode


def _payload_writer(operation: Operation, shape: Shape, payload: str | None) -> tuple[str, Encode]:
    inner = shape.members[payload] if payload else shape
    if payload and inner.type == "blob":
        return "application/octet-stream", lambda members: bytes(members.get(payload) or b"")
    if payload and inner.type == "string":
        return "text/plain", lambda members: str(members.get(payload) or "").encode()
    if operation.protocol == "rest-xml":
        xml = XmlWriters().writer(inner)
        return "text/xml", lambda members: xml(inner.name, members.get(payload, {}) if payload else members).encode()
    write = body_writer(inner)
    return "application/json", lambda members: write(members.get(payload, {}) if payload else members)


def body_encoder(operation: Operation, stream: Shape) -> Callable[[Any], Any]:
    """Compile the body of a result's event stream: a list of events becomes frames, all else passes through.

    An operation of the json protocol opens its stream with an `initial-response`.
    """
    encode = encoder(operation, stream)
    rpc = operation.protocol in ("json", "smithy-rpc-v2-cbor")
    first = [
        (":message-type", "event"),
        (":event-type", "initial-response"),
        (":content-type", "application/json"),
    ]
    opening = frame(first, b"{}") if rpc else b""

    def body(value: Any) -> Any:
        if isinstance(value, list):
            return opening + b"".join(encode(event) for event in value)
        return b"" if value is None else value

    return body

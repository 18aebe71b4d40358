"""Frames between the host and a worker: a length, a kind, a small JSON document and a payload of bytes."""

from __future__ import annotations

import json
import struct
from typing import Any

FUNCTION = 1  # host to worker, once: what to load and with which environment
INVOKE = 2  # host to worker: one event
READY = 3  # worker to host, once: the handler is loaded
FAULT = 4  # worker to host, once: the handler cannot be loaded; the payload is the error document
RESULT = 5  # worker to host: what the handler returned
ERROR = 6  # worker to host: what the handler raised; the payload is the error document

_HEADER = struct.Struct("!IBI")
HEADER_BYTES = _HEADER.size

Frame = tuple[int, dict[str, Any], bytes]


def encode(kind: int, meta: dict[str, Any], payload: bytes = b"") -> bytes:
    """The bytes of one frame."""
    document = json.dumps(meta).encode()
    return _HEADER.pack(len(document) + len(payload), kind, len(document)) + document + payload


class Frames:
    """Bytes in, whole frames out."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> None:
        """Add what was received."""
        self._buffer += data

    def find_next(self) -> Frame | None:
        """The next whole frame, or None while bytes of it are missing."""
        buffer = self._buffer
        if len(buffer) < HEADER_BYTES:
            return None
        body, kind, meta = _HEADER.unpack_from(buffer)
        end = HEADER_BYTES + body
        if len(buffer) < end:
            return None
        middle = HEADER_BYTES + meta
        document = json.loads(bytes(buffer[HEADER_BYTES:middle]))
        payload = bytes(buffer[middle:end])
        del buffer[:end]
        return kind, document, payload

"""Segments of a history at rest: the events of a burst as one text, compressed where that pays."""

from __future__ import annotations

import json
import zlib
from datetime import datetime
from typing import Any

import orjson

try:
    from compression import zstd  # Python 3.14 and later
except ImportError:
    from backports import zstd

_WINDOW = -12
# No deflate stream begins with these bytes: their block type is the reserved one (RFC 1951, 3.2.3).
_PLAIN, _ZSTD = b"\x07", b"\x06"
_SMALL, _LARGE = 1_500, 65_536  # bytes


def pack(history: list[dict[str, Any]]) -> bytes:
    """Events of a history as one text."""
    try:
        text = orjson.dumps(history)
    except TypeError:
        text = json.dumps(history, default=_iso).encode()
    if len(text) <= _SMALL:
        return _PLAIN + text  # compressing a few events takes longer than writing them
    if len(text) >= _LARGE:
        # A tenth of the time that zlib takes, which would hold the loop; half of what writing the pages takes.
        packed: bytes = zstd.compress(text, 1)
        return _ZSTD + packed
    # A small window: zlib's own 256 KiB would come fresh from the kernel each time (5 us instead of 17 to 55).
    packer = zlib.compressobj(1, zlib.DEFLATED, _WINDOW, 5)
    return packer.compress(text) + packer.flush()


def unpack(body: bytes) -> list[dict[str, Any]]:
    """The events of a segment."""
    if body[:1] == _PLAIN:
        text = body[1:]
    elif body[:1] == _ZSTD:
        text = zstd.decompress(body[1:])
    else:
        text = zlib.decompress(body, _WINDOW)
    events: list[dict[str, Any]] = json.loads(text)
    for event in events:
        event["timestamp"] = datetime.fromisoformat(event["timestamp"])
    return events


def _iso(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in a history")

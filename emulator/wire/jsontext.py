"""JSON text that keeps the user's data: orjson where it is exact, the standard library where it refuses.

orjson knows no integer beyond 64 bits, no number too large for a double and no lone surrogate; json does.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime
from typing import Any, NoReturn

import orjson

from emulator.wire import timestamps

_OPTION = orjson.OPT_PASSTHROUGH_DATETIME


def loads(text: bytes) -> Any:
    """The value of a JSON text. Raises ValueError for what is not JSON (NaN is not)."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return exact_loads(text)


def exact_loads(text: bytes) -> Any:
    """The same with every integer exact, where `loads` makes doubles of those from 2^64."""
    try:
        return json.loads(text, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def plain(value: Any) -> Any:
    """What JSON has no word for, as the JSON protocols write it: base64, and epoch seconds."""
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        return timestamps.write(value, "unixTimestamp")
    raise TypeError(f"not a value of a model: {type(value).__name__}")


def dumps(value: Any) -> bytes:
    """UTF-8 JSON text."""
    try:
        return orjson.dumps(value, plain, _OPTION)
    except TypeError:
        return json.dumps(value, default=plain, separators=(",", ":"), allow_nan=False).encode()

"""States.Base64Encode and States.Base64Decode."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any

from emulator.languages.asl.intrinsics.function import Function, IntrinsicFailed, require_string

LONGEST = 10_000  # characters (AWS: intrinsic functions)


def _require_short(value: Any) -> str:
    text = require_string(value, "first")
    if len(text) > LONGEST:
        raise IntrinsicFailed(f"The argument is longer than {LONGEST} characters.")
    return text


def _encode(chance: Callable[[], int], args: list[Any]) -> Any:
    return base64.b64encode(_require_short(args[0]).encode()).decode()


def _decode(chance: Callable[[], int], args: list[Any]) -> Any:
    try:
        return base64.b64decode(_require_short(args[0]), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError) as error:
        raise IntrinsicFailed("The argument is not a valid Base64 string.") from error


BASE64_ENCODE = Function(_encode, 1, 1)
BASE64_DECODE = Function(_decode, 1, 1)

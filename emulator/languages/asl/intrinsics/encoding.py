"""States.Base64Encode and States.Base64Decode."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any

from emulator.languages.asl.intrinsics.function import (
    Function,
    IntrinsicFailed,
    require_short,
    require_string,
)
from emulator.languages.asl.texts import utf8


def _encode(chance: Callable[[], int], args: list[Any]) -> Any:
    return base64.b64encode(utf8(require_short(require_string(args[0], "first")))).decode()


def _decode(chance: Callable[[], int], args: list[Any]) -> Any:
    try:
        text = require_short(require_string(args[0], "first"))
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError) as error:
        raise IntrinsicFailed("The argument is not a valid Base64 string.") from error


BASE64_ENCODE = Function(_encode, 1, 1)
BASE64_DECODE = Function(_decode, 1, 1)

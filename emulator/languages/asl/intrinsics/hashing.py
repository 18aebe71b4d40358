"""States.Hash."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from emulator.languages.asl.intrinsics.function import (
    Function,
    IntrinsicFailed,
    require_short,
    require_string,
)
from emulator.languages.asl.texts import text_of, utf8

ALGORITHMS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


def _hash(chance: Callable[[], int], args: list[Any]) -> Any:
    name = require_string(args[1], "second")
    if name not in ALGORITHMS:
        raise IntrinsicFailed(f"The algorithm {name} is not one of {', '.join(ALGORITHMS)}.")
    text = require_short(text_of(args[0]))
    return hashlib.new(ALGORITHMS[name], utf8(text), usedforsecurity=False).hexdigest()


HASH = Function(_hash, 2, 2)

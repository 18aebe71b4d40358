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
    utf8,
)
from emulator.languages.asl.texts import dump

ALGORITHMS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


def _hash(chance: Callable[[], int], args: list[Any]) -> Any:
    name = require_string(args[1], "second")
    if name not in ALGORITHMS:
        raise IntrinsicFailed(f"The algorithm {name} is not one of {', '.join(ALGORITHMS)}.")
    text = args[0] if isinstance(args[0], str) else dump(args[0])
    require_short(text)
    return hashlib.new(ALGORITHMS[name], utf8(text), usedforsecurity=False).hexdigest()


HASH = Function(_hash, 2, 2)

"""States.StringSplit and States.Format."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from emulator.languages.asl.intrinsics.function import Function, IntrinsicFailed, require_string
from emulator.languages.asl.texts import dump

# What stands for the escaped braces of a template while its places are looked for.
ESCAPED = {"{": "\ue07b", "}": "\ue07d"}


def unescaped(text: str) -> str:
    """The text with its escaped braces as braces."""
    return text.replace(ESCAPED["{"], "{").replace(ESCAPED["}"], "}")


def shown(value: Any) -> str:
    """A value as States.Format prints it: objects as `{a=1, b=[]}` (recorded on AWS)."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}={shown(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(shown(item) for item in value) + "]"
    return dump(value)


def _split(chance: Callable[[], int], args: list[Any]) -> Any:
    text, separators = require_string(args[0], "first"), require_string(args[1], "second")
    if not separators:
        return [text] if text else []
    return [part for part in re.split(f"[{re.escape(separators)}]", text) if part]


def _format(chance: Callable[[], int], args: list[Any]) -> Any:
    parts = require_string(args[0], "first").split("{}")
    if len(parts) != len(args):
        raise IntrinsicFailed(f"The template has {len(parts) - 1} places for {len(args) - 1} arguments.")
    first, *others = map(unescaped, parts)
    return first + "".join(shown(arg) + part for arg, part in zip(args[1:], others, strict=True))


STRING_SPLIT = Function(_split, 2, 2)
FORMAT = Function(_format, 1, None)

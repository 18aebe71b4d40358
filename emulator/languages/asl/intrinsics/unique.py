"""States.UUID, made from the seed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emulator.languages.asl.intrinsics.function import Function


def uuid_of(number: int, version: int = 4) -> str:
    """128 bits of this number in the form of a UUID."""
    bits = number & ((1 << 128) - 1)
    bits = bits & ~(0xF << 76) | version << 76
    bits = bits & ~(0x3 << 62) | 0x2 << 62
    text = f"{bits:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _uuid(chance: Callable[[], int], args: list[Any]) -> Any:
    return uuid_of(chance())


UUID = Function(_uuid, 0, 0)

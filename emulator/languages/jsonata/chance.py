"""Chance as a function of a seed: the numbers, orders and identifiers that look random to an expression."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any


class Chance:
    """A sequence of draws that depends on nothing but its seed."""

    __slots__ = ("_draws", "_seed")

    def __init__(self, seed: int | float | str) -> None:
        self._seed = str(seed)
        self._draws = 0

    def bits(self, count: int) -> int:
        """The next draw, of `count` bits (128 at most)."""
        self._draws += 1
        digest = blake2b(f"{self._seed}:{self._draws}".encode(), digest_size=16).digest()
        return int.from_bytes(digest, "big") >> (128 - count)

    def number(self) -> float:
        """A number from 0 up to, and without, 1."""
        return self.bits(53) / (1 << 53)

    def identifier(self) -> str:
        """A UUID of version 4, as text."""
        bits = self.bits(128) & ~(0xF000 << 64) & ~(0xC000 << 48) | (0x4000 << 64) | (0x8000 << 48)
        digits = f"{bits:032x}"
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    def order(self, elements: list[Any]) -> list[Any]:
        """The elements in another order (Fisher-Yates)."""
        shuffled = list(elements)
        for last in range(len(shuffled) - 1, 0, -1):
            other = int(self.number() * (last + 1))
            shuffled[last], shuffled[other] = shuffled[other], shuffled[last]
        return shuffled

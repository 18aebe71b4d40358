"""States.MathAdd and States.MathRandom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emulator.languages.asl.intrinsics.function import Function, IntrinsicFailed, require_integer


def _add(chance: Callable[[], int], args: list[Any]) -> Any:
    return require_integer(args[0], "first") + require_integer(args[1], "second")


def _random(chance: Callable[[], int], args: list[Any]) -> Any:
    first, end = require_integer(args[0], "first"), require_integer(args[1], "second")
    if end <= first:
        raise IntrinsicFailed("The end of the range must be greater than its start.")
    if len(args) == 3:
        return first + (require_integer(args[2], "third") * 6364136223846793005 >> 7) % (end - first)
    return first + chance() % (end - first)


MATH_ADD = Function(_add, 2, 2)
MATH_RANDOM = Function(_random, 2, 3)

"""States.MathAdd and States.MathRandom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emulator.languages.asl.intrinsics.function import Function, IntrinsicFailed, require_integer

LEAST, MOST = -(2**31), 2**31 - 1  # what States.MathAdd adds (AWS: intrinsic functions)


def _add(chance: Callable[[], int], args: list[Any]) -> Any:
    first, second = require_integer(args[0], "first"), require_integer(args[1], "second")
    if not (LEAST <= first <= MOST and LEAST <= second <= MOST):
        raise IntrinsicFailed(f"The arguments must be in the range of {LEAST} and {MOST}.")
    return first + second


def _random(chance: Callable[[], int], args: list[Any]) -> Any:
    first, end = require_integer(args[0], "first"), require_integer(args[1], "second")
    if end <= first:
        raise IntrinsicFailed("The end of the range must be greater than its start.")
    if len(args) == 3:
        return first + (require_integer(args[2], "third") * 6364136223846793005 >> 7) % (end - first)
    return first + chance() % (end - first)


MATH_ADD = Function(_add, 2, 2)
MATH_RANDOM = Function(_random, 2, 3)

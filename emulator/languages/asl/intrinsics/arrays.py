"""States.Array and the functions that look into arrays (ASL: "Intrinsic Functions", arrays)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emulator.languages.asl.intrinsics.function import (
    Function,
    IntrinsicFailed,
    require_array,
    require_integer,
)
from emulator.languages.asl.texts import dump

LONGEST_RANGE = 1000  # elements of States.ArrayRange (AWS: intrinsic functions)


def same(left: Any, right: Any) -> bool:
    """Equality of JSON values: true is not 1, and 1 equals 1.0."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    return bool(left == right)


def _array(chance: Callable[[], int], args: list[Any]) -> Any:
    return list(args)


def _partition(chance: Callable[[], int], args: list[Any]) -> Any:
    array, size = require_array(args[0]), require_integer(args[1], "second")
    if size < 1:
        raise IntrinsicFailed("The chunk size must be a positive integer.")
    return [array[start : start + size] for start in range(0, len(array), size)]


def _contains(chance: Callable[[], int], args: list[Any]) -> Any:
    return any(same(item, args[1]) for item in require_array(args[0]))


def _range(chance: Callable[[], int], args: list[Any]) -> Any:
    first, last, step = (
        require_integer(arg, place) for arg, place in zip(args, ("first", "second", "third"), strict=True)
    )
    if step == 0:
        raise IntrinsicFailed("The step must not be 0.")
    found = range(first, last + (1 if step > 0 else -1), step)
    if (last - first) // step >= LONGEST_RANGE:  # len() is for what fits in a machine word
        raise IntrinsicFailed(f"The range has more than {LONGEST_RANGE} elements.")
    return list(found)


def _get_item(chance: Callable[[], int], args: list[Any]) -> Any:
    array, index = require_array(args[0]), require_integer(args[1], "second")
    if not 0 <= index < len(array):
        raise IntrinsicFailed(f"The index {index} is out of range of an array of length {len(array)}.")
    return array[index]


def _length(chance: Callable[[], int], args: list[Any]) -> Any:
    return len(require_array(args[0]))


def _unique(chance: Callable[[], int], args: list[Any]) -> Any:
    seen: set[str] = set()
    kept = []
    for item in require_array(args[0]):
        key = dump(item)
        if key not in seen:
            seen.add(key)
            kept.append(item)
    return kept


ARRAY = Function(_array, 0, None)
ARRAY_PARTITION = Function(_partition, 2, 2)
ARRAY_CONTAINS = Function(_contains, 2, 2)
ARRAY_RANGE = Function(_range, 3, 3)
ARRAY_GET_ITEM = Function(_get_item, 2, 2)
ARRAY_LENGTH = Function(_length, 1, 1)
ARRAY_UNIQUE = Function(_unique, 1, 1)

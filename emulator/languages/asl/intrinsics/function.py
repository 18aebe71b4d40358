"""What an intrinsic function is: a name, a number of arguments, and a pure body."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

LONGEST = 10_000  # characters (AWS: intrinsic functions)


class IntrinsicFailed(Exception):
    """An argument was of the wrong kind; the message says which."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Function:
    """`call(chance, args)`: `chance()` gives a number of 256 bits. `most` None: any number of arguments."""

    call: Callable[[Callable[[], int], list[Any]], Any]
    least: int
    most: int | None


def require_array(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise IntrinsicFailed("The first argument must be an array.")
    return value


def require_string(value: Any, place: str) -> str:
    if not isinstance(value, str):
        raise IntrinsicFailed(f"The {place} argument must be a string.")
    return value


def require_short(text: str) -> str:
    """Text for States.Hash and the Base64 functions. Raises IntrinsicFailed."""
    if len(text) > LONGEST:
        raise IntrinsicFailed(f"The argument is longer than {LONGEST} characters.")
    return text


def require_integer(value: Any, place: str) -> int:
    """A number rounded to the nearest integer, a half upwards, as AWS rounds arguments."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise IntrinsicFailed(f"The {place} argument must be a number.")
    if isinstance(value, int):
        return value
    return int((value + 0.5) // 1)

"""What comes out of an expression: JSON, or UNDEFINED, which is not null; and how an expression fails."""

from __future__ import annotations

import math
from typing import Any, Final

from jsonata2py import MISSING

from emulator.languages.jsonata.budget import charge


class JsonataError(Exception):
    """An expression that cannot be read or evaluated.

    `code` is JSONata's own ("S0201", "T2001", "D3141", "U1001"), "" where it has none; `message` is a
    sentence without the code.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}" if code else message)
        self.code = code
        self.message = message


class Undefined:
    """The type of UNDEFINED."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "UNDEFINED"


UNDEFINED: Final = Undefined()


def plain(value: Any) -> Any:
    """The value as plain JSON, or UNDEFINED; what is plain already is returned as it is, not copied.

    A whole number is an int, as JSON writes it. Raises JsonataError for what JSON cannot hold: functions,
    and numbers out of range (D1001).
    """
    kind = type(value)
    if kind is str or kind is int or kind is bool or value is None:
        return value
    if kind is float:
        return _number(value)
    if value is MISSING:
        return UNDEFINED
    if isinstance(value, dict):
        return _members(value)
    if isinstance(value, list | tuple | range):
        return _elements(value)
    raise JsonataError("", "The expression evaluates to a function, which is not a JSON value")


def _number(value: float) -> int | float:
    if not math.isfinite(value):
        raise JsonataError("D1001", f"Number out of range: {value}")
    # Beyond 2**53 an int would claim digits that the double does not have.
    return int(value) if value.is_integer() and abs(value) <= 2**53 else value


def _elements(value: Any) -> list[Any]:
    charge(len(value))
    elements = [plain(element) for element in value]
    if type(value) is list and all(map(_is, elements, value)):
        return value
    return [None if element is UNDEFINED else element for element in elements]


def _members(value: dict[str, Any]) -> dict[str, Any]:
    charge(len(value))
    members = {name: plain(member) for name, member in value.items()}
    if type(value) is dict and all(map(_is, members.values(), value.values())):
        return value
    return {name: member for name, member in members.items() if member is not UNDEFINED}


def _is(left: Any, right: Any) -> bool:
    return left is right

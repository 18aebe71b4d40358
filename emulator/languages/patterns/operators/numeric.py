"""`numeric`: JSON numbers equal to a bound, on one side of it, or between two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from emulator.languages.patterns.tokens import InvalidPattern, Tokens

# EventBridge compares numbers between -5.0e9 and +5.0e9 inclusive, to six digits after the decimal point.
_LIMIT: Final = 5_000_000_000
_SCALE: Final = 1_000_000
_TOO_MANY: Final = "Too many elements in numeric expression"


@dataclass(frozen=True, slots=True)
class Numeric:
    """A closed range of comparables; the operand is kept as written."""

    operand: tuple[object, ...]
    bottom: int
    top: int

    @property
    def text(self) -> str:
        """The test as a person reads it."""
        return "numeric " + " ".join(str(part) for part in self.operand)

    def matches(self, value: object) -> bool:
        """Whether the value is a JSON number in the range; a number in quotes is a string and is not."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return False
        comparable = find_comparable(value)
        return comparable is not None and self.bottom <= comparable <= self.top


def find_comparable(value: object) -> int | None:
    """The number in millionths, counted from the lower limit; None outside the limits (or for no number)."""
    if not isinstance(value, (int, float)) or not -_LIMIT <= value <= _LIMIT:
        return None
    if isinstance(value, int):
        return (value + _LIMIT) * _SCALE
    return int(_SCALE * (_LIMIT + value))


def require_comparable(value: object) -> int:
    """As `find_comparable`; raises InvalidPattern (without a position) outside the limits."""
    comparable = find_comparable(value)
    if comparable is None:
        raise InvalidPattern("Value must be between -5.0E9 and 5.0E9, inclusive")
    return comparable


def read(tokens: Tokens) -> Numeric:
    """`{"numeric": [operator, number]}`, or with a second pair after `>` or `>=` for a range."""
    if tokens.next() != "[":
        tokens.fail("Value of numeric must be an array.")
    if tokens.next() != "string":
        tokens.fail(f"Invalid member in numeric match: {tokens.text()}")
    operator = tokens.text()
    tokens.next()
    try:
        test = _read_comparison(tokens, operator)
    except InvalidPattern as problem:
        if problem.location:
            raise
        tokens.fail(problem.reason)
    if tokens.next() != "}":
        tokens.fail(_TOO_MANY)
    return test


def _read_comparison(tokens: Tokens, operator: str) -> Numeric:
    if operator not in ("=", "<", "<=", ">", ">="):
        tokens.fail(f"Unrecognized numeric range operator: {operator}")
    if tokens.kind != "number":
        tokens.fail(f"Value of {'equals' if operator == '=' else operator} must be numeric")
    number = tokens.value
    following = tokens.next()
    if operator in (">", ">=") and following != "]":
        return _read_range(tokens, operator, number)
    if following != "]":
        tokens.fail(_TOO_MANY)
    bound = require_comparable(number)
    highest = require_comparable(_LIMIT)
    bottom, top = {
        "=": (bound, bound),
        "<": (0, bound - 1),
        "<=": (0, bound),
        ">": (bound + 1, highest),
        ">=": (bound, highest),
    }[operator]
    return Numeric((operator, number), bottom, top)


def _read_range(tokens: Tokens, operator: str, number: object) -> Numeric:
    if tokens.kind != "string":
        tokens.fail(f"Bad value in numeric range: {tokens.text()}")
    second = tokens.text()
    if second not in ("<", "<="):
        tokens.fail(f"Bad numeric range operator: {second}")
    if tokens.next() != "number":
        tokens.fail(f"Value of {second} must be numeric")
    end = tokens.value
    if tokens.next() != "]":
        tokens.fail("Too many terms in numeric range expression")
    bottom, top = require_comparable(number), require_comparable(end)
    if bottom >= top:
        raise InvalidPattern("Bottom must be less than top")
    return Numeric((operator, number, second, end), bottom + (operator == ">"), top - (second == "<"))

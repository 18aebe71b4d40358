"""`anything-but`: every present value but some: given by value, prefix, suffix, wildcard or in any casing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from emulator.languages.patterns.operators.equals_ignore_case import equals_ignore_case
from emulator.languages.patterns.operators.exact import exact
from emulator.languages.patterns.operators.numeric import require_comparable
from emulator.languages.patterns.operators.operator import Operator
from emulator.languages.patterns.operators.prefix import Prefix
from emulator.languages.patterns.operators.suffix import Suffix
from emulator.languages.patterns.operators.wildcard import wildcard
from emulator.languages.patterns.tokens import InvalidPattern, Tokens

_NESTED: Final[dict[str, Callable[[str], Operator]]] = {
    "equals-ignore-case": equals_ignore_case,
    "prefix": Prefix,
    "suffix": Suffix,
    "wildcard": wildcard,
}
_NOT_A_STRING: Final = {
    "equals-ignore-case": ("Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported."),
    "prefix": "prefix/suffix match pattern must be a string",
    "suffix": "prefix/suffix match pattern must be a string",
    "wildcard": "wildcard match pattern must be a string",
}
_NOT_A_VALUE: Final = "Inside anything but list, start|null|boolean is not supported."
_MIXED: Final = "Inside anything but list, either all values are number or string, mixed type is not supported"
_TOO_MANY: Final = "Too many elements in numeric expression"


@dataclass(frozen=True, slots=True)
class AnythingBut:
    """A value none of the excluded tests accept; an absent field never matches, null does."""

    operand: str
    excluded: tuple[Operator, ...]

    @property
    def text(self) -> str:
        """The test as a person reads it."""
        return f"anything-but {self.operand}"

    def matches(self, value: object) -> bool:
        """Whether no excluded test accepts the value, whatever its type."""
        return not any(test.matches(value) for test in self.excluded)


def read(tokens: Tokens) -> AnythingBut:
    """A string, a number, a list of either, or one nested operator on a string or a list of strings."""
    nested = _read_nested_name(tokens) if tokens.next() == "{" else ""
    if tokens.kind not in ("[", "string", "number"):
        tokens.fail("Value of anything-but must be an array or single string/number value.")
    listed = tokens.kind == "["
    values = _read_list(tokens, nested) if listed else [_read_one(tokens, nested)]
    excluded = _exclude(tokens, nested, values)
    if tokens.next() != "}" or (nested and tokens.next() != "}"):
        tokens.fail(_TOO_MANY)
    shown = json.dumps(values if listed else values[0], ensure_ascii=False)
    return AnythingBut(f"{nested} {shown}" if nested else shown, excluded)


def _read_nested_name(tokens: Tokens) -> str:
    if tokens.next() != "name":
        tokens.fail("Anything-But expression name not found")
    if tokens.name not in _NESTED:
        tokens.fail(f"Unsupported anything-but pattern: {tokens.name}")
    nested = tokens.name
    tokens.next()
    return nested


def _read_list(tokens: Tokens, nested: str) -> list[object]:
    values: list[object] = []
    try:
        while tokens.next() != "]":
            values.append(_read_one(tokens, nested))
    except InvalidPattern as problem:
        # The reader AWS uses wraps a failure inside the list in another: the position stands there twice.
        raise InvalidPattern(problem.reason, problem.location + tokens.location()) from None
    if not nested and len({isinstance(value, str) for value in values}) != 1:
        tokens.fail(_MIXED)
    return values


def _read_one(tokens: Tokens, nested: str) -> object:
    if tokens.kind == "number" and not nested:
        require_comparable(tokens.value)
        return tokens.value
    if tokens.kind != "string":
        tokens.fail(_NOT_A_STRING[nested] if nested else _NOT_A_VALUE)
    text = tokens.text()
    if not text and nested in ("prefix", "suffix"):
        tokens.fail("Null prefix/suffix not allowed")
    return text


def _exclude(tokens: Tokens, nested: str, values: list[object]) -> tuple[Operator, ...]:
    if not nested:
        return (exact(values),)
    try:
        return tuple(_NESTED[nested](str(value)) for value in values)
    except InvalidPattern as problem:
        tokens.fail(problem.reason)

"""The rules of Choice states in JSONPath: 39 comparisons, And, Or and Not."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from emulator.languages import paths
from emulator.languages.asl.environment import Env, Read
from emulator.languages.asl.failures import runtime
from emulator.languages.asl.templates import raw_path
from emulator.languages.asl.timestamps import find_instant

Test = Callable[[Any], bool]
_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "GreaterThan": operator.gt,
    "LessThanEquals": operator.le,
    "GreaterThanEquals": operator.ge,
}


def _number(value: Any) -> Any:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _string(value: Any) -> Any:
    return value if isinstance(value, str) else None


def _boolean(value: Any) -> Any:
    return value if isinstance(value, bool) else None


_KINDS: dict[str, Callable[[Any], Any]] = {
    "Numeric": _number,
    "String": _string,
    "Timestamp": find_instant,
    "Boolean": _boolean,
}
_TYPE_TESTS: dict[str, Test] = {
    "IsNull": lambda value: value is None,
    "IsNumeric": lambda value: _number(value) is not None,
    "IsString": lambda value: isinstance(value, str),
    "IsBoolean": lambda value: isinstance(value, bool),
    "IsTimestamp": lambda value: find_instant(value) is not None,
}
COMPARISONS = {
    f"{kind}{order}{path}": (kind, order)
    for kind in _KINDS
    for order in _ORDERS
    for path in ("", "Path")
    if kind != "Boolean" or order == "Equals"
}
OPERATORS = frozenset([*COMPARISONS, *_TYPE_TESTS, "IsPresent", "StringMatches"])


def rule(definition: dict[str, Any]) -> Read:
    """A choice rule as a function from the environment to a truth value. Raises InvalidPath."""
    if "And" in definition:
        parts = [rule(part) for part in definition["And"]]
        return lambda env: all(part(env) for part in parts)
    if "Or" in definition:
        parts = [rule(part) for part in definition["Or"]]
        return lambda env: any(part(env) for part in parts)
    if "Not" in definition:
        inner = rule(definition["Not"])
        return lambda env: not inner(env)
    name = next(key for key in definition if key in OPERATORS)
    return _comparison(definition["Variable"], name, definition[name])


def _comparison(variable: str, name: str, operand: Any) -> Read:
    if name == "IsPresent":
        return _is_present(variable, operand)
    read = _value(variable)
    if name in _TYPE_TESTS:
        test = _TYPE_TESTS[name]
        return lambda env: test(read(env)) == operand
    if name == "StringMatches":
        holds = wildcard(operand)
        return lambda env: holds(read(env))
    kind, order = COMPARISONS[name]
    return _ordered(read, _KINDS[kind], _ORDERS[order], operand, name.endswith("Path"))


def _ordered(
    read: Read, kind: Callable[[Any], Any], order: Callable[[Any, Any], bool], operand: Any, by_path: bool
) -> Read:
    if by_path:
        right_value = _value(operand)

        def by_paths(env: Env) -> bool:
            left, right = kind(read(env)), kind(right_value(env))
            return left is not None and right is not None and order(left, right)

        return by_paths
    right = kind(operand)

    def by_value(env: Env) -> bool:
        left = kind(read(env))
        return left is not None and order(left, right)

    return by_value


def _value(text: str) -> Read:
    read = raw_path(text)

    def found(env: Env) -> Any:
        try:
            return read(env)
        except paths.PathError as error:
            raise runtime(
                f"Invalid path '{text}': The choice state's condition path references an invalid value."
            ) from error

    return found


def _is_present(text: str, expected: bool) -> Read:
    read = raw_path(text)

    def present(env: Env) -> bool:
        try:
            found = read(env)
        except paths.PathError:
            return not expected
        return (found != [] or paths.state_path(text).definite) is expected

    return present


def wildcard(text: str) -> Test:
    """The test of StringMatches: `*` is any characters, a backslash makes it and itself literal; linear in the value.

    Its call raises StateFailure where a backslash stands before anything else (ASL specification, "Data-test
    expression": a runtime error).
    """
    from emulator.languages.patterns.operators.wildcard import Wildcard  # loaded by the first machine that uses it

    pieces = [""]
    place = 0
    while place < len(text):
        char = text[place]
        if char == "\\":
            place += 1
            char = text[place : place + 1]
            if char not in ("*", "\\"):
                return _open_escape(text)
            pieces[-1] += char
        elif char == "*":
            pieces.append("")
        else:
            pieces[-1] += char
        place += 1
    return Wildcard(text, tuple(pieces)).matches


def _open_escape(text: str) -> Test:
    def fails(value: Any) -> bool:
        raise runtime(f"The StringMatches value has an open escape backslash: {text}")

    return fails

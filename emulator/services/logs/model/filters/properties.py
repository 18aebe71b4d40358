"""Properties of JSON messages: `{ ($.level = "ERROR") && ($.latency > 100) }`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from fnmatch import translate
from typing import Any, NamedTuple

from emulator.errors import AwsError
from emulator.services.logs.model.filters.regexes import compile_regex

_TOKEN = re.compile(
    r"\s*(?:(?P<path>\$(?:\.[\w@-]+|\[\s*(?:'[^']*'|\"[^\"]*\"|\d+|\*)\s*\])*)"
    r"|(?P<string>\"(?:[^\"\\]|\\.)*\")"
    r"|(?P<regex>%[^%]+%)"
    r"|(?P<operator>&&|\|\||!=|<=|>=|=|<|>|\(|\))"
    r"|(?P<word>[^\s()=<>!&|]+))"
)
_STEP = re.compile(r"\.([\w@-]+)|\[\s*(?:'([^']*)'|\"([^\"]*)\"|(\d+)|(\*))\s*\]")

Test = Callable[[Any], bool]
_ABSENT = object()


class _Token(NamedTuple):
    kind: str
    text: str


def compile_properties(text: str) -> Callable[[str], bool]:
    """What tells whether a message is JSON with these properties. Errors: InvalidParameterException."""
    if not text.endswith("}"):
        raise _invalid()
    parser = _Parser(_tokens(text[1:-1]))
    test = parser.any_of()
    parser.require_end()

    def matches(message: str) -> bool:
        try:
            document = json.loads(message)
        except ValueError:
            return False
        return isinstance(document, dict) and test(document)

    return matches


def _invalid() -> AwsError:
    return AwsError("InvalidParameterException", "Invalid filter pattern")


def _tokens(text: str) -> list[_Token]:
    tokens, at, text = [], 0, text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise _invalid()
        tokens.append(_Token(match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return tokens


class _Parser:
    """Recursive descent: `||` binds less than `&&`, parentheses most."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def any_of(self) -> Test:
        tests = [self.all_of()]
        while self._takes("||"):
            tests.append(self.all_of())
        return tests[0] if len(tests) == 1 else lambda document: any(test(document) for test in tests)

    def all_of(self) -> Test:
        tests = [self._one()]
        while self._takes("&&"):
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda document: all(test(document) for test in tests)

    def require_end(self) -> None:
        if self._at < len(self._tokens):
            raise _invalid()

    def _one(self) -> Test:
        if self._takes("("):
            test = self.any_of()
            if not self._takes(")"):
                raise _invalid()
            return test
        path = self._next()
        if path.kind != "path":
            raise _invalid()
        steps = _steps(path.text)
        test_value = self._condition()
        return lambda document: any(test_value(value) for value in _values(document, steps))

    def _condition(self) -> Test:
        operator = self._next()
        word = operator.text.upper()
        if word == "IS":
            return _is(self._next().text.upper())
        if word == "EXISTS":
            return lambda value: value is not _ABSENT
        if word == "NOT" and self._next().text.upper() == "EXISTS":
            return lambda value: value is _ABSENT
        if operator.kind != "operator":
            raise _invalid()
        operand = self._next()
        return compared(operator.text, operand.kind, operand.text)

    def _takes(self, text: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at] == ("operator", text):
            self._at += 1
            return True
        return False

    def _next(self) -> _Token:
        if self._at >= len(self._tokens):
            raise _invalid()
        self._at += 1
        return self._tokens[self._at - 1]


def _is(word: str) -> Test:
    wanted = {"NULL": None, "TRUE": True, "FALSE": False}
    if word not in wanted:
        raise _invalid()
    return lambda value: value is wanted[word]


def compared(operator: str, kind: str, text: str) -> Test:
    """What compares a value with an operand: a `word`, a `string` in quotes or a `regex` between percent signs.

    Errors: InvalidParameterException.
    """
    number = number_of(text) if kind == "word" else None
    if operator in ("=", "!="):
        equals = _equal_number(number) if number is not None else _equal_text(kind, text)
        if operator == "=":
            return lambda value: value is not _ABSENT and equals(value)
        return lambda value: value is not _ABSENT and not equals(value)
    if number is None or operator not in _ORDER:
        raise _invalid()
    order = _ORDER[operator]
    return lambda value: _is_number(value) and order(value, number)


_ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def _equal_number(number: float) -> Test:
    return lambda value: _is_number(value) and value == number


def _equal_text(kind: str, operand: str) -> Test:
    if kind == "regex":
        found = compile_regex(operand[1:-1])
        return lambda value: isinstance(value, str) and found(value)
    if kind not in ("string", "word"):
        raise _invalid()
    text = re.sub(r"\\(.)", r"\1", operand[1:-1]) if kind == "string" else operand
    if "*" not in text:
        return lambda value: isinstance(value, str) and value == text
    match = re.compile(translate(text.replace("[", "[[]").replace("?", "[?]"))).match
    return lambda value: isinstance(value, str) and match(value) is not None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def number_of(text: str) -> float | None:
    """The number that a text is, None for one that is none."""
    try:
        return float(text)
    except ValueError:
        return None


def _steps(path: str) -> list[str | int | None]:
    """The keys and indexes of a path; None stands for every element."""
    steps: list[str | int | None] = []
    for match in _STEP.finditer(path, 1):
        if match[4] is not None:
            steps.append(int(match[4]))
        elif match[5] is not None:
            steps.append(None)
        else:
            steps.append(next(name for name in match.group(1, 2, 3) if name is not None))
    return steps


def _values(document: Any, steps: list[str | int | None]) -> list[Any]:
    """What a path leads to: one value, several through `[*]`, or the mark of an absent one."""
    found = [document]
    for step in steps:
        found = [value for each in found for value in _step(each, step)]
    return found or [_ABSENT]


def _step(value: Any, step: str | int | None) -> list[Any]:
    if isinstance(value, list):
        if step is None:
            return value
        return [value[step]] if isinstance(step, int) and step < len(value) else []
    if isinstance(value, dict) and isinstance(step, str):
        return [value[step]] if step in value else []
    return []

"""Fields between spaces: `[ip, user, ..., status_code = 4*, bytes > 1000]`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from emulator.errors import AwsError
from emulator.services.logs.model.filters.properties import compared, number_of

# A message's fields: in double quotes, in brackets, or up to the next space.
_FIELD = re.compile(r"\"([^\"]*)\"|\[([^\]]*)\]|(\S+)")
_NAME = re.compile(r"[A-Za-z_][\w-]*")
_CONDITION = re.compile(
    r"\s*(?P<name>[A-Za-z_][\w-]*)\s*(?P<operator>!=|<=|>=|=|<|>)\s*"
    r"(?P<operand>\"(?:[^\"\\]|\\.)*\"|%[^%]+%|[^\s&|\"]+)\s*"
)
REST = "..."

Test = Callable[[str], bool]


def compile_fields(text: str) -> Callable[[str], bool]:
    """What tells whether a message has as many fields, and these. Errors: InvalidParameterException.

    An ellipsis stands for any number of fields; there is one at most.
    """
    if not text.endswith("]"):
        raise _invalid()
    parts = [part.strip() for part in _split(text[1:-1])]
    if parts.count(REST) > 1 or not all(parts):
        raise _invalid()
    tests = [None if part == REST else _test(part) for part in parts]
    rest = parts.index(REST) if REST in parts else None

    def matches(message: str) -> bool:
        fields = [next(group for group in found.groups() if group is not None) for found in _FIELD.finditer(message)]
        if rest is None:
            return len(fields) == len(tests) and _all(tests, fields)
        after = len(tests) - rest - 1
        if len(fields) < rest + after:
            return False
        return _all(tests[:rest], fields) and _all(tests[rest + 1 :], fields[len(fields) - after :])

    return matches


def _all(tests: Sequence[Test | None], fields: Sequence[str]) -> bool:
    return all(test is None or test(field) for test, field in zip(tests, fields, strict=False))


def _split(text: str) -> list[str]:
    """At commas that are in no quotes and no regular expression."""
    parts, start, closing = [], 0, ""
    for at, char in enumerate(text):
        if closing:
            closing = "" if char == closing else closing
        elif char in '"%':
            closing = char
        elif char == ",":
            parts.append(text[start:at])
            start = at + 1
    return [*parts, text[start:]]


def _test(part: str) -> Test:
    """A field's name, or conditions on it: `w = ERROR || w = WARN`; `&&` binds more."""
    if _NAME.fullmatch(part):
        return lambda field: True
    choices = [[_condition(one) for one in choice.split("&&")] for choice in part.split("||")]
    return lambda field: any(all(test(field) for test in choice) for choice in choices)


def _condition(text: str) -> Test:
    match = _CONDITION.fullmatch(text)
    if match is None:
        raise _invalid()
    operand = match["operand"]
    kind = {'"': "string", "%": "regex"}.get(operand[0], "word")
    test = compared(match["operator"], kind, operand)
    numeric = kind == "word" and number_of(operand) is not None
    if not numeric:
        return test

    def of_number(field: str) -> bool:
        value = number_of(field)
        return match["operator"] == "!=" if value is None else test(value)

    return of_number


def _invalid() -> AwsError:
    return AwsError("InvalidParameterException", "Invalid filter pattern")

"""The paths, intrinsic calls and JSONata expressions of a state: each that cannot be read, with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from emulator.languages import paths
from emulator.languages.asl import templates
from emulator.languages.asl.expressions import is_expression, require_closed
from emulator.languages.asl.intrinsics.calls import InvalidCall
from emulator.languages.asl.problems import InvalidQuery, Report
from emulator.languages.asl.scopes import INNER

_REFERENCE = frozenset(("ResultPath",))
_PATHS = frozenset(
    (
        *("ItemsPath", "SecondsPath", "TimestampPath", "TimeoutSecondsPath", "HeartbeatSecondsPath"),
        *("MaxConcurrencyPath", "ToleratedFailureCountPath", "MaxItemsPath"),
        *("ToleratedFailurePercentagePath", "MaxItemsPerBatchPath", "MaxInputBytesPerBatchPath", "Variable"),
    )
)
_STATES = re.compile(r"\$states\.(\w+)")
LITERAL = re.compile(r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|/\*.*?\*/""", re.DOTALL)
"""What of an expression is no code: strings, and comments of JSONata."""
_PATHS_OR_CALLS = frozenset(("ErrorPath", "CausePath", "InputPath", "OutputPath"))
TEMPLATES = frozenset(
    ("Parameters", "ResultSelector", "ItemSelector", "Assign", "BatchInput", "Credentials", "Arguments", "Output")
)
"""Fields whose members are the user's, not the language's."""


def check_expressions(state: dict[str, Any], language: str, place: str, report: Report) -> None:
    """Report what cannot be read in a state, the states inside it apart."""
    check = _query if language == "JSONata" else _path
    for field, value in read_fields(state, language):
        for where, name, text in strings(value, field, field, template=field in TEMPLATES):
            check(text, name, where, place, report)
            if language == "JSONata":
                _check_reserved(text, _unseen(state.get("Type"), field), f"{place}/{where}", report)
        if language == "JSONPath":
            _check_members(value, f"{place}/{field}", report)


def read_fields(state: dict[str, Any], language: str) -> Iterator[tuple[str, Any]]:
    """(name, value) of the fields of a state that may have expressions of its own, not of the states inside it."""
    for field, value in state.items():
        if field not in INNER and field != "Comment" and (field != "Result" or language != "JSONPath"):
            yield field, value


def strings(value: Any, where: str, name: str, *, template: bool) -> Iterator[tuple[str, str, str]]:
    """(place in the state, name of the field, text) of every string; in templates names are marked by a `*`."""
    if isinstance(value, str):
        yield where, f"*{name}" if template else name, value
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from strings(member, f"{where}/{key}", key, template=template or key in TEMPLATES)
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from strings(element, f"{where}[{index}]", "", template=template)


def _check_members(value: Any, place: str, report: Report) -> None:
    """Report members that are given twice, by value and by path, and paths that are no text."""
    if isinstance(value, dict):
        for key, member in value.items():
            if f"{key}.$" in value:
                report.exclusive(key, f"{key}.$", place)
            if key.endswith(".$") and not isinstance(member, str):
                report.schema(_unreadable(key), place)
            _check_members(member, f"{place}/{key}", report)
    elif isinstance(value, list):
        for index, element in enumerate(value):
            _check_members(element, f"{place}[{index}]", report)


def _unreadable(name: str) -> str:
    return f"The value for the field '{name}' must be a valid JSONPath or a valid intrinsic function call"


def _query(text: str, name: str, where: str, place: str, report: Report) -> None:
    try:
        if is_expression(text):
            from emulator.languages.asl import queries  # JSONata is loaded by the first machine that uses it

            queries.expression(text, where)
        elif name.startswith("*"):
            require_closed(text, where)
    except InvalidQuery as error:
        report.schema(str(error), f"{place}/{where}")


def _unseen(kind: Any, field: str) -> frozenset[str]:
    """The members of `$states` that a field does not see: a result is there when what a state calls has answered, an
    error where it is caught (Step Functions Developer Guide, "Transforming data with JSONata", reserved variable)."""
    if field == "Catch":
        return frozenset(("result",))
    answered = kind in ("Task", "Parallel", "Map") and field in ("Assign", "Output")
    return frozenset(("errorOutput",)) if answered else frozenset(("errorOutput", "result"))


def _check_reserved(text: str, unseen: frozenset[str], place: str, report: Report) -> None:
    if is_expression(text) and "$states." in text:
        for name in sorted(unseen & set(_STATES.findall(LITERAL.sub("", text)))):
            report.schema(f"$states.{name} is not available in this field", place)


def _path(text: str, name: str, where: str, place: str, report: Report) -> None:
    if name.startswith("*"):
        if name.endswith(".$") and not _is_readable(lambda: templates.expression(text, name)):
            report.schema(_unreadable(name[1:]), f"{place}/{where.rpartition('/')[0]}")
    elif name in _REFERENCE:
        if not _is_readable(lambda: paths.reference(text)):
            report.schema(_no_reference(text), f"{place}/{where}")
    elif name in _PATHS or (name.endswith("Path") and where.startswith("Choices")):
        if not _is_readable(lambda: _require_path(text)):
            report.schema(_no_reference(text), f"{place}/{where}")
    elif name in _PATHS_OR_CALLS and not _is_readable(lambda: templates.expression(text, name)):
        words = "Value must be a valid JSONPath." if name in ("InputPath", "OutputPath") else _unreadable(name)
        report.schema(words, f"{place}/{where}")


def _no_reference(text: str) -> str:
    """The words of cfn-lint issue 4076; why another text is none AWS says in words that are not known."""
    return "Value is not a Reference Path" + ("" if text.startswith("$") else ": Reference path didn't start with '$'")


def _require_path(text: str) -> None:
    if not text.startswith("$"):
        raise paths.InvalidPath("A path starts with '$'")
    templates.raw_path(text)


def _is_readable(read: Callable[[], Any]) -> bool:
    try:
        read()
    except (paths.InvalidPath, InvalidCall, InvalidQuery):
        return False
    return True

"""The paths, intrinsic calls and JSONata expressions of a state: each that cannot be read, with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from emulator.languages import paths
from emulator.languages.asl import templates
from emulator.languages.asl.expressions import is_expression
from emulator.languages.asl.intrinsics.calls import InvalidCall
from emulator.languages.asl.problems import InvalidQuery, Report

INNER = frozenset(("Branches", "ItemProcessor", "Iterator"))
"""Fields that hold states, which are checked as such."""

_REFERENCE = frozenset(("ResultPath",))
_PATHS = frozenset(
    (
        *("InputPath", "OutputPath", "ItemsPath", "SecondsPath", "TimestampPath", "TimeoutSecondsPath"),
        *("HeartbeatSecondsPath", "MaxConcurrencyPath", "ToleratedFailureCountPath", "MaxItemsPath"),
        *("ToleratedFailurePercentagePath", "MaxItemsPerBatchPath", "MaxInputBytesPerBatchPath", "Variable"),
    )
)
_PATHS_OR_CALLS = frozenset(("ErrorPath", "CausePath", "InputPath", "OutputPath"))
TEMPLATES = frozenset(
    ("Parameters", "ResultSelector", "ItemSelector", "Assign", "BatchInput", "Credentials", "Arguments", "Output")
)
"""Fields whose members are the user's, not the language's."""


def check_expressions(state: dict[str, Any], language: str, place: str, report: Report) -> None:
    """Report what cannot be read in a state, the states inside it apart."""
    check = _query if language == "JSONata" else _path
    for field, value in state.items():
        if field in INNER or field == "Comment" or (field == "Result" and language == "JSONPath"):
            continue
        for where, name, text in _texts(value, field, field, template=field in TEMPLATES):
            check(text, name, where, place, report)
        if language == "JSONPath":
            _check_pairs(value, f"{place}/{field}", report)


def _texts(value: Any, where: str, name: str, *, template: bool) -> Iterator[tuple[str, str, str]]:
    """(place in the state, name of the field, text) of every string; in templates names are marked by a `*`."""
    if isinstance(value, str):
        yield where, f"*{name}" if template else name, value
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from _texts(member, f"{where}/{key}", key, template=template or key in TEMPLATES)
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from _texts(element, f"{where}[{index}]", "", template=template)


def _check_pairs(value: Any, place: str, report: Report) -> None:
    """Report members that are given twice, by value and by path."""
    if isinstance(value, dict):
        for key, member in value.items():
            if f"{key}.$" in value:
                report.schema(f"These fields are exclusive: [{key}, {key}.$]", place)
            _check_pairs(member, f"{place}/{key}", report)
    elif isinstance(value, list):
        for index, element in enumerate(value):
            _check_pairs(element, f"{place}[{index}]", report)


def _query(text: str, name: str, where: str, place: str, report: Report) -> None:
    if not is_expression(text):
        return
    from emulator.languages.asl import queries  # JSONata is loaded by the first machine that uses it

    try:
        queries.expression(text, where)
    except InvalidQuery as error:
        report.schema(str(error), f"{place}/{where}")


def _path(text: str, name: str, where: str, place: str, report: Report) -> None:
    if name.startswith("*"):
        if name.endswith(".$") and not _is_readable(lambda: templates.expression(text, name)):
            report.schema(
                f"The value for the field '{name[1:]}' must be a valid JSONPath or a valid intrinsic function call",
                f"{place}/{where.rpartition('/')[0]}",
            )
    elif name in _REFERENCE:
        if not _is_readable(lambda: paths.reference(text)):
            report.schema("Value is not a Reference Path", f"{place}/{where}")
    elif name in _PATHS or (name.endswith("Path") and where.startswith("Choices")):
        called = name in _PATHS_OR_CALLS and not text.startswith("$")
        if not _is_readable((lambda: templates.expression(text, name)) if called else lambda: _require_path(text)):
            report.schema("Value is not a valid JSONPath", f"{place}/{where}")
    elif name in _PATHS_OR_CALLS and not _is_readable(lambda: templates.expression(text, name)):
        report.schema(
            f"The value for the field '{name}' must be a valid JSONPath or a valid intrinsic function call",
            f"{place}/{where}",
        )


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

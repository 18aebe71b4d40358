"""The JSON type of every field of a state, however deep, before anything else is asked of it."""

from __future__ import annotations

from typing import Any, TypeAlias

from emulator.languages.asl.choices import COMPARISONS, OPERATORS
from emulator.languages.asl.expressions import is_expression
from emulator.languages.asl.problems import Report

Kinds: TypeAlias = str
"""JSON types, divided by blanks; the first is what AWS says it expected."""

_KIND_OF: dict[type, Kinds] = {str: "String", bool: "Boolean", list: "Array", dict: "Object", type(None): "Null"}
_OR_NULL = "String Null"
_PATHS = (
    *("InputPath", "OutputPath", "ResultPath", "ItemsPath", "SecondsPath", "TimestampPath", "TimeoutSecondsPath"),
    *("HeartbeatSecondsPath", "ErrorPath", "CausePath", "MaxConcurrencyPath", "ToleratedFailureCountPath"),
    "ToleratedFailurePercentagePath",
)
_FIXED: dict[str, Kinds] = {
    **dict.fromkeys(("Type", "Next", "Default", "Resource", "Label", "QueryLanguage"), "String"),
    **dict.fromkeys(_PATHS, "String"),
    **dict.fromkeys(("InputPath", "OutputPath", "ResultPath", "Comment"), _OR_NULL),
    "End": "Boolean",
    **dict.fromkeys(("Branches", "Choices", "Retry", "Catch"), "Array"),
    **dict.fromkeys(("ItemProcessor", "Iterator", "ItemReader", "ItemBatcher", "ResultWriter", "Assign"), "Object"),
}
_GIVEN: dict[str, Kinds] = {
    **dict.fromkeys(("Seconds", "TimeoutSeconds", "HeartbeatSeconds", "MaxConcurrency"), "Integer"),
    **dict.fromkeys(("ToleratedFailureCount",), "Integer"),
    "ToleratedFailurePercentage": "Float Integer",
    **dict.fromkeys(("Error", "Cause", "Timestamp"), "String"),
    "Credentials": "Object",
}
"""Fields that a JSONata state may also give as an expression."""

_INSIDE: dict[str, dict[str, Kinds]] = {
    "ItemProcessor": {"ProcessorConfig": "Object", "Comment": _OR_NULL},
    "Iterator": {"ProcessorConfig": "Object", "Comment": _OR_NULL},
    "ProcessorConfig": {"Mode": "String", "ExecutionType": "String"},
    "ItemReader": {"Resource": "String", "ReaderConfig": "Object"},
    "ReaderConfig": {
        **dict.fromkeys(("InputType", "Transformation", "ManifestType", "CSVDelimiter", "CSVHeaderLocation"), "String"),
        **dict.fromkeys(("ItemsPointer", "MaxItemsPath"), "String"),
        "CSVHeaders": "Array",
        "MaxItems": "Integer",
    },
    "ItemBatcher": {
        **dict.fromkeys(("MaxItemsPerBatch", "MaxInputBytesPerBatch"), "Integer"),
        **dict.fromkeys(("MaxItemsPerBatchPath", "MaxInputBytesPerBatchPath"), "String"),
    },
    "ResultWriter": {"Resource": "String", "WriterConfig": "Object"},
    "WriterConfig": {"Transformation": "String", "OutputType": "String"},
}
_RULE: dict[str, Kinds] = {
    **{name: "String" for name in OPERATORS if name.startswith(("String", "Timestamp")) or name.endswith("Path")},
    **{name: "Float Integer" for name in COMPARISONS if name.startswith("Numeric") and not name.endswith("Path")},
    **{name: "Boolean" for name in OPERATORS if name == "BooleanEquals" or name.startswith("Is")},
    **dict.fromkeys(("Variable", "Next"), "String"),
    "Comment": _OR_NULL,
    **dict.fromkeys(("And", "Or"), "Array"),
    **dict.fromkeys(("Not", "Assign"), "Object"),
    "Condition": "String Boolean",
}
_CATCHER: dict[str, Kinds] = {"Next": "String", "ResultPath": _OR_NULL, "Assign": "Object", "Comment": _OR_NULL}
_RETRIER: dict[str, Kinds] = {"Comment": _OR_NULL}


def check_types(state: dict[str, Any], language: str, place: str, report: Report) -> bool:
    """Report fields of a wrong type; whether there are none."""
    before = len(report.problems)
    _check(state, _FIXED, place, report)
    _check(state, _GIVEN, place, report, query=language == "JSONata")
    _check_inside(state, place, report, query=language == "JSONata")
    _check_each(state, "Catch", _CATCHER, place, report)
    _check_each(state, "Retry", _RETRIER, place, report)
    _check_rules(state.get("Choices"), f"{place}/Choices", report)
    return len(report.problems) == before


def _kind(value: Any) -> Kinds:
    found = _KIND_OF.get(type(value))
    return found or ("Integer" if isinstance(value, int) else "Float")


def _check(holder: dict[str, Any], types: dict[str, Kinds], place: str, report: Report, *, query: bool = False) -> None:
    for field, value in holder.items():
        kinds = types.get(field, "").split()
        if query and is_expression(value) and (field == "Credentials" or not {"Object", "Array"} & set(kinds)):
            continue
        if kinds and _kind(value) not in kinds:
            report.schema(f"Expected value of type {kinds[0]}", f"{place}/{field}")


def _check_inside(holder: dict[str, Any], place: str, report: Report, *, query: bool) -> None:
    for field, types in _INSIDE.items():
        inner = holder.get(field)
        if isinstance(inner, dict):
            _check(inner, types, f"{place}/{field}", report, query=query)
            _check_inside(inner, f"{place}/{field}", report, query=query)


def _check_each(state: dict[str, Any], field: str, types: dict[str, Kinds], place: str, report: Report) -> None:
    entries = state.get(field)
    for at, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict):
            _check(entry, types, f"{place}/{field}[{at}]", report)


def _check_rules(rules: Any, place: str, report: Report) -> None:
    for at, rule in enumerate(rules if isinstance(rules, list) else ()):
        if isinstance(rule, dict):
            _check_rule(rule, f"{place}[{at}]", report)


def _check_rule(rule: dict[str, Any], place: str, report: Report) -> None:
    _check(rule, _RULE, place, report)
    for field in ("And", "Or"):
        _check_rules(rule.get(field), f"{place}/{field}", report)
    if isinstance(rule.get("Not"), dict):
        _check_rule(rule["Not"], f"{place}/Not", report)

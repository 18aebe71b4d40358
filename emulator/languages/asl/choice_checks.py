"""What the rules of a Choice state must and may have."""

from __future__ import annotations

from typing import Any

from emulator.languages.asl.choices import OPERATORS
from emulator.languages.asl.field_checks import check_fields
from emulator.languages.asl.problems import Report
from emulator.languages.asl.timestamps import find_datetime

_TESTS = OPERATORS | {"And", "Or", "Not", "Variable", "Comment"}
_RULE = _TESTS | {"Next", "Assign", "Output", "Condition"}


def check_choices(rules: Any, language: str, place: str, report: Report) -> None:
    """Report the problems of the rules at a place."""
    if not isinstance(rules, list) or not rules:
        report.schema("Expected value of type Array with at least one element", place)
        return
    for at, rule in enumerate(rules):
        where = f"{place}[{at}]"
        if not isinstance(rule, dict):
            report.schema("Expected value of type Object", where)
            continue
        check_fields(rule, _RULE, where, report, language)
        if "Next" not in rule:
            report.required(["Next"], where)
        if language == "JSONata":
            if "Condition" not in rule:
                report.required(["Condition"], where)
        else:
            _check_test(rule, where, report)


def _check_test(rule: dict[str, Any], where: str, report: Report) -> None:
    """A rule is a comparison or And, Or or Not of others, which have no Next (ASL specification, "Choice State")."""
    joined = [field for field in ("And", "Or", "Not") if field in rule]
    comparisons = [field for field in rule if field in OPERATORS]
    if len(joined) + len(comparisons) != 1 or (joined and "Variable" in rule):
        report.schema("Exactly one comparison operator is required", where)
    if "Not" in rule:
        _check_inner(rule["Not"], f"{where}/Not", report)
    for field in ("And", "Or"):
        if field in rule:
            parts = rule[field]
            if not isinstance(parts, list) or not parts:
                report.schema("Expected value of type Array with at least one element", f"{where}/{field}")
                continue
            for at, part in enumerate(parts):
                _check_inner(part, f"{where}/{field}[{at}]", report)
    if not joined:
        _check_comparison(rule, comparisons, where, report)


def _check_inner(rule: Any, where: str, report: Report) -> None:
    if not isinstance(rule, dict):
        report.schema("Expected value of type Object", where)
        return
    check_fields(rule, _TESTS, where, report)
    _check_test(rule, where, report)


def _check_comparison(rule: dict[str, Any], comparisons: list[str], where: str, report: Report) -> None:
    if not isinstance(rule.get("Variable"), str):
        report.required(["Variable"], where)
    for name in comparisons:
        if name.startswith("Timestamp") and not name.endswith("Path") and find_datetime(rule[name]) is None:
            report.schema("String does not match RFC3339 timestamp", f"{where}/{name}")

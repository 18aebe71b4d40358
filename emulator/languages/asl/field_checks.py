"""Which fields an object of a definition may have, and in which query language."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from emulator.languages.asl.choices import OPERATORS
from emulator.languages.asl.problems import Report

LANGUAGES = ("JSONPath", "JSONata")
_PATHS_ONLY = OPERATORS | {
    *("InputPath", "OutputPath", "Parameters", "ResultSelector", "ResultPath", "Result", "ItemsPath"),
    *("SecondsPath", "TimestampPath", "TimeoutSecondsPath", "HeartbeatSecondsPath", "ErrorPath", "CausePath"),
    *("MaxConcurrencyPath", "ToleratedFailureCountPath", "ToleratedFailurePercentagePath", "MaxItemsPath"),
    *("MaxItemsPerBatchPath", "MaxInputBytesPerBatchPath", "Variable", "And", "Or", "Not"),
}
_QUERIES_ONLY = frozenset(("Arguments", "Output", "Items", "Condition"))


def check_fields(
    holder: dict[str, Any], known: Collection[str], place: str, report: Report, language: str = ""
) -> None:
    """Report fields that an object does not have, and those of the other query language where one is given.

    The words: terraform-aws-step-functions issue 68; aws-cdk issue 34352.
    """
    refused, other = (_PATHS_ONLY, LANGUAGES[0]) if language == "JSONata" else (_QUERIES_ONLY, LANGUAGES[1])
    for field in holder:
        if field not in known:
            report.unsupported(field, place)
        elif language and field in refused:
            message = (
                f"The QueryLanguage is set to '{language}', but field '{field}' is only supported for the"
                f" '{other}' QueryLanguage"
            )
            report.schema(message, f"{place}/{field}")


def check_value(holder: dict[str, Any], field: str, values: Collection[Any], place: str, report: Report) -> None:
    """Report a field that has none of its values; it may be absent (the words: TestState, of an unknown Type)."""
    if field in holder and holder[field] not in values:
        report.schema(f"The field '{field}' should have one of these values: [{', '.join(values)}]", f"{place}/{field}")


def check_number(holder: dict[str, Any], field: str, least: int, most: int, place: str, report: Report) -> None:
    """Report a field that is no whole number within its bounds; it may be absent."""
    value = holder.get(field, least)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        report.schema(f"Expected value of type Integer between {least} and {most}", f"{place}/{field}")


def check_or_path(holder: dict[str, Any], fields: Iterable[str], place: str, report: Report) -> None:
    """Report fields that are given both by value and by path (ASL specification, "Map State": ItemReader)."""
    for field in fields:
        if field in holder and f"{field}Path" in holder:
            report.exclusive(field, f"{field}Path", place)

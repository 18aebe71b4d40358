"""What each type of state must and may have."""

from __future__ import annotations

from typing import Any

from emulator.languages.asl.choice_checks import check_choices
from emulator.languages.asl.expressions import is_expression
from emulator.languages.asl.field_checks import check_fields, check_number, check_or_path, check_value
from emulator.languages.asl.limits import RETRY_SECONDS_MAX, SECONDS_MAX
from emulator.languages.asl.map_checks import check_map
from emulator.languages.asl.problems import Report
from emulator.languages.asl.resources import is_recognized, unrecognized
from emulator.languages.asl.timestamps import find_datetime

_COMMON = {"Type", "Comment", "QueryLanguage"}
_MOVES = {"Next", "End", "InputPath", "OutputPath", "Output", "Assign"}
_RESULT = {"Parameters", "Arguments", "ResultSelector", "ResultPath", "Retry", "Catch"}
_PACE = {"TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath"}
_FIELDS: dict[str, set[str]] = {
    "Pass": _COMMON | _MOVES | {"Result", "ResultPath", "Parameters"},
    "Task": _COMMON | _MOVES | _RESULT | _PACE | {"Resource", "Credentials"},
    "Choice": _COMMON | {"Choices", "Default", "InputPath", "OutputPath", "Output", "Assign"},
    "Wait": _COMMON | _MOVES | {"Seconds", "SecondsPath", "Timestamp", "TimestampPath"},
    "Succeed": _COMMON | {"InputPath", "OutputPath", "Output"},
    "Fail": _COMMON | {"Error", "ErrorPath", "Cause", "CausePath"},
    "Parallel": _COMMON | _MOVES | _RESULT | {"Branches"},
    "Map": _COMMON
    | _MOVES
    | (_RESULT - {"Arguments"})
    | {"ItemProcessor", "Iterator", "Items", "ItemsPath", "ItemSelector", "ItemReader", "ItemBatcher"}
    | {"ResultWriter", "Label", "MaxConcurrency", "MaxConcurrencyPath", "ToleratedFailureCount"}
    | {"ToleratedFailureCountPath", "ToleratedFailurePercentage", "ToleratedFailurePercentagePath"},
}
_OR_PATH = {"TimeoutSeconds", "HeartbeatSeconds", "Error", "Cause", "MaxConcurrency"} | {
    "ToleratedFailureCount",
    "ToleratedFailurePercentage",
}
TYPES = ("Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map")  # as AWS lists them
_REQUIRED = {"Task": ("Resource",), "Choice": ("Choices",), "Parallel": ("Branches",)}
_WAITS = ("Seconds", "SecondsPath", "Timestamp", "TimestampPath")
_RETRIER = {
    *("ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy", "Comment"),
}
_CATCHER = {"ErrorEquals", "Next", "ResultPath", "Assign", "Output", "Comment"}


def check_state(state: dict[str, Any], kind: str, language: str, place: str, report: Report) -> None:
    """Report the problems of one state whose fields have the right types, its inner scopes apart."""
    name = state.get("Type")
    if name is None:
        report.required(["Type"], place)
        return
    if name not in TYPES:
        check_value(state, "Type", TYPES, place, report)
        return
    missing = [field for field in _REQUIRED.get(name, ()) if field not in state]
    if missing:
        report.required(missing, place)
    check_fields(state, _FIELDS[name], place, report, language)
    check_or_path(state, sorted(_OR_PATH), place, report)
    _check_ending(name, state, place, report)
    if name == "Task" and not missing:
        _check_task(state, kind, place, report)
    elif name == "Wait":
        _check_wait(state, language, place, report)
    elif name == "Choice" and not missing:
        check_choices(state["Choices"], language, f"{place}/Choices", report)
    elif name == "Map":
        check_map(state, kind, language, place, report)
    if name in ("Task", "Parallel", "Map"):
        _check_retry(state, place, report)
        _check_catch(state, language, place, report)


def _check_ending(name: str, state: dict[str, Any], place: str, report: Report) -> None:
    if name in ("Succeed", "Fail", "Choice"):
        return
    has_next, ends = "Next" in state, state.get("End") is True
    if has_next and ends:
        report.exclusive("Next", "End", place)
    elif not has_next and not ends:
        report.required(["Next"], place)


def _check_task(state: dict[str, Any], kind: str, place: str, report: Report) -> None:
    resource = state["Resource"]
    if kind == "EXPRESS":
        for suffix in (".waitForTaskToken", ".sync", ".sync:2"):
            if resource.endswith(suffix):
                report.schema(
                    f"Express state machine does not support '{suffix}' service integration ",
                    f"{place}/Resource",
                )
        if ":activity:" in resource:
            report.schema("Express state machine does not support Activity ARN", f"{place}/Resource")
    if not resource.startswith("arn:") or resource.count(":") < 5:
        report.schema("Value is not a valid resource ARN", f"{place}/Resource")
    elif not is_recognized(resource):
        report.schema(unrecognized(resource), f"{place}/Resource")
    credentials = state.get("Credentials")
    if isinstance(credentials, dict) and not {"RoleArn", "RoleArn.$"} & credentials.keys():
        report.schema("The field 'RoleArn' is required but was missing", f"{place}/Credentials")
    for field in ("TimeoutSeconds", "HeartbeatSeconds"):
        if not is_expression(state.get(field)):
            check_number(state, field, 1, SECONDS_MAX, place, report)
    timeout, heartbeat = state.get("TimeoutSeconds"), state.get("HeartbeatSeconds")
    if isinstance(timeout, int) and isinstance(heartbeat, int) and heartbeat >= timeout:
        report.schema("'HeartbeatSeconds' must be smaller than 'TimeoutSeconds'", place)


def _check_wait(state: dict[str, Any], language: str, place: str, report: Report) -> None:
    forms = [field for field in _WAITS if field in state]
    if len(forms) != 1:
        report.schema(f"Exactly one of these fields is required: [{', '.join(_WAITS)}]", place)
        return
    given = state[forms[0]]
    if language == "JSONata" and is_expression(given):
        return
    if forms[0] == "Timestamp" and find_datetime(given) is None:
        report.schema("String does not match RFC3339 timestamp", f"{place}/Timestamp")
    check_number(state, "Seconds", 0, SECONDS_MAX, place, report)


def _check_retry(state: dict[str, Any], place: str, report: Report) -> None:
    entries = state.get("Retry", [])
    for at, entry in enumerate(_entries(entries, f"{place}/Retry", report)):
        where = f"{place}/Retry[{at}]"
        check_fields(entry, _RETRIER, where, report)
        _check_errors(entry, last=at == len(entries) - 1, where=where, report=report)
        check_number(entry, "IntervalSeconds", 1, SECONDS_MAX, where, report)
        check_number(entry, "MaxAttempts", 0, SECONDS_MAX, where, report)
        check_number(entry, "MaxDelaySeconds", 1, RETRY_SECONDS_MAX - 1, where, report)
        rate = entry.get("BackoffRate", 2.0)
        if isinstance(rate, bool) or not isinstance(rate, (int, float)) or rate < 1:
            report.schema("Expected value of type Float greater than or equal to 1.0", f"{where}/BackoffRate")
        check_value(entry, "JitterStrategy", ("FULL", "NONE"), where, report)


def _check_catch(state: dict[str, Any], language: str, place: str, report: Report) -> None:
    entries = state.get("Catch", [])
    for at, entry in enumerate(_entries(entries, f"{place}/Catch", report)):
        where = f"{place}/Catch[{at}]"
        check_fields(entry, _CATCHER, where, report, language)
        _check_errors(entry, last=at == len(entries) - 1, where=where, report=report)
        if not isinstance(entry.get("Next"), str):
            report.required(["Next"], where)


def _entries(entries: Any, place: str, report: Report) -> list[dict[str, Any]]:
    if isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries):
        return entries
    report.schema("Expected value of type Array of Objects", place)
    return []


def _check_errors(entry: dict[str, Any], *, last: bool, where: str, report: Report) -> None:
    names = entry.get("ErrorEquals")
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        report.required(["ErrorEquals"], where)
        return
    if "States.ALL" in names and (len(names) > 1 or not last):
        report.schema("'States.ALL' must appear alone and in the last entry", f"{where}/ErrorEquals")

"""What a definition must look like before it is compiled: fields, types of states, targets of transitions."""

from __future__ import annotations

from typing import Any

from emulator.languages.asl import state_checks
from emulator.languages.asl.advice import advise
from emulator.languages.asl.expression_checks import check_expressions
from emulator.languages.asl.field_types import check_types
from emulator.languages.asl.problems import SAME_LABEL, SAME_STATE, STATE_NAME, Report
from emulator.languages.asl.variable_checks import check_variables

LANGUAGES = ("JSONPath", "JSONata")
_MACHINE = {"Comment", "StartAt", "States", "Version", "TimeoutSeconds", "QueryLanguage"}
LONGEST_NAME = 80


def check_machine(definition: dict[str, Any], kind: str, report: Report) -> None:
    """Report the problems of a whole definition."""
    language = definition.get("QueryLanguage", "JSONPath")
    if language not in LANGUAGES:
        report.schema("Value is not one of: [JSONPath, JSONata]", "/QueryLanguage")
        language = "JSONPath"
    timeout = definition.get("TimeoutSeconds")
    if timeout is not None and not (isinstance(timeout, int) and 0 < timeout <= 99_999_999):
        report.schema("Expected value of type Integer between 1 and 99999999", "/TimeoutSeconds")
    _check_scope(definition, kind, language, language, "", report, set())
    check_variables(definition, language, "", report)
    _check_labels(definition, "", report, set())


def _check_scope(scope: Any, kind: str, language: str, top: str, where: str, report: Report, names: set[str]) -> None:
    if not isinstance(scope, dict):
        report.schema("Expected value of type Object", where or "/")
        return
    missing = [field for field in ("StartAt", "States") if field not in scope]
    if missing:
        report.schema(f"These fields are required: [{', '.join(missing)}]", where or "/")
        return
    states = scope["States"]
    if not isinstance(states, dict):
        report.schema("Expected value of type Object", f"{where}/States")
        return
    if not isinstance(scope["StartAt"], str):
        report.schema("Expected value of type String", f"{where}/StartAt")
        return
    if not states:
        report.schema("These fields are required: [States]", f"{where}/States")
    for name, state in states.items():
        place = f"{where}/States/{name}"
        if name in names:
            report.named(SAME_STATE, f"Duplicate state name: {name}", place)
        names.add(name)
        if len(name) > LONGEST_NAME:
            report.named(STATE_NAME, f"State name is longer than {LONGEST_NAME} characters", place)
        _check_state(state, kind, language, top, place, report, names)
    _check_transitions(scope["StartAt"], states, where, report)


def _check_state(state: Any, kind: str, language: str, top: str, place: str, report: Report, names: set[str]) -> None:
    if not isinstance(state, dict):
        report.schema("Expected value of type Object", place)
        return
    if top == "JSONata" and state.get("QueryLanguage") == "JSONPath":
        report.schema("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", place)
        return
    language = state.get("QueryLanguage", language)
    if check_types(state, language, place, report):
        state_checks.check_state(state, kind, language, place, report)
        check_expressions(state, language, place, report)
        if language == "JSONPath":
            advise(state, place, report)
    for inner, at in _inner_scopes(state, place):
        _check_scope(inner, kind, language, top, at, report, names)


def _inner_scopes(state: dict[str, Any], place: str) -> list[tuple[Any, str]]:
    if state.get("Type") == "Parallel" and isinstance(state.get("Branches"), list):
        return [(branch, f"{place}/Branches[{at}]") for at, branch in enumerate(state["Branches"])]
    if state.get("Type") == "Map":
        for field in ("ItemProcessor", "Iterator"):
            if field in state:
                return [(state[field], f"{place}/{field}")]
    return []


def _check_labels(scope: Any, where: str, report: Report, known: set[str]) -> None:
    """The labels of Map states are those of their Map Runs: each occurs once."""
    states = scope.get("States") if isinstance(scope, dict) else None
    for name, state in states.items() if isinstance(states, dict) else ():
        if not isinstance(state, dict):
            continue
        place, label = f"{where}/States/{name}", state.get("Label")
        if state.get("Type") == "Map" and isinstance(label, str):
            if label in known:
                report.named(SAME_LABEL, f"Duplicate label name: {label}", f"{place}/Label")
            known.add(label)
        for inner, at in _inner_scopes(state, place):
            _check_labels(inner, at, report, known)


def targets(state: dict[str, Any], place: str) -> list[tuple[str, str]]:
    """(target, location) of every transition of a state."""
    found: list[tuple[Any, str]] = []
    if "Next" in state:
        found.append((state["Next"], f"{place}/Next"))
    if "Default" in state and state.get("Type") == "Choice":
        found.append((state["Default"], f"{place}/Default"))
    for field in ("Choices", "Catch"):
        entries = state.get(field)
        if isinstance(entries, list):
            for at, entry in enumerate(entries):
                if isinstance(entry, dict) and "Next" in entry:
                    found.append((entry["Next"], f"{place}/{field}[{at}]/Next"))
    return [(target, at) for target, at in found if isinstance(target, str)]


def _ends(state: Any) -> bool:
    return not isinstance(state, dict) or state.get("End") is True or state.get("Type") in ("Succeed", "Fail")


def _check_transitions(start: str, states: dict[str, Any], where: str, report: Report) -> None:
    if start not in states:
        report.transition(f"Missing 'Next' target: {start}", f"{where}/StartAt")
    reached = {start}
    waiting = [start]
    edges = {
        name: targets(state, f"{where}/States/{name}") for name, state in states.items() if isinstance(state, dict)
    }
    for found in edges.values():
        for target, location in found:
            if target not in states:
                report.transition(f"Missing 'Next' target: {target}", location)
    if states and not any(_ends(state) for state in states.values()):
        report.endless()
        return
    while waiting:
        for target, _ in edges.get(waiting.pop(), []):
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    for name in states:
        if name not in reached:
            report.transition(f'State "{name}" is not reachable.', f"{where}/States/{name}")

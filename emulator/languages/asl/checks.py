"""What a definition must look like before it is compiled: fields, types of states, targets of transitions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import NoneType
from typing import Any, TypeAlias

from emulator.languages.asl import state_checks
from emulator.languages.asl.advice import advise
from emulator.languages.asl.expression_checks import check_expressions
from emulator.languages.asl.field_checks import LANGUAGES, check_fields, check_number, check_value
from emulator.languages.asl.field_types import check_types
from emulator.languages.asl.limits import SECONDS_MAX
from emulator.languages.asl.problems import SAME_LABEL, SAME_STATE, STATE_NAME, Report
from emulator.languages.asl.scopes import all_states, children_kind, inner_scopes, rules_and_catchers
from emulator.languages.asl.variable_checks import check_variables

_SCOPE = {"Comment", "StartAt", "States"}
_PROCESSOR = _SCOPE | {"ProcessorConfig"}
# ProcessorConfig says nothing of a machine; whether AWS refuses it there is not known.
_MACHINE = _PROCESSOR | {"Version", "TimeoutSeconds", "QueryLanguage"}
LONGEST_NAME = 80

TaskCheck: TypeAlias = Callable[[dict[str, Any], str, Report], None]
"""Reports what is wrong with the resource and the parameters of a Task at a place, as far as the language knows not."""


@dataclass(frozen=True, slots=True)
class _Rules:
    """What the checks of all states share. `kind` is that of the machine, or of the children of a Map Run; `names`
    are those of the states so far; `top` is the query language of the machine."""

    kind: str
    top: str
    report: Report
    names: set[str]
    check_task: TaskCheck | None


def check_machine(definition: dict[str, Any], kind: str, report: Report, check_task: TaskCheck | None = None) -> None:
    """Report the problems of a whole definition."""
    check_fields(definition, _MACHINE, "/", report)
    language = _language(definition, "JSONPath", "", report)
    for field in ("Comment", "Version"):
        if not isinstance(definition.get(field), (str, NoneType)):
            report.schema("Expected value of type String", f"/{field}")
    if definition.get("TimeoutSeconds") is not None:
        check_number(definition, "TimeoutSeconds", 1, SECONDS_MAX, "", report)
    _check_scope(definition, "", _Rules(kind, language, report, set(), check_task))
    check_variables(definition, language, "", report)
    _check_labels(definition, report)


def _language(holder: dict[str, Any], otherwise: str, place: str, report: Report) -> str:
    """The query language of a machine or a state; `otherwise` where it says none, or none that there is.

    A state that says none has that of the machine, whatever the Map or Parallel around it says (CDK API reference,
    StateBaseProps: queryLanguage).
    """
    check_value(holder, "QueryLanguage", LANGUAGES, place, report)
    found = holder.get("QueryLanguage")
    return found if found in LANGUAGES else otherwise


def _check_scope(scope: Any, where: str, rules: _Rules) -> None:
    report, names = rules.report, rules.names
    if not isinstance(scope, dict):
        report.schema("Expected value of type Object", where or "/")
        return
    missing = [field for field in ("StartAt", "States") if field not in scope]
    if missing:
        report.required(missing, where or "/")
        return
    states = scope["States"]
    if not isinstance(states, dict):
        report.schema("Expected value of type Object", f"{where}/States")
        return
    if not isinstance(scope["StartAt"], str):
        report.schema("Expected value of type String", f"{where}/StartAt")
        return
    if not states:
        report.required(["States"], f"{where}/States")
    for name, state in states.items():
        place = f"{where}/States/{name}"
        if name in names:
            report.named(SAME_STATE, f"Duplicate State name: {name}", place)
        names.add(name)
        if len(name) > LONGEST_NAME:
            report.named(STATE_NAME, f"State name is longer than {LONGEST_NAME} characters", place)
        _check_state(state, place, rules)
    _check_transitions(scope["StartAt"], states, where, report)


def _check_state(state: Any, place: str, rules: _Rules) -> None:
    report = rules.report
    if not isinstance(state, dict):
        report.schema("Expected value of type Object", place)
        return
    if rules.top == "JSONata" and state.get("QueryLanguage") == "JSONPath":
        report.schema("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", place)
        return
    language = _language(state, rules.top, place, report)
    if check_types(state, language, place, report):
        before = len(report.problems)
        state_checks.check_state(state, rules.kind, language, place, report)
        if rules.check_task is not None and state.get("Type") == "Task" and len(report.problems) == before:
            rules.check_task(state, place, report)
        check_expressions(state, language, place, report)
        if language == "JSONPath":
            advise(state, place, report)
    own = children_kind(state)
    for inner, at in inner_scopes(state, place):
        if isinstance(inner, dict):
            check_fields(inner, _SCOPE if state["Type"] == "Parallel" else _PROCESSOR, at, report)
        _check_scope(inner, at, rules if own is None else replace(rules, kind=own))


def _check_labels(definition: dict[str, Any], report: Report) -> None:
    """The labels of Map states are those of their Map Runs: each occurs once."""
    known: set[str] = set()
    for _, state, place in all_states(definition):
        label = state.get("Label")
        if state.get("Type") == "Map" and isinstance(label, str):
            if label in known:
                report.named(SAME_LABEL, f"Duplicate label name: {label}", f"{place}/Label")
            known.add(label)


def targets(state: dict[str, Any], place: str) -> list[tuple[str, str]]:
    """(target, location) of every transition of a state."""
    found: list[tuple[Any, str]] = []
    if "Next" in state:
        found.append((state["Next"], f"{place}/Next"))
    if "Default" in state and state.get("Type") == "Choice":
        found.append((state["Default"], f"{place}/Default"))
    found += [(entry["Next"], f"{at}/Next") for entry, at in rules_and_catchers(state, place) if "Next" in entry]
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

"""A definition: its text checked, every problem with its path, and compiled once into a Machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from emulator.languages import paths
from emulator.languages.asl.checks import TaskCheck, check_machine
from emulator.languages.asl.intrinsics.calls import InvalidCall
from emulator.languages.asl.problems import (
    DEEP,
    NOT_JSON,
    SCHEMA,
    InvalidDefinition,
    InvalidQuery,
    Problem,
    Report,
)
from emulator.languages.asl.scopes import inner_scopes
from emulator.languages.asl.states import STATES, State
from emulator.languages.asl.states.map import MapState
from emulator.languages.asl.states.parallel import ParallelState
from emulator.languages.asl.texts import load
from emulator.languages.patterns.tokens import find_syntax_error

__all__ = ["InvalidDefinition", "Machine", "Problem", "Scope", "check", "compiled", "parse"]

DEPTH_MAX = 300  # of objects and arrays in one another, which recursion can follow; AWS does not document its own
_TOO_DEEP = Problem(DEEP, "The states are too deeply nested")
EXPRESS_SECONDS = 300  # the longest Express execution (AWS: Step Functions quotas)


@dataclass(frozen=True, slots=True)
class Scope:
    """One `States` object: of the machine, a branch or an item processor."""

    start_at: str
    states: dict[str, State]


@dataclass(frozen=True, slots=True)
class Machine:
    """A compiled definition; immutable. `scopes[0]` is the machine's own."""

    kind: str
    query_language: str
    scopes: tuple[Scope, ...]
    timeout_seconds: int | None
    definition: dict[str, Any]


def parse(definition: str, kind: str = "STANDARD", check_task: TaskCheck | None = None) -> Machine:
    """The machine of a definition (JSON text); `kind` STANDARD or EXPRESS. Raises InvalidDefinition."""
    value, problems = _examine(definition, kind, check_task)
    errors = [problem for problem in problems if problem.severity == "ERROR"]
    if errors or value is None:
        raise InvalidDefinition(errors, definition)
    return _built(value, kind, definition)


def compiled(definition: str, kind: str) -> Machine:
    """The machine of a definition that was good when it was kept, whatever is asked of new ones since then."""
    return _built(load(definition), kind, definition)


def _built(value: dict[str, Any], kind: str, definition: str) -> Machine:
    builder = _Builder(value)
    if builder.report.problems:
        raise InvalidDefinition(builder.report.problems, definition)
    return Machine(kind, builder.language, tuple(builder.scopes), _timeout(value, kind), value)


def _timeout(definition: dict[str, Any], kind: str) -> int | None:
    given: int | None = definition.get("TimeoutSeconds")
    if kind == "EXPRESS":
        return EXPRESS_SECONDS if given is None else min(given, EXPRESS_SECONDS)
    return given


def check(definition: str, kind: str = "STANDARD", check_task: TaskCheck | None = None) -> list[Problem]:
    """Every problem of a definition, as ValidateStateMachineDefinition lists them."""
    value, problems = _examine(definition, kind, check_task)
    if value is None or any(problem.severity == "ERROR" for problem in problems):
        return problems
    return problems + _Builder(value).report.problems


def _examine(definition: str, kind: str, check_task: TaskCheck | None) -> tuple[dict[str, Any] | None, list[Problem]]:
    if not definition.strip():
        return None, [Problem(SCHEMA, "Definition must be a valid JSON object")]
    try:
        value = load(definition)
    except ValueError:
        return None, [_not_json(definition)]
    if not isinstance(value, dict):
        return None, [Problem(SCHEMA, "Definition must be a valid JSON object")]
    if _is_deep(value):
        return None, [_TOO_DEEP]
    report = Report()
    check_machine(value, kind, report, check_task)
    return value, report.problems


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEPTH_MAX):
        level = [
            member
            for holder in level
            for member in (holder.values() if isinstance(holder, dict) else holder)
            if isinstance(member, (dict, list))
        ]
        if not level:
            return False
    return True


def _not_json(definition: str) -> Problem:
    """The diagnostic of a text that is not JSON, in the words of the parser AWS uses."""
    error = find_syntax_error(definition)
    if error is None:  # it is JSON, and yet cannot be read: nested too deeply, or with a number beyond all bounds
        deep = definition.count("[") + definition.count("{") > DEPTH_MAX
        return _TOO_DEEP if deep else Problem(SCHEMA, "Definition must be a valid JSON object")
    return Problem(NOT_JSON, f"{error.reason}{error.location}", error.location.removeprefix("\n at "))


class _Builder:
    """Compiles a checked definition: its `scopes`, and in `report` what only compiling finds."""

    def __init__(self, definition: dict[str, Any]) -> None:
        self.language: str = definition.get("QueryLanguage", "JSONPath")  # of states that say none
        self.scopes: list[Scope] = []
        self.report = Report()
        self.scope(definition, where="")

    def scope(self, definition: dict[str, Any], *, where: str) -> int:
        """Compile a States object and everything in it; its index."""
        states: dict[str, State] = {}
        index = len(self.scopes)
        self.scopes.append(Scope(definition["StartAt"], states))
        for name, given in definition["States"].items():
            place = f"{where}/States/{name}"
            state = self._state(name, given, place)
            if state is not None:
                states[name] = state
        return index

    def _state(self, name: str, given: dict[str, Any], place: str) -> State | None:
        try:
            state = STATES[given["Type"]](name, given, given.get("QueryLanguage", self.language))
        except paths.InvalidPath as error:
            self.report.schema(f"Invalid path: {error.message}", place)
            return None
        except InvalidCall as error:
            self.report.schema(f"The value for the field must be a valid intrinsic function: {error}", place)
            return None
        except InvalidQuery as error:
            self.report.schema(str(error), place)
            return None
        scopes = tuple((self.scope(inner, where=at), inner["StartAt"]) for inner, at in inner_scopes(given, place))
        if isinstance(state, ParallelState):
            state.branches = scopes
        elif isinstance(state, MapState):
            ((state.scope, state.start_at),) = scopes
        return state

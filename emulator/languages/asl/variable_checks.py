"""The names of variables: how they are written, and that no inner scope takes one of an outer scope."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from emulator.languages.asl.problems import Report
from emulator.languages.asl.scopes import inner_scopes, is_distributed, rules_and_catchers

LONGEST_NAME = 80  # characters (AWS: passing data between states with variables)
RESERVED = "states"


def check_variables(scope: dict[str, Any], language: str, where: str, report: Report) -> None:
    """Report the problems of the variables of a scope and of all scopes inside it."""
    _check_scope(scope, language, where, frozenset(), report)


def _check_scope(scope: Any, language: str, where: str, outer: frozenset[str], report: Report) -> None:
    states = scope.get("States") if isinstance(scope, dict) else None
    if not isinstance(states, dict):
        return
    own: dict[str, set[str]] = {}
    for name, state in states.items():
        own[name] = set()
        if isinstance(state, dict):
            for variable, place in assigned(state, state.get("QueryLanguage", language), f"{where}/States/{name}"):
                _check_name(variable, place, report)
                if variable in outer:
                    report.schema(f"The variable '{variable}' is assigned in an outer scope already", place)
                own[name].add(variable)
    for name, state in states.items():
        scopes = list(inner_scopes(state, f"{where}/States/{name}")) if isinstance(state, dict) else []
        if scopes:
            # What the state itself assigns, it assigns when its inner scopes are over.
            around = outer.union(*(names for other, names in own.items() if other != name))
            # A child execution sees no variables of its parent.
            seen = frozenset() if is_distributed(state) else around
            for inner, place in scopes:
                _check_scope(inner, language, place, seen, report)


def assigned(state: dict[str, Any], language: str, place: str) -> Iterator[tuple[str, str]]:
    """(variable, place of its Assign) of a state, its choice rules and its catchers."""
    for holder, where in [(state, place), *rules_and_catchers(state, place)]:
        given = holder.get("Assign")
        for key in given if isinstance(given, dict) else ():
            yield key.removesuffix(".$") if language == "JSONPath" else key, f"{where}/Assign"


def _check_name(name: str, place: str, report: Report) -> None:
    """Letters, digits and underscores, a digit not first (AWS: Unicode identifiers)."""
    if not name.isidentifier():
        report.schema(f"The variable name '{name}' is not valid", place)
    elif len(name) > LONGEST_NAME:
        report.schema(f"The variable name '{name}' is longer than {LONGEST_NAME} characters", place)
    elif name == RESERVED:
        report.schema(f"The variable name '{name}' is reserved", place)

"""What is inside a state: the branches of a Parallel, the item processor of a Map and its mode, rules and catchers.

All of it takes definitions that nobody has checked yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

INNER = frozenset(("Branches", "ItemProcessor", "Iterator"))
"""The fields of a state that hold scopes, whose states are looked at by themselves."""
MODES = ("INLINE", "DISTRIBUTED")
DISTRIBUTED_ONLY = ("ItemReader", "ItemBatcher", "ResultWriter")
"""The fields of a Map that a distributed one alone has (Step Functions Developer Guide, "Map state input and output
fields")."""


def inner_scopes(state: dict[str, Any], place: str) -> Iterator[tuple[Any, str]]:
    """(scope, place) of the scopes inside the state at a place, in order; a scope may be anything."""
    if state.get("Type") == "Parallel" and isinstance(state.get("Branches"), list):
        for at, branch in enumerate(state["Branches"]):
            yield branch, f"{place}/Branches[{at}]"
    if state.get("Type") == "Map":
        field = processor_field(state)
        if field in state:
            yield state[field], f"{place}/{field}"


def all_states(scope: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any], str]]:
    """(name, definition, place) of every state of a scope and of the scopes in it, each before what is inside it."""
    states = scope.get("States") if isinstance(scope, dict) else None
    for name, state in states.items() if isinstance(states, dict) else ():
        if isinstance(state, dict):
            at = f"{place}/States/{name}"
            yield name, state, at
            for inner, where in inner_scopes(state, at):
                yield from all_states(inner, where)


def rules_and_catchers(state: dict[str, Any], place: str) -> Iterator[tuple[dict[str, Any], str]]:
    """(entry, place) of the choice rules and the catchers of the state at a place: each may lead on and assign."""
    for field in ("Choices", "Catch"):
        entries = state.get(field)
        for at, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, dict):
                yield entry, f"{place}/{field}[{at}]"


def processor_field(state: dict[str, Any]) -> str:
    """Which field of a Map holds its item processor: Iterator is the older name."""
    return "Iterator" if "Iterator" in state and "ItemProcessor" not in state else "ItemProcessor"


def processor_config(state: dict[str, Any]) -> dict[str, Any]:
    """The ProcessorConfig of a Map; empty where it has none."""
    processor = state.get(processor_field(state))
    config = processor.get("ProcessorConfig") if isinstance(processor, dict) else None
    return config if isinstance(config, dict) else {}


def is_distributed(state: dict[str, Any]) -> bool:
    """Is a state a Map whose iterations run as executions of their own?

    As its Mode says, which is INLINE where it is not given (Step Functions Developer Guide, "Using Map state in Inline
    mode": ProcessorConfig). Of a Map without a Mode that has a field of distributed ones alone AWS documents nothing:
    it is taken for one, as the suite of asl-validator takes it, so that no field is passed over.
    """
    if state.get("Type") != "Map":
        return False
    mode = processor_config(state).get("Mode")
    return mode == "DISTRIBUTED" if mode in MODES else any(field in state for field in DISTRIBUTED_ONLY)


def children_kind(state: dict[str, Any]) -> str | None:
    """STANDARD or EXPRESS, as the child executions of a distributed Map are; None for any other state."""
    if not is_distributed(state):
        return None
    return "EXPRESS" if processor_config(state).get("ExecutionType") == "EXPRESS" else "STANDARD"

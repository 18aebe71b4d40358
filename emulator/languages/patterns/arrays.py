"""Matching where an event has arrays: one element of an array must satisfy all the fields below it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from emulator.languages.patterns.fields import Field, Membership


def consistent(fields: Sequence[Field], event: Mapping[str, Any]) -> bool:
    """Whether values can be chosen for all fields, no two of them from different elements of one array.

    `fields` are sorted by path. Absence is judged against the elements that the fields before it have chosen
    (event-ruler walks the fields by name).
    """
    found = [field.collect(event) for field in fields]
    needed = _routes_needed_later(found)
    states: set[Membership] = {()}
    for field, values, later in zip(fields, found, needed, strict=True):
        accepted = {membership for value, membership in values if field.accepts(value)}
        following = _join(states, accepted)
        if field.absent:
            present = {membership for _, membership in values}
            following |= {state for state in states if not _join({state}, present)}
        states = {tuple(pair for pair in state if pair[0] in later) for state in following}
        if not states:
            return False
    return True


def _routes_needed_later(found: Sequence[Sequence[tuple[object, Membership]]]) -> list[set[str]]:
    needed: list[set[str]] = []
    routes: set[str] = set()
    for values in reversed(found):
        needed.append(set(routes))
        routes |= {route for _, membership in values for route, _ in membership}
    return needed[::-1]


def _join(states: Iterable[Membership], memberships: Iterable[Membership]) -> set[Membership]:
    """Every state extended by every membership that agrees with it; agreeing ones are found by hash."""
    shapes: dict[tuple[str, ...], list[Membership]] = {}
    for membership in memberships:
        shapes.setdefault(tuple(route for route, _ in membership), []).append(membership)
    joined: set[Membership] = set()
    tables: dict[tuple[tuple[str, ...], tuple[str, ...]], dict[Membership, list[Membership]]] = {}
    for state in states:
        chosen = dict(state)
        for shape, members in shapes.items():
            shared = tuple(route for route in shape if route in chosen)
            table = tables.get((shape, shared))
            if table is None:
                table = tables[shape, shared] = _table(members, shared)
            for member in table.get(tuple((route, chosen[route]) for route in shared), ()):
                joined.add(tuple(sorted({**chosen, **dict(member)}.items())))
    return joined


def _table(members: Sequence[Membership], shared: tuple[str, ...]) -> dict[Membership, list[Membership]]:
    table: dict[Membership, list[Membership]] = {}
    for member in members:
        table.setdefault(tuple(pair for pair in member if pair[0] in shared), []).append(member)
    return table

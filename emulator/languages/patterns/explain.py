"""Why an event does not match: per field, what was expected and what was found."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from emulator.languages.patterns.arrays import consistent
from emulator.languages.patterns.fields import Field


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One reason: the dotted path (or `$or`), the tests, and what the event has (JSON, or `(absent)`)."""

    path: str
    expected: str
    found: str


def explain(alternatives: Sequence[Sequence[Field]], event: Mapping[str, Any]) -> list[Mismatch]:
    """The mismatches of an event that matches none of the alternatives (fields sorted by path).

    With $or: what fails in every alternative stands alone, the rest becomes one entry named `$or`.
    """
    failures = [_failures(fields, event) for fields in alternatives]
    shared = [mismatch for mismatch in failures[0] if all(mismatch in others for others in failures[1:])]
    rest = [[mismatch for mismatch in failed if mismatch not in shared] for failed in failures]
    if not all(rest):
        return shared
    return [*shared, _either(rest)]


def _failures(fields: Sequence[Field], event: Mapping[str, Any]) -> list[Mismatch]:
    failed = [field for field in fields if not consistent([field], event)]
    if failed:
        return [Mismatch(field.path, field.text, _found(field, event)) for field in failed]
    return [_split(fields, event)]


def _split(fields: Sequence[Field], event: Mapping[str, Any]) -> Mismatch:
    """Each field matches, but not all in one element: name the first two that disagree."""
    inside = [field for field in fields if any(membership for _, membership in field.collect(event))]
    pairs = [[a, b] for at, a in enumerate(inside) for b in inside[at + 1 :] if not consistent([a, b], event)]
    disagreeing = pairs[0] if pairs else inside
    paths = [field.path for field in disagreeing]
    expected = "in one array element: " + ", ".join(f"{field.path} {field.text}" for field in disagreeing)
    return Mismatch(" + ".join(paths), expected, "only in different elements")


def _either(branches: Sequence[Sequence[Mismatch]]) -> Mismatch:
    expected = " or ".join(
        "(" + " and ".join(f"{mismatch.path} {mismatch.expected}" for mismatch in branch) + ")" for branch in branches
    )
    seen = {mismatch.path: mismatch.found for branch in branches for mismatch in branch}
    return Mismatch("$or", expected, ", ".join(f"{path} {found}" for path, found in seen.items()))


def _found(field: Field, event: Mapping[str, Any]) -> str:
    values = [value for value, _ in field.collect(event)]
    if not values:
        return "(absent)"
    return ", ".join(json.dumps(value, ensure_ascii=False) for value in values)

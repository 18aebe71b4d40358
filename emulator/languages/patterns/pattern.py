"""A compiled pattern: whether an event matches it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from emulator.languages.patterns.arrays import consistent
from emulator.languages.patterns.document import parse
from emulator.languages.patterns.explain import Mismatch, explain
from emulator.languages.patterns.fields import ABSENT, ARRAY, Field


@dataclass(frozen=True, slots=True)
class Alternative:
    """Fields that must all match: the whole pattern, or one way through its $or's."""

    fields: tuple[Field, ...]
    by_path: tuple[Field, ...]

    def matches(self, event: Mapping[str, Any], checked: Field | None = None) -> bool:
        """Whether all fields match; `checked` is one already known to, by a scalar outside arrays."""
        for field in self.fields:
            if field is checked:
                continue
            value = field.find(event)
            if value is ARRAY:
                return consistent(self.by_path, event)
            if isinstance(value, list):
                if not any(map(field.accepts, value)):
                    return False
            elif not (field.absent if value is ABSENT else field.accepts(value)):
                return False
        return True


@dataclass(frozen=True, slots=True)
class Pattern:
    """An event pattern, ready to match."""

    alternatives: tuple[Alternative, ...]

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Whether the event, as parsed JSON, matches."""
        return any(alternative.matches(event) for alternative in self.alternatives)

    def may_match(self, known: Mapping[str, object]) -> bool:
        """Whether an event may match of which only the scalars at some dotted paths, outside arrays, are known."""
        return any(
            all(field.path not in known or field.accepts(known[field.path]) for field in alternative.fields)
            for alternative in self.alternatives
        )

    def explain(self, event: Mapping[str, Any]) -> list[Mismatch]:
        """Why the event does not match, one entry per field; empty when it does."""
        if self.matches(event):
            return []
        return explain([alternative.by_path for alternative in self.alternatives], event)


def compile(text: str | dict[str, Any]) -> Pattern:
    """A pattern from its JSON text (or the parsed object).

    Raises InvalidPattern with the text AWS answers; an object counts as the text json.dumps makes of it. A
    field named twice keeps its last value, so pass the text where it is at hand.
    """
    return Pattern(tuple(_alternative(list(fields.values())) for fields in parse(text)))


def _alternative(fields: Sequence[Field]) -> Alternative:
    # Plain values first and shallow paths first: the cheapest way to say no.
    cheap = sorted(fields, key=lambda field: (not field.indexable, len(field.steps)))
    return Alternative(tuple(cheap), tuple(sorted(fields, key=lambda field: field.path)))

"""Many patterns at once: an index by the exact values of one well-chosen field of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from emulator.languages.patterns.fields import ABSENT, ARRAY, Field
from emulator.languages.patterns.operators.exact import token
from emulator.languages.patterns.pattern import Alternative, Pattern

Key = TypeVar("Key", bound=Hashable)

# Looking at one more path costs an event about half of what trying one pattern does.
_LOOK: Final = 0.5
_SMALL: Final = 16


@dataclass(frozen=True, slots=True, eq=False)
class _Entry(Generic[Key]):
    """One alternative of a pattern, filed under the values of `field` (None: tried on every event)."""

    order: int
    key: Key
    alternative: Alternative
    field: Field | None


class _Shelf(Generic[Key]):
    """The entries filed under one path: value token to entries."""

    def __init__(self, field: Field) -> None:
        self.field = field
        self.entries: dict[Hashable, dict[_Entry[Key], None]] = {}


class Index(Generic[Key]):
    """Patterns under keys; `match` looks at the few that can match an event, not at all of them.

    Each alternative is filed under the field whose path spreads the patterns furthest over different values.
    The choice is made anew for all whenever the index has doubled.
    """

    def __init__(self) -> None:
        self._patterns: dict[Key, Pattern] = {}
        self._entries: dict[Key, list[_Entry[Key]]] = {}
        self._shelves: dict[str, _Shelf[Key]] = {}
        self._unfiled: dict[_Entry[Key], None] = {}
        self._paths: Counter[str] = Counter()
        self._values: Counter[tuple[str, Hashable]] = Counter()
        self._order = 0
        self._refile_at = _SMALL

    def __len__(self) -> int:
        return len(self._patterns)

    def add(self, key: Key, pattern: Pattern) -> None:
        """File a pattern under a key; one already there is replaced."""
        self.remove(key)
        self._patterns[key] = pattern
        self._count(pattern, 1)
        if len(self._patterns) >= self._refile_at:
            self._refile_at = 2 * len(self._patterns)
            self._refile()
        else:
            self._file(key, pattern)

    def remove(self, key: Key) -> None:
        """Take the pattern under a key out; nothing happens when there is none."""
        pattern = self._patterns.pop(key, None)
        if pattern is None:
            return
        self._count(pattern, -1)
        for entry in self._entries.pop(key):
            for entries in self._places(entry):
                del entries[entry]
            if entry.field is not None and not any(self._shelves[entry.field.path].entries.values()):
                del self._shelves[entry.field.path]

    def match(self, event: Mapping[str, Any]) -> list[Key]:
        """The keys of the patterns the event (parsed JSON) matches, in the order they were added."""
        hits: dict[int, Key] = {}
        for shelf in self._shelves.values():
            value = shelf.field.find(event)
            if value is ABSENT:
                continue
            if value is ARRAY or isinstance(value, list):
                self._match_elements(shelf, event, hits)
                continue
            for entry in shelf.entries.get(value if isinstance(value, str) else token(value), ()):
                if entry.order not in hits and entry.alternative.matches(event, entry.field):
                    hits[entry.order] = entry.key
        self._try(self._unfiled, event, hits)
        return [hits[order] for order in sorted(hits)] if len(hits) > 1 else list(hits.values())

    def _match_elements(self, shelf: _Shelf[Key], event: Mapping[str, Any], hits: dict[int, Key]) -> None:
        for found in {token(value) for value, _ in shelf.field.collect(event)}:
            self._try(shelf.entries.get(found, ()), event, hits)

    @staticmethod
    def _try(entries: Iterable[_Entry[Key]], event: Mapping[str, Any], hits: dict[int, Key]) -> None:
        for entry in entries:
            if entry.order not in hits and entry.alternative.matches(event):
                hits[entry.order] = entry.key

    def _file(self, key: Key, pattern: Pattern) -> None:
        self._order += 1
        self._entries[key] = [
            _Entry(self._order, key, alternative, self._choose(alternative)) for alternative in pattern.alternatives
        ]
        for entry in self._entries[key]:
            for entries in self._places(entry):
                entries[entry] = None

    def _refile(self) -> None:
        self._shelves.clear()
        self._unfiled.clear()
        for key, pattern in self._patterns.items():
            self._file(key, pattern)

    def _places(self, entry: _Entry[Key]) -> list[dict[_Entry[Key], None]]:
        if entry.field is None or entry.field.exact is None:
            return [self._unfiled]
        shelf = self._shelves.setdefault(entry.field.path, _Shelf(entry.field))
        return [shelf.entries.setdefault(value, {}) for value in entry.field.exact.tokens]

    def _choose(self, alternative: Alternative) -> Field | None:
        fields = [field for field in alternative.fields if field.indexable]
        return min(fields, key=self._cost, default=None)

    def _cost(self, field: Field) -> float:
        """What filing under this field costs an event: the share of the path's patterns that ask for the same
        values, and this pattern's share of looking at the path."""
        tokens = field.exact.tokens if field.exact else ()
        return (sum(self._values[field.path, value] for value in tokens) + _LOOK) / self._paths[field.path]

    def _count(self, pattern: Pattern, by: int) -> None:
        for alternative in pattern.alternatives:
            for field in alternative.fields:
                if field.indexable and field.exact is not None:
                    self._paths[field.path] += by
                    self._values.update({(field.path, value): by for value in field.exact.tokens})

"""One field of a pattern: where it stands in an event, how its values are found, and which of them pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, TypeAlias

from emulator.languages.patterns.operators import Operator
from emulator.languages.patterns.operators.exact import Exact, exact
from emulator.languages.patterns.operators.exists import Exists

# A step: the next key, and the dotted keys that would cover it and following ones ("a.b" for a then b).
Step: TypeAlias = tuple[str, tuple[str, ...]]
# Which element of which arrays a value stands in: pairs of an array's route (keys only) and an index.
Membership: TypeAlias = tuple[tuple[str, int], ...]


class Found(Enum):
    """What a look at one path can say other than a value."""

    ABSENT = "absent"
    ARRAY = "array"


ABSENT: Final = Found.ABSENT
ARRAY: Final = Found.ARRAY


@dataclass(frozen=True, slots=True)
class Field:
    """One path and its alternatives: plain values, operators, absence. Any of them is enough.

    Keys are joined by dots on both sides, so `{"a": {"b": [1]}}` and `{"a.b": [1]}` are the same field, and
    match both `{"a": {"b": 1}}` and `{"a.b": 1}` (event-ruler, "Compiled rules and JSON keys with dots").
    """

    path: str
    steps: tuple[Step, ...]
    exact: Exact | None
    operators: tuple[Operator, ...]
    absent: bool

    @property
    def text(self) -> str:
        """What the field expects, as a person reads it."""
        tests: Sequence[Operator] = (self.exact, *self.operators) if self.exact else self.operators
        return " or ".join(test.text for test in tests)

    @property
    def indexable(self) -> bool:
        """Whether plain values alone decide, and each equals one value only."""
        return self.exact is not None and not self.operators and not self.exact.addresses

    def accepts(self, value: object) -> bool:
        """Whether a scalar found at the path passes."""
        if self.exact is not None and self.exact.matches(value):
            return True
        return any(operator.matches(value) for operator in self.operators)

    def find(self, event: Mapping[str, Any]) -> object:
        """The scalar at the path, or a list of scalars; ABSENT for neither; ARRAY: let `collect` look."""
        node: Any = event
        for key, joined in self.steps:
            if not isinstance(node, dict):
                return ARRAY if isinstance(node, list) else ABSENT
            for dotted in joined:
                if dotted in node:
                    return ARRAY
            node = node.get(key, ABSENT)
        if isinstance(node, list):
            return ARRAY if any(isinstance(element, (dict, list)) for element in node) else node or ABSENT
        return ABSENT if isinstance(node, dict) else node

    def collect(self, event: Mapping[str, Any]) -> list[tuple[object, Membership]]:
        """Every scalar at the path, arrays opened, each with the array elements it stands in."""
        return list(_collect(event, self.path.split("."), "", ()))


def field(path: str, values: Sequence[object], operators: Sequence[Operator]) -> Field:
    """A field from the JSON scalars that stand for themselves and the operators."""
    absent = any(isinstance(operator, Exists) and not operator.operand for operator in operators)
    return Field(path, _steps(path), exact(values) if values else None, tuple(operators), absent)


def _steps(path: str) -> tuple[Step, ...]:
    keys = path.split(".")
    return tuple(
        (key, tuple(".".join(keys[at:end]) for end in range(at + 2, len(keys) + 1))) for at, key in enumerate(keys)
    )


def _collect(node: object, keys: list[str], route: str, membership: Membership) -> Iterator[tuple[object, Membership]]:
    if isinstance(node, dict):
        for end in range(1, len(keys) + 1):
            key = ".".join(keys[:end])
            if key in node:
                yield from _collect(node[key], keys[end:], f"{route}\0{key}", membership)
    elif isinstance(node, list):
        for index, element in enumerate(node):
            if isinstance(element, (dict, list)):
                yield from _collect(element, keys, f"{route}\0", (*membership, (route, index)))
            elif not keys:
                yield element, membership
    elif not keys:
        yield node, membership

"""Equality with strings, numbers, booleans and null: the values that stand in a pattern as themselves."""

from __future__ import annotations

import json
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address

from emulator.languages.patterns.operators.cidr import find_address
from emulator.languages.patterns.operators.numeric import find_comparable
from emulator.languages.patterns.operators.operator import read_string
from emulator.languages.patterns.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Exact:
    """All plain values of one field together.

    A string never equals a number, `true` never equals 1. Numbers are equal by value to six decimals; beyond
    the comparable range (an account number, say) they are equal as they stand. IPv6 addresses are equal in
    any of their spellings (event-ruler reads every address as a range of one).
    """

    values: tuple[object, ...]
    tokens: frozenset[Hashable]
    addresses: frozenset[IPv6Address]

    @property
    def text(self) -> str:
        """The values as JSON, joined by `or`."""
        return " or ".join(json.dumps(value, ensure_ascii=False) for value in self.values)

    def matches(self, value: object) -> bool:
        """Whether the value is one of ours."""
        if isinstance(value, str):
            return value in self.tokens or (bool(self.addresses) and find_address(value) in self.addresses)
        return token(value) in self.tokens


def exact(values: Sequence[object]) -> Exact:
    """Equality with any of `values` (JSON scalars)."""
    found = [find_address(value) for value in values if isinstance(value, str)]
    addresses = frozenset(address for address in found if isinstance(address, IPv6Address))
    return Exact(tuple(values), frozenset(token(value) for value in values), addresses)


def token(value: object) -> Hashable:
    """What is equal for equal JSON scalars and different for different ones: a string is its own."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return (type(value), value)
    comparable = find_comparable(value)
    return (int, comparable) if comparable is not None else (float, value)


def read(tokens: Tokens) -> Exact:
    """`{"exactly": "text"}`, which event-ruler accepts beside the plain value."""
    return exact([read_string(tokens, "exact")])

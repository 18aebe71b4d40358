"""`equals-ignore-case`: the same string in any casing."""

from __future__ import annotations

from dataclasses import dataclass

from emulator.languages.patterns.operators.operator import read_string
from emulator.languages.patterns.tokens import Tokens


@dataclass(frozen=True, slots=True)
class EqualsIgnoreCase:
    """Equality of strings with the casing removed."""

    operand: str
    lowered: str

    @property
    def text(self) -> str:
        """The test as a person reads it."""
        return f'equals-ignore-case "{self.operand}"'

    def matches(self, value: object) -> bool:
        """Whether the value is the string in some casing; anything but a string is not."""
        return isinstance(value, str) and value.lower() == self.lowered


def equals_ignore_case(operand: str) -> EqualsIgnoreCase:
    """The test for one operand."""
    return EqualsIgnoreCase(operand, operand.lower())


def read(tokens: Tokens) -> EqualsIgnoreCase:
    """`{"equals-ignore-case": "text"}`."""
    return equals_ignore_case(read_string(tokens, "equals-ignore-case"))

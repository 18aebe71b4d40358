"""`suffix`: strings that end with a text, in its casing or in any."""

from __future__ import annotations

from dataclasses import dataclass

from emulator.languages.patterns.operators.operator import close, read_string
from emulator.languages.patterns.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Suffix:
    """A string that ends with the operand."""

    operand: str

    @property
    def text(self) -> str:
        """The test as a person reads it."""
        return f'suffix "{self.operand}"'

    def matches(self, value: object) -> bool:
        """Whether the value is a string and ends with the operand."""
        return isinstance(value, str) and value.endswith(self.operand)


@dataclass(frozen=True, slots=True)
class SuffixIgnoreCase:
    """A string that ends with the operand in some casing."""

    operand: str
    lowered: str

    @property
    def text(self) -> str:
        """The test as a person reads it."""
        return f'suffix equals-ignore-case "{self.operand}"'

    def matches(self, value: object) -> bool:
        """Whether the value is a string and ends with the operand in some casing."""
        return isinstance(value, str) and value.lower().endswith(self.lowered)


def read(tokens: Tokens) -> Suffix | SuffixIgnoreCase:
    """`{"suffix": "text"}` or `{"suffix": {"equals-ignore-case": "text"}}`."""
    if tokens.next() == "{":
        return _read_ignore_case(tokens)
    if tokens.kind != "string":
        tokens.fail("suffix match pattern must be a string")
    operand = tokens.text()
    close(tokens)
    return Suffix(operand)


def _read_ignore_case(tokens: Tokens) -> SuffixIgnoreCase:
    if tokens.next() != "name":
        tokens.fail("Suffix expression name not found")
    if tokens.name != "equals-ignore-case":
        tokens.fail(f"Unsupported suffix pattern: {tokens.name}")
    operand = read_string(tokens, "equals-ignore-case")
    close(tokens)
    return SuffixIgnoreCase(operand, operand.lower())

"""`prefix`: strings that begin with a text, in its casing or in any."""

from __future__ import annotations

from dataclasses import dataclass

from emulator.languages.patterns.operators.operator import close, read_string
from emulator.languages.patterns.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Prefix:
    """A string that begins with the operand."""

    operand: str

    @property
    def text(self) -> str:
        """The test as a person reads it."""
        return f'prefix "{self.operand}"'

    def matches(self, value: object) -> bool:
        """Whether the value is a string and begins with the operand."""
        return isinstance(value, str) and value.startswith(self.operand)


@dataclass(frozen=True, slots=True)
class PrefixIgnoreCase:
    """A string that begins with the operand in some casing."""

    operand: str
    lowered: str

    @property
    def text(self) -> str:
        """The test as a person reads it."""
        return f'prefix equals-ignore-case "{self.operand}"'

    def matches(self, value: object) -> bool:
        """Whether the value is a string and begins with the operand in some casing."""
        return isinstance(value, str) and value.lower().startswith(self.lowered)


def read(tokens: Tokens) -> Prefix | PrefixIgnoreCase:
    """`{"prefix": "text"}` or `{"prefix": {"equals-ignore-case": "text"}}`."""
    if tokens.next() == "{":
        return _read_ignore_case(tokens)
    if tokens.kind != "string":
        tokens.fail("prefix match pattern must be a string")
    operand = tokens.text()
    close(tokens)
    return Prefix(operand)


def _read_ignore_case(tokens: Tokens) -> PrefixIgnoreCase:
    if tokens.next() != "name":
        tokens.fail("Prefix expression name not found")
    if tokens.name != "equals-ignore-case":
        tokens.fail(f"Unsupported prefix pattern: {tokens.name}")
    operand = read_string(tokens, "equals-ignore-case")
    close(tokens)
    return PrefixIgnoreCase(operand, operand.lower())

"""What every operator is, and the reading of `{"operator": "a string"}`, the shape most of them share."""

from __future__ import annotations

from typing import Protocol

from emulator.languages.patterns.tokens import Tokens

ONE_KEY = "Only one key allowed in match expression"


class Operator(Protocol):
    """One test on the value of a leaf field; a field with several operators matches when any of them does."""

    @property
    def text(self) -> str:
        """The test as a person reads it, for explanations."""
        ...

    def matches(self, value: object) -> bool:
        """Whether a JSON scalar (string, number, boolean or null) passes."""
        ...


def read_string(tokens: Tokens, operator: str) -> str:
    """The operand of `operator`, from its value to the end of the match expression.

    Raises InvalidPattern when it is not a string ("prefix match pattern must be a string") or when the
    expression has a second key.
    """
    if tokens.next() != "string":
        tokens.fail(f"{operator} match pattern must be a string")
    operand = tokens.text()
    close(tokens)
    return operand


def close(tokens: Tokens) -> None:
    """Read the end of a match expression. Raises InvalidPattern when another key follows."""
    if tokens.next() != "}":
        tokens.fail(ONE_KEY)

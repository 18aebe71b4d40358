"""`exists`: whether a leaf field is there at all, whatever its value."""

from __future__ import annotations

from dataclasses import dataclass

from emulator.languages.patterns.operators.operator import close
from emulator.languages.patterns.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Exists:
    """Presence or absence of a leaf; an object or an empty array at the path is none and counts as absent."""

    operand: bool

    @property
    def text(self) -> str:
        """The test as a person reads it."""
        return "exists" if self.operand else "does not exist"

    def matches(self, value: object) -> bool:
        """A value is presence; absence is the matcher's to see."""
        return self.operand


def read(tokens: Tokens) -> Exists:
    """`{"exists": true}` or `{"exists": false}`."""
    if tokens.next() not in ("true", "false"):
        tokens.fail("exists match pattern must be either true or false.")
    test = Exists(tokens.kind == "true")
    close(tokens)
    return test

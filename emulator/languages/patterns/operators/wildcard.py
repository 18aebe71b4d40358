"""`wildcard`: strings of a shape, where `*` stands for any characters, none included."""

from __future__ import annotations

from dataclasses import dataclass

from emulator.languages.patterns.operators.operator import close
from emulator.languages.patterns.tokens import InvalidPattern, Tokens


@dataclass(frozen=True, slots=True)
class Wildcard:
    """The operand cut at its asterisks: the pieces must occur in this order, the outer ones at the ends."""

    operand: str
    pieces: tuple[str, ...]

    @property
    def text(self) -> str:
        """The test as a person reads it."""
        return f'wildcard "{self.operand}"'

    def matches(self, value: object) -> bool:
        """Whether the value is a string of this shape; linear in its length."""
        if not isinstance(value, str):
            return False
        if len(self.pieces) == 1:
            return value == self.pieces[0]
        first, *middle, last = self.pieces
        at, end = len(first), len(value) - len(last)
        if end < at or not value.startswith(first) or not value.endswith(last):
            return False
        for piece in middle:
            at = value.find(piece, at, end)
            if at < 0:
                return False
            at += len(piece)
        return True


def wildcard(operand: str) -> Wildcard:
    r"""The test for one operand; `\*` and `\\` stand for the characters themselves.

    Raises InvalidPattern without a position: two asterisks in a row, or a backslash before anything else. The
    place in the reason counts UTF-8 bytes from the opening quote, as AWS does.
    """
    pieces = [""]
    place = 0
    while place < len(operand):
        char, following = operand[place], operand[place + 1 : place + 2]
        if char == "*":
            if following == "*":
                raise InvalidPattern(f"Consecutive wildcard characters at pos {_position(operand, place)}")
            pieces.append("")
        elif char == "\\":
            if following not in ("*", "\\"):
                raise InvalidPattern(f"Invalid escape character at pos {_position(operand, place)}")
            pieces[-1] += following
            place += 1
        else:
            pieces[-1] += char
        place += 1
    return Wildcard(operand, tuple(pieces))


def read(tokens: Tokens) -> Wildcard:
    """`{"wildcard": "text"}`."""
    if tokens.next() != "string":
        tokens.fail("wildcard match pattern must be a string")
    operand = tokens.text()
    try:
        test = wildcard(operand)
    except InvalidPattern as problem:
        tokens.fail(problem.reason)
    close(tokens)
    return test


def _position(operand: str, place: int) -> int:
    return len(operand[:place].encode("utf-8", "surrogatepass")) + 1

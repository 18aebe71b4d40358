"""Where quoted text and bracketed groups end, and what their backslashes stand for."""

from __future__ import annotations

import re

from emulator.languages.paths.errors import InvalidPath

_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)


def end_of_quoted(text: str, start: int) -> int:
    """The position of the unescaped character that closes the one at `start`. Raises InvalidPath."""
    quote = text[start]
    at = start + 1
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] == quote:
            return at
        at += 1
    raise InvalidPath(f"Could not find matching close for {quote} in {text}")


def end_of_group(text: str, start: int, *, patterns: bool = False) -> int:
    """The position of the bracket that closes the one at `start`, outside strings (and /patterns/).

    Raises InvalidPath.
    """
    opening = text[start]
    closing = {"(": ")", "[": "]", "{": "}"}[opening]
    depth = 0
    at = start
    while at < len(text):
        character = text[at]
        if character in "'\"" or (patterns and character == "/"):
            at = end_of_quoted(text, at)
        elif character == opening:
            depth += 1
        elif character == closing:
            depth -= 1
            if depth == 0:
                return at
        at += 1
    raise InvalidPath(f"Could not find matching close for {opening} in {text}")


def skip_blanks(text: str, at: int) -> int:
    """The position of the next character that is not a space (no other blank counts)."""
    while text.startswith(" ", at):
        at += 1
    return at


def unescaped(text: str) -> str:
    """A quoted name or string without its backslashes."""
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    sequence = match.group(1)
    if len(sequence) == 5:
        return chr(int(sequence[1:], 16))
    return _ESCAPES.get(sequence, sequence)

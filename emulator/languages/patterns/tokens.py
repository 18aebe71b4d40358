"""The JSON text of a pattern as a stream of tokens, with the positions AWS puts into its error messages."""

from __future__ import annotations

import re
from collections.abc import Callable
from json import JSONDecodeError, decoder
from typing import Final, NoReturn

PREFIX: Final = "Event pattern is not valid. Reason: "

# The scanner of the standard library: text, index after the quote, strict -> string, index after the end.
_scan_string: Callable[[str, int, bool], tuple[str, int]] = vars(decoder)["scanstring"]

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_WORD: Final = re.compile(r"[\w$]+")
_LITERALS: Final = {"true": True, "false": False, "null": None}
_SNIPPET: Final = 500
_EXPECTED: Final = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
_CLOSERS: Final = {"{": "}", "[": "]"}
_CONTAINERS: Final = {"{": "Object", "[": "Array"}


class InvalidPattern(ValueError):
    """A pattern AWS refuses.

    `reason` is the bare sentence ("Empty arrays are not allowed"); `message` is what EventBridge answers:
    its prefix, the reason and, where the reader knew it, the position in the text (`location`). `syntax` says
    that the text is not JSON at all, which SNS words in its own way.
    """

    def __init__(self, reason: str, location: str = "", *, syntax: bool = False) -> None:
        self.reason = reason
        self.location = location
        self.syntax = syntax
        self.message = f"{PREFIX}{reason}{location}"
        super().__init__(self.message)


class Tokens:
    """One token at a time: `next()` moves on and returns its kind; `name`, `text()`, `value` are its content.

    Kinds: `{ } [ ]`, `name`, `string`, `number`, `true`, `false`, `null`, `end`. The reported position
    is that of the reader AWS uses: after the token, but just inside the opening quote of a string nobody has
    read, and at a name already at the value that follows it.
    """

    def __init__(self, source: str) -> None:
        self.kind = ""
        self.name = ""
        self.value: object = None
        self._source = source
        self._at = 0
        self._position = 0
        self._end = 0
        self._raw = ""
        self._ahead = ""
        self._open: list[tuple[str, int]] = []
        self._fresh = True

    def next(self) -> str:
        """Move to the next token and return its kind. Raises InvalidPattern where the text is not JSON."""
        if self.kind == "name":
            self.kind = self._ahead
            return self.kind
        self.kind = self._scan()
        return self.kind

    def text(self) -> str:
        """The content of the current token as text; the position moves to its end."""
        self._position = self._end
        return self._raw

    def fail(self, reason: str, location: str | None = None) -> NoReturn:
        """Raise InvalidPattern at the current position (or `location`)."""
        raise InvalidPattern(reason, self.location() if location is None else location)

    def location(self) -> str:
        """The current position as AWS writes it, with its leading line break."""
        return "\n at " + self._place(self._position)

    def _place(self, offset: int) -> str:
        line = self._source.count("\n", 0, offset) + 1
        column = offset - (self._source.rfind("\n", 0, offset) + 1) + 1
        cut = len(self._source) - _SNIPPET
        truncated = f"[truncated {cut} chars]" if cut > 0 else ""
        return f'[Source: (String)"{self._source[:_SNIPPET]}"{truncated}; line: {line}, column: {column}]'

    def _skip(self) -> str:
        match = _SPACE.match(self._source, self._at)
        self._at = match.end() if match else self._at
        return self._source[self._at : self._at + 1]

    def _scan(self) -> str:
        char = self._skip()
        if not self._open:
            return self._scan_value(char) if char else self._take("end", "", self._at)
        opener, start = self._open[-1]
        if not char:
            self._end_of_input(
                f": expected close marker for {_CONTAINERS[opener]} (start marker at {self._place(start)})"
            )
        if char in "}]":
            return self._close(char, opener, start)
        if not self._fresh:
            if char != ",":
                self._unexpected(char, f"was expecting comma to separate {_CONTAINERS[opener]} entries")
            self._at += 1
            char = self._skip()
        self._fresh = False
        return self._scan_name(char) if opener == "{" else self._scan_value(char)

    def _close(self, char: str, opener: str, start: int) -> str:
        if char != _CLOSERS[opener]:
            kind, place = _CONTAINERS[opener], self._place(start)
            self._at += 1
            expected = f"expected '{_CLOSERS[opener]}' (for {kind} starting at {place})"
            self._reject(f"Unexpected close marker '{char}': {expected}")
        self._open.pop()
        self._fresh = False
        return self._take(char, char, self._at + 1)

    def _scan_name(self, char: str) -> str:
        if char != '"':
            self._unexpected(char, "was expecting double-quote to start field name")
        name, self._at = self._string(" in field name")
        if not (char := self._skip()):
            self._end_of_input(" within/between Object entries")
        if char != ":":
            self._unexpected(char, "was expecting a colon to separate field name and value")
        self._at += 1
        if not (char := self._skip()):
            self._end_of_input(" within/between Object entries")
        self._ahead = self._scan_value(char)
        self.name = name
        return "name"

    def _scan_value(self, char: str) -> str:
        if char == '"':
            inside = self._at + 1
            self.value, end = self._string(": was expecting closing quote for a string value")
            return self._take("string", str(self.value), end, inside)
        if char in ("{", "["):
            self._open.append((char, self._at))
            self._fresh = True
            return self._take(char, char, self._at + 1)
        if number := _NUMBER.match(self._source, self._at):
            return self._scan_number(number)
        return self._scan_literal(char)

    def _scan_literal(self, char: str) -> str:
        match = _WORD.match(self._source, self._at)
        if match is None:
            self._unexpected(char, f"expected a valid value {_EXPECTED}")
        word = match.group()
        if word not in _LITERALS:
            self._at = match.end()
            self._reject(f"Unrecognized token '{word}': was expecting {_EXPECTED}")
        self.value = _LITERALS[word]
        return self._take(word, word, match.end())

    def _scan_number(self, number: re.Match[str]) -> str:
        raw, end = number.group(), number.end()
        if raw.lstrip("-") == "0" and self._source[end : end + 1].isdigit():
            self._at = end
            self._reject("Invalid numeric value: Leading zeroes not allowed")
        self.value = float(raw) if number.group(1) or number.group(2) else int(raw)
        return self._take("number", raw, end)

    def _take(self, kind: str, raw: str, end: int, position: int | None = None) -> str:
        self._raw, self._end, self._at = raw, end, end
        self._position = end if position is None else position
        return kind

    def _string(self, unfinished: str) -> tuple[str, int]:
        try:
            return _scan_string(self._source, self._at + 1, True)
        except JSONDecodeError as problem:
            self._at = problem.pos
            if problem.msg.startswith("Unterminated"):
                self._at = len(self._source)
                self._end_of_input(unfinished)
            char = self._source[problem.pos : problem.pos + 1]
            if problem.msg.startswith("Invalid control character"):
                escape = "has to be escaped using backslash to be included in string value"
                self._reject(f"Illegal unquoted character ({_describe(char)}): {escape}")
            escaped = self._source[problem.pos + 1 : problem.pos + 2] or char
            self._reject(f"Unrecognized character escape {_describe(escaped)}")

    def _end_of_input(self, detail: str) -> NoReturn:
        self._reject(f"Unexpected end-of-input{detail}")

    def _unexpected(self, char: str, expected: str) -> NoReturn:
        if not char:
            self._end_of_input("")
        self._reject(f"Unexpected character ({_describe(char)}): {expected}")

    def _reject(self, reason: str) -> NoReturn:
        raise InvalidPattern(reason, "\n at " + self._place(self._at), syntax=True)


def _describe(char: str) -> str:
    if ord(char) < 32:
        return f"(CTRL-CHAR, code {ord(char)})"
    return f"'{char}' (code {ord(char)})"


def find_syntax_error(text: str) -> InvalidPattern | None:
    """What the parser that AWS uses says of a text that is not JSON; None where it has no words for it."""
    tokens = Tokens(text)
    try:
        while tokens.next() != "end":
            pass
    except InvalidPattern as error:
        return error
    except ValueError:  # a number of more digits than Python reads
        return None
    return None

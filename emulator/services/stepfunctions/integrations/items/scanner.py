"""Where the values of a JSON text begin and end, found without reading the whole of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from emulator.services.stepfunctions.integrations.items.errors import UnreadableError
from emulator.services.stepfunctions.integrations.items.rows import LONGEST, MARK

_BLANK = re.compile(rb"[ \t\r\n]*")
_TEXT = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_STRING = re.compile(_TEXT, re.DOTALL)
_PARTS = re.compile(_TEXT + rb'|[{}\[\]"]', re.DOTALL)
_SCALAR = re.compile(rb"[^\s,:\]}]+")
_QUOTE = b'"'[0]
_DEEPER = {b"{"[0]: 1, b"["[0]: 1, b"}"[0]: -1, b"]"[0]: -1}


class Scanner:
    """A place in a JSON text that comes in chunks; `at` is its number, counted in bytes from the text's start."""

    __slots__ = ("_buffer", "_chunks", "_place", "_start")

    def __init__(self, chunks: Iterator[bytes], at: int = 0) -> None:
        self._chunks = chunks
        self._buffer = b""
        self._start = at  # of the buffer
        self._place = 0  # in the buffer
        if at == 0 and self._more() and self._buffer.startswith(MARK):
            self._place = len(MARK)

    @property
    def at(self) -> int:
        return self._start + self._place

    def small(self, most: int) -> bytes | None:
        """The rest of the text, if it is at most so long."""
        while len(self._buffer) <= most:
            if not self._more():
                return self._buffer[self._place :]
        return None

    def peek(self) -> str:
        """The next character that is no blank; "" at the end."""
        while True:
            found = _BLANK.match(self._buffer, self._place)
            self._place = found.end() if found else self._place
            if self._place < len(self._buffer):
                return chr(self._buffer[self._place])
            if not self._more():
                return ""

    def take(self, character: str) -> None:
        """Pass this character. Raises UnreadableError where another one comes next."""
        if self.peek() != character:
            raise self.wrong()
        self._place += 1

    def value(self) -> bytes:
        """The text of the next value, which is passed."""
        return self._next(keep=True)

    def skip(self) -> None:
        """Pass the next value, however large."""
        self._next(keep=False)

    def wrong(self) -> UnreadableError:
        return UnreadableError(f"The item reader found no valid JSON: unexpected text at byte {self.at}")

    def _more(self) -> bool:
        """Let go of what lies behind and take one more chunk."""
        chunk = next(self._chunks, b"")
        self._buffer = self._buffer[self._place :] + chunk
        self._start += self._place
        self._place = 0
        return chunk != b""

    def _next(self, *, keep: bool) -> bytes:
        first = self.peek()
        depth, search = 0, self._place
        while True:
            if first in ("{", "["):
                depth, search = self._deep(depth, search)
                end = None if depth else search
            else:
                end = self._scalar(first)
            if end is not None:
                taken = self._buffer[self._place : end]
                self._place = end
                return taken
            if not keep:
                self._place = search
            if len(self._buffer) - self._place > LONGEST:
                raise UnreadableError(f"The object has an element of more than {LONGEST} bytes.")
            before = self._start
            if not self._more():
                raise self.wrong()
            search -= self._start - before

    def _scalar(self, first: str) -> int | None:
        """Where the string, number or word that begins here ends, as far as the buffer shows."""
        if first == '"':
            text = _STRING.match(self._buffer, self._place)
            return text.end() if text else None
        word = _SCALAR.match(self._buffer, self._place)
        if word is None:
            raise self.wrong()
        return word.end() if word.end() < len(self._buffer) else None

    def _deep(self, depth: int, search: int) -> tuple[int, int]:
        """How many brackets are open after those in the buffer from `search` on, and where that is known."""
        for part in _PARTS.finditer(self._buffer, search):
            character = self._buffer[part.start()]
            if character == _QUOTE and part.end() - part.start() == 1:
                return depth, part.start()  # a string that goes on in the next chunk
            depth += _DEEPER.get(character, 0)
            if depth == 0:
                return 0, part.end()
        return depth, len(self._buffer)

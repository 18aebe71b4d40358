"""The regular expressions of filters, which match a whole text, and are given up when they cannot do so in time."""

from __future__ import annotations

import re
from contextvars import ContextVar
from typing import Any

from emulator.languages import dialects
from emulator.languages.paths.errors import InvalidPath, SearchGivenUp
from emulator.languages.searching import find

SECONDS = 1.0  # of processor time for all regular expressions of one reading, as for an expression in JSONata
LEAST_SECONDS = 1e-5  # of the shortest match, which may take ten times as long

_left: ContextVar[list[float]] = ContextVar("seconds")


def begin() -> None:
    """A path begins to be read."""
    _left.set([SECONDS])


class Regex:
    """A compiled regular expression; `source` is as written."""

    __slots__ = ("_pattern", "source")

    def __init__(self, source: str, flags: re.RegexFlag) -> None:
        """Raises InvalidPath."""
        self.source = source
        try:
            read = dialects.java(source, verbose=bool(flags & re.VERBOSE))
            self._pattern: Any = dialects.compiled(read, int(flags))
        except dialects.Refused as error:
            raise InvalidPath(f"Failed to parse filter: {error}") from None

    def matches(self, text: str) -> bool:
        """Whether the whole text is matched. Raises SearchGivenUp."""
        self._pay(LEAST_SECONDS)
        try:
            return find(self._pattern.fullmatch, self._pay, text) is not None
        except TimeoutError:
            raise self._given_up() from None

    def _pay(self, seconds: float) -> None:
        left = _left.get()
        left[0] -= seconds
        if left[0] < 0:
            raise self._given_up()

    def _given_up(self) -> SearchGivenUp:
        return SearchGivenUp(f"The regular expression /{self.source}/ cannot be matched in reasonable time")

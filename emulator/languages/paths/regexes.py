"""The regular expressions of filters, which match a whole text, and are given up when they cannot do so in time."""

from __future__ import annotations

import re
from contextvars import ContextVar
from typing import Any

from emulator.languages.paths.errors import InvalidPath, SearchGivenUp
from emulator.languages.searching import found_in_time, is_too_large

SECONDS = 1.0  # of processor time for all regular expressions of one reading, as for an expression in JSONata
LEAST_SECONDS = 1e-6  # of the shortest match

_left: ContextVar[list[float]] = ContextVar("seconds")


def begin() -> None:
    """A path begins to be read."""
    _left.set([SECONDS])


class Regex:
    """A compiled regular expression; `source` is as written."""

    __slots__ = ("_pattern", "source")

    def __init__(self, source: str, flags: re.RegexFlag) -> None:
        """Raises InvalidPath."""
        import regex  # type: ignore[import-untyped]  # loaded by the first path that has one

        if is_too_large(source):
            raise InvalidPath(f"Failed to parse filter: /{source}/ is too large")
        self.source = source
        try:
            self._pattern: Any = regex.compile(source, int(flags))
        except regex.error as error:
            raise InvalidPath(f"Failed to parse filter: {error}") from None

    def matches(self, text: str) -> bool:
        """Whether the whole text is matched. Raises SearchGivenUp."""
        self._pay(LEAST_SECONDS)
        try:
            return found_in_time(lambda seconds: self._pattern.fullmatch(text, timeout=seconds), self._pay) is not None
        except TimeoutError:
            raise self._given_up() from None

    def _pay(self, seconds: float) -> None:
        left = _left.get()
        left[0] -= seconds
        if left[0] < 0:
            raise self._given_up()

    def _given_up(self) -> SearchGivenUp:
        return SearchGivenUp(f"The regular expression /{self.source}/ takes more than {SECONDS:g} s")

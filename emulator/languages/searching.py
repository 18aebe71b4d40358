"""One search with a regular expression, in attempts that may take longer and longer, each paid for before it is made.

How long a search will take cannot be told from its expression, and to ask a clock is not for a language: `regex` gives
an attempt up after some processor time, and what a search has cost is what its attempts were allowed. So a search that
ends in its first attempt, as all but the hopeless do, has the same outcome on every machine. The time is that of the
process: one that is stopped shortens no search. Nor do threads that want the interpreter, for a search keeps it; one
that computes without it, as zlib does, counts as well (docs/decisions/0013).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

Found = TypeVar("Found")

FIRST_SECONDS = 0.0001  # of processor time: fifty kilobytes of text and more, where nothing is tried twice
SECONDS = (0.001, 0.01, 0.1, 0.5)  # of the attempts that have to be paid for


def find(method: Callable[..., Any], pay: Callable[[float], None], text: str, *places: int) -> Any:
    """What a method of a compiled expression finds in a text. Raises TimeoutError, and what `pay` raises."""
    return found_in_time(lambda seconds: method(text, *places, timeout=seconds, concurrent=False), pay)


def found_in_time(search: Callable[[float], Found], pay: Callable[[float], None]) -> Found:
    """What `search(seconds)` finds; it raises TimeoutError when that time is over.

    `pay(seconds)` is called before each attempt but the first, and raises what it likes when there is no more to pay
    with. Raises TimeoutError after the last attempt, and where the memory for what is still to be tried is used up.
    """
    try:
        return _attempted(search, pay)
    except MemoryError:
        raise TimeoutError from None


def _attempted(search: Callable[[float], Found], pay: Callable[[float], None]) -> Found:
    try:
        return search(FIRST_SECONDS)
    except TimeoutError:
        pass
    for seconds in SECONDS:
        pay(seconds)
        with suppress(TimeoutError):
            return search(seconds)
    raise TimeoutError

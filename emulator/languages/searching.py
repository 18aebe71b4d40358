"""One search with a regular expression, in attempts that may take longer and longer, each paid for before it is made.

How long a search will take cannot be told from its expression, and to ask a clock is not for a language: `regex` gives
an attempt up after some processor time, and what a search has cost is what its attempts were allowed. So a search that
ends in its first attempt, as all but the hopeless do, has the same outcome on every machine; a house that is stopped or
has other things to do does not shorten any (docs/decisions/0013).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

FIRST_SECONDS = 0.0001  # of processor time: fifty kilobytes of text and more, where nothing is tried twice
SECONDS = (0.001, 0.01, 0.1, 0.5)  # of the attempts that have to be paid for
LARGEST = 100_000  # characters of an expression whose repeats are written out, as `regex` does when it compiles it

_PARTS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(\d+)(?:,\d*)?\}|.", re.DOTALL)


def found_in_time(search: Callable[[float], Found], pay: Callable[[float], None]) -> Found:
    """What `search(seconds)` finds; it raises TimeoutError when that time is over.

    `pay(seconds)` is called before each attempt but the first, and raises what it likes when there is no more to pay
    with. Raises TimeoutError after the last attempt.
    """
    try:
        return search(FIRST_SECONDS)
    except TimeoutError:
        pass
    for seconds in SECONDS[:-1]:
        pay(seconds)
        try:
            return search(seconds)
        except TimeoutError:
            continue
    pay(SECONDS[-1])
    return search(SECONDS[-1])


def is_too_large(expression: str) -> bool:
    """Whether the expression takes too long to compile: `(a{1000}){1000}` is a million characters."""
    sizes, last = [0], 0
    for part in _PARTS.finditer(expression):
        text = part[0]
        if part[1]:
            count = int(part[1][:9])
            sizes[-1] += last * (max(1, count) - 1)
            last *= max(1, count)
        elif text == "(":
            sizes.append(0)
        elif text == ")" and len(sizes) > 1:
            last = sizes.pop()
            sizes[-1] += last
        else:
            last = 1
            sizes[-1] += 1
    return sum(sizes) > LARGEST

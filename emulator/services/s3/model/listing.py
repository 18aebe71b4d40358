"""Pages of a listing: keys in the order of their UTF-8 bytes, rolled up at a delimiter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar
from urllib.parse import quote

from emulator.services.s3.model.errors import invalid_argument


class Keyed(Protocol):
    """A row with its key."""

    def __getitem__(self, column: str, /) -> object: ...


R = TypeVar("R", bound=Keyed)

_FIRST = "\x01"  # no key holds U+0000, so nothing lies between a key and the same key with this
# Greater than any text of 1,024 bytes that a key with the same beginning could go on with.
LAST = "\U0010ffff" * 257
_BATCH = 1000


@dataclass(slots=True)
class Page(Generic[R]):
    """One page: rows and common prefixes in order; `last` is where the next page goes on, if it is `truncated`."""

    rows: list[R] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    truncated: bool = False
    last: str = ""


def page(
    fetch: Callable[[str, str, int], Sequence[R]], *, prefix: str, delimiter: str, after: str, most: int
) -> Page[R]:
    """The first `most` entries after `after`, a key or a common prefix ("": from the beginning).

    `fetch(start, end, count)` gives rows in order, with start <= key < end. A common prefix is jumped over, so a
    page costs what it shows, not what lies below its prefixes.
    """
    found: Page[R] = Page()
    if most == 0:
        return found
    start = _past(after, prefix, delimiter) if after >= prefix else prefix
    while True:
        count = min(most - len(found.rows) - len(found.prefixes) + 1, _BATCH)
        rows = fetch(start, prefix + LAST, count)
        for row in rows:
            key = str(row["key"])
            if key < start:
                continue
            if len(found.rows) + len(found.prefixes) == most:
                found.truncated = True
                return found
            rolled = _rolled(key, prefix, delimiter)
            if rolled is None:
                found.rows.append(row)
            else:
                found.prefixes.append(rolled)
            found.last = rolled or key
            start = _past(found.last, prefix, delimiter)
        if len(rows) < count:
            return found
        start = max(start, str(rows[-1]["key"]) + _FIRST)


def roll_up(rows: Sequence[R], *, prefix: str, delimiter: str, after: str, most: int) -> Page[R]:
    """The first `most` entries of rows that are there already, in order, a key as often as it comes.

    What is rolled up to a common prefix that `after` is, or lies below, was shown and is left out.
    """
    found: Page[R] = Page()
    if most == 0:
        return found
    for row in rows:
        key = str(row["key"])
        rolled = _rolled(key, prefix, delimiter)
        if rolled is not None and (after.startswith(rolled) or (found.prefixes and found.prefixes[-1] == rolled)):
            continue
        if len(found.rows) + len(found.prefixes) == most:
            found.truncated = True
            return found
        if rolled is None:
            found.rows.append(row)
        else:
            found.prefixes.append(rolled)
        found.last = rolled or key
    return found


def _past(shown: str, prefix: str, delimiter: str) -> str:
    """Where to look on after an entry: below a common prefix that was shown there is nothing more to show."""
    rolled = _rolled(shown, prefix, delimiter)
    return shown + _FIRST if rolled is None else rolled + LAST


def _rolled(key: str, prefix: str, delimiter: str) -> str | None:
    """The common prefix that a key is rolled up to, None where it stands for itself."""
    if not delimiter or not key.startswith(prefix):
        return None
    at = key.find(delimiter, len(prefix))
    return None if at < 0 else key[: at + len(delimiter)]


def check_encoding_type(encoding_type: str | None) -> None:
    if encoding_type not in (None, "url"):
        raise invalid_argument("Invalid Encoding Method specified in Request", "encoding-type", encoding_type)


def encoded(text: str, encoding_type: str | None) -> str:
    """A key in a listing; `url` percent-encodes all but letters, digits and `-._*/`, a space becomes `+`."""
    if encoding_type is None:
        return text
    return quote(text, safe="/*-._ ", encoding="utf-8").replace("~", "%7E").replace(" ", "+")

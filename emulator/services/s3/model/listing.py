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

# Greater than any text of 1,024 bytes that a key with the same beginning could go on with.
_LAST = "\U0010ffff" * 257
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
    """The first `most` entries after `after`, a key or a common prefix.

    `fetch(after, end, count)` gives rows in order, with after < key < end. A common prefix is jumped over, so a
    page costs what it shows, not what lies below its prefixes.
    """
    found: Page[R] = Page()
    if most == 0:
        return found
    end = prefix + _LAST
    cursor = _past(after, prefix, delimiter)
    while True:
        count = min(most - len(found.rows) - len(found.prefixes) + 1, _BATCH)
        rows = fetch(cursor, end, count)
        for row in rows:
            key = str(row["key"])
            rolled = _rolled(key, prefix, delimiter)
            if rolled is not None and rolled + _LAST <= cursor:
                continue
            if len(found.rows) + len(found.prefixes) == most:
                found.truncated = True
                return found
            if rolled is None:
                found.rows.append(row)
                found.last = cursor = key
            else:
                found.prefixes.append(rolled)
                found.last = rolled
                cursor = rolled + _LAST
                if len(found.prefixes) > 1 or len(rows) == count:
                    break
        else:
            if len(rows) < count:
                return found
            cursor = max(cursor, str(rows[-1]["key"]))


def _past(after: str, prefix: str, delimiter: str) -> str:
    """Where to look on after an entry: below a common prefix that was shown there is nothing more to show."""
    rolled = _rolled(after, prefix, delimiter)
    if rolled is not None:
        return rolled + _LAST
    # The prefix itself may be a key: begin just before it.
    return after if after >= prefix else _before(prefix)


def _before(prefix: str) -> str:
    """The greatest text below `prefix` that this module can name."""
    if not prefix:
        return ""
    last = ord(prefix[-1]) - 1
    if 0xD800 <= last <= 0xDFFF:
        last = 0xD7FF
    return prefix[:-1] if last < 1 else prefix[:-1] + chr(last) + _LAST


def _rolled(key: str, prefix: str, delimiter: str) -> str | None:
    """The common prefix that a key is rolled up to, None where it stands for itself."""
    if not delimiter or not key.startswith(prefix):
        return None
    at = key.find(delimiter, len(prefix))
    return None if at < 0 else key[: at + len(delimiter)]


def check_encoding_type(encoding_type: str | None) -> None:
    if encoding_type not in (None, "url"):
        raise invalid_argument(
            "Invalid Encoding Method specified in Request", "encoding-type", encoding_type or None
        )


def encoded(text: str, encoding_type: str | None) -> str:
    """A key in a listing; `url` percent-encodes all but letters, digits and `-._*/`, a space becomes `+`."""
    if encoding_type is None:
        return text
    return quote(text, safe="/*-._ ", encoding="utf-8").replace("~", "%7E").replace(" ", "+")

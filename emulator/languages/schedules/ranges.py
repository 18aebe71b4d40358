"""One field of a cron expression as the values it allows: values, names, ranges, steps and lists of these."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

MONTHS: Final[Mapping[str, int]] = {
    name: number
    for number, name in enumerate(
        ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"), start=1
    )
}
WEEKDAYS: Final[Mapping[str, int]] = {
    name: number for number, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), start=1)
}

_PART: Final = re.compile(r"(?:(\*)|([0-9]+|[A-Z]+)(?:-([0-9]+|[A-Z]+))?)(?:/([0-9]+))?", re.ASCII)


def find_values(
    field: str,
    lowest: int,
    highest: int,
    *,
    names: Mapping[str, int] | None = None,
    wraps: bool = True,
    steps: bool = True,
) -> tuple[int, ...] | None:
    """The sorted values of a field between `lowest` and `highest`, or None when it is not valid.

    A range whose end is before its start goes round (`SAT-SUN`, 22-2) where it `wraps`. A step counts from
    the value before it, and is no larger than the field's values (`*/60` minutes is refused).
    """
    found: set[int] = set()
    for part in field.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            return None
        star, first, last, step = match.groups()
        if step is not None and (not steps or not 1 <= int(step) <= highest):
            return None
        bounds = (lowest, highest) if star else _bounds(first, last, highest if step else None, names or {})
        if bounds is None or not all(lowest <= bound <= highest for bound in bounds):
            return None
        values = _spread(*bounds, lowest, highest, wraps=wraps)
        if values is None:
            return None
        found.update(values[:: int(step or 1)])
    return tuple(sorted(found))


def _spread(start: int, end: int, lowest: int, highest: int, *, wraps: bool) -> list[int] | None:
    if start <= end:
        return list(range(start, end + 1))
    return [*range(start, highest + 1), *range(lowest, end + 1)] if wraps else None


def _bounds(first: str, last: str | None, open_end: int | None, names: Mapping[str, int]) -> tuple[int, int] | None:
    start = find_value(first, names)
    end = find_value(last, names) if last is not None else start if open_end is None else open_end
    return None if start is None or end is None else (start, end)


def find_value(text: str, names: Mapping[str, int]) -> int | None:
    """A number or a name as a number; None for neither."""
    if text.isascii() and text.isdigit():
        return int(text) if len(text) <= 4 else None
    return names.get(text)

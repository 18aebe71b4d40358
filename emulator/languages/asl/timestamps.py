"""RFC 3339 timestamps as the Amazon States Language has them: upper-case T, a zone, any fraction."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import orjson

_WITH_FRACTION = len('"2026-01-01T00:00:00.000001+00:00"')
_FORM = re.compile(r"(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(Z|[+-]\d{2}:\d{2})", re.ASCII)


def find_instant(text: object) -> tuple[datetime, str] | None:
    """(instant in UTC to the second, digits of the fraction), or None when it is no such timestamp."""
    found = _FORM.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    try:
        instant = datetime(*(int(found[place]) for place in range(1, 7)), tzinfo=UTC)  # type: ignore[arg-type, misc]
        if found[8] != "Z":
            offset = timedelta(hours=int(found[8][1:3]), minutes=int(found[8][4:6]))
            instant += offset if found[8][0] == "-" else -offset
    except (ValueError, OverflowError):
        return None
    return instant, (found[7] or "").rstrip("0")


def find_datetime(text: object) -> datetime | None:
    """The instant to the microsecond, or None."""
    found = find_instant(text)
    if found is None:
        return None
    return found[0] + timedelta(microseconds=int(found[1][:6].ljust(6, "0")))


def stamp(moment: datetime) -> str:
    """A UTC moment as the context object shows it: with milliseconds, if there are any, and `Z`.

    Step Functions Developer Guide, "Timestamp format with fractional seconds": zeros are left out.
    """
    text = orjson.dumps(moment)  # a third of the time that isoformat takes; without a fraction if there is none
    whole = len(text) < _WITH_FRACTION or text[21:24] == b"000"
    return f"{text[1 : 20 if whole else 24].decode()}Z"

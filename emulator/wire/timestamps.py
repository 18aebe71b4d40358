"""The three ways in which AWS writes a moment: `iso8601`, `rfc822` (HTTP dates) and `unixTimestamp`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from emulator.clock import from_micros

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def parse(value: Any) -> datetime:
    """An aware UTC datetime from a number of seconds or from text in any of the three forms.

    Raises ValueError for what is none of them.
    """
    try:
        if isinstance(value, str):
            return _parse_text(value.strip())
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"not a timestamp: {value!r}")
        return _from_epoch(value)
    except (OverflowError, TypeError, IndexError) as error:
        raise ValueError(f"not a timestamp: {value!r}") from error


def _from_epoch(seconds: float) -> datetime:
    return from_micros(round(seconds * 1_000_000))


def _parse_text(text: str) -> datetime:
    if text[:1].isalpha():
        from email.utils import parsedate_to_datetime

        return parsedate_to_datetime(text).replace(tzinfo=UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return _from_epoch(float(text))
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def write(moment: datetime, form: str) -> str | int | float:
    """The moment in one of AWS's forms: text, or for `unixTimestamp` a number of seconds to the millisecond.

    `iso8601` leaves a fraction of zero out, `iso8601ms` (S3) does not.
    """
    if form == "unixTimestamp":
        milliseconds = round(moment.timestamp() * 1000)
        seconds, rest = divmod(milliseconds, 1000)
        return milliseconds / 1000 if rest else seconds
    moment = moment.astimezone(UTC)
    if form == "rfc822":
        day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
        return f"{day}, {moment.day:02} {month} {moment.year:04} {moment:%H:%M:%S} GMT"
    precision = "milliseconds" if form == "iso8601ms" or moment.microsecond else "seconds"
    return moment.replace(tzinfo=None).isoformat(timespec=precision) + "Z"

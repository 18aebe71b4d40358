"""`at(yyyy-mm-ddThh:mm:ss)`: once, in the schedule's time zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

_AT: Final = re.compile(r"at\(([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})\)", re.ASCII)


@dataclass(frozen=True, slots=True)
class At:
    """One instant (UTC)."""

    text: str
    instant: datetime

    def next_after(self, moment: datetime, *, start: datetime | None = None) -> datetime | None:
        """The instant when it is still to come, else None; `start` has no say, as StartDate has none."""
        return self.instant if self.instant > moment else None


def find(text: str, zone: ZoneInfo) -> At | None:
    """The one-time schedule, or None when the text is none.

    A time the zone skips is taken as the clock shows it an hour on; of a time it repeats, the first.
    """
    match = _AT.fullmatch(text)
    if match is None:
        return None
    try:
        return At(text, datetime.fromisoformat(match[1]).replace(tzinfo=zone).astimezone(UTC))
    except (ValueError, OverflowError):
        return None

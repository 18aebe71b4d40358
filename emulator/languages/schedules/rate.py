"""`rate(value unit)`: the same interval again and again; a day is 24 hours whatever the time zone does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

_RATE: Final = re.compile(r"rate\(([0-9]+) (minute|hour|day)(s?)\)", re.ASCII)
_MINUTES: Final = {"minute": 1, "hour": 60, "day": 1440}
# Beyond this timedelta overflows; a rate of ten thousand years needs no emulation.
_LONGEST: Final = 10_000 * 366 * 1440


@dataclass(frozen=True, slots=True)
class Rate:
    """A fixed interval."""

    text: str
    interval: timedelta

    def next_after(self, moment: datetime, *, start: datetime | None = None) -> datetime | None:
        """The first of `start`, `start + interval`, `start + 2 * interval`, ... strictly after `moment`, UTC.

        Rules count from their creation; schedules from StartDate or else from their creation, which is then
        their first invocation (Scheduler, "Rate-based schedules"). Without `start`, `moment` is the start.
        """
        moment = moment.astimezone(UTC)
        start = moment if start is None else start.astimezone(UTC)
        if moment < start:
            return start
        try:
            return start + ((moment - start) // self.interval + 1) * self.interval
        except OverflowError:
            return None


def find(text: str, *, lenient: bool) -> Rate | None:
    """The rate, or None when the text is none.

    The unit is singular for 1 and plural for more (EventBridge rules); `lenient` takes either for either.
    """
    match = _RATE.fullmatch(text)
    if match is None:
        return None
    value, unit, plural = int(match[1]), match[2], bool(match[3])
    if value == 0 or value * _MINUTES[unit] > _LONGEST:
        return None
    if not lenient and plural != (value > 1):
        return None
    return Rate(text, timedelta(minutes=value * _MINUTES[unit]))

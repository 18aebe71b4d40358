"""`cron(minutes hours day-of-month month day-of-week year)`: the minutes whose calendar fields all fit."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from emulator.languages.schedules.days import Days, find_days
from emulator.languages.schedules.ranges import MONTHS, find_values

_CRON: Final = re.compile(r"cron\((\S+(?:[ \t]+\S+){5})\)")


@dataclass(frozen=True, slots=True)
class Cron:
    """The calendar fields, each as the sorted values it allows; `times` are minutes of a day."""

    text: str
    zone: ZoneInfo
    times: tuple[int, ...]
    days: Days
    months: tuple[int, ...]
    years: tuple[int, ...]

    def next_after(self, moment: datetime, *, start: datetime | None = None) -> datetime | None:
        """The first fitting minute after `moment`, not before `start`, in UTC; None if none is left.

        A time the zone skips in spring is skipped; one it repeats in autumn counts once, the first time
        (Scheduler, "Daylight savings time").
        """
        moment = moment.astimezone(UTC)
        if start is not None and start > moment:
            moment = start.astimezone(UTC) - timedelta(microseconds=1)
        for wall in self._walls_after(moment.astimezone(self.zone).replace(tzinfo=None)):
            instant = wall.replace(tzinfo=self.zone).astimezone(UTC)
            if instant > moment and instant.astimezone(self.zone).replace(tzinfo=None) == wall:
                return instant
        return None

    def _walls_after(self, wall: datetime) -> Iterator[datetime]:
        """The fitting times on the zone's clock after `wall`, in order."""
        today = (wall.year, wall.month, wall.day)
        passed = bisect_right(self.times, wall.hour * 60 + wall.minute)
        for year in self.years:
            if year < wall.year:
                continue
            for month in self.months:
                if (year, month) < today[:2]:
                    continue
                for day in self.days.of(year, month):
                    if (year, month, day) >= today:
                        times = self.times[passed:] if (year, month, day) == today else self.times
                        yield from (datetime(year, month, day, time // 60, time % 60) for time in times)


def find(text: str, zone: ZoneInfo) -> Cron | None:
    """The cron schedule, or None when the text is none.

    Fields and wildcards: EventBridge user guide, "Cron expressions reference". Exactly one of day-of-month
    and day-of-week is `?`.
    """
    match = _CRON.fullmatch(text)
    if match is None:
        return None
    minutes, hours, day, month, weekday, year = match[1].upper().split()
    every_minute, every_hour = find_values(minutes, 0, 59), find_values(hours, 0, 23)
    days = find_days(day, weekday)
    months = find_values(month, 1, 12, names=MONTHS)
    years = find_values(year, 1970, 2199, wraps=False)
    if not (every_minute and every_hour and days and months and years):
        return None
    times = tuple(hour * 60 + minute for hour in every_hour for minute in every_minute)
    return Cron(text, zone, times, days, months, years)

"""The two day fields of a cron expression as the days of a month they mean."""

from __future__ import annotations

import re
from abc import abstractmethod
from calendar import monthrange
from dataclasses import dataclass
from typing import Final, Protocol

from emulator.languages.schedules.ranges import WEEKDAYS, find_value, find_values

_LAST: Final = re.compile(r"L(?:-([0-9]{1,2}))?", re.ASCII)
_NEAREST: Final = re.compile(r"([0-9]{1,2})W", re.ASCII)
_LAST_WEEKDAY: Final = re.compile(r"([1-7]|[A-Z]{3})L", re.ASCII)
_NTH_WEEKDAY: Final = re.compile(r"([1-7]|[A-Z]{3})#([1-5])", re.ASCII)
_SATURDAY: Final = 7


class Days(Protocol):
    """Which days of a month a field means."""

    @abstractmethod
    def of(self, year: int, month: int) -> list[int]:
        """The days, ascending; none when the month has no such day."""


@dataclass(frozen=True, slots=True)
class DaysOfMonth:
    """Days by number."""

    values: tuple[int, ...]

    def of(self, year: int, month: int) -> list[int]:
        """The numbers the month has."""
        length = _length(year, month)
        return [day for day in self.values if day <= length]


@dataclass(frozen=True, slots=True)
class LastDay:
    """`L`, or `L-3` for the third before the last."""

    before: int

    def of(self, year: int, month: int) -> list[int]:
        """The day counted from the month's end."""
        day = _length(year, month) - self.before
        return [day] if day >= 1 else []


@dataclass(frozen=True, slots=True)
class NearestWorkday:
    """`15W`: the day from Monday to Friday nearest to the 15th, without leaving the month."""

    day: int

    def of(self, year: int, month: int) -> list[int]:
        """The day itself; Friday for Saturday, Monday for Sunday, the other way at the month's ends."""
        length = _length(year, month)
        if self.day > length:
            return []
        weekday = _weekday(year, month, self.day)
        if weekday == _SATURDAY:
            return [self.day - 1 if self.day > 1 else self.day + 2]
        if weekday == 1:
            return [self.day + 1 if self.day < length else self.day - 2]
        return [self.day]


@dataclass(frozen=True, slots=True)
class Weekdays:
    """Days of the week by number, 1 for Sunday."""

    values: tuple[int, ...]

    def of(self, year: int, month: int) -> list[int]:
        """Every day of the month on one of the weekdays."""
        first = _weekday(year, month, 1)
        return [day for day in range(1, _length(year, month) + 1) if (first + day - 2) % 7 + 1 in self.values]


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """`6#3`, the third Friday; `nth` -1 for `6L`, the last one."""

    weekday: int
    nth: int

    def of(self, year: int, month: int) -> list[int]:
        """The one day, or none when the month has no fifth."""
        days = Weekdays((self.weekday,)).of(year, month)
        if self.nth < 0:
            return days[-1:]
        return days[self.nth - 1 : self.nth]


def find_days(day_of_month: str, day_of_week: str) -> Days | None:
    """What the two fields mean together, one of which must be `?`; None when they are not valid."""
    if (day_of_month == "?") == (day_of_week == "?"):
        return None
    return _find_days_of_month(day_of_month) if day_of_week == "?" else _find_weekdays(day_of_week)


def _find_days_of_month(field: str) -> Days | None:
    if match := _LAST.fullmatch(field):
        before = int(match[1] or 0)
        return LastDay(before) if before <= 30 else None
    if match := _NEAREST.fullmatch(field):
        return NearestWorkday(int(match[1])) if 1 <= int(match[1]) <= 31 else None
    values = find_values(field, 1, 31)
    return DaysOfMonth(values) if values else None


def _find_weekdays(field: str) -> Days | None:
    if field == "L":
        return Weekdays((_SATURDAY,))
    if match := _LAST_WEEKDAY.fullmatch(field):
        weekday = find_value(match[1], WEEKDAYS)
        return NthWeekday(weekday, -1) if weekday else None
    if match := _NTH_WEEKDAY.fullmatch(field):
        weekday = find_value(match[1], WEEKDAYS)
        return NthWeekday(weekday, int(match[2])) if weekday else None
    values = find_values(field, 1, 7, names=WEEKDAYS, steps=False)
    return Weekdays(values) if values else None


def _length(year: int, month: int) -> int:
    return monthrange(year, month)[1]


def _weekday(year: int, month: int, day: int) -> int:
    """1 for Sunday to 7 for Saturday."""
    return (monthrange(year, month)[0] + day) % 7 + 1

"""Schedule expressions: `rate()` and `cron()` of EventBridge rules and Scheduler, and the latter's `at()`."""

from __future__ import annotations

from typing import TypeAlias
from zoneinfo import ZoneInfo

from emulator.languages.schedules import at, cron, rate
from emulator.languages.schedules.at import At
from emulator.languages.schedules.cron import Cron
from emulator.languages.schedules.rate import Rate

__all__ = ["At", "Cron", "InvalidSchedule", "Rate", "Schedule", "parse"]

Schedule: TypeAlias = Rate | Cron | At


class InvalidSchedule(ValueError):
    """An expression or time zone AWS refuses; `message` is the text of its ValidationException."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


def parse(text: str, *, timezone: str = "UTC", allow_at: bool = False) -> Schedule:
    """The schedule an expression describes.

    `allow_at` says that EventBridge Scheduler asks: it has `at()`, takes singular and plural units alike, and
    words the error in its way ("Invalid Schedule Expression ..."); rules answer "Parameter ScheduleExpression
    is not valid.". `timezone` is an IANA name, for `cron()` and `at()`.

    Raises InvalidSchedule.
    """
    zone = _zone(timezone)
    schedule: Schedule | None = rate.find(text, lenient=allow_at) or cron.find(text, zone)
    if schedule is None and allow_at:
        schedule = at.find(text, zone)
    if schedule is None:
        raise InvalidSchedule(
            f"Invalid Schedule Expression {text}." if allow_at else "Parameter ScheduleExpression is not valid."
        )
    return schedule


def _zone(timezone: str) -> ZoneInfo:
    try:
        return ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):
        raise InvalidSchedule(f"Invalid Schedule Expression Timezone {timezone}.") from None

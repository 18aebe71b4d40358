"""Wall time, and the emulated time of an account derived from it. The house reads wall time nowhere else.

Emulated time has three modes: *real* (wall time plus an offset), *scaled* (wall time running `scale` times as
fast from an anchor) and *frozen* (it stands until somebody advances it). All arithmetic is on integer
microseconds since the epoch; `datetime` appears at the borders only.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol

Mode = Literal["real", "scaled", "frozen"]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_EXACT = 2**32 * 1_000_000  # below (the year 2106), a double of seconds is exact to a quarter of a microsecond


def to_micros(moment: datetime) -> int:
    """Microseconds since the epoch of an aware datetime."""
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The aware UTC datetime of microseconds since the epoch."""
    if 0 <= micros < _EXACT:
        return datetime.fromtimestamp(micros / 1e6, UTC)  # half the time of the sum
    return _EPOCH + timedelta(microseconds=micros)


def in_millis(moment: datetime) -> str:
    """`2026-11-20T06:43:25.123Z`: a UTC moment as text, what is less than a millisecond left out."""
    return f"{moment.isoformat(timespec='milliseconds')[:23]}Z"


class WallClock(Protocol):
    """Where wall time comes from."""

    def micros(self) -> int:
        """Microseconds since the epoch, never decreasing by more than the machine's clock is set back."""
        ...


class SystemClock:
    """The machine's clock."""

    def micros(self) -> int:
        return time.time_ns() // 1000


class FrozenClock:
    """Wall time that stands until a test moves it."""

    def __init__(self, moment: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        self._micros = to_micros(moment)

    def micros(self) -> int:
        return self._micros

    def advance(self, by: timedelta) -> None:
        """Move wall time forward."""
        self._micros += by // _MICROSECOND


@dataclass(frozen=True, slots=True)
class AccountTime:
    """How an account's time follows from wall time: `emulated = anchor + (wall - wall_anchor) * scale`.

    real: scale 1; frozen: scale 0; both anchors are microseconds since the epoch.
    """

    mode: Mode = "real"
    scale: float = 1.0
    wall_anchor: int = 0
    anchor: int = 0

    def emulated(self, wall: int) -> int:
        """The account's time at wall time `wall`."""
        if self.mode == "real":
            return wall + self.anchor - self.wall_anchor
        if self.mode == "frozen":
            return self.anchor
        return self.anchor + int((wall - self.wall_anchor) * self.scale)

    def wall(self, emulated: int) -> int | None:
        """The wall time at which the account's time will be `emulated`; None when it stands still."""
        if self.mode == "real":
            return emulated - self.anchor + self.wall_anchor
        if self.mode == "frozen":
            return None
        return self.wall_anchor + int((emulated - self.anchor) / self.scale)

    def moved_to(self, emulated: int, wall: int) -> AccountTime:
        """The same mode with the account's time set to `emulated` at wall time `wall`."""
        return AccountTime(self.mode, self.scale, wall, emulated)

    def in_mode(self, mode: Mode, scale: float, wall: int) -> AccountTime:
        """Another mode from here on; the account's time does not jump."""
        return AccountTime(mode, scale, wall, self.emulated(wall))

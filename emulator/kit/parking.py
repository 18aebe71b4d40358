"""Requests that wait: parked under keys, woken by what they wait for, or by their deadline."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol


class Timer(Protocol):
    """What `call_later` gives back."""

    def cancel(self) -> None:
        """Forget the call."""


CallLater = Callable[[float, Callable[[], None]], Timer]


@dataclass(slots=True, eq=False)
class Parked:
    """One waiting request. `wake_at` and `skip_until` are microseconds of the account's time.

    `counted`: it is one of those whom a wake with a count is for; others hear every wake of their keys (sleeping work).
    """

    account: str
    keys: tuple[str, ...]
    resume: Callable[[bool], None]
    wake_at: int | None = None
    skip_until: int | None = None
    timer: Timer | None = field(default=None)
    counted: bool = True


class Parking:
    """The parked requests of this process. Used on the loop thread only."""

    REMEMBERED = 10_000

    def __init__(self, call_later: CallLater) -> None:
        self._call_later = call_later
        self._by_key: dict[str, dict[Parked, None]] = {}
        self._hearing: dict[str, dict[Parked, None]] = {}
        self._all: dict[Parked, None] = {}
        self._timed: dict[str, dict[Parked, None]] = {}
        self._sequence = 0
        self._woken: OrderedDict[str, int] = OrderedDict()
        self._forgotten = 0
        self._closed = False

    @property
    def sequence(self) -> int:
        """How many wakes there were; a request that reads before it parks notes this first."""
        return self._sequence

    def park(self, parked: Parked, seconds: float | None, since: int) -> None:
        """Park a request that read the store when `sequence` was `since`; if a wake came between, call it again.

        It is called at the latest after `seconds` of wall time, if given.
        """
        if self._closed or any(self._woken.get(key, self._forgotten) > since for key in parked.keys):
            self._call_later(0, lambda: parked.resume(self._closed))
            return
        if seconds is not None:
            parked.timer = self._call_later(max(0.0, seconds), lambda: self._expire(parked))
        self._all[parked] = None
        if parked.wake_at is not None or parked.skip_until is not None:
            self._timed.setdefault(parked.account, {})[parked] = None
        by_key = self._by_key if parked.counted else self._hearing
        for key in parked.keys:
            by_key.setdefault(key, {})[parked] = None

    def leave(self, parked: Parked) -> None:
        """Take a request out: its client went away, or it is being called again."""
        if parked.timer is not None:
            parked.timer.cancel()
        if self._all.pop(parked, self) is self:
            return
        timed = self._timed.get(parked.account)
        if timed is not None:
            timed.pop(parked, None)
            if not timed:
                del self._timed[parked.account]
        by_key = self._by_key if parked.counted else self._hearing
        for key in parked.keys:
            waiting = by_key.get(key)
            if waiting is not None:
                waiting.pop(parked, None)
                if not waiting:
                    del by_key[key]

    def wake(self, key: str, count: int | None = None) -> None:
        """Call the requests that wait for `key` again: the `count` that have waited longest, or all.

        Those that are not counted are called in any case.
        """
        self._sequence += 1
        self._woken[key] = self._sequence
        self._woken.move_to_end(key)
        if len(self._woken) > self.REMEMBERED:
            _, self._forgotten = self._woken.popitem(last=False)
        hearing = self._hearing.get(key)
        if hearing:
            for parked in list(hearing):
                self.leave(parked)
                parked.resume(False)
        waiting = self._by_key.get(key)
        if not waiting:
            return
        for parked in list(waiting)[: count if count is not None else len(waiting)]:
            if parked in self._all:  # what one does may have woken the next already
                self.leave(parked)
                parked.resume(False)

    def wake_due(self, account: str, now: int) -> None:
        """Call again the account's requests whose own moment has come."""
        timed = self._timed.get(account, ())
        due = [parked for parked in timed if parked.wake_at is not None and parked.wake_at <= now]
        for parked in due:
            if parked in self._all:
                self.leave(parked)
                parked.resume(False)

    def next_wake(self, account: str) -> int | None:
        """The earliest moment at which a request of the account wants to be called again."""
        moments = [p.wake_at for p in self._timed.get(account, ()) if p.wake_at is not None]
        return min(moments, default=None)

    def skip_until(self, account: str) -> int | None:
        """How far the account's time may jump for one of its waiters; None when nobody asked."""
        moments = [p.skip_until for p in self._timed.get(account, ()) if p.skip_until is not None]
        return max(moments, default=None)

    def watches(self, account: str) -> bool:
        """Whether somebody waits for the account's work to be done, or for its time to jump."""
        return f"idle:{account}" in self._by_key or self.skip_until(account) is not None

    def resume_all(self) -> None:
        """Answer every parked request as at its deadline, and whatever would park from now on: the server stops."""
        self._closed = True
        for parked in list(self._all):
            if parked in self._all:
                self._expire(parked)

    def look_again(self) -> None:
        """Call every parked request again: a wake from another process may have been lost."""
        for parked in list(self._all):
            if parked in self._all:
                self.leave(parked)
                parked.resume(False)

    def __len__(self) -> int:
        return len(self._all)

    def _expire(self, parked: Parked) -> None:
        self.leave(parked)
        parked.resume(True)

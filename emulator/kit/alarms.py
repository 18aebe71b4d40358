"""When an account is looked at: what is due of it is claimed, who waits is woken, and its time may jump."""

from __future__ import annotations

import logging
from typing import Protocol

from emulator.kit.house import House
from emulator.kit.parking import CallLater, Parked, Timer
from emulator.kit.service import Item, Role
from emulator.storage import Transaction

log = logging.getLogger("stepwell.work")

SHORTLY = 0.02  # seconds until a second look for what could not be claimed


class Hands(Protocol):
    """Who takes what is claimed."""

    def ready(self, item: Item) -> None:
        """An item is ours and committed."""

    def busy(self, account: str) -> int:
        """How many items of the account are in hand."""

    def spare(self) -> int:
        """How many items may be claimed now."""


class Alarms:
    """The timers of the accounts of one process. Its methods are called on the loop thread."""

    def __init__(self, house: House, call_later: CallLater, hands: Hands) -> None:
        self._house = house
        self._call_later = call_later
        self._hands = hands
        self._timers: dict[str, tuple[int, Timer]] = {}
        self._claiming: dict[str, bool] = {}  # accounts; whether to look once more after that
        self._asked: set[str] = set()  # accounts of which somebody wants to know when that is over
        self._stopped = False

    def scheduled(self, account: str, due: int, role: Role) -> None:
        """An item for later, or for another process, was committed."""
        if role in self._house.work.roles:
            self.arm(account, due)
        elif self._house.tell is not None:
            moment = 0 if self._delay(account, due) == 0 else due
            self._house.tell(f"work.{role}", {"account": account, "due": moment})

    def parked(self, parked: Parked) -> None:
        """A request waits: mind its own moment, and let time jump for it if nothing else is going on."""
        if parked.wake_at is not None:
            self.arm(parked.account, parked.wake_at)
        if parked.skip_until is not None and not self._hands.busy(parked.account):
            self._call_later(0, lambda: self._jump(parked.account))

    def arm(self, account: str, due: int) -> None:
        """See to it that the account is looked at when its time is `due`."""
        known = self._timers.get(account)
        if known is not None and known[0] <= due:
            return
        if known is not None:
            known[1].cancel()
        delay = self._delay(account, due)
        if delay is None:
            self._timers.pop(account, None)
            return
        self._timers[account] = (due, self._call_later(delay, lambda: self.look_at(account)))

    def _delay(self, account: str, due: int) -> float | None:
        """Seconds until the account's time is `due`, 0 where it may be already; None while it stands still."""
        time, wall = self._house.accounts.last_known(account), self._house.wall.micros()
        if time is None or time.emulated(wall) >= due:
            return 0
        moment = time.wall(due)
        return None if moment is None else max(0, moment - wall) / 1e6

    def time_changed(self, account: str) -> None:
        """The account's time jumped or changes its pace: timers set by the old time are void."""
        known = self._timers.pop(account, None)
        if known is not None:
            known[1].cancel()
        self.look_at(account)

    def stop(self) -> None:
        """Look at nothing any more."""
        self._stopped = True
        for _, timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def look_at(self, account: str) -> None:
        """Claim what is due of the account, wake what waited for this moment, and set the next timer."""
        if self._stopped:
            return
        self._timers.pop(account, None)
        if account in self._claiming:
            self._claiming[account] = True
            return
        self._claiming[account] = False
        most = self._hands.spare()

        def unit(tx: Transaction) -> tuple[int, list[Item], int | None]:
            now = self._house.accounts.now(tx, account)
            items = self._house.work.claim_due(tx, account, now, most) if most else []
            return now, items, self._house.work.next_due_here(tx, account)

        def claimed(answer: tuple[int, list[Item], int | None] | BaseException) -> None:
            anew = self._claiming.pop(account)
            if isinstance(answer, BaseException):
                log.error("could not claim work of %s: %s", account, answer, exc_info=answer)
                self._call_later(1.0, lambda: self.look_at(account))
                return
            self._claimed(account, *answer)
            if anew:
                self.look_at(account)
            elif account in self._asked:
                self._asked.discard(account)
                self._call_later(0, lambda: self.rest(account))  # who waits for rest was told that there is none yet

        self._house.store.submit(unit, claimed, pool="work")

    def _claimed(self, account: str, now: int, items: list[Item], due: int | None) -> None:
        for item in items:
            self._hands.ready(item)
        self._house.parking.wake_due(account, now)
        if due is not None and due <= now and not items:
            # Others are about to take it, or our hands are full.
            moment, due = due, None
            self._call_later(SHORTLY, lambda: self.arm(account, moment))
        moments = [m for m in (due, self._house.parking.next_wake(account)) if m is not None]
        if moments:
            self.arm(account, min(moments))

    def claiming(self, account: str) -> bool:
        """Whether work of the account is being claimed: it is neither free nor in hand then. If so, rest is told of."""
        if account not in self._claiming:
            return False
        self._asked.add(account)
        return True

    def rest(self, account: str) -> None:
        """Nothing of the account is in hand: tell who waits for that, and let time jump for who still waits."""
        if not self._stopped and not self._hands.busy(account):
            self._house.wake(f"idle:{account}")
            self._jump(account)

    def _jump(self, account: str) -> None:
        """Move the account's time to what is next, if one of its waiters asked for it and nothing is going on."""
        if self._stopped or self._hands.busy(account):
            return
        if self.claiming(account):
            return  # not now: what is being claimed is due, but neither free nor in hand
        limit, wake = self._house.parking.skip_until(account), self._house.parking.next_wake(account)
        if limit is None:
            return

        def unit(tx: Transaction) -> bool:
            if not tx.exclusive and self._house.work.claimed(tx, account):
                return False
            now = self._house.accounts.now(tx, account)
            due = self._house.work.next_due(tx, account)
            moments = [m for m in (due, wake, limit) if m is not None]
            target = min(moments)
            if target > now:
                time = self._house.accounts.time(tx, account)
                self._house.accounts.set(tx, account, time.moved_to(target, self._house.wall.micros()))
            return tx.exclusive or target > now

        def jumped(answer: bool | BaseException) -> None:
            if isinstance(answer, BaseException):
                log.error("could not move the time of %s: %s", account, answer, exc_info=answer)
                return
            if answer:
                self._house.time_changed(account)

        self._house.store.submit(unit, jumped, pool="work")

"""Who does the work of a process: what is due is claimed, run in slices, performed outside, and finished."""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Callable, Mapping
from typing import Any

from emulator.clock import from_micros
from emulator.errors import AwsError
from emulator.kit.alarms import Alarms
from emulator.kit.context import Context, Origin
from emulator.kit.house import House
from emulator.kit.parking import CallLater, Parked
from emulator.kit.results import Again, Done, Outside, Sleep
from emulator.kit.service import Item, Kind
from emulator.storage import Transaction

log = logging.getLogger("stepwell.work")

# What is left to do with an item after its transaction.
Left = Outside | Sleep | None

# An effect and what hears its outcome, on the loop, exactly once.
Performer = Callable[[Any, Callable[[Any], None]], None]

SLICE = 2_000  # microseconds of the loop that one run of work may take (docs/decisions/0001)
BATCH = 200
AT_ONCE = 32  # items in the store's pool at a time, where it has one
IN_HAND = 64  # items claimed and not yet begun, where other processes could do them as well
BACK_OFF = (1, 2, 4, 8, 16, 32, 60, 120, 300)  # seconds, after a mistake of ours


class Gone(Exception):
    """The item's row was deleted meanwhile: it was cancelled, or another process did it."""


def _accounts(item: Item) -> tuple[str, ...]:
    """Whose time must not jump while the item is in hand: its account, and the one that hears the answer (Reply)."""
    reply = item.payload.get("reply")
    asker = reply["account"] if reply else ""
    return (item.account, asker) if asker not in ("", item.account) else (item.account,)


class Runner:
    """Runs the items of this process. Its methods are called on the loop thread."""

    def __init__(self, house: House, call_later: CallLater, performers: Mapping[type, Performer]) -> None:
        self._house = house
        self._call_later = call_later
        self._performers = performers
        self._ready: deque[tuple[Item, Callable[[Transaction, Item], Left]]] = deque()
        self._pumping = False
        self._running = 0
        self._busy: Counter[str] = Counter()
        self._sleeping: dict[int, Parked] = {}
        self._looked = False
        self._held = False
        self._stepped: Callable[[], None] | None = None
        self._stopped = False
        self.alarms = Alarms(house, call_later, self)
        house.work.runner, house.work.alarms = self, self.alarms

    # -- what tells us that there is work

    def ready(self, item: Item) -> None:
        """An item that is already ours and committed."""
        self._take(item, self._lose if item.started else self._run)

    def recover(self, lost: str) -> None:
        """Take over what a process that is no more had in hand: what it had started outside counts as lost."""

        def taken(answer: list[Item] | BaseException) -> None:
            if isinstance(answer, BaseException):
                log.error("could not take over the work of %s: %s", lost, answer, exc_info=answer)
                return
            for item in answer:
                self._take(item, self._lose)
            self.look()

        self._house.store.submit(lambda tx: self._house.work.take_over(tx, lost), taken, pool="work")

    def look(self) -> None:
        """Look for work in every account that has some, hints or not."""
        if self._stopped:
            return

        def seen(answer: list[str] | BaseException) -> None:
            if isinstance(answer, BaseException):
                log.error("could not look for work: %s", answer, exc_info=answer)
                return
            for account in answer:
                self.alarms.look_at(account)

        self._house.store.submit(self._waiting, seen, pool="work")

    def _waiting(self, tx: Transaction) -> list[str]:
        """The accounts with work; at the first look what slept in an earlier process is up again."""
        if not self._looked:
            self._house.work.rouse(tx)
            tx.after_commit(self._has_looked)
        return self._house.work.accounts_waiting(tx)

    def _has_looked(self) -> None:
        self._looked = True

    def stop(self) -> None:
        """Begin nothing more; what is unfinished stays a row."""
        self._stopped = True
        self._ready.clear()
        self._sleeping.clear()
        self.alarms.stop()

    def busy(self, account: str) -> int:
        """How many items are in hand that are the account's or answer it, those performed outside included."""
        return self._busy[account]

    def spare(self) -> int:
        """How many items may be claimed now: where others could do them as well, no more than we shall soon do."""
        if self._house.store.exclusive:
            return BATCH
        return max(0, IN_HAND - len(self._ready) - self._running)

    def hold(self) -> None:
        """From now on begin nothing but by `step`."""
        self._held = True

    def step(self, done: Callable[[], None]) -> bool:
        """Do one item, the first that is due; `done` is called when it is over. False: none is due."""
        if not self._ready:
            return False
        self._stepped = done
        self._begin(*self._ready.popleft())
        return True

    # -- the pump

    def _take(self, item: Item, how: Callable[[Transaction, Item], Left]) -> None:
        for account in _accounts(item):
            self._busy[account] += 1
        self._ready.append((item, how))
        self._pump_soon()

    def _pump_soon(self) -> None:
        if not self._pumping and not self._stopped:
            self._pumping = True
            self._call_later(0, self._pump)

    def _pump(self) -> None:
        self._pumping = False
        if self._stopped or self._held:
            return
        wall = self._house.wall
        until = wall.micros() + SLICE
        ready = self._ready
        while ready and self._running < AT_ONCE * (10_000 if self._house.store.exclusive else 1):
            self._begin(*ready.popleft())
            if wall.micros() >= until:
                break
        if ready:
            self._pump_soon()

    def _begin(self, item: Item, how: Callable[[Transaction, Item], Left]) -> None:
        self._running += 1
        self._submit(item, how)

    def _submit(self, item: Item, how: Callable[[Transaction, Item], Left]) -> None:
        since = self._house.parking.sequence
        self._house.store.submit(
            lambda tx: how(tx, item),
            lambda answer: self._did(item, answer, since),
            pool="work",
        )

    def _context(self, tx: Transaction, item: Item) -> Context:
        return Context(
            self._house,
            tx,
            item.account,
            item.region,
            Origin(item.trace_id, item.cause),
            request_id=item.trace_id,
        )

    def _run(self, tx: Transaction, item: Item) -> Left:
        kind = self._house.directory.kind(item.kind)
        return self._settle(tx, item, kind.run(self._context(tx, item), item))

    def _lose(self, tx: Transaction, item: Item) -> Left:
        kind = self._house.directory.kind(item.kind)
        lost = kind.lost or kind.run
        return self._settle(tx, item, lost(self._context(tx, item), item))

    def _finish(self, tx: Transaction, item: Item, kind: Kind, outcome: Any) -> Left:
        assert kind.finish is not None
        return self._settle(tx, item, kind.finish(self._context(tx, item), item, outcome))

    def _fail(
        self, tx: Transaction, item: Item, failed: Callable[[Context, Item, AwsError], Done], error: AwsError
    ) -> Left:
        try:
            return self._settle(tx, item, failed(self._context(tx, item), item, error))
        except AwsError as second:
            raise RuntimeError(f"{second} while dealing with {error}") from second

    def _settle(self, tx: Transaction, item: Item, done: Done) -> Left:
        work = self._house.work
        if isinstance(done, Outside):
            if not work.start(tx, item):
                raise Gone
            return done
        if isinstance(done, Sleep):
            if not work.sleep(tx, item, done):
                raise Gone
            return done
        if not (work.postpone(tx, item, done) if isinstance(done, Again) else work.remove(tx, item)):
            raise Gone
        return None

    def _did(self, item: Item, answer: Left | BaseException, since: int) -> None:
        self._running -= 1
        if isinstance(answer, Outside):
            self._perform(item, answer)
        elif isinstance(answer, Sleep):
            self._lay(item, answer, since)
        elif isinstance(answer, AwsError) and (failed := self._house.directory.kind(item.kind).failed):
            error = answer
            self._begin(item, lambda tx, item: self._fail(tx, item, failed, error))
        elif isinstance(answer, BaseException) and not isinstance(answer, Gone):
            self._mistake(item, answer)
        else:
            self._put_down(item)
        if self._ready:
            self._pump_soon()

    def _lay(self, item: Item, sleep: Sleep, since: int) -> None:
        """The item sleeps, its row already unclaimed; it read the store when the wakes had come to `since`."""
        known = self._sleeping.pop(item.id, None)
        if known is not None:
            self._house.parking.leave(known)
        parked = Parked(item.account, sleep.keys, lambda expired: self._woken(item, expired), counted=False)
        self._sleeping[item.id] = parked
        self._house.parking.park(parked, None, since)
        # After the call that `park` asked for, if one of the keys was woken meanwhile: the account is not at rest then.
        self._call_later(0, lambda: self._put_down(item))

    def _woken(self, item: Item, expired: bool) -> None:
        """One of the keys of a sleeping item was woken: take it up, unless it is gone or up already."""
        self._sleeping.pop(item.id, None)
        if expired or self._stopped:
            return
        self._busy[item.account] += 1

        def claimed(answer: Item | BaseException | None) -> None:
            if isinstance(answer, BaseException):
                log.error("could not wake work %s of %s: %s", item.kind, item.account, answer, exc_info=answer)
                self._call_later(1.0, lambda: self._woken(item, False))
            elif answer is not None:
                self.ready(answer)
            self._release(item.account)

        self._house.store.submit(lambda tx: self._house.work.claim(tx, item.id), claimed, pool="work")

    def _perform(self, item: Item, outside: Outside) -> None:
        if self._stopped:
            return
        kind = self._house.directory.kind(item.kind)

        def finished(outcome: Any) -> None:
            if not self._stopped:
                self._begin(item, lambda tx, item: self._finish(tx, item, kind, outcome))

        try:
            self._performers[type(outside.effect)](outside.effect, finished)
        except Exception as error:
            self._mistake(item, error, untouched=True)

    def _mistake(self, item: Item, error: BaseException, *, untouched: bool = False) -> None:
        """A bug of ours or a broken store: say so, keep the item, try it again later.

        What was started outside stays started, unless it is known to have been left `untouched`.
        """
        if self._stopped:
            return
        log.error("work %s of %s failed: %s", item.kind, item.account, error, exc_info=error)
        seconds = BACK_OFF[min(item.attempts, len(BACK_OFF) - 1)]

        def unit(tx: Transaction) -> None:
            now = self._house.accounts.now(tx, item.account)
            due = now + seconds * 1_000_000
            if untouched:
                self._house.work.postpone(tx, item, Again(from_micros(due)))
            else:
                self._house.work.delay(tx, item, due)

        def postponed(answer: BaseException | None) -> None:
            if isinstance(answer, BaseException):
                self._call_later(seconds, lambda: self._mistake(item, answer, untouched=untouched))
                return
            self._put_down(item)

        self._house.store.submit(unit, postponed, pool="work")

    def _put_down(self, item: Item) -> None:
        for account in _accounts(item):
            self._release(account)

    def _release(self, account: str) -> None:
        self._busy[account] -= 1
        if self._stepped is not None:
            self._call_later(0, self._stepped)
            self._stepped = None
        if self._busy[account] <= 0:
            del self._busy[account]
            # Where units run in threads, a request that is about to wait may have seen this item still there.
            if self._house.parking.watches(account) or not self._house.store.exclusive:
                self._call_later(0, lambda: self.alarms.rest(account))
            else:
                self._house.parking.wake(f"idle:{account}")  # nobody yet: for who has read and is about to park

"""The other processes of the house: hints over the broker, signs of life, and what the dead had in hand."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from emulator.broker import Broker
from emulator.errors import EmulatorError
from emulator.kit.house import House
from emulator.kit.parking import CallLater, Timer
from emulator.kit.runner import Runner
from emulator.storage import Transaction

log = logging.getLogger("stepwell.neighbours")

BEAT = 2.0  # seconds between two signs of life, and between two looks for work that no hint told of
DEAD_AFTER = 10.0  # seconds without one
LOOK_AGAIN = 3  # beats after which a parked request looks for itself, should a hint have been lost
PAUSE = 0.005  # seconds between two lots of hints: the first goes at once, those that follow together


class Neighbours:
    """This process among others on the same store. The database is the truth; a hint only saves waiting.

    Work is hinted to one process of its role, wakes and changed clocks to everyone. A lost hint costs a beat,
    a lost wake `LOOK_AGAIN` beats. `broker` is empty for a house of one process. Used on the loop thread.
    """

    def __init__(
        self,
        house: House,
        runner: Runner,
        broker: str,
        call_later: CallLater,
        on_loop: Callable[[Callable[[], None]], None],
    ) -> None:
        self._house = house
        self._runner = runner
        self._url = broker
        self._call_later = call_later
        self._on_loop = on_loop
        self._broker: Broker | None = None
        self._beats = 0
        self._timer: Timer | None = None
        self._stopped = False
        self._hints: dict[tuple[str, str], dict[str, Any]] = {}
        self._sending: Timer | None = None

    def join(self) -> None:
        """Give the first sign of life and listen to the others: to be called before anything is served."""
        self._house.store.run(self._sign)
        if not self._url:
            return
        self._broker = Broker(self._url)
        kinds = [f"work.{role}" for role in sorted(self._house.work.roles)]
        self._broker.subscribe(kinds, self._heard, everyone=("wake", "clock"))
        self._house.tell = self._tell

    def start(self) -> None:
        """Take up what lies there, and go on beating."""
        self._beat()

    def stop(self) -> None:
        """No more signs of life; what this process had claimed is free for the others at once."""
        self._stopped = True
        if self._timer is not None:
            self._timer.cancel()
        try:
            self._house.store.run(self._house.work.forget_me)
        except EmulatorError as error:
            log.warning("the others will find out by themselves that this process ended: %s", error)
        if self._broker is not None:
            self._send()
            self._broker.close()

    # -- hints

    def _tell(self, kind: str, body: dict[str, Any]) -> None:
        """Send a hint with the next lot; the same one twice is one, and of two moments the earlier counts."""
        key = (kind, body.get("key") or body["account"])
        known = self._hints.get(key)
        if known is None or body.get("due", 0) < known.get("due", 0):
            self._hints[key] = {**body, "by": self._house.work.owner}
        if self._sending is None:
            self._sending = self._call_later(0, self._send)

    def _send(self) -> None:
        hints, self._hints = self._hints, {}
        self._sending = self._call_later(PAUSE, self._send) if hints else None
        if self._broker is None:
            return
        for (kind, _), body in hints.items():
            self._broker.publish(kind, body, everyone=kind in ("wake", "clock"))

    def _heard(self, kind: str, body: dict[str, Any]) -> None:
        """A hint, in a thread of the broker's."""
        if body["by"] == self._house.work.owner:
            return
        if kind == "wake":
            self._on_loop(lambda: self._house.parking.wake(body["key"]))
        elif kind == "clock":
            self._on_loop(lambda: self._clock_changed(body["account"]))
        else:
            self._on_loop(lambda: self._runner.alarms.arm(body["account"], body["due"]))

    def _clock_changed(self, account: str) -> None:
        self._house.accounts.forget(account)
        self._runner.alarms.time_changed(account)

    # -- signs of life

    def _sign(self, tx: Transaction) -> list[str]:
        return self._house.work.beat(tx, self._house.wall.micros(), DEAD_AFTER)

    def _beat(self) -> None:
        self._house.store.submit(self._sign, self._beaten, pool="work")

    def _beaten(self, lost: list[str] | BaseException) -> None:
        if self._stopped:
            return
        if isinstance(lost, BaseException):
            log.error("no sign of life could be given: %s", lost)
            lost = []
        for owner in lost:
            self._runner.recover(owner)
        self._runner.look()
        self._beats += 1
        if self._broker is not None and self._beats % LOOK_AGAIN == 0:
            self._house.parking.look_again()
        self._timer = self._call_later(BEAT, self._beat)

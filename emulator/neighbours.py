"""The other processes of the house: hints over the broker, signs of life, and what the dead had in hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emulator.broker import Broker
from emulator.kit.house import House
from emulator.kit.parking import CallLater, Timer
from emulator.kit.runner import Runner
from emulator.storage import Transaction

BEAT = 2.0  # seconds between two signs of life, and between two looks for work that no hint told of
DEAD_AFTER = 10.0  # seconds without one


class Neighbours:
    """This process among others. The database is the truth; a hint that is lost costs at most a beat."""

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
        self._timer: Timer | None = None

    def start(self) -> None:
        """Connect, listen, and give the first sign of life."""
        self._broker = Broker(self._url)
        self._broker.subscribe((), self._heard, everyone=("wake", "work", "clock"))
        broker = self._broker
        self._house.tell = lambda kind, body: broker.publish(kind, body, everyone=True)
        self._beat()

    def stop(self) -> None:
        """No more signs of life; what this process had claimed is free for the others at once."""
        if self._timer is not None:
            self._timer.cancel()
        self._house.store.run(self._house.work.forget_me)
        if self._broker is not None:
            self._broker.close()

    def _heard(self, kind: str, body: dict[str, Any]) -> None:
        if kind == "wake":
            self._on_loop(lambda: self._house.parking.wake(body["key"]))
        elif kind == "clock":
            self._on_loop(lambda: self._clock_changed(body["account"]))
        elif body["role"] in self._house.work.roles:
            self._on_loop(lambda: self._runner.arm(body["account"], body["due"]))

    def _clock_changed(self, account: str) -> None:
        self._house.accounts.forget(account)
        self._runner.time_changed(account)

    def _beat(self) -> None:
        def unit(tx: Transaction) -> list[str]:
            return self._house.work.beat(tx, self._house.wall.micros(), DEAD_AFTER)

        def beaten(answer: list[str] | BaseException) -> None:
            if isinstance(answer, list):
                for owner in answer:
                    self._runner.recover(owner)
            self._runner.look()
            self._timer = self._call_later(BEAT, self._beat)

        self._house.store.submit(unit, beaten, pool="work")

"""A house of one process with a store in memory, its timers in the test's hands."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from emulator.clock import FrozenClock
from emulator.kit import delivery
from emulator.kit.accounts import Accounts
from emulator.kit.context import Context, Origin
from emulator.kit.directory import Directory
from emulator.kit.house import SCHEMA, House
from emulator.kit.parking import Parking
from emulator.kit.runner import Runner
from emulator.kit.service import Kind
from emulator.kit.work import SQL, Work
from emulator.storage import Queries, open_sqlite

ACCOUNT = "111111111111"
TEXTS = Queries.parse(
    """
-- name: leave
INSERT INTO attempts (account, region, trace_id, cause, target, at, attempt, outcome, wall)
VALUES ('texts', '', '', '', :text, 0, 0, '', 0)
-- name: left
SELECT target FROM attempts WHERE account = 'texts' ORDER BY id
"""
)


class Timers:
    """Callbacks for later, called when the test lets wall time pass."""

    def __init__(self, wall: FrozenClock) -> None:
        self._wall = wall
        self._order = itertools.count()
        self._queue: list[tuple[int, int, Timer]] = []

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        timer = Timer(callback)
        due = self._wall.micros() + int(seconds * 1_000_000)
        heapq.heappush(self._queue, (due, next(self._order), timer))
        return timer

    def step(self) -> bool:
        """Call the one callback that is due first; False where none is due now."""
        if not self._queue or self._queue[0][0] > self._wall.micros():
            return False
        heapq.heappop(self._queue)[2].call()
        return True

    def settle(self, rounds: int = 1_000) -> None:
        """Call what is due now, and what that asks for now."""
        for _ in range(rounds):
            if not self.step():
                return
        raise AssertionError("there is always something more to do now")

    def pass_time(self, seconds: float) -> None:
        """Let wall time pass, calling what becomes due on the way."""
        end = self._wall.micros() + int(seconds * 1_000_000)
        self.settle()
        while self._queue and self._queue[0][0] <= end:
            step = self._queue[0][0] - self._wall.micros()
            self._wall.advance(timedelta(microseconds=max(0, step)))
            self.settle()
        self._wall.advance(timedelta(microseconds=end - self._wall.micros()))


class Timer:
    def __init__(self, callback: Callable[[], None]) -> None:
        self._callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        self._callback = None

    def call(self) -> None:
        if self._callback is not None:
            self._callback()


class Workshop:
    """The house, its runner, and kinds of work that the test defines."""

    def __init__(self, folder: Path) -> None:
        self.wall = FrozenClock()
        self.timers = Timers(self.wall)
        self.directory = Directory(())
        self.directory.add_kinds(delivery.KINDS)
        store = open_sqlite(":memory:")
        store.migrate([("kit", SCHEMA)])
        roles = frozenset(("gateway", "runner", "router", "functions"))
        self.house = House(
            store=store,
            blobs=None,  # type: ignore[arg-type]
            directory=self.directory,
            wall=self.wall,
            accounts=Accounts(self.wall),
            work=Work("me", roles, self.directory),  # type: ignore[arg-type]
            parking=Parking(self.timers.call_later),
            data=folder,
            endpoint="http://127.0.0.1:4566",
        )
        self.performed: list[tuple[Any, Callable[[Any], None]]] = []
        self.runner = Runner(
            self.house,
            self.timers.call_later,
            {str: lambda effect, done: self.performed.append((effect, done))},
        )

    def kind(self, name: str, run: Any, **more: Any) -> str:
        self.directory.add_kinds([Kind(f"test.{name}", "runner", run, **more)])
        return f"test.{name}"

    def do(self, what: Callable[[Context], Any], account: str = ACCOUNT) -> Any:
        """Something inside a committed transaction of an account."""

        def unit(tx: Any) -> Any:
            return what(Context(self.house, tx, account, "us-east-1", Origin("1-trace", "test")))

        return self.house.store.run(unit)

    def add(self, kind: str, payload: dict[str, Any] | None = None, *, after: float | None = None, **more: Any) -> int:
        def unit(ctx: Context) -> int:
            return ctx.add_work(kind, payload or {}, due=None if after is None else ctx.after(after), **more)

        return self.do(unit, more.get("account", ACCOUNT))

    def rows(self, account: str = ACCOUNT) -> list[dict[str, Any]]:
        return [dict(row) for row in self.do(lambda ctx: ctx.tx.all(SQL.of_account, account=account, most=1_000))]

    def leave(self, ctx: Context, text: str) -> None:
        """Have a run of work leave a text in the store: it is there when the run was committed."""
        ctx.tx.execute(TEXTS.leave, text=text)

    def left(self) -> list[str]:
        """The texts that runs of work have left."""
        return [row["target"] for row in self.do(lambda ctx: ctx.tx.all(TEXTS.left))]

    def settle(self) -> None:
        self.timers.settle()


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    shop = Workshop(tmp_path)
    yield shop
    shop.house.store.close()


@pytest.fixture
def done() -> list[Any]:
    """What a test's work has done."""
    return []


@pytest.fixture
def wall() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def timers(wall: FrozenClock) -> Timers:
    return Timers(wall)

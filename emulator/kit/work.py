"""Rows of work: added with their cause, claimed by one process, gone when done."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import orjson

from emulator.clock import to_micros
from emulator.config import ROLES
from emulator.kit.results import Again, Sleep
from emulator.kit.service import Item, Role
from emulator.storage import Queries

if TYPE_CHECKING:
    from emulator.kit.context import Context
    from emulator.kit.directory import Directory
    from emulator.storage import Row, Transaction

SQL = Queries.load(Path(__file__).with_name("work.sql"))

NEVER = to_micros(datetime(9999, 1, 1, tzinfo=UTC))  # when work is due that only a wake will wake


class Runner(Protocol):
    """Who does the work of this process."""

    def ready(self, item: Item) -> None:
        """An item born claimed by this process is committed."""

    def busy(self, account: str) -> int:
        """How many items of an account are in hand."""


class Alarms(Protocol):
    """Who minds the time of accounts."""

    def scheduled(self, account: str, due: int, role: Role) -> None:
        """An item for later, or for another process, is committed."""

    def time_changed(self, account: str) -> None:
        """The account's time jumped or runs at another pace."""

    def claiming(self, account: str) -> bool:
        """Whether work of the account is being claimed: it is neither free nor in hand then. If so, rest is told of."""


def dump(payload: dict[str, Any]) -> str:
    """JSON text of a payload; user data keeps its numbers."""
    try:
        return orjson.dumps(payload).decode()
    except (TypeError, ValueError):
        return json.dumps(payload)


def item_of(row: Row) -> Item:
    """The item that a row of `work` holds."""
    return Item(
        row["id"],
        row["kind"],
        row["account"],
        row["region"],
        row["due"],
        row["attempts"],
        json.loads(row["payload"]),
        row["trace_id"],
        row["cause"],
        bool(row["started"]),
    )


class Work:
    """The table of work, as one process sees it. `owner` names this process, `roles` what it does."""

    def __init__(self, owner: str, roles: frozenset[Role], directory: Directory) -> None:
        self.owner = owner
        self.roles = roles
        self._does_all = roles == frozenset(ROLES)
        self.directory = directory
        self.runner: Runner | None = None
        self.alarms: Alarms | None = None

    def add(
        self,
        ctx: Context,
        kind: str,
        payload: dict[str, Any],
        *,
        due: datetime | int | None,
        key: str | None,
        account: str,
        region: str,
    ) -> int:
        """Insert an item. One that is due now is born claimed where this process has its role."""
        role = self.directory.kind(kind).role
        now = ctx.micros
        moment = now if due is None else due if isinstance(due, int) else to_micros(due)
        mine = due is None and role in self.roles
        id = ctx.tx.number(
            SQL.add,
            kind=kind,
            role=role,
            key=key,
            account=account,
            region=region,
            due=moment,
            payload=dump(payload),
            trace_id=ctx.origin.trace_id,
            cause=ctx.origin.cause,
            owner=self.owner if mine else None,
        )
        assert id is not None
        runner, alarms, origin = self.runner, self.alarms, ctx.origin
        if mine and runner is not None:
            item = Item(id, kind, account, region, moment, 0, payload, origin.trace_id, origin.cause)
            ctx.tx.after_commit(lambda: runner.ready(item))
        elif not mine and alarms is not None:
            ctx.tx.after_commit(lambda: alarms.scheduled(account, moment, role))
        return id

    def cancel(self, ctx: Context, kind: str, key: str) -> bool:
        """Delete an item that has not begun; items already in this process's hands find their row gone."""
        return ctx.tx.execute(SQL.cancel, kind=kind, key=key) > 0

    def remove(self, tx: Transaction, item: Item) -> bool:
        """The item is done. False when it is not ours any more: cancelled, or another process took it over."""
        return tx.execute(SQL.remove, id=item.id, owner=self.owner) > 0

    def start(self, tx: Transaction, item: Item) -> bool:
        """The item is about to be performed outside. False when it is not ours any more."""
        return tx.execute(SQL.mark_started, id=item.id, owner=self.owner) > 0

    def postpone(self, tx: Transaction, item: Item, again: Again) -> bool:
        """The item is to be done again from its beginning, as `again` says. False when it is not ours any more."""
        due = to_micros(again.due)
        payload = item.payload if again.payload is None else again.payload
        kept = tx.execute(SQL.postpone, id=item.id, due=due, payload=dump(payload), owner=self.owner) > 0
        return self._scheduled(tx, item, due, kept)

    def sleep(self, tx: Transaction, item: Item, sleep: Sleep) -> bool:
        """The item rests unclaimed until its moment, or until `claim` takes it. False when it is not ours any more."""
        due = NEVER if sleep.wake_at is None else to_micros(sleep.wake_at)
        kept = tx.execute(SQL.sleep, id=item.id, due=due, owner=self.owner) > 0
        return kept if due == NEVER else self._scheduled(tx, item, due, kept)

    def rouse(self, tx: Transaction) -> None:
        """Make due all work that sleeps: the process that would have heard its keys may be no more."""
        tx.execute(SQL.rouse)

    def claim(self, tx: Transaction, id: int) -> Item | None:
        """Claim one item whenever it is due; None where it is gone, or already in somebody's hands."""
        row = tx.one(SQL.claim, id=id, owner=self.owner)
        return None if row is None else item_of(row)

    def delay(self, tx: Transaction, item: Item, due: int) -> bool:
        """The same item once more at `due`, in microseconds of its account's time; started is started."""
        return self._scheduled(tx, item, due, tx.execute(SQL.delay, id=item.id, due=due, owner=self.owner) > 0)

    def _scheduled(self, tx: Transaction, item: Item, due: int, kept: bool) -> bool:
        alarms = self.alarms
        if alarms is not None and kept:
            role = self.directory.kind(item.kind).role
            tx.after_commit(lambda: alarms.scheduled(item.account, due, role))
        return kept

    def claim_due(self, tx: Transaction, account: str, now: int, most: int) -> list[Item]:
        """Claim what is due of an account for this process, the oldest first."""
        if self._does_all:
            rows = tx.all(SQL.claim_due, owner=self.owner, account=account, now=now, most=most)
        else:
            rows = tx.all(
                SQL.claim_due_of_roles, owner=self.owner, account=account, now=now, roles=[*self.roles], most=most
            )
        return sorted((item_of(row) for row in rows), key=lambda item: (item.due, item.id))

    def next_due(self, tx: Transaction, account: str) -> int | None:
        """When the account's next unclaimed item is due, in microseconds of its time."""
        row = tx.one(SQL.next_due, account=account)
        return None if row is None or row["due"] >= NEVER else int(row["due"])

    def next_due_here(self, tx: Transaction, account: str) -> int | None:
        """The same of the items that this process may do."""
        if self._does_all:
            return self.next_due(tx, account)
        row = tx.one(SQL.next_due_of_roles, account=account, roles=[*self.roles])
        return None if row is None or row["due"] >= NEVER else int(row["due"])

    def owners(self, tx: Transaction) -> list[str]:
        """The processes that have claimed work."""
        return [row["owner"] for row in tx.all(SQL.owners)]

    def beat(self, tx: Transaction, wall: int, dead_after: float) -> list[str]:
        """Give a sign of life; the owners of work that have given none for `dead_after` seconds."""
        tx.execute(SQL.see_process, name=self.owner, roles=",".join(sorted(self.roles)), seen=wall)
        living = {row["name"] for row in tx.all(SQL.living_processes, since=wall - int(dead_after * 1e6))}
        return [owner for owner in self.owners(tx) if owner not in living]

    def forget_me(self, tx: Transaction) -> None:
        """This process ends: what it had not begun is free; what it had started is lost, as after a crash."""
        self._free(tx, self.owner)

    def accounts_waiting(self, tx: Transaction) -> list[str]:
        """The accounts that have unclaimed work of our roles."""
        return [row["account"] for row in tx.all(SQL.accounts_with_work, roles=[*self.roles])]

    def claimed(self, tx: Transaction, account: str) -> bool:
        """Whether some process has an item of the account in hand."""
        row = tx.one(SQL.count_claimed, account=account)
        return row is not None and row["claimed"] > 0

    def take_over(self, tx: Transaction, owner: str) -> list[Item]:
        """Free what a lost process had claimed; returns the items of our roles that it had started, now ours."""
        self._free(tx, owner)
        rows = tx.all(SQL.inherit, owner=owner, heir=self.owner, roles=[*self.roles])
        return [item_of(row) for row in rows]

    def _free(self, tx: Transaction, owner: str) -> None:
        """Let others have what a process had claimed and not begun, and wake what it would have woken."""
        tx.execute(SQL.free_claimed, owner=owner)
        tx.execute(SQL.forget_process, name=owner)
        self.rouse(tx)

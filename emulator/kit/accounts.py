"""The time of each account: a row that survives a restart, and the jumps it may make."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from emulator.clock import AccountTime, WallClock
from emulator.storage import Queries

if TYPE_CHECKING:
    from emulator.storage import Transaction

SQL = Queries.load(Path(__file__).with_name("accounts.sql"))


class Accounts:
    """Emulated time per account, read through a cache that is exact where this process is the only writer."""

    def __init__(self, wall: WallClock) -> None:
        self._wall = wall
        self._known: dict[str, AccountTime] = {}

    def now(self, tx: Transaction, account: str) -> int:
        """The account's time in microseconds."""
        return self.time(tx, account).emulated(self._wall.micros())

    def time(self, tx: Transaction, account: str) -> AccountTime:
        """How the account's time follows from wall time; plain real time for an account never seen."""
        known = self._known.get(account)
        if known is not None and tx.exclusive:
            return known
        row = tx.one(SQL.find_account, account=account)
        found = AccountTime(row["mode"], row["scale"], row["wall_anchor"], row["anchor"]) if row else AccountTime()
        self._known[account] = found
        return found

    def last_known(self, account: str) -> AccountTime | None:
        """The account's time as last read or set; for timers only, which check again when they fire."""
        return self._known.get(account)

    def set(self, tx: Transaction, account: str, value: AccountTime) -> None:
        """Give the account another time, mode or scale from now on."""
        tx.execute(
            SQL.put_account,
            account=account,
            mode=value.mode,
            scale=value.scale,
            wall_anchor=value.wall_anchor,
            anchor=value.anchor,
        )
        self._known[account] = value
        tx.after_rollback(lambda: self.forget(account))

    def forget(self, account: str) -> None:
        """Read the account's row anew next time: another process changed it, or a transaction was rolled back."""
        self._known.pop(account, None)

"""The store on SQLite: one writer, units inline on the loop's thread, one commit a tick of the loop."""

import asyncio
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn, TypeVar, cast

from emulator.clock import SystemClock
from emulator.storage import dialects, migrations
from emulator.storage.callbacks import call
from emulator.storage.port import Row, StoreError, Transaction
from emulator.storage.queries import Query, by_query
from emulator.storage.sqlite_connections import connect, failure_of, refusal_of, with_lists

T = TypeVar("T")

QUIET = 0.1  # seconds without a call after which what is in the WAL goes into the database
LOOKS = 10  # without a commit after which it goes there all the same
CALLS = 64  # run in one tick
CHANGES = 500  # rows changed before that is worth the two or three times that the disk is waited for

_DRIVER_ERRORS = (sqlite3.Error, OverflowError, UnicodeEncodeError)


class SqliteTransaction:
    """One unit's view of the tick's transaction; its savepoint opens before its first writing statement."""

    __slots__ = (
        "_appended",
        "_broken",
        "_committed",
        "_depth",
        "_opened",
        "_rolled_back",
        "_run",
        "_savepoint",
        "_store",
    )

    exclusive = True

    def __init__(self, store: "SqliteStore") -> None:
        self._store = store
        self._run: Callable[[str, Any], sqlite3.Cursor] = store._execute
        self._opened = False
        self._savepoint = False
        self._depth = 0
        self._broken: BaseException | None = None
        self._appended: list[tuple[Query, dict[str, Any]]] | None = None
        self._committed: list[Callable[[], object]] | None = None
        self._rolled_back: list[Callable[[], object]] | None = None

    def execute(self, query: Query, /, **params: Any) -> int:
        if query.writes and not self._opened:
            self._open()
        if query.lists:
            params = with_lists(query, params)
        try:
            cursor = self._run(query.sqlite, query.values(params))
            # A RETURNING statement is over, and COMMIT possible, only when its rows have been fetched.
            return len(cursor.fetchall()) if query.returns else cursor.rowcount
        except _DRIVER_ERRORS as error:
            self._refuse(query, error)

    def one(self, query: Query, /, **params: Any) -> Row | None:
        if query.writes and not self._opened:
            self._open()
        if query.lists:
            params = with_lists(query, params)
        try:
            cursor = self._run(query.sqlite, query.values(params))
            if not query.returns:
                return cast("Row | None", cursor.fetchone())
            rows = cursor.fetchall()
            return rows[0] if rows else None
        except _DRIVER_ERRORS as error:
            self._refuse(query, error)

    def all(self, query: Query, /, **params: Any) -> list[Row]:
        if query.writes and not self._opened:
            self._open()
        if query.lists:
            params = with_lists(query, params)
        try:
            return self._run(query.sqlite, query.values(params)).fetchall()
        except _DRIVER_ERRORS as error:
            self._refuse(query, error)

    def many(self, query: Query, params: Sequence[Mapping[str, Any]], /) -> None:
        if query.writes and not self._opened:
            self._open()
        if self._broken is not None:
            raise self._broken
        try:
            self._store._connection.executemany(query.sqlite, map(query.values, params))
        except _DRIVER_ERRORS as error:
            self._refuse(query, error)

    def number(self, query: Query, /, **params: Any) -> int | None:
        if not query.numbers:
            raise ValueError(f"{query.name} does not return the number of a row it inserts")
        if not self._opened:
            self._open()
        try:
            # The driver tells the number by itself, in a sixth less time than RETURNING takes.
            cursor = self._run(query.sqlite_insert, query.values(params))
            return cursor.lastrowid if cursor.rowcount else None
        except _DRIVER_ERRORS as error:
            self._refuse(query, error)

    def append(self, query: Query, /, **params: Any) -> None:
        if not self._opened:
            self._open()
        if self._appended is None:
            self._appended = []
        self._appended.append((query, params))

    def savepoint(self) -> "_Savepoint":
        return _Savepoint(self)

    def after_commit(self, callback: Callable[[], object], /) -> None:
        if self._committed is None:
            self._committed = []
        self._committed.append(callback)

    def after_rollback(self, callback: Callable[[], object], /) -> None:
        if self._rolled_back is None:
            self._rolled_back = []
        self._rolled_back.append(callback)

    def _open(self) -> None:
        if self._store._dirty:
            self._run("SAVEPOINT unit", ())
            self._savepoint = True
        else:
            # Nothing is uncommitted: the transaction itself is what this unit can be rolled back to.
            try:
                self._run("BEGIN IMMEDIATE", ())
            except sqlite3.Error as error:
                raise failure_of(error) from error
            self._store._dirty = True
        self._opened = True

    def _refuse(self, query: Query | str, error: Exception) -> NoReturn:
        """Raise what `error` is at the port; from now on the unit cannot succeed (PostgreSQL has it so)."""
        refusal: Exception = refusal_of(query, error)
        if self._opened and not self._store._connection.in_transaction:
            # SQLite undoes the whole transaction by itself when the disk is full or fails.
            refusal = failure_of(error)
        self._broken = refusal
        self._run = self._refuse_all
        raise refusal from error

    def define(self, statements: Sequence[str]) -> None:
        """Run the statements of a schema, already in SQLite's dialect (see `migrations`)."""
        if not self._opened:
            self._open()
        for statement in statements:
            try:
                self._run(statement, ())
            except _DRIVER_ERRORS as error:
                self._refuse(statement, error)

    def _refuse_all(self, _sql: str, _params: Any, /) -> NoReturn:
        assert self._broken is not None
        raise self._broken


class _Savepoint:
    """A part of a unit that can be undone by itself (a class, not a generator: half the price where it is hot)."""

    __slots__ = ("_appended", "_kept", "_name", "_noted", "_tx")

    def __init__(self, tx: SqliteTransaction) -> None:
        self._tx = tx

    def __enter__(self) -> None:
        tx = self._tx
        if not tx._opened:
            tx._open()
        tx._depth += 1
        self._name = f"s{tx._depth}"
        self._kept, self._noted = len(tx._committed or ()), len(tx._rolled_back or ())
        self._appended = len(tx._appended or ())
        tx._run(f"SAVEPOINT {self._name}", ())

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        tx, name = self._tx, self._name
        try:
            if kind is None:
                tx._run(f"RELEASE {name}", ())
                return
            if not isinstance(tx._broken, StoreError):
                tx._broken, tx._run = None, tx._store._execute
                tx._run(f"ROLLBACK TO {name}", ())
                tx._run(f"RELEASE {name}", ())
            if tx._committed is not None:
                del tx._committed[self._kept :]
            if tx._appended is not None:
                del tx._appended[self._appended :]
            # What units remember of rows that are undone now must go now: this unit may look again.
            for callback in (tx._rolled_back or [])[self._noted :]:
                callback()
        finally:
            tx._depth -= 1


class SqliteStore:
    """See `port.Store`. `path` is a file or ":memory:"; `synchronous` NORMAL or FULL."""

    exclusive = True

    def __init__(self, path: Path | str, *, synchronous: str = "NORMAL") -> None:
        self.points: Callable[[str], None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: int | None = None
        self._current: SqliteTransaction | None = None
        self._tick: list[tuple[SqliteTransaction, object, Callable[[Any], object]]] = []
        self._calls: deque[tuple[Callable[[Transaction], Any], Callable[[Any], object]]] = deque()
        self._appended: list[tuple[Query, dict[str, Any]]] = []
        self._dirty = False
        self._scheduled = False
        self._rounds = 0
        self._looks = 0  # since the last commit
        self._watching = False
        self._connection = connect(path, synchronous)
        self._changes = self._connection.total_changes
        self._execute = self._connection.execute

    def submit(
        self,
        unit: Callable[[Transaction], T],
        done: Callable[[T | BaseException], object],
        *,
        pool: str = "calls",
    ) -> None:
        self._require_idle()
        if self._loop is None or pool != "calls":
            self._perform(unit, done)
            if not self._tick:
                return
        else:
            self._calls.append((unit, done))
        self._flush_soon()

    def _flush_soon(self) -> None:
        if self._loop is None:
            self._flush()
        elif not self._scheduled:
            self._scheduled = True
            self._loop.call_soon(self._flush)

    def run(self, unit: Callable[[Transaction], T]) -> T:
        self._require_idle()
        self._run_calls()
        ended: list[tuple[T] | BaseException] = []
        self._perform(lambda tx: (unit(tx),), ended.append)
        if not ended:
            self._flush()
        (outcome,) = ended
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome[0]

    def bind(self, loop: asyncio.AbstractEventLoop | None) -> None:
        self._drain()
        self._loop = loop
        self._thread = None
        self._scheduled = False
        self._watching = False

    def migrate(self, schemas: Sequence[tuple[str, Path]]) -> None:
        def unit(tx: Transaction) -> None:
            migrations.apply(
                cast(SqliteTransaction, tx),
                schemas,
                translate=dialects.sqlite_schema,
                now=SystemClock().micros(),
            )

        self.run(unit)

    def close(self) -> None:
        self._drain()
        self._loop = None
        self._connection.close()

    def _drain(self) -> None:
        while self._calls or self._tick:
            self._flush()

    def _require_idle(self) -> None:
        if threading.get_ident() != self._thread:
            self._adopt_thread()
        if self._current is not None:
            raise RuntimeError("a unit of work is running: use its transaction")

    def _run_calls(self) -> None:
        """Run the calls that came since the last tick, so many at most: then those answered need not wait longer."""
        for _ in range(min(len(self._calls), CALLS)):
            self._perform(*self._calls.popleft())

    def _perform(self, unit: Callable[[Transaction], T], done: Callable[[T | BaseException], object]) -> None:
        tx = self._current = SqliteTransaction(self)
        outcome: object = None
        try:
            outcome = unit(tx)
        except BaseException as error:
            tx._broken = error
        finally:
            self._current = None
        if tx._broken is not None:
            outcome = tx._broken
            self._undo(tx)
        else:
            if tx._savepoint:
                self._execute("RELEASE unit")
            if tx._appended:
                self._appended += tx._appended
        if self._dirty:
            self._tick.append((tx, outcome, done))
        else:
            self._report([(tx, outcome, done)])
        if tx._broken is not None and not isinstance(tx._broken, Exception):
            raise tx._broken

    def _undo(self, tx: SqliteTransaction) -> None:
        if not tx._opened:
            return
        try:
            if tx._savepoint:
                self._execute("ROLLBACK TO unit")
                self._execute("RELEASE unit")
            else:
                self._dirty = False
                self._execute("ROLLBACK")
        except sqlite3.Error as error:
            # SQLite had given up the transaction, and with it what earlier units of the tick did.
            self._give_up(error)

    def _flush(self) -> None:
        self._scheduled = False
        self._rounds += 1
        self._run_calls()
        if self._calls:
            self._flush_soon()
        if not self._tick:
            return
        if self.points is not None:
            self.points("before-commit")
        try:
            if self._appended:
                self._write_appended()
            self._execute("COMMIT")
        except _DRIVER_ERRORS as error:
            self._give_up(error)
            return
        self._dirty = False
        self._looks = 0
        tick, self._tick = self._tick, []
        if self.points is not None:
            self.points("after-commit")
        self._report(tick)
        if self._loop is not None and not self._watching:
            self._watching = True
            self._loop.call_later(QUIET, self._watch, self._rounds)

    def _watch(self, rounds: int) -> None:
        """Checkpoint once nothing has been asked for a while: a burst need not wait for the disk then.

        Who only reads, and never stops, does not put it off for good.
        """
        self._looks += 1
        if self._loop is None:
            self._watching = False
        elif self._dirty or (rounds != self._rounds and self._looks < LOOKS):
            self._loop.call_later(QUIET, self._watch, self._rounds)
        else:
            self._watching = False
            if self._connection.total_changes - self._changes >= CHANGES:
                self._changes = self._connection.total_changes
                with suppress(sqlite3.Error):  # the next commit tells what is wrong with the disk
                    self._execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def _write_appended(self) -> None:
        appended, self._appended = self._appended, []
        for query, rows in by_query(appended).items():
            self._connection.executemany(query.sqlite, map(query.values, rows))

    def _give_up(self, error: Exception) -> None:
        """Undo the tick and tell every unit of it."""
        failure = failure_of(error)
        if self._connection.in_transaction:
            self._execute("ROLLBACK")
        self._dirty = False
        self._appended.clear()
        tick, self._tick = self._tick, []
        for tx, _, _ in tick:
            tx._broken = failure
        self._report([(tx, failure, done) for tx, _, done in tick])

    def _report(self, tick: Sequence[tuple[SqliteTransaction, object, Callable[[Any], object]]]) -> None:
        for tx, _, _ in tick:
            callbacks = tx._committed if tx._broken is None else tx._rolled_back
            for callback in callbacks or ():
                call(self._loop, callback)
        for _, outcome, done in tick:
            call(self._loop, done, outcome)

    def _adopt_thread(self) -> None:
        if self._thread is not None and self._loop is not None and self._loop.is_running():
            raise RuntimeError("this store is used on its loop's thread alone")
        self._thread = threading.get_ident()

"""The store on PostgreSQL: units in pools of threads, run again when another came between."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn, TypeVar, cast

import psycopg
from psycopg import errors
from psycopg.rows import DictRow

from emulator.clock import SystemClock
from emulator.storage import dialects, migrations
from emulator.storage.callbacks import call
from emulator.storage.port import RefusedError, Row, StoreError, Transaction
from emulator.storage.postgres_connections import (
    UPGRADING,
    Connection,
    connect,
    failure_of,
    prepare,
    refusal_of,
)
from emulator.storage.queries import Query, by_query

T = TypeVar("T")


# LOCK takes no snapshot, so an attempt that had to wait for the gate sees what passed it before.
_BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ; LOCK TABLE store_gate IN ROW SHARE MODE"
_BEGIN_ALONE = "BEGIN ISOLATION LEVEL REPEATABLE READ; LOCK TABLE store_gate IN EXCLUSIVE MODE"
_ATTEMPTS_AMONG_OTHERS = 2
_ATTEMPTS = 8
_CAME_BETWEEN = (errors.SerializationFailure, errors.DeadlockDetected)


class _CameBetweenError(BaseException):
    """The unit has to run again. No Exception, so that no unit takes it for its own and goes on."""


class PostgresTransaction:
    """One unit's transaction on its thread's connection."""

    exclusive = False

    def __init__(self, connection: Connection, *, first: bool) -> None:
        self._connection = connection
        self._first = first
        self._depth = 0
        self._broken: RefusedError | StoreError | None = None
        self._appended: list[tuple[Query, dict[str, Any]]] = []
        self.committed: list[Callable[[], object]] = []
        self.rolled_back: list[Callable[[], object]] = []

    def begin(self, statement: str) -> None:
        """Open the transaction."""
        try:
            self._connection.execute(statement, prepare=False)
        except psycopg.Error as error:
            self._refuse("begin", error)

    def execute(self, query: Query, /, **params: Any) -> int:
        return self._run(query, params).rowcount

    def one(self, query: Query, /, **params: Any) -> Row | None:
        return self._run(query, params).fetchone()

    def all(self, query: Query, /, **params: Any) -> list[Row]:
        return cast("list[Row]", self._run(query, params).fetchall())

    def many(self, query: Query, params: Sequence[Mapping[str, Any]], /) -> None:
        self._require_unbroken()
        try:
            with self._connection.cursor() as cursor:
                cursor.executemany(query.postgres, params)
        except (psycopg.Error, UnicodeEncodeError, OverflowError) as error:
            self._refuse(query.name, error)

    def number(self, query: Query, /, **params: Any) -> int | None:
        if not query.numbers:
            raise ValueError(f"{query.name} does not return the number of a row it inserts")
        row = self._run(query, params).fetchone()
        return None if row is None else cast(int, row["id"])

    def append(self, query: Query, /, **params: Any) -> None:
        self._appended.append((query, params))

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        self._require_unbroken()
        self._depth += 1
        name = f"s{self._depth}"
        kept, appended = len(self.committed), len(self._appended)
        self.define([f"SAVEPOINT {name}"])
        try:
            yield
            self._require_unbroken()
            self.define([f"RELEASE {name}"])
        except Exception:
            if not isinstance(self._broken, StoreError):
                self._broken = None
                self.define([f"ROLLBACK TO {name}", f"RELEASE {name}"])
            del self.committed[kept:]
            del self._appended[appended:]
            raise
        finally:
            self._depth -= 1

    def after_commit(self, callback: Callable[[], object], /) -> None:
        self.committed.append(callback)

    def after_rollback(self, callback: Callable[[], object], /) -> None:
        self.rolled_back.append(callback)

    def define(self, statements: Sequence[str]) -> None:
        """Run the statements of a schema, already in PostgreSQL's dialect (see `migrations`)."""
        for statement in statements:
            try:
                self._connection.execute(statement)
            except psycopg.Error as error:
                self._refuse(statement, error)

    def end(self) -> None:
        """Write what was appended. Raises what broke the transaction, if the unit swallowed it."""
        self._require_unbroken()
        for query, rows in by_query(self._appended).items():
            self.many(query, rows)

    def _run(self, query: Query, params: dict[str, Any]) -> psycopg.Cursor[DictRow]:
        self._require_unbroken()
        try:
            return self._connection.execute(query.postgres, params)
        except (psycopg.Error, UnicodeEncodeError, OverflowError) as error:
            self._refuse(query.name, error)

    def _require_unbroken(self) -> None:
        if self._broken is not None:
            raise self._broken

    def _refuse(self, name: str, error: Exception) -> NoReturn:
        # A connection lost before COMMIT took nothing with it that cannot be done again on another. After a
        # unique violation the other row may be younger than our snapshot; a second attempt can see it.
        lost = self._connection.closed
        hidden = isinstance(error, errors.UniqueViolation) and self._first
        if lost or hidden or isinstance(error, _CAME_BETWEEN):
            raise _CameBetweenError from error
        self._broken = refusal_of(name, error)
        raise self._broken from error


@dataclass(slots=True)
class _Ended:
    """How a unit ended, and whom that concerns."""

    value: Any = None
    error: BaseException | None = None
    callbacks: list[Callable[[], object]] = field(default_factory=list)


class PostgresStore:
    """See `port.Store`. `dsn` as libpq reads it; `pool` threads and connections for each pool."""

    exclusive = False

    def __init__(self, dsn: str, *, pool: int = 8) -> None:
        self.points: Callable[[str], None] | None = None
        self._dsn = dsn
        self._size = pool
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pools: dict[str, ThreadPoolExecutor] = {}
        self._lock = threading.Lock()
        self._connections: set[Connection] = set()
        self._mine = threading.local()
        prepare(self._connection())

    def submit(
        self,
        unit: Callable[[Transaction], T],
        done: Callable[[T | BaseException], object],
        *,
        pool: str = "calls",
    ) -> None:
        if self._loop is None:
            self._report(self._perform(unit), done)
            return
        threads = self._pools.get(pool)
        if threads is None:
            threads = self._pools[pool] = ThreadPoolExecutor(self._size, thread_name_prefix=f"store-{pool}")
        threads.submit(self._work, unit, done, self._loop)

    def run(self, unit: Callable[[Transaction], T]) -> T:
        ended = self._perform(unit)
        self._report(ended, None)
        if ended.error is not None:
            raise ended.error
        return cast(T, ended.value)

    def bind(self, loop: asyncio.AbstractEventLoop | None) -> None:
        self._loop = loop

    def migrate(self, schemas: Sequence[tuple[str, Path]]) -> None:
        connection = self._connection()
        try:
            # READ COMMITTED: a snapshot older than the lock would not show what another has just migrated.
            connection.execute("BEGIN")
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (UPGRADING,))
            migrations.apply(
                PostgresTransaction(connection, first=False),
                schemas,
                translate=dialects.postgres_schema,
                now=SystemClock().micros(),
            )
            connection.commit()
        except (psycopg.Error, _CameBetweenError) as error:
            raise failure_of(error) from error
        finally:
            if not connection.closed:
                connection.rollback()

    def close(self) -> None:
        for threads in self._pools.values():
            threads.shutdown(wait=True)
        self._pools.clear()
        with self._lock:
            connections, self._connections = self._connections, set()
        for connection in connections:
            connection.close()

    def _work(
        self,
        unit: Callable[[Transaction], Any],
        done: Callable[[Any], object],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        ended = self._perform(unit)
        # A closed loop has nobody left to hear it.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(self._report, ended, done)

    def _report(self, ended: _Ended, done: Callable[[Any], object] | None) -> None:
        for callback in ended.callbacks:
            call(self._loop, callback)
        if done is not None:
            call(self._loop, done, ended.value if ended.error is None else ended.error)

    def _perform(self, unit: Callable[[Transaction], Any]) -> _Ended:
        if getattr(self._mine, "busy", False):
            raise RuntimeError("a unit of work is running: use its transaction")
        ended = _Ended()
        self._mine.busy = True
        try:
            for attempt in range(_ATTEMPTS):
                if self._attempt(unit, self._connection(), ended, attempt):
                    return ended
            ended.error = StoreError(f"other transactions came between {_ATTEMPTS} times")
        except Exception as error:
            ended.error = failure_of(error) if isinstance(error, psycopg.Error) else error
        finally:
            self._mine.busy = False
        return ended

    def _attempt(self, unit: Callable[[Transaction], Any], connection: Connection, ended: _Ended, attempt: int) -> bool:
        """Whether the unit ended, well or badly; False: it has to be tried again.

        After two attempts a unit has the database for itself, so a row that everybody writes starves nobody.
        """
        tx = PostgresTransaction(connection, first=attempt < _ATTEMPTS_AMONG_OTHERS)
        try:
            tx.begin(_BEGIN if attempt < _ATTEMPTS_AMONG_OTHERS else _BEGIN_ALONE)
            value = unit(tx)
            tx.end()
            self._commit(connection)
        except BaseException as error:
            if not connection.closed:
                connection.rollback()
            ended.callbacks += tx.rolled_back
            if isinstance(error, (_CameBetweenError, *_CAME_BETWEEN)):
                return False
            ended.error = failure_of(error) if isinstance(error, psycopg.Error) else error
            return True
        ended.value = value
        ended.callbacks += tx.committed
        return True

    def _commit(self, connection: Connection) -> None:
        if self.points is not None:
            self.points("before-commit")
        connection.commit()
        if self.points is not None:
            self.points("after-commit")

    def _connection(self) -> Connection:
        """The connection of this thread, a new one if the server dropped it."""
        connection: Connection | None = getattr(self._mine, "connection", None)
        if connection is None or connection.closed:
            connection = self._mine.connection = connect(self._dsn)
            with self._lock:
                living = {known for known in self._connections if not known.closed}
                self._connections = living | {connection}
        return connection

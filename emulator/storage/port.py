"""The store's port: what a unit of work may ask of its transaction, and a process of its store."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol, TypeVar

from emulator.errors import EmulatorError
from emulator.storage.queries import Query

T = TypeVar("T")


class RefusedError(Exception):
    """The database refused a statement. Outside `savepoint()` the unit cannot succeed any more."""


class ConflictError(RefusedError):
    """A unique, not-null or check constraint refused the statement."""


class UnstorableError(RefusedError):
    """A value has no place in a row: wrong type, past 64 bits, lone surrogate, on PostgreSQL NUL in TEXT."""


class StoreError(EmulatorError):
    """The store itself failed: disk full, file damaged, server gone. Nothing of the unit was kept."""


class Row(Protocol):
    """A row by column name, names in lower case; `dict(row)` works."""

    def __getitem__(self, column: str, /) -> Any: ...
    def keys(self) -> Iterable[str]: ...


class Transaction(Protocol):
    """What one unit of work sees. Valid while the unit runs.

    PostgreSQL runs at REPEATABLE READ and runs the unit again from its top when another transaction came
    between: a unit has no effects but through its transaction and `after_commit`.
    """

    @property
    def exclusive(self) -> bool:
        """This process is the only writer, so what it remembers of a row is exact."""

    def execute(self, query: Query, /, **params: Any) -> int:
        """Run a statement; the number of rows it changed. Errors: those of this module."""

    def one(self, query: Query, /, **params: Any) -> Row | None:
        """The first row, None if there is none. Errors as `execute`."""

    def all(self, query: Query, /, **params: Any) -> list[Row]:
        """Every row; those of RETURNING come in no order. Errors as `execute`."""

    def many(self, query: Query, params: Sequence[Mapping[str, Any]], /) -> None:
        """Run a statement once for each set of parameters. Errors as `execute`."""

    def number(self, query: Query, /, **params: Any) -> int | None:
        """Insert a row by a query that `numbers`; its number, None if ON CONFLICT left it out. Errors as `execute`.

        ValueError: the query does not.
        """

    def append(self, query: Query, /, **params: Any) -> None:
        """Insert a row that nobody reads in this transaction: all of them are written together before the commit.

        For records of what happened. One that the database refuses breaks whatever is committed with it.
        """

    def savepoint(self) -> AbstractContextManager[None]:
        """What is done inside is undone if the block raises; a RefusedError is caught around it alone."""

    def after_commit(self, callback: Callable[[], object], /) -> None:
        """Call, on the loop's thread, once this unit is durable; forgotten if undone, by savepoint too."""

    def after_rollback(self, callback: Callable[[], object], /) -> None:
        """Call, on the loop's thread, if this unit (or, where exclusive, its savepoint) is not kept.

        A commit that fails keeps nothing. The callback may come twice.
        """


class Store(Protocol):
    """Where the rows are. One per process."""

    points: Callable[[str], None] | None
    """Called with the name of each instant at which a crash is of interest: before-commit, ..."""

    @property
    def exclusive(self) -> bool:
        """This process is the only writer."""

    def submit(
        self,
        unit: Callable[[Transaction], T],
        done: Callable[[T | BaseException], object],
        *,
        pool: str = "calls",
    ) -> None:
        """Run `unit`; call `done` on the loop's thread with its result or what it raised, once durable.

        SQLite runs units of the pool `calls` together at the end of the loop's round, in the order in which they came,
        all others now; one commit a tick serves every unit of the tick, and `done` may be called before it if the unit
        neither wrote nor could see an uncommitted row. PostgreSQL runs it in the threads of `pool`. With no loop
        bound, all of it happens before `submit` returns.
        """

    def run(self, unit: Callable[[Transaction], T]) -> T:
        """Run `unit`, commit, return or raise; on SQLite an open tick is committed with it."""

    def bind(self, loop: asyncio.AbstractEventLoop | None) -> None:
        """Serve this loop from now on; None: serve no loop, commit at once."""

    def migrate(self, schemas: Sequence[tuple[str, Path]]) -> None:
        """Bring the tables of each (owner, folder of NNNN_*.sql) up to date. EmulatorError: see there."""

    def close(self) -> None:
        """Commit what is open, deliver it, let go of the database."""

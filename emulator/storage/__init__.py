"""The store: named SQL in two dialects, units of work with group commit, migrations, blobs."""

from pathlib import Path

from emulator.storage.blobs import Blob, Blobs, FileRange
from emulator.storage.hold import Hold, hold
from emulator.storage.incoming import Incoming, Spooled
from emulator.storage.port import (
    ConflictError,
    RefusedError,
    Row,
    Store,
    StoreError,
    Transaction,
    UnstorableError,
)
from emulator.storage.queries import Queries, Query

__all__ = [
    "Blob",
    "Blobs",
    "ConflictError",
    "FileRange",
    "Hold",
    "Incoming",
    "Queries",
    "Query",
    "RefusedError",
    "Row",
    "Spooled",
    "Store",
    "StoreError",
    "Transaction",
    "UnstorableError",
    "hold",
    "open_postgres",
    "open_sqlite",
]


def open_sqlite(path: Path | str, *, synchronous: str = "NORMAL") -> Store:
    """The store in a file, or in memory for ":memory:". EmulatorError: the file cannot be opened."""
    from emulator.storage.sqlite import SqliteStore

    return SqliteStore(path, synchronous=synchronous)


def open_postgres(dsn: str, *, pool: int = 8) -> Store:
    """The store on a PostgreSQL server, `pool` connections a pool. EmulatorError: it cannot be reached."""
    from emulator.storage.postgres import PostgresStore

    return PostgresStore(dsn, pool=pool)

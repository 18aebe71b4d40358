"""A connection to SQLite as the store wants it, and what its errors are at the port."""

import json
import sqlite3
from pathlib import Path
from typing import Any

from emulator.errors import EmulatorError
from emulator.storage.port import ConflictError, RefusedError, StoreError, UnstorableError
from emulator.storage.queries import Query

_OLDEST = (3, 38, 0)  # RETURNING came with 3.35, STRICT with 3.37, JSON always built in with 3.38
_WRONG_TYPE = 3091  # SQLITE_CONSTRAINT_DATATYPE, sqlite.org/rescode.html
_CACHE_KIB = 16 * 1024
_MOST_FRAMES = 4_000  # of 4 KiB; the store itself writes them back in quiet moments, long before (see SqliteStore)
_LONGEST_WAL_BYTES = 64 * 1024 * 1024


def connect(path: Path | str, synchronous: str) -> sqlite3.Connection:
    """Open a file, or ":memory:". EmulatorError: it is no database, or another store has it open."""
    if sqlite3.sqlite_version_info < _OLDEST:
        raise EmulatorError(f"SQLite {sqlite3.sqlite_version} is too old: 3.38 or newer is needed")
    if synchronous not in ("NORMAL", "FULL"):
        raise EmulatorError(f"synchronous is NORMAL or FULL, not {synchronous}")
    try:
        connection = sqlite3.connect(
            str(path), isolation_level=None, timeout=0, cached_statements=2048, check_same_thread=False
        )
        connection.row_factory = sqlite3.Row
        for pragma in (
            "locking_mode = EXCLUSIVE",
            "journal_mode = WAL",
            f"synchronous = {synchronous}",
            f"wal_autocheckpoint = {_MOST_FRAMES}",
            f"journal_size_limit = {_LONGEST_WAL_BYTES}",
            f"cache_size = -{_CACHE_KIB}",
            "temp_store = MEMORY",
            "secure_delete = OFF",  # Debian has it on: each deleted row would be overwritten
            "case_sensitive_like = ON",  # as PostgreSQL
        ):
            connection.execute(f"PRAGMA {pragma}").fetchall()
    except sqlite3.Error as error:
        raise EmulatorError(f"cannot open the database {path}: {error}") from None
    connection.create_function("greatest", -1, _greatest, deterministic=True)
    connection.create_function("least", -1, _least, deterministic=True)
    return connection


def with_lists(query: Query, params: dict[str, Any]) -> dict[str, Any]:
    """The parameters with their lists as JSON arrays, which the query reads with json_each."""
    return params | {name: json.dumps(list(params[name])) for name in query.lists}


def _greatest(*values: Any) -> Any:
    return max((value for value in values if value is not None), default=None)


def _least(*values: Any) -> Any:
    return min((value for value in values if value is not None), default=None)


def refusal_of(query: Query | str, error: Exception) -> Exception:
    """What a statement's error is at the port: the statement's fault, or the database's."""
    name = query.name if isinstance(query, Query) else query
    if getattr(error, "sqlite_errorcode", 0) == _WRONG_TYPE:
        return UnstorableError(f"{name}: {error}")
    if isinstance(error, sqlite3.IntegrityError):
        return ConflictError(f"{name}: {error}")
    if isinstance(error, OverflowError | UnicodeEncodeError | sqlite3.DataError | sqlite3.InterfaceError):
        return UnstorableError(f"{name}: {error}")
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG):
        return RefusedError(f"{name}: {error}")
    return failure_of(error)


def failure_of(error: Exception) -> StoreError:
    """The error of a database that failed."""
    return StoreError(f"the SQLite database failed: {error}")

"""A connection to PostgreSQL as the store wants it, and what its errors are at the port."""

from typing import Any

import psycopg
from psycopg import errors
from psycopg.adapt import Loader
from psycopg.rows import DictRow, dict_row
from psycopg.types.numeric import Int8Dumper
from psycopg.types.string import StrDumper

from emulator.errors import EmulatorError
from emulator.storage.port import ConflictError, RefusedError, StoreError, UnstorableError

Connection = psycopg.Connection[DictRow]

UPGRADING = 0x57E9E11
"""The advisory lock of a process that changes tables."""

_OLDEST = 130000  # the first with pg_current_xact_id
# Integers are sent as BIGINT, and the server's own substr takes INTEGER alone.
_FOUNDATION = (
    "CREATE TABLE IF NOT EXISTS store_gate ()",
    "CREATE OR REPLACE FUNCTION substr(TEXT, BIGINT) RETURNS TEXT LANGUAGE sql IMMUTABLE STRICT "
    "AS 'SELECT pg_catalog.substr($1, $2::INTEGER)'",
    "CREATE OR REPLACE FUNCTION substr(TEXT, BIGINT, BIGINT) RETURNS TEXT LANGUAGE sql IMMUTABLE STRICT "
    "AS 'SELECT pg_catalog.substr($1, $2::INTEGER, $3::INTEGER)'",
)


def connect(dsn: str) -> Connection:
    """A connection in autocommit mode. EmulatorError: the server cannot be reached, or is too old."""
    try:
        connection = psycopg.connect(dsn, row_factory=dict_row, autocommit=True, prepare_threshold=0)
    except psycopg.Error as error:
        raise StoreError(f"cannot reach PostgreSQL: {_line(error)}") from None
    if connection.info.server_version < _OLDEST:
        connection.close()
        raise EmulatorError("PostgreSQL 13 or newer is needed")
    connection.prepared_max = 2000
    # A value has one type whatever its size, as on SQLite: TEXT, BIGINT (booleans too), int or float.
    connection.adapters.register_dumper(str, StrDumper)
    connection.adapters.register_dumper(int, Int8Dumper)
    connection.adapters.register_dumper(bool, _BoolDumper)
    connection.adapters.register_loader("numeric", _NumericLoader)
    return connection


def prepare(connection: Connection) -> None:
    """Create what every transaction of the store needs. StoreError: we are not allowed to."""
    try:
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (UPGRADING,))
            for statement in _FOUNDATION:
                connection.execute(statement)
    except psycopg.Error as error:
        connection.close()
        raise failure_of(error) from None


class _BoolDumper(Int8Dumper):
    def dump(self, value: bool) -> bytes:
        return b"1" if value else b"0"


class _NumericLoader(Loader):
    def load(self, data: Any) -> int | float:
        text = bytes(data).decode()
        return int(text) if text.lstrip("-").isdigit() else float(text)


def refusal_of(name: str, error: Exception) -> RefusedError | StoreError:
    """What a statement's error is at the port: the statement's fault, or the server's."""
    if isinstance(error, psycopg.IntegrityError):
        return ConflictError(f"{name}: {_line(error)}")
    if isinstance(error, psycopg.DataError | errors.DatatypeMismatch | UnicodeEncodeError | OverflowError):
        return UnstorableError(f"{name}: {_line(error)}")
    if isinstance(error, psycopg.ProgrammingError):
        return RefusedError(f"{name}: {_line(error)}")
    return failure_of(error)


def failure_of(error: BaseException) -> StoreError:
    """The error of a server that failed."""
    return StoreError(f"PostgreSQL failed: {_line(error)}")


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())

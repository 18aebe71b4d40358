"""Every query of the emulator compiles on both dialects against the schemas it comes with."""

import re
import sqlite3
from pathlib import Path

import pytest

import emulator
from emulator.storage import Queries, dialects

PACKAGE = Path(emulator.__file__).parent
SCHEMAS = sorted(PACKAGE.glob("**/schema/*.sql"), key=lambda path: (path.parent.parts, path.name))
FILES = sorted(path for path in PACKAGE.glob("**/*.sql") if path.parent.name != "schema")


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


@pytest.fixture(scope="module")
def sqlite() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    for function in ("greatest", "least"):
        connection.create_function(function, -1, lambda *values: values)
    for path in SCHEMAS:
        for statement in dialects.sqlite_schema(path.read_text()):
            connection.execute(statement)
    return connection


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_query_compiles_on_sqlite(sqlite: sqlite3.Connection, path: Path) -> None:
    problems = []
    for query in Queries.load(path):
        parameters = [None for _ in dialects.parameters(query.sql)]
        try:
            sqlite.execute(f"EXPLAIN {query.sqlite}", parameters)
        except sqlite3.Error as error:
            problems.append(f"{query.name}: {error}")

    assert problems == []


@pytest.mark.postgres
def test_every_query_compiles_on_postgres(postgres_dsn: str) -> None:
    psycopg = pytest.importorskip("psycopg")
    problems = []
    with psycopg.connect(postgres_dsn, autocommit=True) as connection:
        for path in SCHEMAS:
            for statement in dialects.postgres_schema(path.read_text()):
                connection.execute(statement)
        for path in FILES:
            for query in Queries.load(path):
                try:
                    connection.execute(f"PREPARE compiled AS {numbered(query.postgres)}")
                    connection.execute("DEALLOCATE compiled")
                except psycopg.Error as error:
                    problems.append(f"{name_of(path)} {query.name}: {error}")

    assert problems == []


def numbered(sql: str) -> str:
    """The text with $1, $2, ... for its parameters, as a client sends it to the server."""
    names: list[str] = []

    def number(match: re.Match[str]) -> str:
        if match.group(1) not in names:
            names.append(match.group(1))
        return f"${names.index(match.group(1)) + 1}"

    return re.sub(r"%\((\w+)\)s", number, sql).replace("%%", "%")

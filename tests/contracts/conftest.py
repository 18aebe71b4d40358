"""The stores every contract of the storage port is held against."""

import asyncio
import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator.storage import Queries, Store, Transaction, open_postgres, open_sqlite

POSTGRES = os.environ.get("STEPWELL_TEST_POSTGRES_SERVER", "postgresql://postgres@127.0.0.1:5432/") + "test"

NOTES = """
CREATE TABLE notes (
    id SERIAL, shelf TEXT NOT NULL, body TEXT, taken BIGINT NOT NULL DEFAULT 0, raw BLOB, xid XID
);
CREATE TABLE tickets (id SERIAL, holder TEXT NOT NULL);
CREATE UNIQUE INDEX tickets_holder ON tickets (holder);
CREATE TABLE records (id ORDINAL, what TEXT NOT NULL);
CREATE TABLE labels (name TEXT NOT NULL PRIMARY KEY, weight BIGINT NOT NULL);
"""
QUERIES = """
-- name: add
INSERT INTO notes (shelf, body) VALUES (:shelf, :body)
-- name: add_returning
INSERT INTO notes (shelf, body) VALUES (:shelf, :body) RETURNING id, body
-- name: add_raw
INSERT INTO notes (shelf, raw) VALUES (:shelf, :raw)
-- name: remove
DELETE FROM notes WHERE id = :id
-- name: bodies
SELECT body FROM notes WHERE shelf = :shelf ORDER BY id
-- name: count
SELECT count(*) AS number, sum(taken) AS taken FROM notes
-- name: claim
UPDATE notes SET taken = :by WHERE id IN (
    SELECT id FROM notes WHERE taken = 0 ORDER BY id LIMIT :most /* skip locked */) RETURNING id
-- name: settled
SELECT xid, id, body FROM notes WHERE (xid, id) > (:xid, :id) /* settled: xid */ ORDER BY xid, id
-- name: raw
SELECT raw FROM notes WHERE shelf = :shelf
-- name: ticket
INSERT INTO tickets (holder) VALUES (:holder) ON CONFLICT (holder) DO NOTHING RETURNING id
-- name: tickets
SELECT id, holder FROM tickets ORDER BY id
-- name: record
INSERT INTO records (what) VALUES (:what)
-- name: records
SELECT id, what FROM records ORDER BY id DESC
-- name: label
INSERT INTO labels (name, weight) VALUES (:name, :weight)
-- name: weigh
UPDATE labels SET weight = :weight WHERE name = :name
-- name: beginning
SELECT substr(name, 1, :length) AS first, substr(name, :from) AS rest FROM labels
-- name: weight
SELECT weight FROM labels WHERE name = :name
-- name: names
SELECT name FROM labels WHERE name LIKE :like ESCAPE '!' ORDER BY name
-- name: heavier
SELECT greatest(weight, :least, NULL) AS weight, '100%' AS share FROM labels WHERE name = :name
-- name: among
SELECT name, weight FROM labels WHERE name IN (:names...) AND weight IN (:weights...) ORDER BY name
-- name: unlabel
DELETE FROM labels WHERE name IN (:names...)
-- name: wrong
SELECT nothing FROM nowhere
"""


@pytest.fixture(scope="session")
def postgres_server() -> str:
    psycopg = pytest.importorskip("psycopg")
    try:
        psycopg.connect(POSTGRES, connect_timeout=2).close()
    except psycopg.Error as error:
        pytest.skip(f"no PostgreSQL at {POSTGRES}: {error}")
    return POSTGRES


@pytest.fixture
def postgres_dsn(postgres_server: str) -> Iterator[str]:
    """A schema of its own on the server, gone after the test."""
    import psycopg

    schema = f"stepwell_{uuid.uuid4().hex}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
        yield f"{postgres_server}?options=-csearch_path%3D{schema}"
        connection.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture(params=["memory", "file", pytest.param("postgres", marks=pytest.mark.postgres)])
def reopen(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Opens a store; each call opens the same database again (a new one in memory)."""
    opened: list[Store] = []

    def open_again() -> Store:
        if request.param == "postgres":
            opened.append(open_postgres(request.getfixturevalue("postgres_dsn"), pool=4))
        else:
            opened.append(open_sqlite(":memory:" if request.param == "memory" else tmp_path / "store.db"))
        return opened[-1]

    yield open_again
    for store in opened:
        store.close()


@pytest.fixture
def open_database() -> Iterator[Callable[[str], Store]]:
    """Opens the store of a file or a DSN; closed after the test."""
    opened: list[Store] = []

    def open_one(database: str) -> Store:
        is_server = database.startswith("postgres")
        opened.append(open_postgres(database, pool=2) if is_server else open_sqlite(database))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes_schema"
    folder.mkdir()
    (folder / "0001_notes.sql").write_text(NOTES)
    return folder


@pytest.fixture
def store(reopen: Callable[[], Store], notes: Path) -> Store:
    """An open store with the tables of NOTES."""
    opened = reopen()
    opened.migrate([("notes", notes)])
    return opened


@pytest.fixture
def sql() -> Queries:
    return Queries.parse(QUERIES)


@pytest.fixture
def together(store: Store) -> Callable[..., list[Any]]:
    """Submits units in one tick of a loop; their outcomes in the order of the units."""

    def submit(*units: Callable[[Transaction], Any]) -> list[Any]:
        async def main() -> list[Any]:
            loop = asyncio.get_running_loop()
            store.bind(loop)
            outcomes = [loop.create_future() for _ in units]
            for unit, outcome in zip(units, outcomes, strict=True):
                store.submit(unit, outcome.set_result)
            return await asyncio.wait_for(asyncio.gather(*outcomes), 20)

        try:
            return asyncio.run(main())
        finally:
            store.bind(None)

    return submit

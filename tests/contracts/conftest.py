"""The stores every contract of the storage port is held against."""

import asyncio
import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator.storage import Queries, Store, Transaction, open_postgres, open_sqlite
from tests.contracts.notes import NOTES, QUERIES, Together

POSTGRES = os.environ.get("STEPWELL_TEST_POSTGRES_SERVER", "postgresql://postgres@127.0.0.1:5432/") + "test"


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
def together(store: Store) -> Together:
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

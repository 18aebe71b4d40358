"""kill -9 at the named instants: what was acknowledged is there afterwards."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from emulator.storage import Blobs, FileRange, Queries, Store, Transaction
from emulator.storage.blobs import SCHEMA

pytestmark = pytest.mark.slow  # each starts a process of its own

BODY = 70_000
SQL = Queries.parse(
    """
-- name: kept
SELECT name, weight FROM labels ORDER BY weight
"""
)

# Sixteen units a tick; each writes a label and, now and then, a body with a file. At the given occurrence of
# the given point the process kills itself. A line on stdout acknowledges a unit.
PROGRAM = """
import asyncio, os, signal, sys
from pathlib import Path
from emulator.storage import Blobs, Query, open_postgres, open_sqlite

where, data, point, occurrence = sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
store = open_postgres(where, pool=4) if where.startswith("postgres") else open_sqlite(where)
blobs = Blobs(data, store)
label = Query("label", "INSERT INTO labels (name, weight) VALUES (:name, :weight)")
seen = 0

def at(name):
    global seen
    seen += name == point
    if name == point and seen == occurrence:
        os.kill(os.getpid(), signal.SIGKILL)

def unit(n):
    def run(tx):
        blob = blobs.keep(tx, bytes([n % 256]) * 70_000).id if n % 5 == 0 else 0
        tx.execute(label, name=f"{n}:{blob}", weight=n)
        if n % 10 == 0:
            blobs.drop(tx, blob)
        return n
    return run

def acknowledge(outcome):
    os.write(1, f"{outcome}\\n".encode())

async def main():
    store.bind(asyncio.get_running_loop())
    for tick in range(1000):
        for n in range(16):
            store.submit(unit(tick * 16 + n), acknowledge)
        await asyncio.sleep(0.001)

store.points = at
asyncio.run(main())
"""


@pytest.fixture(params=["file", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return request.getfixturevalue("postgres_dsn") if request.param == "postgres" else str(tmp_path / "x.db")


def run_until_killed(database: str, data: Path, point: str, occurrence: int) -> list[int]:
    arguments = [sys.executable, "-c", PROGRAM, database, str(data), point, str(occurrence)]
    ended = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    return [int(line) for line in ended.stdout.split()]


@pytest.mark.parametrize(
    ("point", "occurrence"),
    [
        ("before-commit", 1),
        ("before-commit", 7),
        ("after-commit", 7),
        ("blob-between-file-and-row", 9),
        ("blob-between-commit-and-unlink", 6),
    ],
)
def test_what_was_acknowledged_survives_kill_9(
    database: str,
    open_database: Callable[[str], Store],
    notes: Path,
    tmp_path: Path,
    point: str,
    occurrence: int,
) -> None:
    data = tmp_path / "data"
    store = open_database(database)
    store.migrate([("notes", notes), SCHEMA])
    store.close()

    acknowledged = run_until_killed(database, data, point, occurrence)

    store = open_database(database)
    kept = {row["weight"]: row["name"] for row in store.run(lambda tx: tx.all(SQL.kept))}
    assert set(acknowledged) <= set(kept)
    if point == "after-commit":
        assert set(kept) > set(acknowledged)
    blobs = Blobs(data, store)
    for number, name in kept.items():
        blob = int(name.partition(":")[2])
        if blob and number % 10:
            assert store.run(lambda tx, blob=blob: read(tx, blobs, blob)) == bytes([number % 256]) * BODY
    age_files(data)
    blobs.collect()
    assert len(list(data.glob("blobs/??/*"))) == sum(number % 10 == 5 for number in kept)


def read(tx: Transaction, blobs: Blobs, blob: int) -> bytes:
    found = blobs.open(tx, blob)
    assert isinstance(found, FileRange)
    return found.read()


def age_files(data: Path) -> None:
    for path in data.glob("blobs/??/*"):
        os.utime(path, (0, 0))

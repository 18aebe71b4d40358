"""Schemas over time, on every store."""

from collections.abc import Callable
from pathlib import Path

import pytest

from emulator.errors import EmulatorError
from emulator.storage import Queries, Store

LABELS = Queries.parse(
    """
-- name: add
INSERT INTO tags (name) VALUES (:name)
-- name: all
SELECT * FROM tags ORDER BY id
-- name: applied
SELECT owner, version, applied_at, checksum FROM migrations ORDER BY owner, version
"""
)
FIRST = "CREATE TABLE tags (id SERIAL, name TEXT NOT NULL); -- the first; of several\n"
SECOND = """ALTER TABLE tags ADD COLUMN color TEXT NOT NULL DEFAULT 'a;b -- %';
CREATE UNIQUE INDEX tags_name ON tags (name) WHERE color <> '';"""


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    folder = tmp_path / "schema"
    folder.mkdir()
    (folder / "0001_tags.sql").write_text(FIRST)
    return folder


def test_a_database_of_an_earlier_schema_is_upgraded_with_its_rows(reopen: Callable[[], Store], schema: Path) -> None:
    store = reopen()
    store.migrate([("tags", schema)])
    store.run(lambda tx: tx.execute(LABELS.add, name="kept"))

    (schema / "0002_color.sql").write_text(SECOND)
    store.migrate([("tags", schema)])

    assert [dict(row) for row in store.run(lambda tx: tx.all(LABELS.all))] == [
        {"id": 1, "name": "kept", "color": "a;b -- %"}
    ]


def test_what_was_applied_is_recorded_by_owner_and_not_applied_again(
    reopen: Callable[[], Store], schema: Path, notes: Path
) -> None:
    store = reopen()
    (schema / "0002_color.sql").write_text(SECOND)

    store.migrate([("tags", schema), ("notes", notes)])
    store.migrate([("tags", schema), ("notes", notes)])

    applied = store.run(lambda tx: tx.all(LABELS.applied))
    assert [(row["owner"], row["version"]) for row in applied] == [("notes", 1), ("tags", 1), ("tags", 2)]
    assert all(row["applied_at"] > 1_700_000_000_000_000 for row in applied)


def test_a_file_changed_after_it_was_applied_is_refused(reopen: Callable[[], Store], schema: Path) -> None:
    store = reopen()
    store.migrate([("tags", schema)])

    (schema / "0001_tags.sql").write_text(FIRST.replace("name TEXT", "name  TEXT"))

    with pytest.raises(EmulatorError, match=r"0001_tags\.sql: was changed after"):
        store.migrate([("tags", schema)])


def test_a_database_newer_than_the_program_is_refused(reopen: Callable[[], Store], schema: Path) -> None:
    store = reopen()
    (schema / "0002_color.sql").write_text(SECOND)
    store.migrate([("tags", schema)])

    (schema / "0002_color.sql").unlink()

    with pytest.raises(EmulatorError, match="newer than this program: tags is at version 2"):
        store.migrate([("tags", schema)])


def test_a_file_that_comes_in_below_an_applied_one_is_refused(reopen: Callable[[], Store], schema: Path) -> None:
    store = reopen()
    (schema / "0003_color.sql").write_text(SECOND)
    store.migrate([("tags", schema)])

    (schema / "0002_late.sql").write_text("CREATE TABLE late (id SERIAL);")

    with pytest.raises(EmulatorError, match="came in below 0003"):
        store.migrate([("tags", schema)])


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        (
            "0002_wrong.sql",
            "CREATE TABLE other (id SERIAL); SELECT nothing FROM nowhere;",
            r"0002_wrong\.sql: ",
        ),
        ("0002_key.sql", "CREATE TABLE other (tag BIGINT REFERENCES tags (id));", "foreign keys"),
        ("second.sql", "", "NNNN_words"),
        ("0001_again.sql", "", "have this number"),
    ],
)
def test_a_schema_that_cannot_be_applied_changes_nothing(
    reopen: Callable[[], Store], schema: Path, name: str, text: str, problem: str
) -> None:
    store = reopen()
    (schema / name).write_text(text)

    with pytest.raises(EmulatorError, match=problem):
        store.migrate([("tags", schema)])

    (schema / name).unlink()
    store.migrate([("tags", schema)])
    assert len(store.run(lambda tx: tx.all(LABELS.applied))) == 1

"""Named queries: the format of the file, and what is wrong in one."""

from pathlib import Path

import pytest

from emulator.errors import EmulatorError
from emulator.storage import Queries, Query

TEXT = """
-- What this file is about.

-- name: find_message
SELECT * FROM messages WHERE id = :id  -- by its number

-- name: insert_message
INSERT INTO messages (body) VALUES (:body);
"""


def test_each_named_block_is_an_attribute(tmp_path: Path) -> None:
    path = tmp_path / "queries.sql"
    path.write_text(TEXT)

    queries = Queries.load(path)

    assert [query.name for query in queries] == ["find_message", "insert_message"]
    assert queries.find_message.sqlite == "SELECT * FROM messages WHERE id = ?1"
    assert queries.insert_message.sqlite == "INSERT INTO messages (body) VALUES (?1)"


@pytest.mark.parametrize(
    ("sql", "text", "values"),
    [
        ("SELECT 1", "SELECT 1", []),
        ("SELECT :b", "SELECT ?1", ["B"]),
        ("SELECT :b, :a, :b, ':c'", "SELECT ?1, ?2, ?1, ':c'", ["B", "A"]),
    ],
)
def test_parameters_are_numbered_once_each_for_sqlite(sql: str, text: str, values: list[str]) -> None:
    query = Query("q", sql)

    assert query.sqlite == text
    assert list(query.values({"a": "A", "b": "B", "unused": ""})) == values


def test_a_parameter_that_is_missing_is_an_error() -> None:
    with pytest.raises(KeyError, match="b"):
        Query("q", "SELECT :a, :b").values({"a": 1})


def test_an_unknown_name_is_an_attribute_error_that_tells_the_file() -> None:
    with pytest.raises(AttributeError, match=r"q\.sql has no query named 'find_mesage'"):
        _ = Queries.parse(TEXT, source="q.sql").find_mesage


@pytest.mark.parametrize(
    ("sql", "numbers"),
    [
        ("INSERT INTO t (a) VALUES (:a) RETURNING id", True),
        ("INSERT INTO t (a) VALUES (:a)\nON CONFLICT (a) DO NOTHING\nRETURNING id", True),
        ("INSERT INTO t (a) VALUES (:a)", False),
        ("INSERT INTO t (a) VALUES (:a) RETURNING id, a", False),
        ("INSERT INTO t (a) VALUES (:a) ON CONFLICT (a) DO UPDATE SET a = 1 RETURNING id", False),
        ("INSERT INTO t (a) VALUES (:a) ON CONFLICT (a)\nDO UPDATE SET a = 1\nRETURNING id", False),
        ("INSERT INTO t (a) SELECT a FROM s RETURNING id", False),
        ("UPDATE t SET a = 1 RETURNING id", False),
    ],
)
def test_a_query_numbers_where_it_inserts_one_row_or_none_and_returns_its_id(sql: str, numbers: bool) -> None:
    assert Query("q", sql).numbers is numbers


@pytest.mark.parametrize(
    ("sql", "writes", "returns"),
    [
        ("SELECT 1", False, False),
        ("select 'INSERT'", False, False),
        ("VALUES (1)", False, False),
        ("WITH a AS (SELECT 1) SELECT * FROM a", False, False),
        ("WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a", True, False),
        ("INSERT INTO t SELECT 1", True, False),
        ("UPDATE t SET a = 1 WHERE b IN (SELECT 2) RETURNING a", True, True),
        ("delete from t returning a", True, True),
        ("SELECT returning FROM t", False, False),
    ],
)
def test_what_writes_and_what_returns(sql: str, writes: bool, returns: bool) -> None:
    query = Query("q", sql)

    assert (query.writes, query.returns) == (writes, returns)


@pytest.mark.parametrize(
    ("sql", "numbers"),
    [
        ("INSERT INTO t (a) VALUES (:a) RETURNING id", True),
        ("INSERT INTO t (a) VALUES (:a) ON CONFLICT (a) DO NOTHING RETURNING id", True),
        ("INSERT INTO t (a) VALUES (:a)", False),
        ("INSERT INTO t (a) VALUES (:a) RETURNING id, a", False),
        ("INSERT INTO t (a) VALUES (:a) ON CONFLICT (a) DO UPDATE SET a = excluded.a RETURNING id", False),
        ("UPDATE t SET a = :a RETURNING id", False),
    ],
)
def test_what_numbers_a_row(sql: str, numbers: bool) -> None:
    assert Query("q", sql).numbers is numbers


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("SELECT 1", "before the first"),
        ("-- name: a\nSELECT 1\n-- name: a\nSELECT 2", "two queries are named a"),
        ("-- name: a b\nSELECT 1", "'a b' cannot name a query"),
        ("-- name: 1a\nSELECT 1", "'1a' cannot name a query"),
        ("-- name: load\nSELECT 1", "'load' cannot name a query"),
        ("-- name:\nSELECT 1", "'' cannot name a query"),
        ("-- name: a\n-- nothing", "a has 0 statements"),
        ("-- name: a\nSELECT 1; SELECT 2", "a has 2 statements"),
        ("-- name: a\nPRAGMA user_version", "neither SELECT"),
        ("-- name: a\nSELECT 1 /* skip lock */", "is not a marker"),
    ],
)
def test_what_is_wrong_in_a_file_is_one_line_with_its_name(text: str, problem: str) -> None:
    with pytest.raises(EmulatorError, match=problem) as caught:
        Queries.parse(text, source="q.sql")

    assert str(caught.value).startswith("q.sql: ")
    assert "\n" not in str(caught.value)

"""What every store does: units, ticks, claims, commit order, errors."""

import asyncio
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from emulator.errors import EmulatorError
from emulator.storage import (
    Queries,
    Query,
    RefusedError,
    Store,
    Transaction,
    UnstorableError,
    open_postgres,
    open_sqlite,
)
from tests.contracts.notes import Together, adds, bodies


def test_run_returns_what_the_unit_returns_and_keeps_what_it_wrote(store: Store, sql: Queries) -> None:
    changed = store.run(adds(sql, "one"))

    assert changed == 1
    assert bodies(store, sql) == ["one"]


def test_a_row_is_read_by_column_name_and_turns_into_a_dict(store: Store, sql: Queries) -> None:
    row = store.run(lambda tx: tx.one(sql.add_returning, shelf="a", body="one"))

    assert row is not None
    assert row["body"] == "one"
    assert dict(row) == {"id": 1, "body": "one"}


def test_one_gives_none_when_no_row_matches(store: Store, sql: Queries) -> None:
    assert store.run(lambda tx: tx.one(sql.weight, name="absent")) is None


def test_many_runs_a_statement_for_each_set_of_parameters(store: Store, sql: Queries) -> None:
    store.run(lambda tx: tx.many(sql.add, [{"shelf": "a", "body": body} for body in "xyz"]))

    assert bodies(store, sql) == ["x", "y", "z"]


def test_execute_counts_the_rows_of_a_returning_statement(store: Store, sql: Queries) -> None:
    store.run(lambda tx: tx.many(sql.add, [{"shelf": "a", "body": body} for body in "xyz"]))

    assert store.run(lambda tx: tx.execute(sql.claim, by=1, most=2)) == 2
    assert store.run(lambda tx: tx.execute(sql.claim, by=1, most=2)) == 1


def test_a_unit_that_raises_leaves_nothing_and_run_raises_its_error(store: Store, sql: Queries) -> None:
    def unit(tx: Transaction) -> None:
        adds(sql, "lost")(tx)
        raise LookupError("no")

    with pytest.raises(LookupError, match="no"):
        store.run(unit)
    assert bodies(store, sql) == []


def test_a_failing_unit_is_undone_alone_among_the_units_of_its_tick(
    store: Store, sql: Queries, together: Together
) -> None:
    def fails(tx: Transaction) -> None:
        adds(sql, "lost")(tx)
        raise LookupError("no")

    outcomes = together(adds(sql, "one"), fails, adds(sql, "two"))

    assert outcomes[0] == outcomes[2] == 1
    assert isinstance(outcomes[1], LookupError)
    assert sorted(bodies(store, sql)) == ["one", "two"]


def test_the_first_unit_of_a_tick_is_undone_alone(store: Store, sql: Queries, together: Together) -> None:
    def fails(tx: Transaction) -> None:
        adds(sql, "lost")(tx)
        raise LookupError("no")

    outcomes = together(fails, adds(sql, "one"))

    assert isinstance(outcomes[0], LookupError)
    assert bodies(store, sql) == ["one"]


def test_after_commit_runs_on_the_loops_thread_before_done_and_only_for_kept_units(store: Store, sql: Queries) -> None:
    heard: list[tuple[str, bool]] = []
    here = threading.get_ident()

    def hear(what: str) -> None:
        heard.append((what, threading.get_ident() == here))

    def kept(tx: Transaction) -> None:
        tx.after_commit(lambda: hear("first"))
        adds(sql, "one")(tx)
        tx.after_commit(lambda: hear("second"))

    def undone(tx: Transaction) -> None:
        tx.after_commit(lambda: hear("never"))
        tx.after_rollback(lambda: hear("undone"))
        adds(sql, "two")(tx)
        raise LookupError

    async def main() -> None:
        loop = asyncio.get_running_loop()
        store.bind(loop)
        for unit, name in ((kept, "done kept"), (undone, "done undone")):
            ended = loop.create_future()
            store.submit(unit, lambda _, name=name, ended=ended: (hear(name), ended.set_result(None)))
            await asyncio.wait_for(ended, 20)

    asyncio.run(main())
    store.bind(None)

    expected = ["first", "second", "done kept", "undone", "done undone"]
    assert heard == [(what, True) for what in expected]


def test_done_hears_only_of_what_is_durable(store: Store, sql: Queries, together: Together) -> None:
    points: list[str] = []
    store.points = points.append

    def unit(tx: Transaction) -> None:
        adds(sql, "one")(tx)
        tx.after_commit(lambda: points.append("after_commit"))

    together(unit)

    assert points == ["before-commit", "after-commit", "after_commit"]


def test_a_callback_that_raises_does_not_keep_the_others_from_being_called(store: Store, sql: Queries) -> None:
    problems: list[dict[str, Any]] = []
    heard: list[Any] = []

    def unit(tx: Transaction) -> int:
        tx.after_commit(lambda: 1 // 0)
        return adds(sql, "one")(tx)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, problem: problems.append(problem))
        store.bind(loop)
        ended = loop.create_future()
        store.submit(unit, lambda outcome: (heard.append(outcome), ended.set_result(None)))
        await asyncio.wait_for(ended, 20)

    asyncio.run(main())
    store.bind(None)

    assert heard == [1]
    assert isinstance(problems[0]["exception"], ZeroDivisionError)


def test_without_a_loop_submit_has_committed_when_it_returns(store: Store, sql: Queries) -> None:
    outcomes: list[Any] = []

    store.submit(adds(sql, "one"), outcomes.append)

    assert outcomes == [1]
    assert bodies(store, sql) == ["one"]


def test_run_inside_a_unit_is_an_error_and_not_a_second_transaction(store: Store, sql: Queries) -> None:
    with pytest.raises(RuntimeError, match="use its transaction"):
        store.run(lambda _: store.run(adds(sql, "one")))


def test_a_wrong_statement_is_refused(store: Store, sql: Queries) -> None:
    with pytest.raises(RefusedError, match="wrong"):
        store.run(lambda tx: tx.one(sql.wrong))


@pytest.mark.parametrize("weight", [2**63, -(2**63) - 1])
def test_an_integer_past_64_bits_is_unstorable(store: Store, sql: Queries, weight: int) -> None:
    with pytest.raises(UnstorableError):
        store.run(lambda tx: tx.execute(sql.label, name="x", weight=weight))


def test_a_value_of_another_type_than_its_column_is_unstorable(store: Store, sql: Queries) -> None:
    with pytest.raises(UnstorableError):
        store.run(lambda tx: tx.execute(sql.label, name="x", weight="heavy"))


def test_the_number_of_a_deleted_row_is_not_given_again(store: Store, sql: Queries) -> None:
    first = store.run(lambda tx: tx.one(sql.add_returning, shelf="a", body="one"))
    store.run(lambda tx: tx.execute(sql.remove, id=first["id"]))

    second = store.run(lambda tx: tx.one(sql.add_returning, shelf="a", body="two"))

    assert second["id"] > first["id"]


def test_a_lone_surrogate_is_unstorable(store: Store, sql: Queries) -> None:
    with pytest.raises(UnstorableError):
        store.run(adds(sql, "\ud800"))


def test_nul_in_text_is_kept_or_refused_but_never_cut(store: Store, sql: Queries) -> None:
    try:
        store.run(adds(sql, "a\0b"))
    except UnstorableError:
        assert not store.exclusive  # PostgreSQL's text has no NUL
    else:
        assert bodies(store, sql) == ["a\0b"]


def test_values_come_back_as_they_went_in(store: Store, sql: Queries) -> None:
    raw = bytes(range(256))
    store.run(lambda tx: tx.execute(sql.add_raw, shelf="a", raw=raw))
    store.run(lambda tx: tx.execute(sql.label, name="é\U0001f600%s", weight=2**63 - 1))
    store.run(lambda tx: tx.execute(sql.label, name="yes", weight=True))

    assert store.run(lambda tx: tx.all(sql.raw, shelf="a"))[0]["raw"] == raw
    assert store.run(lambda tx: tx.one(sql.weight, name="é\U0001f600%s"))["weight"] == 2**63 - 1
    assert store.run(lambda tx: tx.one(sql.weight, name="yes"))["weight"] == 1


def test_a_sum_of_integers_is_an_integer(store: Store, sql: Queries) -> None:
    store.run(adds(sql, "one"))

    row = store.run(lambda tx: tx.one(sql.count))

    assert (row["number"], row["taken"]) == (1, 0)
    assert type(row["taken"]) is int


def test_text_is_ordered_by_code_point_and_like_minds_case(store: Store, sql: Queries) -> None:
    for name in ("b", "B", "a_c", "aXc", "á", "A", "a%c"):
        store.run(lambda tx, name=name: tx.execute(sql.label, name=name, weight=1))

    ordered = [row["name"] for row in store.run(lambda tx: tx.all(sql.names, like="%"))]
    matching = [row["name"] for row in store.run(lambda tx: tx.all(sql.names, like="a!_%"))]

    assert ordered == ["A", "B", "a%c", "aXc", "a_c", "b", "á"]
    assert matching == ["a_c"]


def test_substr_takes_parameters(store: Store, sql: Queries) -> None:
    store.run(lambda tx: tx.execute(sql.label, name="orders/1", weight=3))

    row = store.run(lambda tx: tx.one(sql.beginning, **{"length": 6, "from": 8}))

    assert dict(row) == {"first": "orders", "rest": "1"}


def test_greatest_ignores_null_and_a_percent_sign_is_only_that(store: Store, sql: Queries) -> None:
    store.run(lambda tx: tx.execute(sql.label, name="x", weight=3))

    row = store.run(lambda tx: tx.one(sql.heavier, name="x", least=5))

    assert dict(row) == {"weight": 5, "share": "100%"}


def test_a_list_is_a_parameter_of_in(store: Store, sql: Queries) -> None:
    for weight, name in enumerate(["a", "b'\"", "ç", "d"]):
        store.run(lambda tx, name=name, weight=weight: tx.execute(sql.label, name=name, weight=weight))

    rows = store.run(lambda tx: tx.all(sql.among, names=["a", "b'\"", "ç", "x"], weights=[1, 2, 3]))

    assert [row["name"] for row in rows] == ["b'\"", "ç"]
    assert store.run(lambda tx: tx.execute(sql.unlabel, names=[])) == 0
    assert store.run(lambda tx: tx.execute(sql.unlabel, names=["d", "e"])) == 1


def test_two_claimants_never_get_the_same_row(store: Store, sql: Queries, together: Together) -> None:
    store.run(lambda tx: tx.many(sql.add, [{"shelf": "a", "body": str(n)} for n in range(40)]))

    claims = together(*[lambda tx, by=by: tx.all(sql.claim, by=by, most=3) for by in range(1, 14)])

    claimed = [row["id"] for rows in claims for row in rows]
    assert len(claimed) == len(set(claimed)) == 39
    assert all(len(rows) == 3 for rows in claims)


def test_no_increment_is_lost_among_units_of_one_tick(store: Store, sql: Queries, together: Together) -> None:
    store.run(lambda tx: tx.execute(sql.label, name="x", weight=0))

    def increment(tx: Transaction) -> None:
        weight = tx.one(sql.weight, name="x")["weight"]
        tx.execute(sql.weigh, name="x", weight=weight + 1)

    outcomes = together(*[increment] * 20)

    assert outcomes == [None] * 20
    assert store.run(lambda tx: tx.one(sql.weight, name="x"))["weight"] == 20


def test_of_many_who_create_one_name_one_succeeds(store: Store, sql: Queries, together: Together) -> None:
    def create(tx: Transaction) -> str:
        if tx.one(sql.weight, name="x") is not None:
            return "known"
        tx.execute(sql.label, name="x", weight=1)
        return "created"

    outcomes = together(*[create] * 8)

    assert sorted(outcomes) == ["created", *["known"] * 7]


def settled(store: Store, sql: Queries, count: int, cursor: dict[str, int]) -> list[Any]:
    """The rows that have settled after `cursor`, once there are `count` of them.

    What settles waits for the oldest transaction of the whole server, so other tests' too.
    """
    deadline = time.monotonic() + 20
    while True:
        rows = store.run(lambda tx: tx.all(sql.settled, **cursor))
        if len(rows) >= count or time.monotonic() > deadline:
            return rows


FIRST = {"xid": -1, "id": 0}


def test_every_settled_row_is_read_once_in_order(store: Store, sql: Queries, together: Together) -> None:
    together(*[adds(sql, str(n)) for n in range(30)])
    seen: list[str] = []
    cursor = FIRST

    for count in (30, 0):
        for row in settled(store, sql, count, cursor):
            seen.append(row["body"])
            cursor = {"xid": row["xid"], "id": row["id"]}

    assert sorted(seen, key=int) == [str(n) for n in range(30)]


class TestSqliteFile:
    """A file that is none of ours, or somebody's."""

    def test_a_file_that_is_no_database_is_one_clear_line(self, tmp_path: Path) -> None:
        path = tmp_path / "notes.txt"
        path.write_text("not a database, by far" * 100)

        with pytest.raises(EmulatorError, match=r"cannot open the database .*notes\.txt: file is not a database"):
            open_sqlite(path)

    def test_a_file_is_written_by_one_store_alone(self, tmp_path: Path) -> None:
        store = open_sqlite(tmp_path / "x.db")
        with pytest.raises(EmulatorError, match="database is locked"):
            open_sqlite(tmp_path / "x.db")
        store.close()

        open_sqlite(tmp_path / "x.db").close()

    def test_synchronous_is_normal_or_full(self, tmp_path: Path) -> None:
        open_sqlite(tmp_path / "x.db", synchronous="FULL").close()

        with pytest.raises(EmulatorError, match="NORMAL or FULL"):
            open_sqlite(tmp_path / "x.db", synchronous="OFF")


@pytest.mark.postgres
class TestPostgresConnections:
    """A server that drops a connection."""

    def test_a_unit_runs_again_on_a_new_connection(
        self, postgres_dsn: str, postgres_server: str, notes: Path, sql: Queries
    ) -> None:
        psycopg = pytest.importorskip("psycopg")
        store = open_postgres(postgres_dsn, pool=4)
        store.migrate([("notes", notes)])
        pid = Query("pid", "SELECT pg_backend_pid() AS pid")
        attempts = []

        def unit(tx: Transaction) -> None:
            adds(sql, "one")(tx)
            attempts.append(tx.one(pid)["pid"])
            if len(attempts) == 1:
                with psycopg.connect(postgres_server, autocommit=True) as other:
                    other.execute("SELECT pg_terminate_backend(%s, 5000)", attempts)
            adds(sql, "two")(tx)

        store.run(unit)
        kept = bodies(store, sql)
        store.close()

        assert len(set(attempts)) == 2
        assert kept == ["one", "two"]

    def test_a_connection_dropped_between_two_units_is_not_noticed(
        self, postgres_dsn: str, postgres_server: str, notes: Path, sql: Queries
    ) -> None:
        psycopg = pytest.importorskip("psycopg")
        store = open_postgres(postgres_dsn, pool=4)
        store.migrate([("notes", notes)])
        first = store.run(lambda tx: tx.one(Query("pid", "SELECT pg_backend_pid() AS pid")))["pid"]
        with psycopg.connect(postgres_server, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [first])

        store.run(adds(sql, "one"))
        kept = bodies(store, sql)
        store.close()

        assert kept == ["one"]

    def test_a_server_that_cannot_be_reached_is_one_clear_line(self) -> None:
        with pytest.raises(EmulatorError, match="cannot reach PostgreSQL") as caught:
            open_postgres("postgresql://nobody@127.0.0.1:1/none")

        assert "\n" not in str(caught.value)


@pytest.mark.postgres
class TestPostgresOrder:
    """Two transactions at once, the earlier committing later."""

    def test_a_reader_waits_for_a_transaction_that_commits_late(
        self, postgres_dsn: str, notes: Path, sql: Queries
    ) -> None:
        store = open_postgres(postgres_dsn, pool=4)
        store.migrate([("notes", notes)])
        wrote, go_on = threading.Event(), threading.Event()

        def late(tx: Transaction) -> None:
            adds(sql, "late")(tx)
            wrote.set()
            assert go_on.wait(20)

        thread = threading.Thread(target=store.run, args=(late,))
        thread.start()
        assert wrote.wait(20)
        store.run(adds(sql, "early"))
        before = store.run(lambda tx: tx.all(sql.settled, xid=-1, id=0))
        go_on.set()
        thread.join(20)
        after = settled(store, sql, 2, FIRST)
        store.close()

        assert before == []
        assert [row["body"] for row in after] == ["late", "early"]

    def test_a_row_with_a_smaller_number_of_a_younger_transaction_is_not_skipped(
        self, postgres_dsn: str, notes: Path, sql: Queries
    ) -> None:
        store = open_postgres(postgres_dsn, pool=4)
        store.migrate([("notes", notes)])
        older_began, younger_wrote, older_ended, go_on = (threading.Event() for _ in range(4))

        def older(tx: Transaction) -> None:
            tx.execute(sql.label, name="x", weight=1)  # takes the transaction's number
            older_began.set()
            assert younger_wrote.wait(20)
            adds(sql, "older, second id")(tx)

        def younger(tx: Transaction) -> None:
            assert older_began.wait(20)
            adds(sql, "younger, first id")(tx)
            younger_wrote.set()
            assert older_ended.wait(20)
            assert go_on.wait(20)

        threads = [
            threading.Thread(target=lambda: (store.run(older), older_ended.set())),
            threading.Thread(target=store.run, args=(younger,)),
        ]
        for thread in threads:
            thread.start()
        assert older_ended.wait(20)
        first = settled(store, sql, 1, FIRST)
        go_on.set()
        for thread in threads:
            thread.join(20)
        second = settled(store, sql, 1, {"xid": first[-1]["xid"], "id": first[-1]["id"]})
        store.close()

        assert [row["body"] for row in first] == ["older, second id"]
        assert [row["body"] for row in second] == ["younger, first id"]

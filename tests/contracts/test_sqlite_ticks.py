"""What the single writer adds to every store: reads and commits in one tick."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator.storage import (
    Queries,
    Store,
    StoreError,
    Transaction,
    open_sqlite,
    sqlite,
)
from tests.contracts.notes import Together, adds, bodies


class TestSqliteTick:
    """What the single writer adds: reads and commits in one tick."""

    @pytest.fixture(params=["memory", "file"])
    def reopen(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Store]]:
        """One writer alone has ticks: SQLite in both its forms, not PostgreSQL."""
        store = open_sqlite(":memory:" if request.param == "memory" else tmp_path / "store.db")
        yield lambda: store
        store.close()

    def test_a_read_with_nothing_uncommitted_completes_without_a_commit(self, store: Store, sql: Queries) -> None:
        store.run(adds(sql, "one"))
        points: list[str] = []
        store.points = points.append

        async def main() -> list[Any]:
            store.bind(asyncio.get_running_loop())
            outcomes: list[Any] = []
            store.submit(lambda tx: tx.all(sql.bodies, shelf="a"), outcomes.append)
            await asyncio.sleep(0)
            return outcomes

        assert len(asyncio.run(main())) == 1
        assert points == []

    def test_calls_run_in_their_order_before_what_is_run_now(self, store: Store, sql: Queries) -> None:
        async def main() -> list[str]:
            store.bind(asyncio.get_running_loop())
            for body in ("one", "two"):
                store.submit(adds(sql, body), lambda _: None)
            return bodies(store, sql)

        assert asyncio.run(main()) == ["one", "two"]

    def test_more_calls_than_a_tick_runs_are_left_to_the_next(self, store: Store, sql: Queries) -> None:
        points: list[str] = []
        store.points = points.append

        async def main() -> list[Any]:
            store.bind(asyncio.get_running_loop())
            outcomes: list[Any] = []
            for number in range(sqlite.CALLS + 1):
                store.submit(adds(sql, str(number)), outcomes.append)
            while len(outcomes) <= sqlite.CALLS:
                await asyncio.sleep(0)
            return outcomes

        asyncio.run(asyncio.wait_for(main(), 20))

        assert points == ["before-commit", "after-commit"] * 2
        assert bodies(store, sql) == [str(number) for number in range(sqlite.CALLS + 1)]

    def test_a_call_that_no_loop_came_to_run_is_run_when_the_loop_is_left(self, store: Store, sql: Queries) -> None:
        async def main() -> None:
            store.bind(asyncio.get_running_loop())
            store.submit(adds(sql, "one"), lambda _: None)
            store.bind(None)

        asyncio.run(main())

        assert bodies(store, sql) == ["one"]

    def test_a_read_after_an_uncommitted_write_sees_it_and_waits_for_the_commit(
        self, store: Store, sql: Queries
    ) -> None:
        async def main() -> tuple[list[Any], list[Any]]:
            store.bind(asyncio.get_running_loop())
            outcomes: list[Any] = []
            store.submit(adds(sql, "one"), outcomes.append)
            store.submit(lambda tx: len(tx.all(sql.bodies, shelf="a")), outcomes.append)
            early = list(outcomes)
            await asyncio.sleep(0)
            return early, outcomes

        assert asyncio.run(main()) == ([], [1, 1])

    def test_a_tick_is_one_commit(self, store: Store, sql: Queries, together: Together) -> None:
        points: list[str] = []
        store.points = points.append

        together(*[adds(sql, str(n)) for n in range(10)])

        assert points == ["before-commit", "after-commit"]

    def test_a_quiet_moment_brings_what_was_written_into_the_database(
        self, store: Store, sql: Queries, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sqlite, "QUIET", 0)
        written: list[str] = []
        store._connection.set_trace_callback(written.append)

        async def main() -> None:
            store.bind(asyncio.get_running_loop())
            for number in range(sqlite.CHANGES):
                store.submit(adds(sql, str(number)), lambda _: None)
            while not any("checkpoint" in statement for statement in written):
                await asyncio.sleep(0)

        asyncio.run(asyncio.wait_for(main(), 20))

        assert written[-1] == "PRAGMA wal_checkpoint(PASSIVE)"

    def test_run_commits_the_open_tick_with_it(self, store: Store, sql: Queries) -> None:
        async def main() -> list[Any]:
            store.bind(asyncio.get_running_loop())
            outcomes: list[Any] = []
            store.submit(adds(sql, "one"), outcomes.append)
            outcomes.append(store.run(lambda tx: len(tx.all(sql.bodies, shelf="a"))))
            await asyncio.sleep(0)
            return outcomes

        assert asyncio.run(main()) == [1, 1]

    def test_done_may_submit_again(self, store: Store, sql: Queries) -> None:
        async def main() -> None:
            loop = asyncio.get_running_loop()
            store.bind(loop)
            ended = loop.create_future()
            store.submit(adds(sql, "one"), lambda _: store.submit(adds(sql, "two"), lambda _: ended.set_result(None)))
            await asyncio.wait_for(ended, 20)

        asyncio.run(main())

        assert bodies(store, sql) == ["one", "two"]

    def test_when_the_commit_fails_every_unit_of_the_tick_hears_it(
        self, store: Store, sql: Queries, together: Together
    ) -> None:
        heard: list[str] = []

        def unit(tx: Transaction) -> None:
            adds(sql, "one")(tx)
            tx.after_commit(lambda: heard.append("committed"))
            tx.after_rollback(lambda: heard.append("rolled back"))

        # The transaction ends under the store, as when SQLite gives it up on a full disk.
        store.points = lambda point: point == "before-commit" and store._connection.rollback()
        outcomes = together(unit, lambda tx: len(tx.all(sql.bodies, shelf="a")))
        store.points = None

        assert [type(outcome).__name__ for outcome in outcomes] == ["StoreError", "StoreError"]
        assert heard == ["rolled back"]
        assert bodies(store, sql) == []

    def test_a_full_disk_loses_nothing_that_was_acknowledged(
        self, store: Store, sql: Queries, together: Together
    ) -> None:
        pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
        store._connection.execute(f"PRAGMA max_page_count = {pages + 20}").fetchall()

        outcomes = together(*[adds(sql, f"{n}" * 20_000) for n in range(10)])

        kept = bodies(store, sql)
        assert {type(outcome) for outcome in outcomes} == {int, StoreError} or kept == []
        assert len(kept) == sum(outcome == 1 for outcome in outcomes)

    def test_a_second_thread_cannot_use_the_store_of_a_running_loop(self, store: Store, sql: Queries) -> None:
        async def main() -> None:
            store.bind(asyncio.get_running_loop())
            store.run(adds(sql, "one"))
            await asyncio.to_thread(store.run, adds(sql, "two"))

        with pytest.raises(RuntimeError, match="loop's thread"):
            asyncio.run(main())

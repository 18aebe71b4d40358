"""What a unit may undo of itself, and what it leaves to be written with the commit."""

import contextlib

import pytest

from emulator.storage import ConflictError, Queries, Store, StoreError, Transaction, UnstorableError
from tests.contracts.notes import adds, bodies


def test_a_savepoint_is_undone_with_its_callbacks_when_its_block_raises(store: Store, sql: Queries) -> None:
    heard: list[str] = []

    def unit(tx: Transaction) -> None:
        adds(sql, "kept")(tx)
        with contextlib.suppress(LookupError), tx.savepoint():
            adds(sql, "lost")(tx)
            tx.after_commit(lambda: heard.append("lost"))
            with tx.savepoint():
                adds(sql, "lost too")(tx)
            raise LookupError
        with tx.savepoint():
            adds(sql, "kept too")(tx)
            tx.after_commit(lambda: heard.append("kept"))

    store.run(unit)

    assert bodies(store, sql) == ["kept", "kept too"]
    assert heard == ["kept"]


def test_what_was_appended_is_there_after_the_commit_in_its_order(store: Store, sql: Queries) -> None:
    def unit(tx: Transaction) -> None:
        for body in ("one", "two"):
            tx.append(sql.add, shelf="a", body=body)

    store.run(unit)

    assert bodies(store, sql) == ["one", "two"]


def test_what_was_appended_is_undone_with_its_savepoint_and_its_unit(store: Store, sql: Queries) -> None:
    def unit(tx: Transaction) -> None:
        tx.append(sql.add, shelf="a", body="kept")
        with contextlib.suppress(LookupError), tx.savepoint():
            tx.append(sql.add, shelf="a", body="lost")
            raise LookupError

    def failing(tx: Transaction) -> None:
        tx.append(sql.add, shelf="a", body="lost too")
        raise LookupError

    store.run(unit)
    with pytest.raises(LookupError):
        store.run(failing)

    assert bodies(store, sql) == ["kept"]


def test_a_refused_row_that_was_appended_keeps_its_unit_from_being_committed(store: Store, sql: Queries) -> None:
    def unit(tx: Transaction) -> None:
        adds(sql, "lost")(tx)
        tx.append(sql.add, shelf="a", body="\ud800")

    with pytest.raises((UnstorableError, StoreError)):
        store.run(unit)
    assert bodies(store, sql) == []


def test_what_a_savepoint_did_is_undone_with_its_unit(store: Store, sql: Queries) -> None:
    def unit(tx: Transaction) -> None:
        with tx.savepoint():
            adds(sql, "lost")(tx)
        raise LookupError

    with pytest.raises(LookupError):
        store.run(unit)
    assert bodies(store, sql) == []


def test_a_conflict_inside_a_savepoint_can_be_caught_around_it(store: Store, sql: Queries) -> None:
    store.run(lambda tx: tx.execute(sql.label, name="x", weight=1))

    def unit(tx: Transaction) -> str:
        try:
            with tx.savepoint():
                tx.execute(sql.label, name="x", weight=2)
        except ConflictError:
            adds(sql, "was there")(tx)
            return "known"
        return "new"

    assert store.run(unit) == "known"
    assert bodies(store, sql) == ["was there"]


def test_a_unit_cannot_succeed_after_a_refusal_it_swallowed(store: Store, sql: Queries) -> None:
    store.run(lambda tx: tx.execute(sql.label, name="x", weight=1))

    def unit(tx: Transaction) -> str:
        adds(sql, "lost")(tx)
        with pytest.raises(ConflictError):
            tx.execute(sql.label, name="x", weight=2)
        return "went on"

    with pytest.raises(ConflictError):
        store.run(unit)
    assert bodies(store, sql) == []

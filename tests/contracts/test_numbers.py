"""The number that the store gives a new row."""

import contextlib

import pytest

from emulator.storage import Queries, Store, Transaction


def test_number_tells_the_row_that_was_inserted_or_that_none_was(store: Store, sql: Queries) -> None:
    def unit(tx: Transaction) -> list[int | None]:
        return [tx.number(sql.ticket, holder=holder) for holder in ("ann", "bob", "ann", "cid")]

    ann, bob, again, cid = store.run(unit)

    rows = store.run(lambda tx: tx.all(sql.tickets))
    assert [(row["id"], row["holder"]) for row in rows] == [(ann, "ann"), (bob, "bob"), (cid, "cid")]
    assert again is None


def test_number_is_undone_with_its_savepoint(store: Store, sql: Queries) -> None:
    def unit(tx: Transaction) -> None:
        with contextlib.suppress(LookupError), tx.savepoint():
            tx.number(sql.ticket, holder="ann")
            raise LookupError

    store.run(unit)

    assert store.run(lambda tx: tx.all(sql.tickets)) == []


def test_number_wants_a_query_that_gives_one(store: Store, sql: Queries) -> None:
    with pytest.raises(ValueError, match="add_returning"):
        store.run(lambda tx: tx.number(sql.add_returning, shelf="a", body="b"))


def test_records_ascend_in_the_order_in_which_they_were_appended(store: Store, sql: Queries) -> None:
    def unit(tx: Transaction) -> None:
        for what in ("one", "two", "three"):
            tx.append(sql.record, what=what)

    store.run(unit)

    assert [row["what"] for row in store.run(lambda tx: tx.all(sql.records))] == ["three", "two", "one"]

"""However many rows there are to delete, they hold the loop for a moment at a time, and all go."""

import pytest

from emulator.clock import FrozenClock
from emulator.kit.removing import SLICE, removal, remove
from emulator.storage import Queries, Query

MOST = 511  # rows of a slice while no time passes
INSERT = Query("add", "INSERT INTO work (kind, role, account, region, due, payload, trace_id, cause)"
    " VALUES ('never', :of, 'a', 'r', 0, '{}', 't', 'c')")  # fmt: skip
COUNT = Query("count", "SELECT count(*) AS rows FROM work WHERE role = :of")
SQL = Queries.parse(
    """
-- name: delete_rows
DELETE FROM work WHERE id IN (SELECT id FROM work WHERE role = :of ORDER BY id LIMIT :most)
"""
)


class Hasty(FrozenClock):
    """Half of a slice's time is over each time that one looks."""

    def micros(self):
        self._micros += SLICE // 2
        return self._micros


@pytest.fixture
def fill(workshop):
    """Rows of two owners, as many of each; any table will do."""
    workshop.directory.add_kinds([removal("test.remove", SQL)])

    def add(count):
        rows = [{"of": of} for of in ("mine", "yours")] * count
        workshop.do(lambda ctx: ctx.tx.many(INSERT, rows))

    return add


@pytest.fixture
def count(workshop):
    return lambda of: workshop.do(lambda ctx: ctx.tx.one(COUNT, of=of)["rows"])


def begin(workshop):
    workshop.do(lambda ctx: remove(ctx, "test.remove", SQL.delete_rows, of="mine"))


@pytest.mark.parametrize("rows", [0, 1, 10, MOST - 1])
def test_a_few_rows_are_gone_with_the_call(workshop, fill, count, rows):
    fill(rows)

    begin(workshop)

    assert (count("mine"), count("yours")) == (0, rows)
    assert [row for row in workshop.rows() if row["kind"] == "test.remove"] == []


@pytest.mark.parametrize("rows", [MOST, 3 * MOST + 7])
def test_of_many_rows_the_call_takes_a_slice_and_work_the_others(workshop, fill, count, rows):
    fill(rows)

    begin(workshop)

    assert count("mine") == rows - MOST
    workshop.settle()
    assert (count("mine"), count("yours")) == (0, rows)
    assert workshop.rows() == []


def test_a_slice_ends_when_its_time_is_over(workshop, fill, count):
    fill(40)
    workshop.house.wall = Hasty()

    begin(workshop)

    assert count("mine") == 40 - 1 - 2

"""Any sequence of units, together or alone, leaves what the same units leave in a dict."""

import asyncio
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.storage import Queries, Store, Transaction

SQL = Queries.parse(
    """
-- name: put
INSERT INTO labels (name, weight) VALUES (:name, :weight)
ON CONFLICT (name) DO UPDATE SET weight = excluded.weight
-- name: remove
DELETE FROM labels WHERE name = :name
-- name: clear
DELETE FROM labels
-- name: all
SELECT name, weight FROM labels
"""
)


@dataclass(frozen=True)
class Step:
    """Write a name (None removes it) or, with steps of its own, a savepoint that may be undone."""

    name: str = ""
    weight: int | None = None
    inner: tuple["Step", ...] = ()
    undone: bool = False


class PlannedError(Exception):
    """What a step raises to be undone."""


names = st.sampled_from("abcd")
writes = st.builds(Step, names, st.none() | st.integers(-5, 5))
savepoints = st.builds(Step, inner=st.lists(writes, max_size=3).map(tuple), undone=st.booleans(), name=st.just(""))
units = st.tuples(st.lists(writes | savepoints, max_size=4), st.booleans())


def perform(tx: Transaction, steps: Any) -> None:
    for step in steps:
        if step.name and step.weight is None:
            tx.execute(SQL.remove, name=step.name)
        elif step.name:
            tx.execute(SQL.put, name=step.name, weight=step.weight)
        else:
            try:
                with tx.savepoint():
                    perform(tx, step.inner)
                    if step.undone:
                        raise PlannedError
            except PlannedError:
                pass


def model(state: dict[str, int], steps: Any) -> dict[str, int]:
    for step in steps:
        if step.name and step.weight is None:
            state = {name: weight for name, weight in state.items() if name != step.name}
        elif step.name:
            state = state | {step.name: step.weight}
        elif not step.undone:
            state = model(state, step.inner)
    return state


def contents(tx: Transaction) -> dict[str, int]:
    return {row["name"]: row["weight"] for row in tx.all(SQL.all)}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ticks=st.lists(st.lists(units, max_size=5), max_size=4))
def test_units_leave_what_they_leave_in_a_dict(store: Store, ticks: Any) -> None:
    if not store.exclusive:
        ticks = [[unit] for tick in ticks for unit in tick]  # the order within a tick is the writer's alone
    store.run(lambda tx: tx.execute(SQL.clear))

    outcomes = asyncio.run(submit(store, ticks))
    store.bind(None)

    state: dict[str, int] = {}
    expected: list[Any] = []
    for steps, fails in (unit for tick in ticks for unit in tick):
        after = model(state, steps)
        expected.append(PlannedError if fails else after)
        state = state if fails else after
    assert [type(outcome) if isinstance(outcome, Exception) else outcome for outcome in outcomes] == expected
    assert store.run(contents) == state


async def submit(store: Store, ticks: Any) -> list[Any]:
    loop = asyncio.get_running_loop()
    store.bind(loop)
    outcomes: list[Any] = []
    for tick in ticks:
        waiting = []
        for unit in tick:
            ended = loop.create_future()
            store.submit(lambda tx, unit=unit: unit_of(tx, *unit), ended.set_result)
            waiting.append(ended)
        outcomes += await asyncio.gather(*waiting)
    return outcomes


def unit_of(tx: Transaction, steps: Any, fails: bool) -> dict[str, int]:
    perform(tx, steps)
    if fails:
        raise PlannedError
    return contents(tx)

"""Rows deleted a slice at a time, the first in the call, the rest as work: many hold the loop no longer than a few."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.kit.results import Again, Done
from emulator.kit.service import Item, Kind

if TYPE_CHECKING:
    from emulator.kit.context import Context
    from emulator.storage import Queries, Query

SLICE = 600  # microseconds, which the last step may double; the commit may take as long again
STEP_MOST = 256


def remove(ctx: Context, kind: str, query: Query, **which: int | str) -> None:
    """Delete the rows that `query` means by `which`, of those `most` at a time: some now, the others as work of `kind`.

    What is left is still in the store, so nobody may find it there: its owner's row is gone, its time is over.
    """
    if _slice(ctx, query, which):
        ctx.add_work(kind, {"query": query.name, "which": which})


def removal(name: str, queries: Queries) -> Kind:
    """The kind of work that goes on with what `remove` began by one of `queries`."""

    def run(ctx: Context, item: Item) -> Done:
        query: Query = getattr(queries, item.payload["query"])
        return Again(ctx.now) if _slice(ctx, query, item.payload["which"]) else None

    return Kind(name, "router", run)


def _slice(ctx: Context, query: Query, which: dict[str, int | str]) -> bool:
    """Delete ever more rows at a time, since a row may be a megabyte; whether some may be left."""
    until = ctx.wall + SLICE
    step = 1
    while step <= STEP_MOST:
        if ctx.tx.execute(query, most=step, **which) < step:
            return False
        if ctx.wall >= until:
            return True
        step *= 2
    return True

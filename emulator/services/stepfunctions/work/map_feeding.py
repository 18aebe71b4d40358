"""The inputs of a Map Run's children, one after the other: items read, selected and batched, and never many of them."""

from __future__ import annotations

from typing import Any

from emulator.kit.context import Context
from emulator.languages.asl.environment import MapItem, listed
from emulator.languages.asl.states.map_feed import MapFeed
from emulator.languages.asl.texts import Data, load
from emulator.services.stepfunctions.integrations import items
from emulator.services.stepfunctions.work import store
from emulator.services.stepfunctions.work.map_rows import MapRun, plan_of

AT_ONCE = 100  # items read at once, and so the most that are in memory
READING = 500  # microseconds that their reading may take
LOOK = 16  # items after which the time is looked at


class Feeding:
    """Reads on from where the run's state says; who takes from it says there how far that is.

    Items are read some at a time: `_base` is the reader's position before them, `_used` how many of them are used.
    `_sources` are the places where they are from, none where they were given.
    """

    def __init__(self, ctx: Context, run: MapRun, seed: int) -> None:
        plan = plan_of(ctx, run)
        machine = store.compiled(ctx, plan["of"])
        self._feed = MapFeed(machine, plan["feed"], run.arn, ctx.now, seed)
        self._source: items.Source | None = None
        self._buffer: list[Any] = []
        self._sources: list[str] = []
        at = run.state.at or {"base": None, "skip": 0}
        self._base, self._used = at["base"], at["skip"]
        self._taken = run.state.taken
        self._next = self._base
        self._last = False
        self._mark = {"base": self._base, "skip": self._used}
        if plan["reader"] is None:
            self._buffer, self._last = listed(load(plan["items"] or "[]")), True
            run.state.given = len(self._buffer)
        else:
            self._source = _source(plan["reader"], run.account)

    def take(self, ctx: Context, until: int) -> tuple[Data, int] | None:
        """The input of the next child and its number of items; None where there is none, or no more time for it
        (then it is not `over`). Raises StateFailure and UnreadableError."""
        found = self._single(ctx) if self._feed.batch is None else self._batched(ctx, until)
        return None if found is None else (self._feed.checked(found[0]), found[1])

    @property
    def over(self) -> bool:
        """Has every item been taken?"""
        batch = self._feed.batch
        return self._last and self._used >= len(self._buffer) and (batch is None or not batch.texts)

    def _single(self, ctx: Context) -> tuple[Data, int] | None:
        item = self._peek(ctx)
        if item is None:
            return None
        data = self._feed.selected(item)
        self._advance()
        return data, 1

    def _batched(self, ctx: Context, until: int) -> tuple[Data, int] | None:
        batch = self._feed.batch
        assert batch is not None
        while not batch.full:
            if ctx.tx.exclusive and len(batch.texts) % LOOK == LOOK - 1 and ctx.wall > until:
                return None
            item = self._peek(ctx)
            if item is None:
                break
            text = self._feed.selected(item).text
            if not batch.fits(text):
                break
            batch.add(text)
            self._advance()
        count = len(batch.texts)
        if not count:
            return None
        self._mark = {"base": self._base, "skip": self._used}
        return Data(batch.emptied()), count

    def _advance(self) -> None:
        self._used += 1
        self._taken += 1

    def _peek(self, ctx: Context) -> MapItem | None:
        if self._used >= len(self._buffer) and not self._last:
            self._read(ctx)
        if self._used >= len(self._buffer):
            return None
        item = self._buffer[self._used]
        return MapItem(self._taken, item, self._sources[self._used]) if self._sources else MapItem(self._taken, item)

    def _read(self, ctx: Context) -> None:
        """Fill the buffer once more; the first time, as far as it was used up already."""
        assert self._source is not None
        if self._buffer:
            self._base, self._used = self._next, 0
        self._buffer, self._sources, self._last = [], [], True
        found = items.open_items(ctx, self._source, self._base)
        most, until = max(AT_ONCE, self._used + 1), ctx.wall + READING
        for item in found:
            self._buffer.append(item)
            self._sources.append(found.source)
            if len(self._buffer) >= most or (len(self._buffer) > self._used and ctx.wall > until):
                self._last = False
                break
        self._next = found.position

    def place(self) -> dict[str, Any]:
        """Where the next child begins, for `run.state.at`."""
        return {"base": self._base, "skip": self._used} if self._feed.batch is None else self._mark


def _source(reader: dict[str, Any], account: str) -> items.Source:
    if not isinstance(reader["parameters"], dict):
        raise items.UnreadableError("The parameters of the item reader must be a JSON object.")
    return items.Source(reader["resource"], reader["parameters"], reader["config"], account)

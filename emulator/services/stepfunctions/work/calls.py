"""HTTP tasks: their requests are made outside, once each, and what comes back is the answer to their attempts."""

from __future__ import annotations

from typing import Any

from emulator.kit.context import Context
from emulator.kit.results import Done, Outside
from emulator.kit.service import Item, Kind
from emulator.languages.asl.answers import Event
from emulator.services.stepfunctions.integrations import Failed, http
from emulator.services.stepfunctions.work import drive, trials
from emulator.services.stepfunctions.work.store import SQL

_LOST = Failed(http.SOCKET, "The request was under way when its process stopped; it was not made again.")


def hear(ctx: Context, number: int, event: Event, seen: dict[str, Any] | None = None) -> None:
    """Let an execution have an answer, or the test of a state, which may show how it was `seen`."""
    if number < 0:
        trials.keep(ctx, number, event, seen)
    else:
        drive.advance(ctx, number, event)


def _run(ctx: Context, item: Item) -> Done:
    number, task = item.payload["execution"], item.payload["task"]
    if item.attempts:
        return _lose(ctx, item)  # A mistake of ours came after its start: it may have been made.
    if number >= 0 and ctx.tx.one(SQL.running, id=number) is None:
        return None
    request = http.prepare(ctx, task)
    if isinstance(request, Failed):
        hear(ctx, number, http.failed(task, request))
        return None
    return Outside(request)


def _finish(ctx: Context, item: Item, outcome: Any) -> Done:
    number, task = item.payload["execution"], item.payload["task"]
    seen = http.seen(ctx, task, outcome) if number < 0 else None
    hear(ctx, number, http.answered(ctx, task, outcome), seen)
    return None


def _lose(ctx: Context, item: Item) -> Done:
    hear(ctx, item.payload["execution"], http.failed(item.payload["task"], _LOST))
    return None


CALL = Kind(http.CALL, "runner", _run, finish=_finish, lost=_lose)

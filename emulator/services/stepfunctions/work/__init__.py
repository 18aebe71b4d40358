"""What Step Functions does when nobody calls: executions go on, timers fire, answers arrive."""

from __future__ import annotations

from emulator.kit.context import Context
from emulator.kit.results import Again, Done
from emulator.kit.service import Item, Kind
from emulator.languages.asl.answers import TimerFired
from emulator.services.stepfunctions import integrations
from emulator.services.stepfunctions.integrations.aws_sdk import POLL, POLL_SECONDS
from emulator.services.stepfunctions.model import execution_of
from emulator.services.stepfunctions.work import calls, drive, map_rows, map_runs
from emulator.services.stepfunctions.work.performing import TIMER
from emulator.services.stepfunctions.work.store import SQL


def advance(ctx: Context, item: Item) -> Done:
    """Start an execution, or give it an event."""
    event = item.payload.get("event")
    drive.advance(ctx, item.payload["execution"], None if event is None else drive.event_of(event))
    return None


def timer(ctx: Context, item: Item) -> Done:
    """A timer of an execution has come."""
    drive.advance(ctx, item.payload["execution"], TimerFired(item.payload["timer"]))
    return None


def answer(ctx: Context, item: Item) -> Done:
    """A service that an execution asked has answered."""
    calls.hear(ctx, item.payload["execution"], integrations.answered(ctx, item.payload))
    return None


def poll(ctx: Context, item: Item) -> Done:
    """A call that had to wait is made once more."""
    row = ctx.tx.one(SQL.running, id=item.payload["execution"])
    if row is None:
        return None
    event = integrations.polled(ctx, execution_of(row), item.payload)
    if event is None:
        return Again(ctx.after(POLL_SECONDS))
    drive.advance(ctx, row["id"], event)
    return None


KINDS = (
    Kind(drive.ADVANCE, "runner", advance),
    Kind(TIMER, "runner", timer),
    Kind(integrations.ANSWER, "runner", answer),
    Kind(POLL, "runner", poll),
    calls.CALL,
    Kind(map_rows.MAP_RUN, "runner", map_runs.go),
    Kind(map_runs.MAP_ENDED, "runner", map_runs.ended),
)

"""What Step Functions does when nobody calls: executions go on, timers fire, answers arrive."""

from __future__ import annotations

from emulator.kit.context import Context
from emulator.kit.results import Done
from emulator.kit.service import Item, Kind
from emulator.languages.asl.answers import TimerFired
from emulator.services.stepfunctions import integrations
from emulator.services.stepfunctions.model import execution_of
from emulator.services.stepfunctions.work import drive
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
    row = ctx.tx.one(SQL.running, id=item.payload["execution"])
    if row is None:
        return None
    for event in integrations.answered(ctx, execution_of(row), item.payload):
        drive.advance(ctx, item.payload["execution"], event)
    return None


KINDS = (
    Kind(drive.ADVANCE, "runner", advance),
    Kind(drive.TIMER, "runner", timer),
    Kind(integrations.ANSWER, "runner", answer),
)

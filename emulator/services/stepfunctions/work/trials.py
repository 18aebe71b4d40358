"""What answers a state that is tested by itself (TestState): it is of no execution, its number is below zero."""

from __future__ import annotations

import json
from typing import Any

from emulator import ids
from emulator.kit.context import Context
from emulator.languages.asl.answers import Event
from emulator.services.stepfunctions.work import drive
from emulator.services.stepfunctions.work.store import SQL


def new_number() -> int:
    """A number for an execution that is none."""
    return -1 - ids.new_seed() % 2**62


def answered_key(number: int) -> str:
    """What a TestState request waits for."""
    return f"states:tested:{number}"


def expect(ctx: Context, number: int) -> None:
    """An answer is to come."""
    ctx.tx.execute(SQL.expect_answer, id=number)


def keep(ctx: Context, number: int, event: Event, seen: dict[str, Any] | None = None) -> None:
    """The answer is there, with what the test may show of how it came; nobody may wait for it any more."""
    body = json.dumps([drive.body_of(event), seen or {}])
    ctx.tx.execute(SQL.keep_answer, id=number, event=body)
    ctx.wake(answered_key(number))


def find(ctx: Context, number: int) -> tuple[Event, dict[str, Any]] | None:
    """The answer and how it was seen, if it has come."""
    row = ctx.tx.one(SQL.find_answer, id=number)
    if row is None or row["event"] is None:
        return None
    event, seen = json.loads(row["event"])
    return drive.event_of(event), seen


def forget(ctx: Context, number: int) -> None:
    """The test is over."""
    ctx.tx.execute(SQL.forget_answer, id=number)

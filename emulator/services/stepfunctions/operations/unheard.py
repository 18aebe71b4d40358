"""Status changes that no bus heard: the row of an execution has its start, and its success if that came at once."""

from __future__ import annotations

from dataclasses import replace

from emulator import ids
from emulator.kit.bus import Unheard
from emulator.kit.context import Context
from emulator.languages.asl.effects import Outcome
from emulator.services.stepfunctions.model import execution_of
from emulator.services.stepfunctions.work.drive import RUNNING
from emulator.services.stepfunctions.work.endings import DETAIL_TYPE, SOURCE, change
from emulator.services.stepfunctions.work.store import SQL
from emulator.storage import Row


def unheard_events(ctx: Context, *, most: int, event_id: str | None) -> list[Unheard]:
    """See `bus.unheard`."""
    if event_id is None:
        rows = ctx.tx.all(SQL.unheard, account=ctx.account, most=most)
    else:
        number = ids.number_of(event_id)
        row = None if number is None else ctx.tx.one(SQL.find_unheard, account=ctx.account, id=number)
        rows = [] if row is None else [row]
    return [event for row in rows for event in _told(row)]


def _told(row: Row) -> list[Unheard]:
    """What an execution told in its first burst, the latest first."""
    at_once = row["burst"] is not None  # it succeeded then: what fails at once is put
    succeeded = [_change(row, Outcome("SUCCEEDED", row["output"]))] if at_once else []
    return [*succeeded, _change(row, RUNNING)]


def _change(row: Row, outcome: Outcome) -> Unheard:
    execution = replace(execution_of(row), redrives=0, redriven=None)
    return Unheard(
        id=ids.numbered_uuid(execution.id, execution.seed << 1 | (outcome is not RUNNING)),
        region=execution.region,
        at=row["begun"],
        wall=row["unheard"],
        source=SOURCE,
        detail_type=DETAIL_TYPE,
        resources=[execution.arn],
        detail=change(execution, outcome, row["begun"]),
        trace_id=row["trace_id"],
        cause=row["caused_by"],
    )

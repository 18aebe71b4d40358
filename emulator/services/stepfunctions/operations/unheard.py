"""Status changes that no bus heard: an execution that succeeded in its first burst has all of them in its row."""

from __future__ import annotations

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
        rows = ctx.tx.all(SQL.unheard, account=ctx.account, most=(most + 1) // 2)
    else:
        number = ids.number_of(event_id)
        row = None if number is None else ctx.tx.one(SQL.find_unheard, account=ctx.account, id=number)
        rows = [] if row is None else [row]
    return [event for row in rows for event in _told(row)]


def _told(row: Row) -> list[Unheard]:
    """What an execution told, the latest first."""
    execution = execution_of(row)
    changes = [RUNNING, Outcome(row["status"], row["output"], row["error"], row["cause"])]
    return [
        Unheard(
            id=ids.numbered_uuid(execution.id, execution.seed << 1 | place),
            region=execution.region,
            at=row["stopped"],
            wall=row["unheard"],
            source=SOURCE,
            detail_type=DETAIL_TYPE,
            resources=[execution.arn],
            detail=change(execution, changes[place], row["stopped"]),
            trace_id=row["trace_id"],
            cause=row["caused_by"],
        )
        for place in (1, 0)
    ]

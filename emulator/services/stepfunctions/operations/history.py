"""The history of an execution, event by event."""

from __future__ import annotations

from typing import Any

from emulator.kit.context import Context
from emulator.services.stepfunctions.model import bare
from emulator.services.stepfunctions.operations.found import require_execution
from emulator.services.stepfunctions.operations.pages import page_start, page_token
from emulator.services.stepfunctions.work.segments import unpack
from emulator.services.stepfunctions.work.store import SQL


def get_execution_history(
    ctx: Context,
    *,
    execution_arn: str,
    max_results: int | None = None,
    reverse_order: bool | None = None,
    next_token: str | None = None,
    include_execution_data: bool | None = None,
) -> dict[str, Any]:
    row = require_execution(ctx, execution_arn)
    most = max_results or 100
    newest = ctx.tx.one(SQL.last_event, execution=row["id"])
    last = 0 if newest is None else int(newest["last"])
    pages = ("GetExecutionHistory", execution_arn, bool(reverse_order), include_execution_data is not False)
    start = page_start(ctx, next_token, *pages, default=last if reverse_order else 1)
    low, high = (start - most + 1, start) if reverse_order else (start, start + most - 1)
    events = _between(ctx, row["id"], low, high)
    if reverse_order:
        events.reverse()
    if include_execution_data is False:
        events = [bare(event) for event in events]
    answer: dict[str, Any] = {"events": events}
    after = (events[-1]["id"] + (-1 if reverse_order else 1)) if events else 0
    if events and 1 <= after <= last:
        answer["nextToken"] = page_token(ctx, after, *pages)
    return answer


def _between(ctx: Context, execution: int, low: int, high: int) -> list[dict[str, Any]]:
    """The events of these numbers and those between; an execution numbers them without gaps."""
    rows = ctx.tx.all(SQL.history, execution=execution, low=low, high=high)
    return [event for row in rows for event in unpack(row["body"]) if low <= event["id"] <= high]

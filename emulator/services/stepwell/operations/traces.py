"""What was delivered, what failed, and what is still to be done."""

from __future__ import annotations

from typing import Any

from emulator.clock import from_micros
from emulator.kit.context import Context
from emulator.kit.delivery.attempts import SQL as DELIVERIES
from emulator.kit.work import SQL as WORK
from emulator.services.stepwell.model import page_size


def list_attempts(ctx: Context, *, trace_id: str | None = None, max_results: int | None = None) -> dict[str, Any]:
    if trace_id is None:
        rows = ctx.tx.all(DELIVERIES.latest, account=ctx.account, most=page_size(max_results))
    else:
        rows = ctx.tx.all(DELIVERIES.of_trace, account=ctx.account, trace_id=trace_id)
    shown = []
    for row in rows:
        attempt = {
            "TraceId": row["trace_id"],
            "Cause": row["cause"],
            "Target": row["target"],
            "At": from_micros(row["at"]),
            "Attempt": row["attempt"],
            "Outcome": row["outcome"],
        }
        if row["error_code"] is not None:
            attempt |= {"ErrorCode": row["error_code"], "ErrorMessage": row["error_message"]}
        shown.append(attempt)
    return {"Attempts": shown}


def list_work(ctx: Context, *, max_results: int | None = None) -> dict[str, Any]:
    rows = ctx.tx.all(WORK.of_account, account=ctx.account, most=page_size(max_results))
    return {
        "Work": [
            {
                "Id": row["id"],
                "Kind": row["kind"],
                "Key": row["key"] or "",
                "Due": from_micros(row["due"]),
                "Attempts": row["attempts"],
                "Started": bool(row["started"]),
                "TraceId": row["trace_id"],
                "Cause": row["cause"],
                "Payload": row["payload"],
            }
            for row in rows
        ]
    }

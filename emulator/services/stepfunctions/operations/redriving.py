"""RedriveExecution: an execution that has not succeeded goes on from where it stood."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from emulator.clock import from_micros
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.stepfunctions import limits
from emulator.services.stepfunctions.model import execution_of, redrive_status
from emulator.services.stepfunctions.operations.found import require_execution
from emulator.services.stepfunctions.work import drive
from emulator.services.stepfunctions.work.store import SQL, find_machine
from emulator.storage import Row


def redrive_execution(ctx: Context, *, execution_arn: str, client_token: str | None = None) -> dict[str, Any]:
    """Redrive a Standard execution; the same token again is the same redrive. Errors: ExecutionNotRedrivable."""
    row = require_execution(ctx, execution_arn)
    tokens = [entry for entry in json.loads(row["redrive_token"] or "[]") if _is_fresh(ctx, entry)]
    for token, redriven in tokens:
        if token == client_token:
            return {"redriveDate": from_micros(redriven)}
    status, reason = redrivable(ctx, row)
    if status == "REDRIVABLE_BY_MAP_RUN":
        reason = "Child executions of a Map Run are redriven by redriving its parent execution"
    if reason is not None:
        raise AwsError("ExecutionNotRedrivable", reason)
    now = ctx.micros // 1000 * 1000
    count = row["redrives"] + 1
    if client_token is not None:
        tokens = [[client_token, now], *tokens][: limits.REDRIVE_TOKENS]
    ctx.tx.execute(SQL.redrive, id=row["id"], count=count, now=now, token=json.dumps(tokens))
    # Who once waited for this execution has had its answer.
    execution = replace(execution_of(row), redrives=count, redriven=now, reply=None)
    drive.redrive(ctx, execution, row["resume"])
    return {"redriveDate": from_micros(now)}


def _is_fresh(ctx: Context, entry: list[Any]) -> bool:
    """Is a [token, microseconds] young enough to stand for its redrive? (API reference: clientToken)"""
    return bool(ctx.micros - entry[1] <= limits.REDRIVE_TOKEN_SECONDS * 1_000_000)


def redrivable(ctx: Context, row: Row) -> tuple[str, str | None]:
    """The redriveStatus of an execution, and why it cannot be redriven (API reference, DescribeExecution); of the
    Express ones, the children of Map Runs, only those that have not succeeded can."""
    _, reason = redrive_status(row["status"])
    if reason is None and row["kind"] == "STANDARD":
        reason = _reason(ctx, row)
    if reason is not None:
        return "NOT_REDRIVABLE", reason
    return ("REDRIVABLE" if row["map_run"] is None else "REDRIVABLE_BY_MAP_RUN"), None


def _reason(ctx: Context, row: Row) -> str | None:
    machine = find_machine(ctx, row["machine"].partition("/")[0])  # a child's has the label of its Map
    if machine is not None and machine["deleting"]:
        return "State machine is in DELETING status"
    if ctx.micros - row["stopped"] > limits.REDRIVE_DAYS * limits.DAY_MICROS:
        return "Execution redrivable period exceeded"
    if ctx.micros - row["started"] >= limits.OPEN_DAYS * limits.DAY_MICROS:
        return "Execution has exceeded the max execution time"
    newest = ctx.tx.one(SQL.last_event, execution=row["id"])
    if newest is not None and newest["last"] >= limits.REDRIVE_EVENTS_MAX:
        return "Execution history event limit exceeded"
    return None

"""RedriveExecution: an execution that has not succeeded goes on from where it stood."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from emulator.clock import from_micros
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.stepfunctions import limits
from emulator.services.stepfunctions.model import execution_of, redrive_status
from emulator.services.stepfunctions.operations.executions import require_execution
from emulator.services.stepfunctions.work import drive
from emulator.services.stepfunctions.work.store import SQL
from emulator.storage import Row

_DAY = 86_400_000_000


def redrive_execution(ctx: Context, *, execution_arn: str, client_token: str | None = None) -> dict[str, Any]:
    """Redrive a Standard execution; the same token again is the same redrive. Errors: ExecutionNotRedrivable."""
    row = require_execution(ctx, execution_arn)
    if client_token is not None and row["redrive_token"] == client_token:
        return {"redriveDate": from_micros(row["redriven"])}
    _require_redrivable(ctx, row)
    now = ctx.micros // 1000 * 1000
    count = row["redrives"] + 1
    ctx.tx.execute(SQL.redrive, id=row["id"], count=count, now=now, token=client_token)
    # Who once waited for this execution has had its answer.
    execution = replace(execution_of(row), redrives=count, redriven=now, reply=None)
    drive.redrive(ctx, execution, row["resume"])
    return {"redriveDate": from_micros(now)}


def _require_redrivable(ctx: Context, row: Row) -> None:
    _, reason = redrive_status(row["status"])
    newest = ctx.tx.one(SQL.last_event, execution=row["id"])
    if reason is None and ctx.micros - row["stopped"] > limits.REDRIVE_DAYS * _DAY:
        reason = f"Execution was completed more than {limits.REDRIVE_DAYS} days ago and cannot be redriven"
    if reason is None and newest is not None and newest["last"] >= limits.REDRIVE_EVENTS_MAX:
        reason = "Execution history event limit exceeded, execution cannot be redriven"
    if reason is not None:
        raise AwsError("ExecutionNotRedrivable", reason)

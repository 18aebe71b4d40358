"""Executions described, listed and stopped."""

from __future__ import annotations

from typing import Any

from emulator.clock import from_micros
from emulator.errors import AwsError, not_implemented
from emulator.kit.context import Context
from emulator.services.stepfunctions import limits
from emulator.services.stepfunctions.model import redrive_status, require_arn, without_data
from emulator.services.stepfunctions.operations.lookup import page_start, type_not_supported
from emulator.services.stepfunctions.operations.targets import require_target
from emulator.services.stepfunctions.work import drive
from emulator.services.stepfunctions.work.store import SQL
from emulator.storage import Row


def _ending(row: Row) -> dict[str, Any]:
    shown: dict[str, Any] = {member: row[member] for member in ("output", "error", "cause") if row[member] is not None}
    if row["output"] is not None:
        shown["outputDetails"] = {"included": True}
    return shown


def require_execution(ctx: Context, arn: str) -> Row:
    """The row of a Standard execution; raises InvalidArn (for an Express one too) or ExecutionDoesNotExist."""
    require_arn(arn, "execution")
    row = ctx.tx.one(SQL.find_execution, arn=arn)
    if row is None or (row["account"], row["region"]) != (ctx.account, ctx.region):
        raise AwsError("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'")
    return row


def describe_execution(ctx: Context, *, execution_arn: str, included_data: str | None = None) -> dict[str, Any]:
    row = require_execution(ctx, execution_arn)
    redrivable, reason = redrive_status(row["status"])
    answer = {
        "executionArn": row["arn"],
        "stateMachineArn": row["machine_arn"],
        "name": row["name"],
        "status": row["status"],
        "startDate": from_micros(row["started"]),
        "input": row["input"],
        "inputDetails": {"included": True},
        "redriveCount": row["redrives"],
        "redriveStatus": redrivable,
        **_ending(row),
        **_optional(row),
    }
    if reason is not None:
        answer["redriveStatusReason"] = reason
    if row["stopped"] is not None:
        answer["stopDate"] = from_micros(row["stopped"])
    if row["trace_header"] is not None:
        answer["traceHeader"] = row["trace_header"]
    return without_data(answer) if included_data == "METADATA_ONLY" else answer


def list_executions(
    ctx: Context,
    *,
    state_machine_arn: str | None = None,
    status_filter: str | None = None,
    max_results: int | None = None,
    next_token: str | None = None,
    map_run_arn: str | None = None,
    redrive_filter: str | None = None,
) -> dict[str, Any]:
    """The executions of a machine, a version or an alias, the newest first.

    Errors: InvalidArn, StateMachineDoesNotExist, StateMachineTypeNotSupported, InvalidToken; 501 for a Map Run.
    """
    if map_run_arn is not None:
        raise not_implemented("stepfunctions", "ListExecutions", "of a Map Run")
    if redrive_filter is not None:
        raise AwsError("ValidationException", "redriveFilter can only be specified with mapRunArn")
    target = require_target(ctx, state_machine_arn or "")
    if target.row["kind"] == "EXPRESS":
        raise type_not_supported()
    most = max_results or limits.PAGE
    where = {"machine_arn": target.arn, "before": page_start(next_token, 2**62), "most": most + 1}
    if target.version_arn is not None:
        rows = ctx.tx.all(SQL.executions_of, qualified=state_machine_arn, status=status_filter or "", **where)
    elif status_filter is None:
        rows = ctx.tx.all(SQL.executions, **where)
    else:
        rows = ctx.tx.all(SQL.executions_in, status=status_filter, **where)
    answer: dict[str, Any] = {"executions": [_listed(row) for row in rows[:most]]}
    if len(rows) > most:
        answer["nextToken"] = str(rows[most - 1]["id"])
    return answer


def _optional(row: Row) -> dict[str, Any]:
    """The version and the alias that an execution was started with, and when it was redriven."""
    named: dict[str, Any] = {
        "stateMachineVersionArn": row["version_arn"],
        "stateMachineAliasArn": row["alias_arn"],
        "redriveDate": None if row["redriven"] is None else from_micros(row["redriven"]),
    }
    return {name: value for name, value in named.items() if value is not None}


def _listed(row: Row) -> dict[str, Any]:
    shown = {
        "executionArn": row["arn"],
        "stateMachineArn": row["machine_arn"],
        "name": row["name"],
        "status": row["status"],
        "startDate": from_micros(row["started"]),
        "redriveCount": row["redrives"],
        **_optional(row),
    }
    if row["stopped"] is not None:
        shown["stopDate"] = from_micros(row["stopped"])
    return shown


def stop_execution(
    ctx: Context, *, execution_arn: str, error: str | None = None, cause: str | None = None
) -> dict[str, Any]:
    row = require_execution(ctx, execution_arn)
    if row["status"] == "RUNNING":
        drive.stop(ctx, row["id"], error, cause)
        return {"stopDate": from_micros(ctx.micros // 1000 * 1000)}
    return {"stopDate": from_micros(row["stopped"])}

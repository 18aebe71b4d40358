"""Executions described, listed and stopped."""

from __future__ import annotations

from typing import Any

from emulator.clock import from_micros
from emulator.kit.context import Context
from emulator.services.stepfunctions import limits
from emulator.services.stepfunctions.model import without_data
from emulator.services.stepfunctions.operations import map_runs, redriving
from emulator.services.stepfunctions.operations.found import listed, optional, require_execution
from emulator.services.stepfunctions.operations.lookup import invalid, type_not_supported
from emulator.services.stepfunctions.operations.pages import NEWEST, page_start, page_token
from emulator.services.stepfunctions.operations.targets import require_target
from emulator.services.stepfunctions.work import drive
from emulator.services.stepfunctions.work.store import SQL
from emulator.storage import Row


def _ending(row: Row) -> dict[str, Any]:
    shown: dict[str, Any] = {member: row[member] for member in ("output", "error", "cause") if row[member] is not None}
    if row["output"] is not None:
        shown["outputDetails"] = {"included": True}
    return shown


def describe_execution(ctx: Context, *, execution_arn: str, included_data: str | None = None) -> dict[str, Any]:
    """An execution; of the Express ones, those that a Map Run started. Errors: InvalidArn, ExecutionDoesNotExist."""
    row = require_execution(ctx, execution_arn, child=True)
    redrivable, reason = redriving.redrivable(ctx, row)
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
        **optional(row),
    }
    if reason is not None:
        answer["redriveStatusReason"] = reason
    if row["stopped"] is not None:
        answer["stopDate"] = from_micros(row["stopped"])
    if row["trace_header"] is not None:
        answer["traceHeader"] = row["trace_header"]
    if row["map_run"] is not None:
        answer |= _of_map_run(ctx, row)
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
    """The executions of a machine, a version, an alias or a Map Run, the newest first.

    Errors: InvalidArn, StateMachineDoesNotExist, ResourceNotFound, StateMachineTypeNotSupported, InvalidToken,
    ValidationException for both ARNs or none, and for filters that only a Map Run has.
    """
    most = max_results or limits.PAGE
    if map_run_arn is not None:
        if state_machine_arn is not None:
            raise invalid("Only one of stateMachineArn and mapRunArn can be specified")
        return map_runs.list_children(ctx, map_run_arn, status_filter, redrive_filter, most, next_token)
    if state_machine_arn is None:
        raise invalid("One of stateMachineArn and mapRunArn must be specified", "MISSING_REQUIRED_PARAMETER")
    _check_filters(status_filter, redrive_filter)
    target = require_target(ctx, state_machine_arn)
    if target.row["kind"] == "EXPRESS":
        raise type_not_supported()
    pages = ("ListExecutions", state_machine_arn, status_filter, None)
    before = page_start(ctx, next_token, *pages, default=NEWEST)
    where = {"machine_arn": target.arn, "before": before, "most": most + 1}
    if target.version_arn is not None:
        rows = ctx.tx.all(SQL.executions_of, qualified=state_machine_arn, status=status_filter or "", **where)
    elif status_filter is None:
        rows = ctx.tx.all(SQL.executions, **where)
    else:
        rows = ctx.tx.all(SQL.executions_in, status=status_filter, **where)
    answer: dict[str, Any] = {"executions": [listed(row) for row in rows[:most]]}
    if len(rows) > most:
        answer["nextToken"] = page_token(ctx, rows[most - 1]["id"], *pages)
    return answer


def _check_filters(status: str | None, redriven: str | None) -> None:
    """Raises ValidationException for filters that only a Map Run has (API reference, ListExecutions)."""
    if redriven is not None:
        raise invalid("redriveFilter can only be specified with mapRunArn")
    if status == "PENDING_REDRIVE":
        raise invalid("PENDING_REDRIVE can only be specified with mapRunArn")


def _of_map_run(ctx: Context, row: Row) -> dict[str, Any]:
    """What is said of a child execution alone."""
    run = ctx.tx.one(SQL.map_run, id=row["map_run"])
    assert run is not None
    shown: dict[str, Any] = {"mapRunArn": run["arn"], "status": map_runs.child_status(run, row)}
    return shown | {"redriveCount": 0} if row["kind"] == "EXPRESS" else shown


def stop_execution(
    ctx: Context, *, execution_arn: str, error: str | None = None, cause: str | None = None
) -> dict[str, Any]:
    row = require_execution(ctx, execution_arn)
    if row["status"] == "RUNNING":
        drive.stop(ctx, row["id"], error, cause)
        return {"stopDate": from_micros(ctx.micros // 1000 * 1000)}
    return {"stopDate": from_micros(row["stopped"])}

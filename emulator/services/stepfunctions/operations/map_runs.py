"""Map Runs described, listed and changed while they are going on; their child executions listed."""

from __future__ import annotations

from typing import Any

from emulator.clock import from_micros
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.stepfunctions import limits
from emulator.services.stepfunctions.model import require_arn
from emulator.services.stepfunctions.operations.found import listed, require_execution
from emulator.services.stepfunctions.operations.lookup import invalid
from emulator.services.stepfunctions.operations.pages import NEWEST, page_start, page_token
from emulator.services.stepfunctions.work import map_rows
from emulator.services.stepfunctions.work.store import SQL
from emulator.storage import Row

_UNSUCCESSFUL = ("FAILED", "TIMED_OUT", "ABORTED")
_COUNTED = ("running", "succeeded", "failed", "timedOut", "aborted", "resultsWritten")
_ONCE_REDRIVEN = ("failuresNotRedrivable", "pendingRedrive")


def require_map_run(ctx: Context, text: str) -> Row:
    """The row of a Map Run of this account; raises InvalidArn or ResourceNotFound."""
    require_arn(text, "mapRun")
    row = ctx.tx.one(SQL.find_map_run, arn=text)
    if row is None or (row["account"], row["region"]) != (ctx.account, ctx.region):
        raise AwsError("ResourceNotFound", f"Resource not found: '{text}'", fields={"resourceName": text})
    return row


def describe_map_run(ctx: Context, *, map_run_arn: str) -> dict[str, Any]:
    """Errors: InvalidArn, ResourceNotFound."""
    row = require_map_run(ctx, map_run_arn)
    state = map_rows.state_of(row)
    waiting = 0 if state.given is None else state.given - state.taken
    batched = '"batch":null' not in row["plan"]
    unstarted, left = state.pending or (0 if batched else waiting, waiting)
    answer = {
        "mapRunArn": row["arn"],
        "executionArn": row["execution_arn"],
        "status": row["status"],
        "startDate": from_micros(row["started"]),
        "maxConcurrency": row["concurrency"],
        "toleratedFailurePercentage": row["tolerated_percentage"] or 0.0,
        "toleratedFailureCount": row["tolerated_count"] or 0,
        "itemCounts": _counts(state.items, state.taken, left),
        "executionCounts": _counts(state.executions, state.children, unstarted),
        "redriveCount": row["redrives"],
    }
    optional = {"stopDate": row["stopped"], "redriveDate": row["redriven"]}
    return answer | {name: from_micros(moment) for name, moment in optional.items() if moment is not None}


def _counts(known: dict[str, int], started: int, pending: int) -> dict[str, int]:
    """The counts of items or executions; those that nobody has read yet are not among them."""
    counts = {name: known[name] for name in _COUNTED}
    counts |= {name: known[name] for name in _ONCE_REDRIVEN}
    return {**counts, "pending": pending, "total": started + pending}


def list_map_runs(
    ctx: Context, *, execution_arn: str, max_results: int | None = None, next_token: str | None = None
) -> dict[str, Any]:
    """The Map Runs that an execution started, the newest first. Errors: ExecutionDoesNotExist, InvalidToken."""
    execution = require_execution(ctx, execution_arn)
    most = max_results or limits.PAGE
    pages = ("ListMapRuns", execution_arn)
    before = page_start(ctx, next_token, *pages, default=NEWEST)
    rows = ctx.tx.all(SQL.map_runs, execution=execution["id"], before=before, most=most + 1)
    answer: dict[str, Any] = {"mapRuns": [_shown(row) for row in rows[:most]]}
    if len(rows) > most:
        answer["nextToken"] = page_token(ctx, rows[most - 1]["id"], *pages)
    return answer


def _shown(row: Row) -> dict[str, Any]:
    shown = {
        "executionArn": row["execution_arn"],
        "mapRunArn": row["arn"],
        "stateMachineArn": row["machine_arn"],
        "startDate": from_micros(row["started"]),
    }
    return shown if row["stopped"] is None else shown | {"stopDate": from_micros(row["stopped"])}


def update_map_run(
    ctx: Context,
    *,
    map_run_arn: str,
    max_concurrency: int | None = None,
    tolerated_failure_percentage: float | None = None,
    tolerated_failure_count: int | None = None,
) -> dict[str, Any]:
    """Errors: InvalidArn, ResourceNotFound, ValidationException for a run that has ended."""
    row = require_map_run(ctx, map_run_arn)
    if row["status"] != "RUNNING":
        raise invalid(f"Map Run is {row['status']} and cannot be updated", "CANNOT_UPDATE_COMPLETED_MAP_RUN")
    given = {
        "concurrency": max_concurrency,
        "tolerated_count": tolerated_failure_count,
        "tolerated_percentage": tolerated_failure_percentage,
    }
    changed = {name: row[name] if value is None else value for name, value in given.items()}
    ctx.tx.execute(SQL.change_map_run, id=row["id"], **changed)
    map_rows.forget(ctx, row["id"])
    ctx.add_work(map_rows.MAP_RUN, {"run": row["id"], "changed": True})
    return {}


def list_children(
    ctx: Context, map_run_arn: str, status: str | None, redriven: str | None, most: int, token: str | None
) -> dict[str, Any]:
    """The child executions of a Map Run, the newest first. Errors: InvalidArn, ResourceNotFound, InvalidToken."""
    run = require_map_run(ctx, map_run_arn)
    pages = ("ListExecutions", map_run_arn, status, redriven)
    where = {"run": run["id"], "before": page_start(ctx, token, *pages, default=NEWEST), "most": most + 1}
    if status is None and redriven is None:
        rows = ctx.tx.all(SQL.children, **where)
    else:
        wanted = _wanted(run, status, redriven)
        if len(wanted["statuses"]) == 1:
            wanted["status"] = wanted.pop("statuses")[0]
        rows = ctx.tx.all(SQL.children_in if "status" in wanted else SQL.children_in_some, **where, **wanted)
    answer: dict[str, Any] = {"executions": [_child(run, row) for row in rows[:most]]}
    if len(rows) > most:
        answer["nextToken"] = page_token(ctx, rows[most - 1]["id"], *pages)
    return answer


def _wanted(run: Row, status: str | None, redriven: str | None) -> dict[str, Any]:
    """Which rows have a status: a child that is to be redriven still has that of its last attempt."""
    least, greatest = (1 if redriven == "REDRIVEN" else 0), (0 if redriven == "NOT_REDRIVEN" else 2**31 - 1)
    statuses: tuple[str, ...] = ("RUNNING", "SUCCEEDED", *_UNSUCCESSFUL) if status is None else (status,)
    if status == "PENDING_REDRIVE":
        statuses, greatest = _UNSUCCESSFUL, min(greatest, _waits_below(run) - 1)
    elif status in _UNSUCCESSFUL:
        least = max(least, _waits_below(run))
    return {"statuses": [*statuses], "least": least, "greatest": greatest}


def _waits_below(run: Row) -> int:
    """An unsuccessful child that was redriven less often than this waits for its turn."""
    return run["redrives"] if run["status"] == "RUNNING" else 0


def child_status(run: Row, row: Row) -> str:
    """The status of a child, PENDING_REDRIVE among them."""
    status: str = row["status"]
    waits = status in _UNSUCCESSFUL and row["redrives"] < _waits_below(run)
    return "PENDING_REDRIVE" if waits else status


def _child(run: Row, row: Row) -> dict[str, Any]:
    shown = listed(row) | {"mapRunArn": run["arn"], "itemCount": row["items"], "status": child_status(run, row)}
    if row["kind"] == "EXPRESS":
        shown["redriveCount"] = 0
        shown.pop("redriveDate", None)
    return shown

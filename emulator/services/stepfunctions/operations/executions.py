"""Executions: started, described, listed, stopped, and awaited by their caller."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from emulator import ids
from emulator.clock import from_micros
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.kit.results import Result, Wait
from emulator.services.stepfunctions import limits
from emulator.services.stepfunctions.model import Execution, check_input, check_name, require_arn
from emulator.services.stepfunctions.operations.machines import page_start, require_machine
from emulator.services.stepfunctions.work import drive, store
from emulator.services.stepfunctions.work.store import SQL
from emulator.storage import Row


def start_execution(
    ctx: Context,
    *,
    state_machine_arn: str,
    name: str | None = None,
    input: str | None = None,
    trace_header: str | None = None,
) -> dict[str, Any]:
    """Start an execution; with `ctx.reply`, who called hears of its end as well."""
    machine = require_machine(ctx, state_machine_arn)
    if name is not None:
        check_name(name)
    text = "{}" if input is None else input
    check_input(text)
    arn, id = _add(ctx, machine, state_machine_arn, name or ids.new_uuid(), text, trace_header)
    if id is None:
        return _started_before(ctx, arn, text)
    ctx.add_work(drive.ADVANCE, {"execution": id})
    return {"executionArn": arn, "startDate": ctx.now}


def _add(
    ctx: Context, machine: Row, machine_arn: str, name: str, input: str, trace_header: str | None
) -> tuple[str, int | None]:
    """Insert an execution; its ARN and its number, None where the name is taken."""
    if machine["kind"] == "STANDARD":
        arn = ctx.arn("states", f"execution:{machine['name']}:{name}")
    else:
        arn = ctx.arn("states", f"express:{machine['name']}:{name}:{ids.new_uuid()}")
    seed, started = ids.new_seed(), ctx.micros // 1000 * 1000  # AWS tells milliseconds
    reply = None if ctx.reply is None else json.dumps(asdict(ctx.reply))
    row = ctx.tx.one(
        SQL.add_execution,
        account=ctx.account,
        region=ctx.region,
        machine=machine["name"],
        machine_arn=machine_arn,
        name=name,
        arn=arn,
        kind=machine["kind"],
        definition=machine["definition"],
        revision=machine["revision"],
        role_arn=machine["role_arn"],
        started=started,
        input=input,
        seed=seed,
        reply=reply,
        trace_header=trace_header,
        trace_id=ctx.origin.trace_id,
        caused_by=ctx.origin.cause,
    )
    if row is None:
        return arn, None
    execution = Execution(
        row["id"], ctx.account, ctx.region, machine["name"], machine_arn, name, arn, machine["kind"],
        machine["definition"], machine["role_arn"], started, input, seed, reply,
    )  # fmt: skip
    store.born(ctx, execution)
    return arn, execution.id


def _started_before(ctx: Context, arn: str, input: str) -> dict[str, Any]:
    """The same start once more is no mistake while the execution runs (API reference, StartExecution)."""
    row = ctx.tx.one(SQL.find_execution, arn=arn)
    assert row is not None
    if row["status"] != "RUNNING" or row["input"] != input:
        raise AwsError("ExecutionAlreadyExists", f"Execution Already Exists: '{arn}'")
    return {"executionArn": arn, "startDate": from_micros(row["started"])}


def start_sync_execution(
    ctx: Context,
    *,
    state_machine_arn: str,
    name: str | None = None,
    input: str | None = None,
    trace_header: str | None = None,
) -> Result:
    machine = require_machine(ctx, state_machine_arn)
    if machine["kind"] != "EXPRESS":
        raise AwsError("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine")
    if name is not None:
        check_name(name)
    text = "{}" if input is None else input
    check_input(text)
    arn, id = _add(ctx, machine, state_machine_arn, name or ids.new_uuid(), text, trace_header)
    assert id is not None
    drive.advance(ctx, id, None)
    return _answer(ctx, arn)


def _answer(ctx: Context, arn: str) -> Result:
    """How a synchronous execution ended; it is not kept (DESIGN, invariant 1)."""
    row = ctx.tx.one(SQL.find_execution, arn=arn)
    assert row is not None
    if row["status"] == "RUNNING":
        if not ctx.expired:
            return Wait((drive.ended_key(arn),), limits.SYNC_SECONDS_MAX, again=lambda ctx: _answer(ctx, arn))
        drive.stop(ctx, row["id"], "States.Timeout", None)
        row = ctx.tx.one(SQL.find_execution, arn=arn)
        assert row is not None
    ctx.tx.execute(SQL.remove_execution, id=row["id"])
    milliseconds = max(1, (row["stopped"] - row["started"]) // 1000)
    answer = {
        "executionArn": arn,
        "stateMachineArn": row["machine_arn"],
        "name": row["name"],
        "startDate": from_micros(row["started"]),
        "stopDate": from_micros(row["stopped"]),
        "status": row["status"] if row["status"] != "ABORTED" else "TIMED_OUT",
        "input": row["input"],
        "inputDetails": {"included": True},
        "billingDetails": {"billedMemoryUsedInMB": 64, "billedDurationInMilliseconds": -(-milliseconds // 100) * 100},
    }
    return answer | _ending(row)


def _ending(row: Row) -> dict[str, Any]:
    shown: dict[str, Any] = {
        member: row[member] for member in ("output", "error", "cause") if row[member] is not None
    }
    if row["output"] is not None:
        shown["outputDetails"] = {"included": True}
    return shown


def require_execution(ctx: Context, arn: str) -> Row:
    """The row of an execution; raises InvalidArn or ExecutionDoesNotExist."""
    require_arn(arn, "execution", "express")
    row = ctx.tx.one(SQL.find_execution, arn=arn)
    if row is None or (row["account"], row["region"]) != (ctx.account, ctx.region):
        raise AwsError("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'")
    return row


def describe_execution(ctx: Context, *, execution_arn: str, included_data: str | None = None) -> dict[str, Any]:
    row = require_execution(ctx, execution_arn)
    answer = {
        "executionArn": row["arn"],
        "stateMachineArn": row["machine_arn"],
        "name": row["name"],
        "status": row["status"],
        "startDate": from_micros(row["started"]),
        "input": row["input"],
        "inputDetails": {"included": True},
        "redriveCount": 0,
        **redrivable(row),
        **_ending(row),
    }
    if row["stopped"] is not None:
        answer["stopDate"] = from_micros(row["stopped"])
    if row["trace_header"] is not None:
        answer["traceHeader"] = row["trace_header"]
    if included_data == "METADATA_ONLY":
        for member in ("input", "output"):
            if member in answer:
                del answer[member]
                answer[f"{member}Details"] = {"included": False}
    return answer


def redrivable(row: Row) -> dict[str, str]:
    """Whether an execution can be redriven, and why not, in AWS's words."""
    status = row["status"]
    if status == "RUNNING":
        return _not_redrivable("Execution is RUNNING and cannot be redriven")
    if status == "SUCCEEDED":
        return _not_redrivable("Execution is SUCCEEDED and cannot be redriven")
    return {"redriveStatus": "REDRIVABLE"}


def _not_redrivable(reason: str) -> dict[str, str]:
    return {"redriveStatus": "NOT_REDRIVABLE", "redriveStatusReason": reason}


def list_executions(
    ctx: Context,
    *,
    state_machine_arn: str | None = None,
    status_filter: str | None = None,
    max_results: int | None = None,
    next_token: str | None = None,
) -> dict[str, Any]:
    machine = require_machine(ctx, state_machine_arn or "")
    if machine["kind"] == "EXPRESS":
        raise AwsError("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine")
    most = max_results or 100
    where = {"machine_arn": state_machine_arn, "before": page_start(next_token, 2**62), "most": most + 1}
    if status_filter is None:
        rows = ctx.tx.all(SQL.executions, **where)
    else:
        rows = ctx.tx.all(SQL.executions_in, status=status_filter, **where)
    answer: dict[str, Any] = {"executions": [_listed(row) for row in rows[:most]]}
    if len(rows) > most:
        answer["nextToken"] = str(rows[most - 1]["id"])
    return answer


def _listed(row: Row) -> dict[str, Any]:
    shown = {
        "executionArn": row["arn"],
        "stateMachineArn": row["machine_arn"],
        "name": row["name"],
        "status": row["status"],
        "startDate": from_micros(row["started"]),
        "redriveCount": 0,
    }
    if row["stopped"] is not None:
        shown["stopDate"] = from_micros(row["stopped"])
    return shown


def stop_execution(
    ctx: Context, *, execution_arn: str, error: str | None = None, cause: str | None = None
) -> dict[str, Any]:
    row = require_execution(ctx, execution_arn)
    if row["kind"] == "EXPRESS":
        raise AwsError("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine")
    if row["status"] == "RUNNING":
        drive.stop(ctx, row["id"], error, cause)
        return {"stopDate": ctx.now}
    return {"stopDate": from_micros(row["stopped"])}

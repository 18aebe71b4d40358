"""Executions started: to go on by themselves, or to be awaited by their caller."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import asdict, replace
from typing import Any

from emulator import ids
from emulator.clock import from_micros
from emulator.errors import AwsError
from emulator.kit.context import Context, find_root
from emulator.kit.results import PENDING, Result, Wait
from emulator.languages.asl.effects import Outcome, Step
from emulator.languages.asl.failures import TIMEOUT
from emulator.services.stepfunctions import limits
from emulator.services.stepfunctions.model import Execution, check_input, check_name, execution_of, without_data
from emulator.services.stepfunctions.operations.lookup import type_not_supported
from emulator.services.stepfunctions.operations.targets import Target, require_case
from emulator.services.stepfunctions.work import drive, endings, logs, store
from emulator.services.stepfunctions.work.performing import parent_key
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
    target = require_case(ctx, state_machine_arn)
    if target.row["kind"] == "EXPRESS" and ctx.reply is not None:
        raise type_not_supported()
    execution = _new(ctx, target, name, input, trace_header)
    live = store.Live(execution, store.compiled(ctx, execution.definition), None, False)
    step = drive.begin(ctx, live) if drive.may_begin(ctx) else None
    unheard = endings.unheard(ctx, execution, step)
    if execution.kind == "EXPRESS" and step is not None and step.outcome is not None:
        logs.write(ctx, execution, step.history)  # nobody can ask for it: it needs no row
    elif not _add(ctx, execution, target.revision, step, unheard):
        return _started_before(ctx, execution)
    elif step is not None:
        drive.born(ctx, live, step, heard=unheard is None)
    else:
        store.expect(ctx, live)
        ctx.add_work(drive.ADVANCE, {"execution": execution.id})
    return {"executionArn": execution.arn, "startDate": from_micros(execution.started)}


def _new(ctx: Context, target: Target, name: str | None, input: str | None, trace_header: str | None) -> Execution:
    """An execution that has no number yet. Raises InvalidName and InvalidExecutionInput.

    What it leads to belongs to the trace of its header, that of the request before that of the parameter
    (API reference, StartExecution: traceHeader).
    """
    if ctx.caller.trace_header:
        trace_header = ctx.caller.trace_header
    elif trace_header is not None and (root := find_root(trace_header)):
        ctx.origin = replace(ctx.origin, trace_id=root)
    if name is not None:
        check_name(name)
    text = "{}" if input is None else input
    check_input(text)
    machine, name = target.row, name or ids.new_ordered_uuid(ctx.wall)
    if machine["kind"] == "STANDARD":
        arn = ctx.arn("states", f"execution:{machine['name']}:{name}")
    else:
        arn = ctx.arn("states", f"express:{machine['name']}:{name}:{ids.new_uuid()}")
    return Execution(
        id=0,
        account=ctx.account,
        region=ctx.region,
        machine=machine["name"],
        machine_arn=target.arn,
        name=name,
        arn=arn,
        kind=machine["kind"],
        definition=target.definition,
        role_arn=target.role_arn,
        started=ctx.micros // 1000 * 1000,  # AWS tells milliseconds
        input=text,
        seed=ids.new_seed(),
        reply=None if ctx.reply is None else json.dumps([asdict(ctx.reply)]),
        sync=False,
        version_arn=target.version_arn,
        alias_arn=target.alias_arn,
        logging=_log(target.row),
        mocks=target.mocks,
        trace_header=trace_header or None,
    )


def _log(machine: Row) -> str | None:
    """The machine's logging configuration where it wants a log at all."""
    text: str | None = machine["logging"]
    return None if text is None or json.loads(text).get("level", "OFF") == "OFF" else text


def _add(ctx: Context, execution: Execution, revision: str, step: Step | None, unheard: int | None = None) -> bool:
    """Insert an execution, after its first burst if that was had; False where the name is taken."""
    number = ctx.tx.number(
        SQL.add_execution,
        account=execution.account,
        region=execution.region,
        machine=execution.machine,
        machine_arn=execution.machine_arn,
        name=execution.name,
        arn=execution.arn,
        kind=execution.kind,
        definition=execution.definition,
        revision=revision,
        role_arn=execution.role_arn,
        started=execution.started,
        input=execution.input,
        seed=execution.seed,
        reply=execution.reply,
        parent=_parent(ctx),
        sync=int(execution.sync),
        version_arn=execution.version_arn,
        alias_arn=execution.alias_arn,
        logging=execution.logging,
        mocks=execution.mocks,
        trace_header=execution.trace_header,
        trace_id=ctx.origin.trace_id,
        caused_by=ctx.origin.cause,
        unheard=unheard,
        begun=ctx.micros,
        **drive.ending(ctx, step),
        **store.first_burst(execution, step),
    )
    if number is None:
        return False
    execution.id = number
    return True


def _parent(ctx: Context) -> str | None:
    """The attempt of a task that waits for the new execution."""
    task = ctx.reply.payload.get("task") if ctx.reply is not None else None
    if ctx.reply is None or task is None:
        return None
    return parent_key(ctx.reply.payload["execution"], task["id"], task["attempt"])


def _started_before(ctx: Context, execution: Execution) -> dict[str, Any]:
    """The same start once more is no mistake while the execution runs (API reference, StartExecution)."""
    row = ctx.tx.one(SQL.find_execution, arn=execution.arn)
    assert row is not None
    if row["status"] != "RUNNING" or (row["input"], row["mocks"]) != (execution.input, execution.mocks):
        raise AwsError("ExecutionAlreadyExists", f"Execution Already Exists: '{execution.arn}'")
    if execution.reply is not None:
        asked = json.loads(row["reply"] or "[]") + json.loads(execution.reply)
        ctx.tx.execute(SQL.hear_too, id=row["id"], reply=json.dumps(asked))
        store.forget(ctx, row["id"])
    return {"executionArn": execution.arn, "startDate": from_micros(row["started"])}


def start_sync_execution(
    ctx: Context,
    *,
    state_machine_arn: str,
    name: str | None = None,
    input: str | None = None,
    trace_header: str | None = None,
    included_data: str | None = None,
) -> Result:
    """Run an Express execution and answer how it ended; one that ends in its first burst leaves no row."""
    target = require_case(ctx, state_machine_arn)
    if target.row["kind"] != "EXPRESS":
        raise type_not_supported()
    execution = _new(ctx, target, name, input, trace_header)
    execution.sync = True
    if execution.reply is not None:
        _add(ctx, execution, target.revision, None)
        ctx.add_work(drive.ADVANCE, {"execution": execution.id})
        return PENDING
    live = store.Live(execution, store.compiled(ctx, execution.definition), None, False)
    step = drive.begin(ctx, live)
    if step.outcome is not None:
        logs.write(ctx, execution, step.history)
        return _included(endings.sync_answer(execution, step.outcome, ctx.micros), included_data)
    _add(ctx, execution, target.revision, step)
    drive.follow(ctx, live, step, deque())
    return _answer(ctx, execution.arn, included_data)


def _answer(ctx: Context, arn: str, included: str | None) -> Result:
    """How a synchronous execution ended; after that it is not kept."""
    row = ctx.tx.one(SQL.find_execution, arn=arn)
    assert row is not None
    if row["status"] == "RUNNING":
        if not ctx.expired:
            return Wait(
                (endings.ended_key(arn),), limits.SYNC_SECONDS_MAX, again=lambda ctx: _answer(ctx, arn, included)
            )
        drive.stop(ctx, row["id"], TIMEOUT, None)
        row = ctx.tx.one(SQL.find_execution, arn=arn)
        assert row is not None
    ctx.tx.execute(SQL.remove_execution, id=row["id"])
    outcome = Outcome(row["status"], row["output"], row["error"], row["cause"])
    return _included(endings.sync_answer(execution_of(row), outcome, row["stopped"]), included)


def _included(answer: dict[str, Any], included: str | None) -> dict[str, Any]:
    """An answer with or without its data (includedData)."""
    return without_data(answer) if included == "METADATA_ONLY" else answer

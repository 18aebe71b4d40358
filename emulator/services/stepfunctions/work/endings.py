"""What others hear of an execution: its status changes on EventBridge, its end by whoever waits for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from emulator.clock import from_micros
from emulator.kit import bus
from emulator.kit.context import Context
from emulator.kit.results import Reply
from emulator.languages.asl.effects import Outcome, Step
from emulator.languages.asl.texts import dump, size_of
from emulator.services.stepfunctions import limits
from emulator.services.stepfunctions.integrations.dressing import to_workflow
from emulator.services.stepfunctions.model import Execution, redrive_status
from emulator.services.stepfunctions.work.map_rows import MAP_RUN

SOURCE = "aws.states"
DETAIL_TYPE = "Step Functions Execution Status Change"
_CHANGE: bus.Known = (("source", SOURCE), ("detail-type", DETAIL_TYPE))
_STARTED: bus.Known = (*_CHANGE, ("detail.status", "RUNNING"))
_SUCCEEDED: bus.Known = (*_CHANGE, ("detail.status", "SUCCEEDED"))


def ended_key(arn: str) -> str:
    """What a request waits for that wants the end of an execution."""
    return f"states:ended:{arn}"


def answer_askers(ctx: Context, execution: Execution, outcome: Outcome) -> None:
    """Tell the executions that started this one and wait for it how it ended."""
    if execution.reply is None:
        return
    if execution.sync:
        result = to_workflow(sync_answer(execution, outcome, ctx.micros))
    else:
        result = _described(ctx, execution, outcome)
    for reply in json.loads(execution.reply):
        ctx.answer(Reply(**reply), result=result)


@contextmanager
def hearing(ctx: Context, run: int) -> Iterator[list[tuple[str, int]]]:
    """Hear of the children of a Map Run that end meanwhile in this transaction: (status, items) of each."""
    known, key = _heard(ctx), (id(ctx.tx), run)
    heard: list[tuple[str, int]] = []
    known[key] = heard
    try:
        yield heard
    finally:
        del known[key]


def _heard(ctx: Context) -> dict[tuple[int, int], list[tuple[str, int]]]:
    heard: dict[tuple[int, int], list[tuple[str, int]]] = ctx.memory("stepfunctions").setdefault("children ended", {})
    return heard


def tell_map_run(ctx: Context, execution: Execution, outcome: Outcome) -> None:
    """Tell the Map Run that started an execution that it has ended."""
    assert execution.map_run is not None
    heard = _heard(ctx).get((id(ctx.tx), execution.map_run))
    if heard is not None:
        heard.append((outcome.status, execution.items))
    else:
        payload = {"run": execution.map_run, "ended": [outcome.status, execution.items]}
        ctx.add_work(MAP_RUN, payload, account=execution.account, region=execution.region)


def sync_answer(execution: Execution, outcome: Outcome, stopped: int) -> dict[str, Any]:
    """The result of StartSyncExecution; `stopped` in microseconds."""
    milliseconds = max(1, (stopped - execution.started) // 1000)
    answer: dict[str, Any] = {
        "executionArn": execution.arn,
        "stateMachineArn": execution.machine_arn,
        "name": execution.name,
        "startDate": from_micros(execution.started),
        "stopDate": from_micros(stopped // 1000 * 1000),
        "status": "TIMED_OUT" if outcome.status == "ABORTED" else outcome.status,
        "input": execution.input,
        "inputDetails": {"included": True},
        "billingDetails": {
            "billedMemoryUsedInMB": 64,
            "billedDurationInMilliseconds": -(-milliseconds // 100) * 100,
        },
    }
    if outcome.output is not None:
        answer |= {"output": outcome.output, "outputDetails": {"included": True}}
    optional = {"error": outcome.error, "cause": outcome.cause, "traceHeader": execution.trace_header}
    return answer | {name: text for name, text in optional.items() if text is not None}


def _described(ctx: Context, execution: Execution, outcome: Outcome) -> dict[str, Any]:
    """A nested execution as `.sync` shows it: DescribeExecution with names in upper case."""
    status, reason = redrive_status(outcome.status)
    shown = {
        "ExecutionArn": execution.arn,
        "Input": execution.input,
        "InputDetails": {"Included": True},
        "Name": execution.name,
        "RedriveCount": execution.redrives,
        "RedriveStatus": status,
        "StartDate": execution.started // 1000,
        "StateMachineArn": execution.machine_arn,
        "Status": outcome.status,
        "StopDate": ctx.micros // 1000,
    }
    if reason is not None:
        shown["RedriveStatusReason"] = reason
    if outcome.output is not None:
        shown |= {"Output": outcome.output, "OutputDetails": {"Included": True}}
    optional = {"Error": outcome.error, "Cause": outcome.cause}
    return shown | {name: text for name, text in optional.items() if text is not None}


def tell(ctx: Context, execution: Execution, *changes: Outcome) -> None:
    """Put status changes of a Standard execution on the default bus, `Outcome("RUNNING")` among them
    (Step Functions Developer Guide, "Execution status change events")."""
    if execution.kind != "STANDARD":
        return
    bus.emit(
        ctx,
        SOURCE,
        DETAIL_TYPE,
        [execution.arn],
        [change(execution, outcome, ctx.micros) for outcome in changes],
    )


def unheard(ctx: Context, execution: Execution, step: Step | None) -> int | None:
    """When an execution that has had its first burst told what nobody could hear, in microseconds of wall time; None
    where its changes are to be put.

    Its row has them then (operations/unheard): its start, and its success if that came at once; it stays so, as what
    succeeded is not redriven.
    """
    if step is None or execution.kind != "STANDARD" or (step.outcome and step.outcome.status != "SUCCEEDED"):
        return None
    told = (_STARTED, _SUCCEEDED) if step.outcome else (_STARTED,)
    return None if bus.is_heard(ctx, *told) else ctx.wall


def change(execution: Execution, outcome: Outcome, micros: int) -> dict[str, Any]:
    """The detail of a status change at that moment; what an event has no room for is left out of it."""
    redrivable, reason = redrive_status(outcome.status)
    with_input, with_output = _room(execution.input, outcome.output)
    return {
        "executionArn": execution.arn,
        "stateMachineArn": execution.machine_arn,
        "name": execution.name,
        "status": outcome.status,
        "startDate": execution.started // 1000,
        "stopDate": None if outcome.status == "RUNNING" else micros // 1000,
        "input": execution.input if with_input else None,
        "output": outcome.output if with_output else None,
        "stateMachineVersionArn": execution.version_arn,
        "stateMachineAliasArn": execution.alias_arn,
        "redriveCount": execution.redrives,
        "redriveDate": None if execution.redriven is None else execution.redriven // 1000,
        "redriveStatus": redrivable,
        "redriveStatusReason": reason,
        "inputDetails": {"included": with_input},
        "outputDetails": None if outcome.output is None else {"included": with_output},
        "error": outcome.error,
        "cause": outcome.cause,
    }


def _room(given: str, output: str | None) -> tuple[bool, bool]:
    """Whether an event has room for the input and the output of an execution, as JSON strings
    (Step Functions Developer Guide, "Execution status change events", remarks)."""
    if (len(given) + len(output or "")) * 7 < limits.CHANGE_BYTES:
        return True, True  # a character takes six bytes at most
    sizes = [size_of(dump(text)) for text in (given, output or "")]
    return sum(sizes) <= limits.CHANGE_BYTES, sizes[1] <= limits.CHANGE_BYTES

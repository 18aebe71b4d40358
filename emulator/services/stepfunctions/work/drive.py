"""Running executions: events in, the burst that follows, its effects and its traces, in one transaction."""

from __future__ import annotations

import dataclasses
import json
from collections import deque
from typing import Any

from emulator.clock import from_micros
from emulator.kit import bus
from emulator.kit.context import Context
from emulator.kit.results import Reply
from emulator.languages.asl import answers, machine
from emulator.languages.asl.effects import CancelTask, CancelTimer, Effect, Outcome, RunTask, StartTimer, Step
from emulator.services.stepfunctions import integrations, limits
from emulator.services.stepfunctions.model import Execution
from emulator.services.stepfunctions.work import store
from emulator.services.stepfunctions.work.store import SQL, Burst, Live

ADVANCE = "stepfunctions.advance"
TIMER = "stepfunctions.timer"

INLINE_TASKS = 25  # tasks answered within one slice; the rest have their turn in the next


def ended_key(arn: str) -> str:
    """What a request waits for that wants the end of an execution."""
    return f"states:ended:{arn}"


def enqueue(ctx: Context, execution: int, event: answers.Event, account: str, region: str) -> None:
    """Give an event to an execution as a work item of its own."""
    body = {"type": type(event).__name__, **dataclasses.asdict(event)}
    ctx.add_work(ADVANCE, {"execution": execution, "event": body}, account=account, region=region)


def event_of(body: dict[str, Any]) -> answers.Event:
    """The event that `enqueue` wrote."""
    fields = {name: value for name, value in body.items() if name != "type"}
    event: answers.Event = getattr(answers, body["type"])(**fields)
    return event


def stop(ctx: Context, execution: int, error: str | None, cause: str | None) -> None:
    """End an execution from outside, now."""
    advance(ctx, execution, answers.StopRequested(error, cause))


def advance(ctx: Context, id: int, event: answers.Event | None) -> None:
    """Run an execution from `event` on (None: from its start, or from where a crash left it) and keep the result.

    An event for an execution that has ended is late: nothing happens.
    """
    live = store.find_live(ctx, id)
    if live is None:
        return
    burst = Burst()
    queue: deque[answers.Event] = deque([event] if event is not None else [])
    if live.state is None:
        outcome, more = _count(ctx, live, burst, queue, _begin(ctx, live))
    else:
        outcome, more = None, event is None
    tasks = 0
    while outcome is None and (queue or more) and tasks < INLINE_TASKS:
        if not queue and tasks:
            break
        arrived = queue.popleft() if queue else answers.Continue()
        assert live.state is not None
        step = machine.advance(
            live.machine, live.state, arrived, now=ctx.now, seed=live.execution.seed, budget=limits.BUDGET
        )
        outcome, more = _count(ctx, live, burst, queue, step)
        tasks += 1
    _settle(ctx, live, burst, outcome)
    if outcome is None:
        rest = [*queue, *([answers.Continue()] if more else [])]
        for late in rest:
            enqueue(ctx, id, late, ctx.account, ctx.region)


def _begin(ctx: Context, live: Live) -> Step:
    execution = live.execution
    if execution.kind == "STANDARD":
        _tell(ctx, execution, "RUNNING", None)
    return machine.start(
        live.machine,
        input=execution.input,
        context=_context_object(execution),
        now=ctx.now,
        seed=execution.seed,
        budget=limits.BUDGET,
    )


def _count(
    ctx: Context, live: Live, burst: Burst, queue: deque[answers.Event], step: Step
) -> tuple[Outcome | None, bool]:
    """Take in a step: its traces, its effects, and the answers that came at once."""
    live.state = step.state
    burst.add(step)
    for effect in step.effects:
        queue.extend(_perform(ctx, live.execution, effect))
    return step.outcome, step.more


def _perform(ctx: Context, execution: Execution, effect: Effect) -> list[answers.Event]:
    """Do what the engine asks for; answers that are there at once are returned."""
    if isinstance(effect, RunTask):
        _keep_token(ctx, execution, effect)
        return integrations.run(ctx, execution, effect)
    if isinstance(effect, StartTimer):
        payload = {"execution": execution.id, "timer": effect.timer_id}
        ctx.add_work(TIMER, payload, due=effect.at, key=_timer_key(execution, effect.timer_id))
    elif isinstance(effect, CancelTimer):
        ctx.cancel_work(TIMER, _timer_key(execution, effect.timer_id))
    elif isinstance(effect, CancelTask):
        # Its token is void; what is under way outside goes on unheard.
        ctx.tx.execute(SQL.remove_token, execution=execution.id, task=effect.task_id, attempt=effect.attempt)
    return []


def _keep_token(ctx: Context, execution: Execution, effect: RunTask) -> None:
    """Remember which attempt a task token stands for."""
    if effect.token is not None:
        ctx.tx.execute(
            SQL.add_token,
            token=effect.token,
            account=execution.account,
            region=execution.region,
            execution=execution.id,
            task=effect.task_id,
            attempt=effect.attempt,
        )


def _timer_key(execution: Execution, timer_id: str) -> str:
    return f"{execution.id}/{timer_id}"


def _settle(ctx: Context, live: Live, burst: Burst, outcome: Outcome | None) -> None:
    store.write_history(ctx, live, burst)
    if outcome is None:
        store.keep(ctx, live, burst)
        return
    execution = live.execution
    store.drop(ctx, live)
    ctx.tx.execute(
        SQL.end_execution,
        id=execution.id,
        status=outcome.status,
        stopped=ctx.micros // 1000 * 1000,
        output=outcome.output,
        error=outcome.error,
        cause=outcome.cause,
    )
    if execution.kind == "STANDARD":
        _tell(ctx, execution, outcome.status, outcome)
    if execution.reply is not None:
        ctx.answer(Reply(**json.loads(execution.reply)), result=_ending(ctx, execution, outcome))
    ctx.wake(ended_key(execution.arn))


def _ending(ctx: Context, execution: Execution, outcome: Outcome) -> dict[str, Any]:
    """How a nested execution ended, for the one that asked for it."""
    shown = {
        "ExecutionArn": execution.arn,
        "Input": execution.input,
        "InputDetails": {"Included": True},
        "Name": execution.name,
        "StartDate": execution.started // 1000,
        "StateMachineArn": execution.machine_arn,
        "Status": outcome.status,
        "StopDate": ctx.micros // 1000,
    }
    if outcome.output is not None:
        shown |= {"Output": outcome.output, "OutputDetails": {"Included": True}}
    optional = {"Error": outcome.error, "Cause": outcome.cause}
    return shown | {name: text for name, text in optional.items() if text is not None}


def _context_object(execution: Execution) -> dict[str, Any]:
    """The `$$` object as far as the execution alone decides it."""
    started = from_micros(execution.started)
    return {
        "Execution": {
            "Id": execution.arn,
            "Input": _value(execution.input),
            "StartTime": f"{started:%Y-%m-%dT%H:%M:%S}.{started.microsecond // 1000:03d}Z",
            "Name": execution.name,
            "RoleArn": execution.role_arn,
            "RedriveCount": 0,
        },
        "StateMachine": {"Id": execution.machine_arn, "Name": execution.machine},
    }


def _value(text: str) -> Any:
    return json.loads(text)


def _tell(ctx: Context, execution: Execution, status: str, outcome: Outcome | None) -> None:
    """Put the status change on the default bus (Step Functions Developer Guide, "Execution status change events")."""
    ended = outcome is not None
    detail = {
        "executionArn": execution.arn,
        "stateMachineArn": execution.machine_arn,
        "name": execution.name,
        "status": status,
        "startDate": execution.started // 1000,
        "stopDate": ctx.micros // 1000 if ended else None,
        "input": execution.input,
        "output": outcome.output if outcome is not None else None,
        "stateMachineVersionArn": None,
        "stateMachineAliasArn": None,
        "redriveCount": 0,
        "redriveDate": None,
        "redriveStatus": "NOT_REDRIVABLE" if status in ("RUNNING", "SUCCEEDED") else "REDRIVABLE",
        "redriveStatusReason": f"Execution is {status} and cannot be redriven"
        if status in ("RUNNING", "SUCCEEDED")
        else None,
        "inputDetails": {"included": True},
        "outputDetails": {"included": True} if outcome is not None and outcome.output is not None else None,
        "error": outcome.error if outcome is not None else None,
        "cause": outcome.cause if outcome is not None else None,
    }
    bus.emit(
        ctx,
        source="aws.states",
        detail_type="Step Functions Execution Status Change",
        detail=detail,
        resources=[execution.arn],
    )

"""The effects of a step: tasks, timers, and what is of no interest any more."""

from __future__ import annotations

from emulator.arns import find_arn
from emulator.kit.context import Context
from emulator.languages.asl.answers import Event, TaskFailed, TaskSucceeded
from emulator.languages.asl.effects import CancelTimer, Effect, RedriveMapRun, RunTask, StartMapRun, StartTimer
from emulator.languages.asl.failures import RUNTIME
from emulator.languages.asl.texts import dump
from emulator.services.stepfunctions import integrations
from emulator.services.stepfunctions.integrations import mocking
from emulator.services.stepfunctions.model import Execution
from emulator.services.stepfunctions.work import map_rows
from emulator.services.stepfunctions.work.store import SQL

TIMER = "stepfunctions.timer"


def perform(ctx: Context, execution: Execution, effect: Effect) -> list[Event]:
    """Do what the engine asks for; answers that are there at once are returned."""
    if isinstance(effect, RunTask):
        return _run(ctx, execution, effect)
    if isinstance(effect, StartTimer):
        payload = {"execution": execution.id, "timer": effect.timer_id}
        ctx.add_work(TIMER, payload, due=effect.at, key=_timer_key(execution, effect.timer_id))
    elif isinstance(effect, CancelTimer):
        ctx.cancel_work(TIMER, _timer_key(execution, effect.timer_id))
    elif isinstance(effect, StartMapRun):
        map_rows.add(ctx, execution, effect)
    elif isinstance(effect, RedriveMapRun):
        map_rows.redrive(ctx, execution, effect)
    else:
        # What is under way outside goes on unheard.
        which = {"execution": execution.id, "task": effect.task_id, "attempt": effect.attempt}
        ctx.tx.execute(SQL.remove_token, **which)
        ctx.tx.execute(SQL.withdraw_task, **which)
        map_rows.stop(ctx, execution, effect.task_id, effect.attempt)
    return []


def parent_key(execution: int, task: str, attempt: int) -> str:
    """What a nested execution remembers of the attempt that waits for it."""
    return f"{execution}/{task}/{attempt}"


def activity_key(arn: str) -> str:
    """What a worker waits for that wants a task of an activity."""
    return f"states:activity:{arn}"


def _timer_key(execution: Execution, timer_id: str) -> str:
    return f"{execution.id}/{timer_id}"


def _run(ctx: Context, execution: Execution, effect: RunTask) -> list[Event]:
    mocked = mocking.find_answers(ctx, execution, effect)
    if mocked is not None:
        return mocked
    if ":activity:" in effect.resource and effect.token is not None and not effect.token_wait:
        events = _offer(ctx, execution, effect)
    else:
        events = integrations.run(ctx, execution, effect)
    waits = not any(isinstance(event, (TaskFailed, TaskSucceeded)) for event in events)
    if effect.token is not None and waits:
        ctx.tx.execute(
            SQL.add_token,
            token=effect.token,
            account=execution.account,
            region=execution.region,
            execution=execution.id,
            task=effect.task_id,
            attempt=effect.attempt,
        )
    return events


def _offer(ctx: Context, execution: Execution, effect: RunTask) -> list[Event]:
    """Let a worker of the activity take the task; one of another account or region could not send its answer."""
    arn, found = find_arn(effect.resource), None
    if arn is not None and (arn.account, arn.region) == (execution.account, execution.region):
        found = ctx.tx.one(SQL.find_activity, account=arn.account, region=arn.region, name=arn.name)
    if found is None:
        cause = f"Activity Does Not Exist: '{effect.resource}'"
        return [TaskFailed(effect.task_id, effect.attempt, RUNTIME, cause)]
    ctx.tx.execute(
        SQL.offer_task,
        account=execution.account,
        region=execution.region,
        activity=effect.resource,
        execution=execution.id,
        task=effect.task_id,
        attempt=effect.attempt,
        token=effect.token,
        input=dump(effect.parameters),
    )
    ctx.wake(activity_key(effect.resource), 1)
    return []

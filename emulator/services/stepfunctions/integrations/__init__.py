"""What Task states call: one file per integrated service, everything else by its API's own names.

`run` performs a task: an answer that is there at once is returned as events, one that takes time comes back as
work of the kind ANSWER. A call of one of our services joins the execution's transaction.
"""

from __future__ import annotations

from typing import Any, Protocol

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.languages.asl.answers import Event, TaskFailed, TaskStarted, TaskSubmitted, TaskSucceeded
from emulator.languages.asl.effects import RunTask
from emulator.languages.asl.failures import RUNTIME
from emulator.services.stepfunctions.integrations import (
    aws_sdk,
    events,
    functions,
    http,
    sns,
    sqs,
    states,
)
from emulator.services.stepfunctions.integrations.naming import optimized_failure
from emulator.services.stepfunctions.integrations.task import ANSWER, CAN_BE_MOCKED, Failed, Task
from emulator.services.stepfunctions.model import Execution


class Integration(Protocol):
    """A service that tasks can call: `SERVICE` is botocore's name, `ACTIONS` what its resource ARNs name."""

    SERVICE: str
    ACTIONS: frozenset[str]

    def call(self, ctx: Context, task: Task) -> Any:
        """The answer as a JSON value, Failed, or None when it comes later as work of the kind ANSWER."""


OPTIMIZED: dict[str, Integration] = {
    "events": events,
    "http": http,
    "lambda": functions,
    "sns": sns,
    "sqs": sqs,
    "states": states,
}
_ANSWERED = {"lambda": functions.answered, "states": states.answered}


def run(ctx: Context, execution: Execution, effect: RunTask) -> list[Event]:
    """Perform one attempt of a task."""
    try:
        task = Task.of(execution, effect)
    except AwsError as error:
        return [TaskFailed(effect.task_id, effect.attempt, error.code, error.message, unsent=True)]
    try:
        with ctx.tx.savepoint():
            answer = _perform(ctx, task)
    except AwsError as error:
        answer = _failed(task, error)
    return _events(task, answer, submitted=effect.token_wait or effect.sync)


def _perform(ctx: Context, task: Task) -> Any:
    if task.service.startswith("aws-sdk:"):
        return aws_sdk.call(ctx, task)
    integration = OPTIMIZED.get(task.service)
    if integration is None or task.action not in integration.ACTIONS:
        return Failed(RUNTIME, f"Stepwell does not emulate the integration {task.resource}. {CAN_BE_MOCKED}")
    return integration.call(ctx, task)


def _failed(task: Task, error: AwsError) -> Failed:
    if task.service.startswith("aws-sdk:"):
        return aws_sdk.failed(task, error)
    integration = OPTIMIZED.get(task.service)
    return optimized_failure(task.service if integration is None else integration.SERVICE, error)


def _events(task: Task, answer: Any, *, submitted: bool) -> list[Event]:
    """The events that an answer means: that the task has begun, where the answer comes later."""
    if answer is None:
        return [TaskStarted(task.id, task.attempt)]
    if isinstance(answer, Failed):
        return [TaskFailed(task.id, task.attempt, answer.error, answer.cause, unsent=answer.error == RUNTIME)]
    made = TaskSubmitted if submitted else TaskSucceeded
    return [made(task.id, task.attempt, answer)]


def answered(ctx: Context, payload: dict[str, Any]) -> Event:
    """The event that an answer means for the execution; `payload` is that of the ANSWER item."""
    task = payload["task"]
    value = _ANSWERED.get(task["service"], aws_sdk.answered)(ctx, task, payload)
    if isinstance(value, Failed):
        return TaskFailed(task["id"], task["attempt"], value.error, value.cause)
    made = TaskSubmitted if task["token_wait"] else TaskSucceeded
    return made(task["id"], task["attempt"], value)


def polled(ctx: Context, execution: Execution, payload: dict[str, Any]) -> Event | None:
    """Call once more what waited; None where it still does. `payload` is that of the POLL item."""
    task = Task(**payload["task"], execution=execution)
    try:
        with ctx.tx.savepoint():
            answer = aws_sdk.poll(ctx, task, payload["request"], payload["until"])
    except AwsError as error:
        answer = aws_sdk.failed(task, error)
    return None if answer is None else _events(task, answer, submitted=task.token_wait)[0]


__all__ = ["ANSWER", "Failed", "Task", "answered", "polled", "run"]

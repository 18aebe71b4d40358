"""What Task states call: one file per integrated service, everything else by its API's own names.

`run` performs a task: an answer that is there at once is returned as events, one that takes time comes back as
work of the kind ANSWER. A call of one of our services joins the execution's transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.languages.asl.answers import Event, TaskFailed, TaskSubmitted, TaskSucceeded
from emulator.languages.asl.effects import RunTask
from emulator.services.stepfunctions.integrations import aws_sdk, events, functions, sns, sqs, states
from emulator.services.stepfunctions.integrations.task import ANSWER, Failed, Task
from emulator.services.stepfunctions.model import Execution


class Integration(Protocol):
    """A service that tasks can call."""

    def call(self, ctx: Context, task: Task) -> Any:
        """The answer as a JSON value, Failed, or None when it comes later as work of the kind ANSWER."""

    def answered(self, ctx: Context, task: dict[str, Any], outcome: dict[str, Any]) -> Any:
        """The JSON value, or Failed, for an answer that took time."""


OPTIMIZED: dict[str, Integration] = {
    "events": events,
    "lambda": functions,
    "sns": sns,
    "sqs": sqs,
    "states": states,
}
Call = Callable[[Context, Task], Any]


def run(ctx: Context, execution: Execution, effect: RunTask) -> list[Event]:
    """Perform one attempt of a task."""
    task = Task.of(execution, effect)
    try:
        with ctx.tx.savepoint():
            answer = _find(task)(ctx, task)
    except AwsError as error:
        answer = task.failure(error)
    if isinstance(answer, Failed):
        return [TaskFailed(effect.task_id, effect.attempt, answer.error, answer.cause)]
    if effect.token_wait or effect.sync:
        return [] if answer is None else [TaskSubmitted(effect.task_id, effect.attempt, answer)]
    return [] if answer is None else [TaskSucceeded(effect.task_id, effect.attempt, answer)]


def _find(task: Task) -> Call:
    if task.service == "aws-sdk":
        return aws_sdk.call
    integration = OPTIMIZED.get(task.service)
    if integration is None:
        raise AwsError("NotImplementedException", f"Stepwell does not emulate the integration {task.resource}.")
    return integration.call


def answered(ctx: Context, execution: Execution, payload: dict[str, Any]) -> list[Event]:
    """The events that an answer means for the execution; `payload` is that of the ANSWER item."""
    task = payload["task"]
    integration = OPTIMIZED[task["service"]]
    value = integration.answered(ctx, task, payload)
    if isinstance(value, Failed):
        return [TaskFailed(task["id"], task["attempt"], value.error, value.cause)]
    if task["token_wait"]:
        return [TaskSubmitted(task["id"], task["attempt"], value)]
    return [TaskSucceeded(task["id"], task["attempt"], value)]


__all__ = ["ANSWER", "Failed", "Task", "answered", "run"]

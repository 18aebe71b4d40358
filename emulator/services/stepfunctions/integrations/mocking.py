"""What answers for a Task in an execution that is run as a test case: no service is called, whatever the resource."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from emulator.kit.context import Context
from emulator.languages.asl import mocks
from emulator.languages.asl.answers import Event, TaskFailed, TaskSubmitted, TaskSucceeded
from emulator.languages.asl.effects import RunTask
from emulator.languages.asl.failures import RUNTIME
from emulator.services.stepfunctions.model import Execution
from emulator.services.stepfunctions.work.store import SQL


def find_answers(ctx: Context, execution: Execution, effect: RunTask) -> list[Event] | None:
    """The mocked answer to an attempt of a Task; None where the service itself is to be asked.

    The invocations of a state are counted over its retries, loops and iterations of a Map.
    """
    if execution.mocks is None:
        return None
    mocked = _read(execution.mocks)
    responses = mocked["states"].get(effect.state_name)
    if responses is None:
        return None
    number = _count(ctx, execution, effect.state_name)
    answer = mocks.find_answer(responses, number)
    if answer is None:
        cause = (
            f"The test case '{mocked['case']}' has no mocked response for invocation {number} "
            f"of the state '{effect.state_name}'."
        )
        return [TaskFailed(effect.task_id, effect.attempt, RUNTIME, cause)]
    submitted: list[Event] = []
    if effect.token_wait or effect.sync:
        submitted.append(TaskSubmitted(effect.task_id, effect.attempt, {}))
    return [*submitted, _answer(effect, answer)]


@lru_cache(maxsize=32)
def _read(text: str) -> dict[str, Any]:
    """What a test case answers; read once for all the tasks of an execution, for it may be long."""
    mocked: dict[str, Any] = json.loads(text)
    return mocked


def _count(ctx: Context, execution: Execution, state: str) -> int:
    """How often a state was asked before; now it is once more."""
    counts: dict[str, int] = json.loads(execution.invocations or "{}")
    number = counts.get(state, 0)
    execution.invocations = json.dumps({**counts, state: number + 1})
    ctx.tx.execute(SQL.count_invocations, id=execution.id, invocations=execution.invocations)
    return number


def _answer(effect: RunTask, answer: dict[str, Any]) -> Event:
    if "Return" in answer:
        return TaskSucceeded(effect.task_id, effect.attempt, answer["Return"])
    thrown = answer["Throw"]
    return TaskFailed(effect.task_id, effect.attempt, thrown["Error"], thrown.get("Cause"))

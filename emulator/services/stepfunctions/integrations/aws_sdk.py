"""`aws-sdk:service:action`: any operation of a service that is emulated here, by its API's own names."""

from __future__ import annotations

from typing import Any

from emulator import ids
from emulator.errors import AwsError, not_implemented
from emulator.kit.context import Caller, Context
from emulator.kit.results import PENDING, Wait
from emulator.services.stepfunctions.integrations.catalogue import botocore_name
from emulator.services.stepfunctions.integrations.dressing import from_api, to_api
from emulator.services.stepfunctions.integrations.naming import capital, sdk_failure
from emulator.services.stepfunctions.integrations.task import Failed, Task
from emulator.wire import models, validation
from emulator.wire.models import Operation
from emulator.wire.names import xform_name

POLL = "stepfunctions.poll"
POLL_SECONDS = 0.25
# What takes time and answers as work. StartExecution would do so at the end of the execution, which is `.sync`.
_LATER = frozenset({("lambda", "Invoke"), ("stepfunctions", "StartSyncExecution")})


def names(task: Task) -> tuple[str, str]:
    """The service as the resource has it, and as botocore has it."""
    sdk_name = task.service.removeprefix("aws-sdk:")
    return sdk_name, botocore_name(sdk_name)


def call(ctx: Context, task: Task) -> Any:
    """Call the operation; members are named as the SDK for Java names them.

    An answer that takes time comes as work of the kind ANSWER; a call that waits (a long poll) is made again
    until it answers, as work of the kind POLL.
    """
    _, service = names(task)
    operation = _operation(ctx, task, service)
    params = to_api(operation.input, task.members())
    request = ids.new_uuid()
    answer = _ask(ctx, task, operation, params, request, expired=False)
    if isinstance(answer, Wait):
        until = ctx.micros + int(answer.seconds * 1_000_000)
        waiting = {**task.payload(parameters=task.parameters), "request": request, "until": until}
        ctx.add_work(POLL, waiting, due=ctx.after(POLL_SECONDS))
        return None
    return None if answer is PENDING else from_api(operation.output, answer)


def poll(ctx: Context, task: Task, request: str, until: int) -> Any:
    """Make the same `request` once more; None where it still waits. At `until` (the account's time) it must answer."""
    operation = _operation(ctx, task, names(task)[1])
    params = to_api(operation.input, task.members())
    answer = _ask(ctx, task, operation, params, request, expired=ctx.micros >= until)
    return None if isinstance(answer, Wait) else from_api(operation.output, answer)


def _operation(ctx: Context, task: Task, service: str) -> Operation:
    action = capital(task.action)
    if service not in ctx.house.directory.services:
        raise not_implemented(service, action, f"(the integration {task.resource})")
    found = models.service(service).operations.get(action)
    if found is None:
        raise not_implemented(service, action, f"(the integration {task.resource})")
    return found


def _ask(ctx: Context, task: Task, operation: Operation, params: dict[str, Any], request: str, *, expired: bool) -> Any:
    # Not ctx.call: that has no way to say that the operation waits.
    inner = ctx.elsewhere(task.account, ctx.region)
    inner.request_id = request
    inner.reply = task.reply(ctx) if (operation.service, operation.name) in _LATER else None
    inner.expired = expired
    inner.caller = Caller(trace_header=task.execution.trace_header or "")
    named = {xform_name(name): value for name, value in params.items()}
    validation.validate(operation, named)
    return ctx.house.directory.require(operation.service, operation)(inner, named)


def failed(task: Task, error: AwsError) -> Failed:
    """An API's error as a workflow sees it."""
    return sdk_failure(*names(task), error)


def answered(ctx: Context, task: dict[str, Any], outcome: dict[str, Any]) -> Any:
    """The result of an operation that took time."""
    sdk_name = task["service"].removeprefix("aws-sdk:")
    service, error = botocore_name(sdk_name), outcome.get("error")
    if error is not None:
        code = error["code"].rsplit(".", 1)[-1]
        return sdk_failure(sdk_name, service, AwsError(code, error["message"]))
    return from_api(models.service(service).operations[capital(task["action"])].output, outcome["result"])

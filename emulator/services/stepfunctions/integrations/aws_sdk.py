"""`aws-sdk:service:action`: any operation of a service that is emulated here, by its API's own names."""

from __future__ import annotations

from typing import Any

from emulator.kit.context import Context
from emulator.services.stepfunctions.integrations.task import Task, plain

# Where the SDK for Java, whose names AWS uses here, differs from botocore.
_SERVICES = {"sfn": "stepfunctions", "eventbridge": "events", "cloudwatchlogs": "logs"}
_LOWER = {"stepfunctions", "logs", "batch"}  # their models begin members in lower case


def call(ctx: Context, task: Task) -> Any:
    """Call the operation; members are named as in the service's model, first letter in upper case."""
    name, _, action = task.action.partition(":")
    service = _SERVICES.get(name, name)
    operation = action[:1].upper() + action[1:]
    params = dict(task.parameters or {})
    if service in _LOWER:
        params = _recased(params, str.lower)
    answer = plain(ctx.call(service, operation, params))
    return _recased(answer, str.upper) if service in _LOWER else answer


def _recased(value: Any, how: Any) -> Any:
    if isinstance(value, dict):
        return {how(name[:1]) + name[1:]: _recased(member, how) for name, member in value.items()}
    if isinstance(value, list):
        return [_recased(member, how) for member in value]
    return value


def answered(ctx: Context, task: dict[str, Any], outcome: dict[str, Any]) -> Any:
    """Calls by the SDK answer at once."""
    raise AssertionError(f"an answer of {task} that took time: {outcome}")

"""SQS: `sqs:sendMessage`."""

from __future__ import annotations

import json
from typing import Any

from emulator.errors import not_implemented
from emulator.kit.context import Context
from emulator.services.stepfunctions.integrations.task import Task, dressed


def call(ctx: Context, task: Task) -> dict[str, Any]:
    """Send the message; a body that is not a string is sent as its JSON text."""
    if task.action != "sendMessage":
        raise not_implemented("sqs", task.action, "as a task")
    params = dict(task.parameters)
    if "MessageBody" in params and not isinstance(params["MessageBody"], str):
        params["MessageBody"] = json.dumps(params["MessageBody"], separators=(",", ":"), ensure_ascii=False)
    sent = ctx.call("sqs", "SendMessage", params)
    return dressed(ctx, sent, "application/x-amz-json-1.0", len(json.dumps(sent)))


def answered(ctx: Context, task: dict[str, Any], outcome: dict[str, Any]) -> Any:
    """SQS answers at once."""
    raise AssertionError(f"an answer of SQS that took time: {task} {outcome}")

"""SNS: `sns:publish`."""

from __future__ import annotations

import json
from typing import Any

from emulator.errors import not_implemented
from emulator.kit.context import Context
from emulator.services.stepfunctions.integrations.task import Task, dressed


def call(ctx: Context, task: Task) -> dict[str, Any]:
    """Publish; a message that is not a string is published as its JSON text."""
    if task.action != "publish":
        raise not_implemented("sns", task.action, "as a task")
    params = dict(task.parameters)
    if "Message" in params and not isinstance(params["Message"], str):
        params["Message"] = json.dumps(params["Message"], separators=(",", ":"), ensure_ascii=False)
    sent = ctx.call("sns", "Publish", params)
    return dressed(ctx, sent, "text/xml", 294)


def answered(ctx: Context, task: dict[str, Any], outcome: dict[str, Any]) -> Any:
    """SNS answers at once."""
    raise AssertionError(f"an answer of SNS that took time: {task} {outcome}")

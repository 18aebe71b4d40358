"""Nested executions: `states:startExecution`, and its forms that wait for the end."""

from __future__ import annotations

import json
from typing import Any

from emulator.errors import not_implemented
from emulator.kit.context import Context
from emulator.services.stepfunctions.integrations.task import ANSWER, Failed, Task, dressed, plain


def call(ctx: Context, task: Task) -> dict[str, Any]:
    """Start the execution; the forms `.sync` hear of its end as work."""
    if task.action != "startExecution":
        raise not_implemented("states", task.action, "as a task")
    given = task.parameters
    input = given.get("Input", {})
    params = {"stateMachineArn": given.get("StateMachineArn"), "input": input if isinstance(input, str) else _dump(input)}
    if "Name" in given:
        params["name"] = given["Name"]
    reply = ctx.reply_here(ANSWER, task.reply_payload()) if task.form.startswith("sync") else None
    started = plain(ctx.call("stepfunctions", "StartExecution", params, reply=reply))
    answer = {"ExecutionArn": started["executionArn"], "StartDate": started["startDate"]}
    return dressed(ctx, answer, "application/x-amz-json-1.0", len(json.dumps(started)))


def _dump(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def answered(ctx: Context, task: dict[str, Any], outcome: dict[str, Any]) -> Any:
    """How the nested execution ended; `.sync:2` gives its input and output as JSON instead of text."""
    result = outcome["result"]
    if result["Status"] != "SUCCEEDED":
        return Failed("States.TaskFailed", _dump(result))
    if task["form"] == "sync:2":
        result = {**result, "Input": json.loads(result["Input"]), "Output": json.loads(result["Output"])}
    return result

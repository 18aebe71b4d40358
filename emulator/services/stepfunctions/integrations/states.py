"""Nested executions: `states:startExecution`, and its forms that wait for the end."""

from __future__ import annotations

import json
from typing import Any

from emulator.kit.context import Context
from emulator.languages.asl.texts import dump, text_of
from emulator.services.stepfunctions.integrations.dressing import dressed, in_order, length_of
from emulator.services.stepfunctions.integrations.task import Failed, Task, missing, require_only, unusable

SERVICE = "stepfunctions"
ACTIONS = frozenset({"startExecution"})
_DATE_LONGER = 3  # on the wire of AWS a moment is 1.695637812123E9; here it is milliseconds
_PARAMETERS = {"StateMachineArn": "stateMachineArn", "Input": "input", "Name": "name", "TraceHeader": "traceHeader"}


def call(ctx: Context, task: Task) -> dict[str, Any]:
    """Start the execution; the forms `.sync` hear of its end as work."""
    given = require_only(task, frozenset(_PARAMETERS))
    if "StateMachineArn" not in given:
        raise unusable(given, [missing("StateMachineArn")])
    params = {_PARAMETERS[name]: value for name, value in given.items()}
    params["input"] = "{}" if given.get("Input") is None else text_of(given["Input"])
    reply = task.reply(ctx) if task.form.startswith("sync") else None
    trace = task.execution.trace_header
    started = ctx.call(SERVICE, "StartExecution", params, account=task.account, reply=reply, trace_header=trace)
    began = started["startDate"]
    answer = {"ExecutionArn": started["executionArn"], "StartDate": int(began.timestamp() * 1000)}
    return dressed(ctx, answer, "application/x-amz-json-1.0", length_of(answer) + _DATE_LONGER)


def answered(ctx: Context, task: dict[str, Any], outcome: dict[str, Any]) -> Any:
    """How the nested execution ended; `.sync:2` gives its input and output as JSON instead of text."""
    result = in_order(outcome["result"])
    if result["Status"] != "SUCCEEDED":
        return Failed("States.TaskFailed", dump(result))
    if task["form"] == "sync:2":
        result = {**result, "Input": json.loads(result["Input"]), "Output": json.loads(result["Output"])}
    return result

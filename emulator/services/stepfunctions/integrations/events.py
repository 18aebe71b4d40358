"""EventBridge: `events:putEvents`."""

from __future__ import annotations

import json
from typing import Any

from emulator.errors import not_implemented
from emulator.kit.context import Context
from emulator.services.stepfunctions.integrations.task import Failed, Task, dressed


def call(ctx: Context, task: Task) -> dict[str, Any] | Failed:
    """Put the events, the execution's ARN among their resources; one refused entry fails the task."""
    if task.action != "putEvents":
        raise not_implemented("events", task.action, "as a task")
    params = dict(task.parameters)
    params["Entries"] = [_entry(task, entry) for entry in params.get("Entries") or []]
    answer = ctx.call("events", "PutEvents", params)
    if answer["FailedEntryCount"]:
        return Failed("EventBridge.FailedEntry", json.dumps(answer, separators=(",", ":")))
    return dressed(ctx, answer, "application/x-amz-json-1.1", len(json.dumps(answer)))


def _entry(task: Task, entry: dict[str, Any]) -> dict[str, Any]:
    entry = dict(entry)
    if "Detail" in entry and not isinstance(entry["Detail"], str):
        entry["Detail"] = json.dumps(entry["Detail"], separators=(",", ":"), ensure_ascii=False)
    given = entry.get("Resources") or []
    entry["Resources"] = [*given, *(arn for arn in (task.execution.arn, task.execution.machine_arn) if arn not in given)]
    return entry


def answered(ctx: Context, task: dict[str, Any], outcome: dict[str, Any]) -> Any:
    """EventBridge answers at once."""
    raise AssertionError(f"an answer of EventBridge that took time: {task} {outcome}")

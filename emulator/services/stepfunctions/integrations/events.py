"""EventBridge: `events:putEvents`."""

from __future__ import annotations

from typing import Any

from emulator.kit.context import Context
from emulator.languages.asl.texts import dump, text_of
from emulator.services.stepfunctions.integrations.dressing import in_order, parameters
from emulator.services.stepfunctions.integrations.task import Failed, Task

SERVICE = "events"
ACTIONS = frozenset({"putEvents"})
_PARAMETERS = frozenset({"Entries"})


def call(ctx: Context, task: Task) -> dict[str, Any] | Failed:
    """Put the events, the execution's ARN among their resources; one refused entry fails the task."""
    params = parameters(task, SERVICE, "PutEvents", _PARAMETERS)
    entries = params.get("Entries")
    params["Entries"] = [_entry(task, entry) for entry in entries] if isinstance(entries, list) else entries
    answer = in_order(ctx.call(SERVICE, "PutEvents", params, account=task.account))
    if answer["FailedEntryCount"]:
        return Failed("EventBridge.FailedEntry", dump(answer))
    return answer


def _entry(task: Task, entry: Any) -> Any:
    if not isinstance(entry, dict):
        return entry  # the service refuses it
    entry = dict(entry)
    if "Detail" in entry:
        entry["Detail"] = text_of(entry["Detail"])
    given = entry.get("Resources") or []
    if isinstance(given, list):
        own = (task.execution.arn, task.execution.machine_arn)
        entry["Resources"] = [*given, *(arn for arn in own if arn not in given)]
    return entry

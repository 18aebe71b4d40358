"""SQS: `sqs:sendMessage`."""

from __future__ import annotations

from typing import Any

from emulator.kit.context import Context
from emulator.languages.asl.texts import text_of
from emulator.services.stepfunctions.integrations.dressing import dressed, length_of, parameters
from emulator.services.stepfunctions.integrations.task import Task

SERVICE = "sqs"
ACTIONS = frozenset({"sendMessage"})
_PARAMETERS = frozenset(
    ("QueueUrl", "MessageBody", "DelaySeconds", "MessageAttributes", "MessageDeduplicationId", "MessageGroupId")
)


def call(ctx: Context, task: Task) -> dict[str, Any]:
    """Send the message; a body that is not a string is sent as its JSON text."""
    params = parameters(task, SERVICE, "SendMessage", _PARAMETERS)
    if "MessageBody" in params:
        params["MessageBody"] = text_of(params["MessageBody"])
    sent = ctx.call(SERVICE, "SendMessage", params, account=task.account, trace_header=task.execution.trace_header)
    return dressed(ctx, sent, "application/x-amz-json-1.0", length_of(sent))

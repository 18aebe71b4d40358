"""SNS: `sns:publish`."""

from __future__ import annotations

from typing import Any

from emulator.kit.context import Context
from emulator.languages.asl.texts import text_of
from emulator.services.stepfunctions.integrations.dressing import dressed, parameters
from emulator.services.stepfunctions.integrations.task import Task

SERVICE = "sns"
ACTIONS = frozenset({"publish"})
_PARAMETERS = frozenset(
    {
        "TopicArn",
        "TargetArn",
        "PhoneNumber",
        "Message",
        "Subject",
        "MessageStructure",
        "MessageAttributes",
        "MessageDeduplicationId",
        "MessageGroupId",
    }
)


def call(ctx: Context, task: Task) -> dict[str, Any]:
    """Publish; a message that is not a string is published as its JSON text."""
    params = parameters(task, SERVICE, "Publish", _PARAMETERS)
    if "Message" in params:
        params["Message"] = text_of(params["Message"])
    sent = ctx.call(SERVICE, "Publish", params, account=task.account, trace_header=task.execution.trace_header)
    return dressed(ctx, sent, "text/xml", 294)

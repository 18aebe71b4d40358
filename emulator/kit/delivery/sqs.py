"""Delivery to an SQS queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.arns import Arn

if TYPE_CHECKING:
    from emulator.kit.context import Context
    from emulator.kit.delivery import Delivery


def deliver(ctx: Context, delivery: Delivery, arn: Arn) -> None:
    """Send the input as a message; `SqsParameters.MessageGroupId` and what SNS gives a message are honoured."""
    parameters = delivery.parameters
    more: dict[str, Any] = {}
    group = (parameters.get("SqsParameters") or {}).get("MessageGroupId") or parameters.get("MessageGroupId")
    if group:
        more["MessageGroupId"] = group
    for name in ("MessageAttributes", "MessageSystemAttributes", "MessageDeduplicationId"):
        if parameters.get(name):
            more[name] = parameters[name]
    send_message(ctx, arn, delivery.input, more)


def send_message(ctx: Context, queue: Arn, body: str, more: dict[str, Any]) -> None:
    """SendMessage to the queue of that ARN, in its own account and region."""
    url = f"{ctx.endpoint}/{queue.account}/{queue.resource}"
    ctx.call_arn(queue, "sqs", "SendMessage", {"QueueUrl": url, "MessageBody": body, **more})

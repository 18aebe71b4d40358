"""Delivery to an SNS topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.arns import Arn

if TYPE_CHECKING:
    from emulator.kit.context import Context
    from emulator.kit.delivery import Delivery


def deliver(ctx: Context, delivery: Delivery, arn: Arn) -> None:
    """Publish the input as the message; `Subject`, `MessageAttributes` and a group among the parameters are kept."""
    params: dict[str, Any] = {"TopicArn": str(arn), "Message": delivery.input}
    for name in ("Subject", "MessageAttributes", "MessageGroupId"):
        if delivery.parameters.get(name):
            params[name] = delivery.parameters[name]
    ctx.call_arn(arn, "sns", "Publish", params)

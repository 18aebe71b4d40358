"""Delivery to a CloudWatch Logs group: one log event per delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator import ids
from emulator.arns import Arn

if TYPE_CHECKING:
    from emulator.kit.context import Context
    from emulator.kit.delivery import Delivery


def deliver(ctx: Context, delivery: Delivery, arn: Arn) -> None:
    """PutLogEvents into a stream made for this delivery, as EventBridge does."""
    group = arn.resource.removeprefix("log-group:").removesuffix(":*")
    where = {"logGroupName": group, "logStreamName": ids.new_uuid()}
    event = {"timestamp": ctx.micros // 1000, "message": delivery.input}
    ctx.call_arn(arn, "logs", "CreateLogStream", where)
    ctx.call_arn(arn, "logs", "PutLogEvents", {**where, "logEvents": [event]})

"""Delivery to a Lambda function: an asynchronous invocation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.arns import Arn

if TYPE_CHECKING:
    from emulator.kit.context import Context
    from emulator.kit.delivery import Delivery


def deliver(ctx: Context, delivery: Delivery, arn: Arn) -> None:
    """Invoke with InvocationType Event; the function's own retries and destinations take it from there."""
    params = {"FunctionName": str(arn), "InvocationType": "Event", "Payload": delivery.input.encode()}
    ctx.call_arn(arn, "lambda", "Invoke", params)

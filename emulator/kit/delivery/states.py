"""Delivery to a state machine: an execution is started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.arns import Arn

if TYPE_CHECKING:
    from emulator.kit.context import Context
    from emulator.kit.delivery import Delivery


def deliver(ctx: Context, delivery: Delivery, arn: Arn) -> None:
    """StartExecution with the input; the execution gets a name of its own."""
    ctx.call_arn(arn, "stepfunctions", "StartExecution", {"stateMachineArn": str(arn), "input": delivery.input})

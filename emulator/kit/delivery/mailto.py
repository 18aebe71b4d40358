"""Delivery of an e-mail: into the inbox of this house, from where it can be read and relayed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.arns import Arn

if TYPE_CHECKING:
    from emulator.kit.context import Context
    from emulator.kit.delivery import Delivery


def deliver(ctx: Context, delivery: Delivery, arn: Arn) -> None:
    """Put a mail to the address in the local inbox, as a row and as an `.eml` file."""
    mail = {
        "To": arn.resource,
        "Subject": delivery.parameters.get("Subject") or "AWS Notification Message",
        "Body": delivery.input,
        "SourceArn": delivery.source_arn,
    }
    ctx.call("stepwell", "PutMail", mail)

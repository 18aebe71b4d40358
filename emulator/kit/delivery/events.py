"""Delivery to an EventBridge bus: the event is put there once more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from emulator.arns import Arn
from emulator.errors import AwsError

if TYPE_CHECKING:
    from emulator.kit.context import Context
    from emulator.kit.delivery import Delivery


def deliver(ctx: Context, delivery: Delivery, arn: Arn) -> None:
    """PutEvents of the same source, detail type, resources and detail on the target bus."""
    event = json.loads(delivery.input)
    entry = {
        "Source": event["source"],
        "DetailType": event["detail-type"],
        "Detail": json.dumps(event["detail"]),
        "Resources": event["resources"],
        "EventBusName": str(arn),
    }
    answer = ctx.call(
        "events",
        "PutEvents",
        {"Entries": [entry]},
        account=arn.account,
        region=arn.region,
        principal="events",
    )
    failed = answer["Entries"][0]
    if "ErrorCode" in failed:
        raise AwsError(failed["ErrorCode"], failed.get("ErrorMessage", ""))

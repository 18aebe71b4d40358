"""Delivery to an EventBridge bus: the event is put there once more."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from emulator.arns import Arn
from emulator.errors import AwsError

if TYPE_CHECKING:
    from emulator.kit.context import Context
    from emulator.kit.delivery import Delivery

_MEMBERS = {"account", "detail", "detail-type", "resources", "source", "time"}


def deliver(ctx: Context, delivery: Delivery, arn: Arn) -> None:
    """PutEvents of the same source, detail type, time, resources and detail on the target bus.

    The event stays one of the account and region it passes from; the bus's policy says whether it may come in.
    It passes on to one other account, not from there to a third (EventBridge User Guide, "Sending and receiving
    events between AWS accounts").
    """
    event = _event(delivery)
    if event["account"] not in (ctx.account, arn.account) and arn.account != ctx.account:
        raise AwsError("THIRD_ACCOUNT_HOP_DETECTED", f"The event came from the account {event['account']}.")
    entry = {
        "Source": event["source"],
        "DetailType": event["detail-type"],
        "Detail": json.dumps(event["detail"]),
        "Resources": event["resources"],
        "Time": datetime.fromisoformat(event["time"]),
        "EventBusName": str(arn),
    }
    answer = ctx.call("events", "PutEvents", {"Entries": [entry]}, principal="events")
    failed = answer["Entries"][0]
    if "ErrorCode" in failed:
        raise AwsError(failed["ErrorCode"], failed.get("ErrorMessage", ""))


def _event(delivery: Delivery) -> dict[str, Any]:
    """The event that is delivered; an input that is none is refused."""
    try:
        event = json.loads(delivery.input)
        if isinstance(event, dict) and event.keys() >= _MEMBERS:
            return event
    except ValueError:
        pass
    raise AwsError("INVALID_PARAMETER", "A bus takes whole events: the target's input is none.")

"""A subscription: protocol and endpoint, the attributes it may have, how it reads."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from emulator.arns import find_arn
from emulator.errors import not_implemented
from emulator.languages.patterns import Pattern
from emulator.services.sns.model.errors import invalid
from emulator.services.sns.model.filters import event_of_attributes, event_of_body, require_policy

SERVED = ("sqs", "lambda", "email", "email-json", "http", "https")
PROTOCOLS = (*SERVED, "sms", "application", "firehose")
SETTABLE = frozenset(
    {
        "DeliveryPolicy",
        "FilterPolicy",
        "FilterPolicyScope",
        "RawMessageDelivery",
        "RedrivePolicy",
        "SubscriptionRoleArn",
    }
)
_MAIL = re.compile(r"[^@\s]+@[^@\s]+")
_IN_SUBSCRIBE = "Attributes Reason: "


class Fields(Protocol):
    """A stored row, by column."""

    def __getitem__(self, column: str, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription; `filter` is its compiled FilterPolicy, `attributes` are those that somebody set."""

    id: int
    account: str
    arn: str
    topic_arn: str
    protocol: str
    endpoint: str
    attributes: dict[str, str]
    pending: bool
    authenticated: bool
    raw: bool
    filter: Pattern | None
    filter_on_body: bool
    dead_letter: str | None

    def wants(self, attributes: Mapping[str, Mapping[str, Any]], message: str) -> bool:
        """Whether the filter policy lets the message pass."""
        if self.filter is None:
            return True
        event = event_of_body(message) if self.filter_on_body else event_of_attributes(attributes)
        return event is not None and self.filter.matches(event)


def subscription_of(row: Fields, attributes: dict[str, str]) -> Subscription:
    """The subscription of a stored row."""
    on_body = attributes.get("FilterPolicyScope") == "MessageBody"
    policy = attributes.get("FilterPolicy")
    redrive = attributes.get("RedrivePolicy")
    return Subscription(
        id=row["id"],
        account=row["account"],
        arn=row["arn"],
        topic_arn=row["topic_arn"],
        protocol=row["protocol"],
        endpoint=row["endpoint"],
        attributes=attributes,
        pending=bool(row["pending"]),
        authenticated=bool(row["authenticated"]),
        raw=attributes.get("RawMessageDelivery") == "true",
        filter=require_policy(policy, on_body=on_body, prefix="") if policy else None,
        filter_on_body=on_body,
        dead_letter=json.loads(redrive)["deadLetterTargetArn"] if redrive else None,
    )


def require_endpoint(protocol: str, endpoint: str, *, fifo_topic: bool) -> None:
    """Raise InvalidParameter where the protocol is unknown or cannot have the endpoint."""
    if protocol not in PROTOCOLS:
        raise invalid(f"Amazon SNS does not support this protocol string: {protocol}")
    arn = find_arn(endpoint)
    if protocol == "sqs":
        if arn is None or arn.service != "sqs":
            raise invalid("SQS endpoint ARN")
        if arn.resource.endswith(".fifo") and not fifo_topic:
            raise invalid(
                "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics"
            )
    elif protocol == "lambda":
        if arn is None or arn.service != "lambda":
            raise invalid("Lambda endpoint ARN")
    elif protocol.startswith("email"):
        if not _MAIL.fullmatch(endpoint):
            raise invalid("Email address")
    elif protocol in ("http", "https") and not endpoint.startswith(f"{protocol}://"):
        raise invalid("Endpoint must match the specified protocol")
    if fifo_topic and protocol != "sqs":
        raise invalid(f"Invalid protocol type: {protocol}")


def checked(given: Mapping[str, str], *, topic_fifo: bool, endpoint: str) -> dict[str, str]:
    """The attributes of Subscribe as they are kept. Error: InvalidParameter."""
    for name in given:
        if name == "ReplayPolicy":
            raise not_implemented("sns", "Subscribe", "with a ReplayPolicy")
        if name not in SETTABLE:
            raise invalid(f"{_IN_SUBSCRIBE}Unknown attribute: {name}")
    return checked_together({}, given, topic_fifo=topic_fifo, endpoint=endpoint, prefix=_IN_SUBSCRIBE)


def checked_change(
    before: Mapping[str, str], name: str, value: str, *, topic_fifo: bool, endpoint: str
) -> dict[str, str]:
    """All attributes after one was set by SetSubscriptionAttributes. Error: InvalidParameter."""
    if name == "ReplayPolicy":
        raise not_implemented("sns", "SetSubscriptionAttributes", "with a ReplayPolicy")
    if name not in SETTABLE:
        raise invalid("AttributeName")
    return checked_together(before, {name: value}, topic_fifo=topic_fifo, endpoint=endpoint, prefix="")


def checked_together(
    before: Mapping[str, str], changes: Mapping[str, str], *, topic_fifo: bool, endpoint: str, prefix: str
) -> dict[str, str]:
    """The attributes after `changes`; an empty policy takes the one before away. Error: InvalidParameter."""
    after = {**before, **changes}
    if changes.get("RawMessageDelivery", "true") not in ("true", "false"):
        value = changes["RawMessageDelivery"]
        raise invalid(f"{prefix}RawMessageDelivery: Invalid value [{value}]. Must be true or false.")
    scope = after.get("FilterPolicyScope", "MessageAttributes")
    if scope not in ("MessageAttributes", "MessageBody"):
        raise invalid(
            f"{prefix}FilterPolicyScope: Invalid value [{scope}]. Please use either MessageBody or MessageAttributes"
        )
    if after.get("FilterPolicy") == "{}":
        after["FilterPolicy"] = ""
    if after.get("FilterPolicy") and not changes.keys().isdisjoint(("FilterPolicy", "FilterPolicyScope")):
        require_policy(after["FilterPolicy"], on_body=scope == "MessageBody", prefix=prefix)
    if changes.get("RedrivePolicy"):
        _require_redrive(changes["RedrivePolicy"], topic_fifo and endpoint.endswith(".fifo"), prefix)
    return {name: value for name, value in after.items() if value != ""}


def _require_redrive(text: str, fifo: bool, prefix: str) -> None:
    try:
        policy = json.loads(text)
    except ValueError as error:
        raise invalid(f"{prefix}RedrivePolicy: failed to parse JSON. {_jackson(text, error)}") from None
    target = policy.get("deadLetterTargetArn") if isinstance(policy, dict) else None
    arn = find_arn(target) if isinstance(target, str) else None
    if arn is None or arn.service != "sqs":
        raise invalid(f"{prefix}RedrivePolicy: deadLetterTargetArn is an invalid arn")
    if fifo and not arn.resource.endswith(".fifo"):
        raise invalid(f"{prefix}RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.")


def _jackson(text: str, error: ValueError) -> str:
    """The words of the JSON reader that AWS uses, for the commonest mistake."""
    at = getattr(error, "pos", 0)
    character = text[at : at + 1]
    return (
        f"Unexpected character ('{character}' (code {ord(character) if character else 0})): was expecting "
        "double-quote to start field name\n at [Source: REDACTED "
        f"(`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: {at + 1}]"
    )


def first_difference(existing: Mapping[str, str], wanted: Mapping[str, str]) -> str | None:
    """The first attribute that Subscribe asks for and the subscription that is there has not."""
    defaults = {"RawMessageDelivery": "false", "FilterPolicyScope": "MessageAttributes"}
    return next((name for name, value in wanted.items() if existing.get(name, defaults.get(name)) != value), None)


def shown(subscription: Subscription) -> dict[str, str]:
    """Every attribute that GetSubscriptionAttributes gives."""
    attributes = dict(subscription.attributes)
    if "FilterPolicy" in attributes:
        attributes.setdefault("FilterPolicyScope", "MessageAttributes")
    else:
        attributes.pop("FilterPolicyScope", None)
    return {
        "RawMessageDelivery": "false",
        **attributes,
        "SubscriptionArn": subscription.arn,
        "TopicArn": subscription.topic_arn,
        "Protocol": subscription.protocol,
        "Endpoint": subscription.endpoint,
        "Owner": subscription.account,
        "PendingConfirmation": str(subscription.pending).lower(),
        "ConfirmationWasAuthenticated": str(subscription.authenticated).lower(),
        "SubscriptionPrincipal": f"arn:aws:iam::{subscription.account}:root",
    }

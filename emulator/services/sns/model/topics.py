"""A topic: its name, its attributes, how they read when nobody set them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from emulator.errors import not_implemented
from emulator.services.sns.limits import MESSAGE_BYTES, MESSAGE_BYTES_LEAST, MESSAGE_BYTES_MOST
from emulator.services.sns.model.errors import invalid

_NAME = re.compile(r"[A-Za-z0-9_-]{1,256}", re.ASCII)
_FEEDBACK = tuple(
    f"{protocol}{kind}"
    for protocol in ("HTTP", "Firehose", "Lambda", "Application", "SQS")
    for kind in ("SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate", "FailureFeedbackRoleArn")
)
_CHOICES = {
    "SignatureVersion": ("1", "2"),
    "TracingConfig": ("PassThrough", "Active"),
    "ContentBasedDeduplication": ("true", "false"),
    "FifoThroughputScope": ("Topic", "MessageGroup"),
}
_FIFO_ONLY = frozenset({"ContentBasedDeduplication", "FifoThroughputScope"})
SETTABLE = frozenset(
    {
        "DisplayName",
        "Policy",
        "DeliveryPolicy",
        "KmsMasterKeyId",
        "MaximumMessageSize",
        *_FIFO_ONLY,
        *_CHOICES,
        *_FEEDBACK,
    }
)
DEFAULT_RETRY_POLICY = {
    "minDelayTarget": 20,
    "maxDelayTarget": 20,
    "numRetries": 3,
    "numMaxDelayRetries": 0,
    "numNoDelayRetries": 0,
    "numMinDelayRetries": 0,
    "backoffFunction": "linear",
}
OWNER_ACTIONS = (
    "GetTopicAttributes",
    "SetTopicAttributes",
    "AddPermission",
    "RemovePermission",
    "DeleteTopic",
    "Subscribe",
    "ListSubscriptionsByTopic",
    "Publish",
)


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic; `attributes` are those that somebody set."""

    id: int
    account: str
    region: str
    name: str
    arn: str
    attributes: dict[str, str]
    tags: dict[str, str]
    unsubscribed: int
    fifo: bool
    content_based: bool
    scope_is_group: bool
    size_most: int


def topic_arn(account: str, region: str, name: str) -> str:
    """The ARN of a topic."""
    return f"arn:aws:sns:{region}:{account}:{name}"


def topic_of(
    id: int,
    account: str,
    region: str,
    name: str,
    attributes: dict[str, str],
    tags: dict[str, str],
    unsubscribed: int,
) -> Topic:
    """The topic with these attributes, its settings read from them."""
    return Topic(
        id=id,
        account=account,
        region=region,
        name=name,
        arn=topic_arn(account, region, name),
        attributes=attributes,
        tags=tags,
        unsubscribed=unsubscribed,
        fifo=name.endswith(".fifo"),
        content_based=attributes.get("ContentBasedDeduplication") == "true",
        scope_is_group=attributes.get("FifoThroughputScope") == "MessageGroup",
        size_most=int(attributes.get("MaximumMessageSize", MESSAGE_BYTES)),
    )


def require_name(name: str, *, fifo: bool) -> None:
    """Raise InvalidParameter where no topic of this kind can have the name."""
    stem = name.removesuffix(".fifo") if fifo else name
    if len(name) > 256 or not _NAME.fullmatch(stem) or fifo != name.endswith(".fifo"):
        raise invalid("Topic Name")


def checked(given: Mapping[str, str], *, fifo: bool) -> dict[str, str]:
    """The attributes of CreateTopic as they are kept. Error: InvalidParameter."""
    kept = {}
    for name, value in given.items():
        if name == "FifoTopic":
            if value not in ("true", "false"):
                raise invalid("Attributes Reason: FifoTopic: Invalid value. Must be true or false.")
            continue
        if name == "ArchivePolicy":
            raise not_implemented("sns", "CreateTopic", "with an ArchivePolicy")
        if name not in SETTABLE or (name in _FIFO_ONLY and not fifo):
            raise invalid(f"Attributes Reason: Unknown attribute: {name}")
        kept[name] = _value(name, value, "Attributes Reason: ")
    return kept


def checked_change(name: str, value: str, *, fifo: bool) -> str:
    """The value of SetTopicAttributes as it is kept. Error: InvalidParameter."""
    if name == "ArchivePolicy":
        raise not_implemented("sns", "SetTopicAttributes", "with an ArchivePolicy")
    if name not in SETTABLE or (name in _FIFO_ONLY and not fifo):
        raise invalid("AttributeName")
    return _value(name, value, "")


def _value(name: str, value: str, prefix: str) -> str:
    choices = _CHOICES.get(name)
    if choices is not None and value not in choices:
        raise invalid(f"{prefix}{name}: Invalid value [{value}]. Must be {' or '.join(choices)}.")
    if name == "DisplayName" and len(value) > 100:
        raise invalid(f"{prefix}DisplayName: must be at most 100 characters long")
    if name == "MaximumMessageSize" and not (
        value.isascii() and value.isdigit() and MESSAGE_BYTES_LEAST <= int(value) <= MESSAGE_BYTES_MOST
    ):
        raise invalid(f"{prefix}MaximumMessageSize: Invalid value [{value}].")
    if name in ("Policy", "DeliveryPolicy") and value:
        try:
            parsed = json.loads(value)
        except ValueError:
            parsed = None
        if not isinstance(parsed, dict):
            raise invalid(f"{prefix}{name}: failed to parse JSON.")
    return value


def default_policy(topic: Topic) -> dict[str, Any]:
    """The policy of a topic whose owner set none: the owner may do everything."""
    return {
        "Version": "2008-10-17",
        "Id": "__default_policy_ID",
        "Statement": [
            {
                "Sid": "__default_statement_ID",
                "Effect": "Allow",
                "Principal": {"AWS": "*"},
                "Action": [f"SNS:{action}" for action in OWNER_ACTIONS],
                "Resource": topic.arn,
                "Condition": {"StringEquals": {"AWS:SourceOwner": topic.account}},
            }
        ],
    }


def policy_of(topic: Topic) -> dict[str, Any]:
    """The topic's policy, the default one where none was set."""
    set_one = topic.attributes.get("Policy")
    policy: dict[str, Any] = json.loads(set_one) if set_one else default_policy(topic)
    return policy


def own_delivery_policy(topic: Topic) -> dict[str, Any]:
    """The delivery policy for HTTP that was set, without what is null in it."""
    given = json.loads(topic.attributes.get("DeliveryPolicy") or "{}").get("http") or {}
    return {"disableSubscriptionOverrides": False, **{name: part for name, part in given.items() if part is not None}}


def effective_delivery_policy(topic: Topic) -> dict[str, Any]:
    """The delivery policy for HTTP, defaults filled in."""
    own = own_delivery_policy(topic)
    retry = {**DEFAULT_RETRY_POLICY, **own.get("defaultHealthyRetryPolicy", {})}
    http: dict[str, Any] = {
        "defaultHealthyRetryPolicy": retry,
        "disableSubscriptionOverrides": own["disableSubscriptionOverrides"],
        "defaultRequestPolicy": own.get("defaultRequestPolicy", {"headerContentType": "text/plain; charset=UTF-8"}),
    }
    if "defaultThrottlePolicy" in own:
        http["defaultThrottlePolicy"] = own["defaultThrottlePolicy"]
    return {"http": http}


def shown(topic: Topic, confirmed: int, pending: int) -> dict[str, str]:
    """Every attribute that GetTopicAttributes gives."""
    attributes = {
        "DisplayName": "",
        **{name: value for name, value in topic.attributes.items() if value},
        "TopicArn": topic.arn,
        "Owner": topic.account,
        "Policy": json.dumps(policy_of(topic), separators=(",", ":")),
        "EffectiveDeliveryPolicy": json.dumps(effective_delivery_policy(topic), separators=(",", ":")),
        "SubscriptionsConfirmed": str(confirmed),
        "SubscriptionsPending": str(pending),
        "SubscriptionsDeleted": str(topic.unsubscribed),
    }
    if "DeliveryPolicy" in attributes:
        attributes["DeliveryPolicy"] = json.dumps({"http": own_delivery_policy(topic)}, separators=(",", ":"))
    if topic.fifo:
        attributes["FifoTopic"] = "true"
        attributes.setdefault("ContentBasedDeduplication", "false")
    return attributes

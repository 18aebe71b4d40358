"""HTTP endpoints: what is posted to them, with which headers, and when a failed post is tried again."""

from __future__ import annotations

import json
from typing import Any

from emulator.services.sns.model.notifications import SIGNATURE, VERSION, Notification, laid_out
from emulator.services.sns.model.topics import DEFAULT_RETRY_POLICY, Topic, effective_delivery_policy


def headers(
    kind: str, message_id: str, topic_arn: str, content_type: str, subscription_arn: str | None, *, raw: bool
) -> dict[str, str]:
    """The headers of a post; `kind` is the message's type (`Notification`, `SubscriptionConfirmation`)."""
    found = {
        "Content-Type": content_type,
        "User-Agent": "Amazon Simple Notification Service Agent",
        "Accept-Encoding": "gzip,deflate",
        "x-amz-sns-message-type": kind,
        "x-amz-sns-message-id": message_id,
        "x-amz-sns-topic-arn": topic_arn,
    }
    if subscription_arn is not None:
        found["x-amz-sns-subscription-arn"] = subscription_arn
    if raw:
        found["x-amz-sns-rawdelivery"] = "true"
    return found


def about_to_begin(topic_arn: str) -> str:
    """The text by which an endpoint is asked to confirm its subscription."""
    return (
        f"You have chosen to subscribe to the topic {topic_arn}.\n"
        "To confirm the subscription, visit the SubscribeURL included in this message."
    )


def about_to_end(subscription_arn: str) -> str:
    """The text by which an endpoint hears that its subscription ends."""
    return (
        f"You have chosen to deactivate subscription {subscription_arn}.\n"
        "To cancel this operation and restore the subscription, visit the SubscribeURL included in this message."
    )


def confirmation(kind: str, note: Notification, endpoint: str, token: str) -> str:
    """What asks an endpoint to confirm its subscription, or to restore it."""
    subscribe_url = f"{endpoint}/?Action=ConfirmSubscription&TopicArn={note.topic_arn}&Token={token}&Version={VERSION}"
    message: dict[str, str | None] = {
        "Type": kind,
        "MessageId": note.message_id,
        "Token": token,
        "TopicArn": note.topic_arn,
        "Message": note.text(""),
        "SubscribeURL": subscribe_url,
        "Timestamp": note.timestamp,
        "SignatureVersion": note.signature_version,
        "Signature": SIGNATURE,
        "SigningCertURL": note.certificate_url,
    }
    return laid_out(message)


def own_policy(text: str | None) -> dict[str, Any]:
    """A subscription's DeliveryPolicy with every part that it may have."""
    given = json.loads(text or "{}")
    retry = given.get("healthyRetryPolicy")
    return {
        "healthyRetryPolicy": None if retry is None else {**DEFAULT_RETRY_POLICY, "numRetries": 0, **retry},
        "sicklyRetryPolicy": given.get("sicklyRetryPolicy"),
        "throttlePolicy": given.get("throttlePolicy"),
        "requestPolicy": given.get("requestPolicy"),
        "guaranteed": False,
    }


def effective_policy(text: str | None, topic: Topic) -> dict[str, Any]:
    """A subscription's DeliveryPolicy, completed with its topic's."""
    own, above = own_policy(text), effective_delivery_policy(topic)["http"]
    if above["disableSubscriptionOverrides"]:
        own = own_policy(None)
    return {
        **own,
        "healthyRetryPolicy": own["healthyRetryPolicy"] or above["defaultHealthyRetryPolicy"],
        "throttlePolicy": own["throttlePolicy"] or above.get("defaultThrottlePolicy"),
        "requestPolicy": own["requestPolicy"] or above["defaultRequestPolicy"],
    }


def is_final(status: int) -> bool:
    """Whether an answer ends the delivery: of the 4xx only 429 is tried again (AWS: delivery retries)."""
    return 400 <= status < 500 and status != 429


def retry_seconds(policy: dict[str, Any], failures: int) -> float | None:
    """How long to wait after so many failures, None when there are no retries left.

    AWS: "Creating an HTTP/S delivery policy": retries without delay, with the least delay, backing off between
    least and longest, with the longest. Between the two every function but `linear` doubles the delay here.
    """
    at = failures - 1
    if at >= policy["numRetries"]:
        return None
    least, longest = policy["minDelayTarget"], policy["maxDelayTarget"]
    if at < policy["numNoDelayRetries"]:
        return 0
    at -= policy["numNoDelayRetries"]
    if at < policy["numMinDelayRetries"]:
        return float(least)
    at -= policy["numMinDelayRetries"]
    between = policy["numRetries"] - sum(
        policy[name] for name in ("numNoDelayRetries", "numMinDelayRetries", "numMaxDelayRetries")
    )
    if at >= between:
        return float(longest)
    if policy["backoffFunction"] == "linear":
        return float(least + (longest - least) * at / max(1, between - 1))
    return float(min(longest, least * 2**at))

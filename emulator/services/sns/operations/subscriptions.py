"""Subscriptions: begin, confirm, list, describe, change and end them."""

from __future__ import annotations

import json
from typing import Any

from emulator import ids
from emulator.arns import find_arn
from emulator.errors import AwsError, not_implemented
from emulator.kit.context import Context
from emulator.services.sns import limits
from emulator.services.sns.model import http
from emulator.services.sns.model import subscriptions as rules
from emulator.services.sns.model.errors import invalid, require_arn
from emulator.services.sns.model.subscriptions import Subscription
from emulator.services.sns.model.topics import Topic
from emulator.services.sns.operations.lookup import (
    find_same_subscription,
    find_subscription,
    find_topic,
    forget,
    require_subscription,
    require_topic,
)
from emulator.services.sns.operations.pages import after, page
from emulator.services.sns.operations.posts import post_confirmation
from emulator.services.sns.operations.statements import SQL
from emulator.storage import Row

_PENDING = "pending confirmation"


def subscribe(
    ctx: Context,
    *,
    topic_arn: str,
    protocol: str,
    endpoint: str | None = None,
    attributes: dict[str, str] | None = None,
    return_subscription_arn: bool | None = None,
) -> dict[str, Any]:
    """Subscribe an endpoint; the same one again gives the same ARN. Errors: InvalidParameter, NotFound."""
    topic = require_topic(ctx, topic_arn)
    target = endpoint or ""
    rules.require_endpoint(protocol, target, fifo_topic=topic.fifo)
    if protocol not in rules.SERVED:
        raise not_implemented("sns", "Subscribe", f"with the protocol {protocol}")
    wanted = rules.checked(attributes or {}, topic_fifo=topic.fifo, endpoint=target)
    existing = find_same_subscription(ctx, topic, protocol, target)
    if existing is None:
        token = ids.new_hex(216) if protocol in ("http", "https") else None
        arn = _insert(ctx, topic, protocol, target, wanted, token)
        if token is None:
            return {"SubscriptionArn": arn}
        post_confirmation(ctx, topic, target, token)
        return {"SubscriptionArn": arn if return_subscription_arn else _PENDING}
    if rules.first_difference(existing.attributes, wanted) is not None:
        raise invalid("Attributes Reason: Subscription already exists with different attributes")
    return {"SubscriptionArn": _PENDING if existing.pending and not return_subscription_arn else existing.arn}


def _insert(
    ctx: Context, topic: Topic, protocol: str, endpoint: str, attributes: dict[str, str], token: str | None
) -> str:
    forget(ctx, topic.arn)
    arn = f"{topic.arn}:{ids.new_uuid()}"
    ctx.tx.execute(
        SQL.insert_subscription,
        account=ctx.account,
        region=ctx.region,
        topic_arn=topic.arn,
        arn=arn,
        protocol=protocol,
        endpoint=endpoint,
        attributes=json.dumps(attributes),
        pending=0 if token is None else 1,
        authenticated=1 if token is None else 0,
        token=token,
        now=ctx.micros,
    )
    return arn


def confirm_subscription(
    ctx: Context, *, topic_arn: str, token: str, authenticate_on_unsubscribe: str | None = None
) -> dict[str, Any]:
    """Confirm a pending subscription, or restore one that its link has ended, by its token. Error: InvalidParameter."""
    parts = find_arn(topic_arn)
    if parts is None or parts.service != "sns" or (ctx.caller.access_key and parts.region != ctx.region):
        raise invalid("Topic")
    if find_topic(ctx, parts) is None:
        raise invalid("Token")
    if not token or any(character not in "0123456789abcdef" for character in token):
        raise AwsError("InvalidParameter", "Invalid token")
    row = ctx.tx.one(SQL.find_token, topic_arn=topic_arn, token=token)
    if row is None:
        raise invalid("Token")
    forget(ctx, topic_arn)
    ctx.tx.execute(SQL.confirm_subscription, id=row["id"], authenticated=int(authenticate_on_unsubscribe == "true"))
    return {"SubscriptionArn": row["arn"]}


def unsubscribe(ctx: Context, *, subscription_arn: str) -> dict[str, Any]:
    """End a subscription; one that is not there is no error. Error: InvalidParameter.

    An endpoint whose link was followed, by nobody in particular, is told how to undo it (AWS: Unsubscribe).
    """
    require_arn("SubscriptionArn", subscription_arn)
    subscription = find_subscription(ctx, subscription_arn)
    if subscription is None:
        return {}
    arn = require_arn("TopicArn", subscription.topic_arn)
    topic = find_topic(ctx, arn)
    if topic is not None and not ctx.caller.access_key and subscription.protocol in ("http", "https"):
        token = ids.new_hex(216)
        ctx.tx.execute(SQL.suspend_subscription, id=subscription.id, token=token)
        post_confirmation(ctx, topic, subscription.endpoint, token, ending=subscription.arn)
    else:
        ctx.tx.execute(SQL.delete_subscription, id=subscription.id)
    ctx.tx.execute(SQL.count_unsubscribed, account=arn.account, region=arn.region, name=arn.resource)
    forget(ctx, subscription.topic_arn)
    return {}


def list_subscriptions(ctx: Context, *, next_token: str | None = None) -> dict[str, Any]:
    """The account's subscriptions, a hundred to a page."""
    rows = ctx.tx.all(
        SQL.list_subscriptions,
        account=ctx.account,
        region=ctx.region,
        after=after(next_token),
        most=limits.PAGE + 1,
    )
    return {"Subscriptions": [_listed(row) for row in rows[: limits.PAGE]], **page(rows)}


def list_subscriptions_by_topic(ctx: Context, *, topic_arn: str, next_token: str | None = None) -> dict[str, Any]:
    """The subscriptions of one topic, a hundred to a page. Errors: InvalidParameter, NotFound."""
    topic = require_topic(ctx, topic_arn)
    rows = ctx.tx.all(
        SQL.list_subscriptions_by_topic, topic_arn=topic.arn, after=after(next_token), most=limits.PAGE + 1
    )
    return {"Subscriptions": [_listed(row) for row in rows[: limits.PAGE]], **page(rows)}


def _listed(row: Row) -> dict[str, str]:
    return {
        "SubscriptionArn": "PendingConfirmation" if row["pending"] else row["arn"],
        "Owner": row["account"],
        "Protocol": row["protocol"],
        "Endpoint": row["endpoint"],
        "TopicArn": row["topic_arn"],
    }


def get_subscription_attributes(ctx: Context, *, subscription_arn: str) -> dict[str, Any]:
    """Every attribute of a subscription. Errors: InvalidParameter, NotFound."""
    subscription = require_subscription(ctx, subscription_arn)
    shown = rules.shown(subscription)
    topic = find_topic(ctx, require_arn("TopicArn", subscription.topic_arn))
    if subscription.protocol in ("http", "https") and topic is not None:
        own = subscription.attributes.get("DeliveryPolicy")
        if own:
            shown["DeliveryPolicy"] = json.dumps(http.own_policy(own), separators=(",", ":"))
        effective = http.effective_policy(own, topic)
        shown["EffectiveDeliveryPolicy"] = json.dumps(effective, separators=(",", ":"))
    return {"Attributes": shown}


def set_subscription_attributes(
    ctx: Context, *, subscription_arn: str, attribute_name: str, attribute_value: str | None = None
) -> dict[str, Any]:
    """Change one attribute; an empty policy takes it away. Errors: InvalidParameter, NotFound."""
    subscription = require_subscription(ctx, subscription_arn)
    _store(ctx, subscription, attribute_name, attribute_value or "")
    return {}


def _store(ctx: Context, subscription: Subscription, name: str, value: str) -> None:
    kept = rules.checked_change(
        subscription.attributes,
        name,
        value,
        topic_fifo=subscription.topic_arn.endswith(".fifo"),
        endpoint=subscription.endpoint,
    )
    forget(ctx, subscription.topic_arn)
    ctx.tx.execute(SQL.set_subscription_attributes, id=subscription.id, attributes=json.dumps(kept))

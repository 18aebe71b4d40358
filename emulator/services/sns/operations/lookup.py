"""Finding topics and subscriptions, through a memory that is exact where this process is the only writer."""

from __future__ import annotations

import json

from emulator.arns import Arn
from emulator.kit.context import Context
from emulator.services.sns.model.errors import (
    invalid,
    require_arn,
    subscription_does_not_exist,
    topic_does_not_exist,
)
from emulator.services.sns.model.subscriptions import Subscription, subscription_of
from emulator.services.sns.model.topics import Topic, topic_of
from emulator.services.sns.operations.statements import SQL
from emulator.storage import Row


def require_topic(ctx: Context, arn: str, parameter: str = "TopicArn") -> Topic:
    """The topic of an ARN in this region. Errors: InvalidParameter, NotFound."""
    parts = require_arn(parameter, arn)
    if parts.region != ctx.region:
        raise invalid(parameter)
    topic = find_topic(ctx, parts)
    if topic is None:
        raise topic_does_not_exist()
    return topic


def find_topic(ctx: Context, arn: Arn) -> Topic | None:
    """The topic of an ARN, or None."""
    memory = ctx.memory("sns.topics")
    key = str(arn)
    if ctx.tx.exclusive:
        known: Topic | None = memory.get(key)
        if known is not None:
            return known
    row = ctx.tx.one(SQL.find_topic, account=arn.account, region=arn.region, name=arn.resource)
    if row is None:
        return None
    topic = topic_of(
        row["id"],
        row["account"],
        row["region"],
        row["name"],
        json.loads(row["attributes"]),
        json.loads(row["tags"]),
        row["unsubscribed"],
    )
    memory[key] = topic
    return topic


def subscriptions_of(ctx: Context, topic: Topic) -> tuple[Subscription, ...]:
    """The subscriptions of a topic, filters compiled."""
    memory = ctx.memory("sns.subscriptions")
    if ctx.tx.exclusive:
        known: tuple[Subscription, ...] | None = memory.get(topic.arn)
        if known is not None:
            return known
    found = tuple(_subscription(row) for row in ctx.tx.all(SQL.subscriptions_of_topic, topic_arn=topic.arn))
    memory[topic.arn] = found
    return found


def require_subscription(ctx: Context, arn: str) -> Subscription:
    """The subscription of an ARN. Errors: InvalidParameter, NotFound."""
    require_arn("SubscriptionArn", arn)
    found = find_subscription(ctx, arn)
    if found is None:
        raise subscription_does_not_exist()
    return found


def find_subscription(ctx: Context, arn: str) -> Subscription | None:
    """The subscription of an ARN, or None."""
    row = ctx.tx.one(SQL.find_subscription, arn=arn)
    return None if row is None else _subscription(row)


def find_same_subscription(ctx: Context, topic: Topic, protocol: str, endpoint: str) -> Subscription | None:
    """The subscription of the topic with that endpoint, or None."""
    row = ctx.tx.one(SQL.find_same_subscription, topic_arn=topic.arn, protocol=protocol, endpoint=endpoint)
    return None if row is None else _subscription(row)


def _subscription(row: Row) -> Subscription:
    return subscription_of(row, json.loads(row["attributes"]))


def forget(ctx: Context, topic_arn: str) -> None:
    """The topic or its subscriptions change in this transaction: read them anew, also if it is not kept."""
    topics, subscriptions = ctx.memory("sns.topics"), ctx.memory("sns.subscriptions")

    def drop() -> None:
        topics.pop(topic_arn, None)
        subscriptions.pop(topic_arn, None)

    drop()
    ctx.tx.after_rollback(drop)

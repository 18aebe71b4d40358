"""Topics: create, list, describe, change and delete them."""

from __future__ import annotations

import json
from typing import Any

from emulator.arns import Arn
from emulator.kit.context import Context
from emulator.kit.removing import remove
from emulator.services.sns import limits
from emulator.services.sns.model import topics as rules
from emulator.services.sns.model.errors import invalid, require_arn
from emulator.services.sns.model.topics import Topic, topic_arn
from emulator.services.sns.operations.lookup import find_topic, forget, require_topic
from emulator.services.sns.operations.pages import after, page
from emulator.services.sns.operations.statements import SQL
from emulator.services.sns.operations.tags import checked_tags

REMOVE = "sns.remove"


def create_topic(
    ctx: Context,
    *,
    name: str,
    attributes: dict[str, str] | None = None,
    tags: list[dict[str, str]] | None = None,
) -> dict[str, Any]:
    """Create a topic; one that is the same already stays as it is. Error: InvalidParameter."""
    given = attributes or {}
    fifo = given.get("FifoTopic") == "true"
    rules.require_name(name, fifo=fifo)
    wanted = rules.checked(given, fifo=fifo)
    labels = checked_tags({}, tags or [])
    existing = find_topic(ctx, Arn("sns", ctx.region, ctx.account, name))
    arn = topic_arn(ctx.account, ctx.region, name)
    if existing is not None:
        _require_same(existing, wanted, labels)
        return {"TopicArn": arn}
    forget(ctx, arn)
    ctx.tx.execute(
        SQL.insert_topic,
        account=ctx.account,
        region=ctx.region,
        name=name,
        attributes=json.dumps(wanted),
        tags=json.dumps(labels),
        now=ctx.micros,
    )
    return {"TopicArn": arn}


def _require_same(existing: Topic, wanted: dict[str, str], labels: dict[str, str]) -> None:
    if any(existing.attributes.get(name, "") != value for name, value in wanted.items()):
        raise invalid("Attributes Reason: Topic already exists with different attributes")
    if any(existing.tags.get(key) != value for key, value in labels.items()):
        raise invalid("Tags Reason: Topic already exists with different tags")


def delete_topic(ctx: Context, *, topic_arn: str) -> dict[str, Any]:
    """Delete a topic; a topic that is not there is no error. Error: InvalidParameter."""
    parts = require_arn("TopicArn", topic_arn)
    topic = find_topic(ctx, parts)
    if topic is not None:
        forget(ctx, topic_arn)
        ctx.tx.execute(SQL.delete_topic, id=topic.id)
        remove(ctx, REMOVE, SQL.delete_deduplications, id=topic.id)
        ctx.tx.execute(SQL.forget_suspended, topic_arn=topic_arn)
        ctx.tx.execute(SQL.orphan_subscriptions, topic_arn=topic_arn)
    return {}


def list_topics(ctx: Context, *, next_token: str | None = None) -> dict[str, Any]:
    """The ARNs of the account's topics, a hundred to a page."""
    rows = ctx.tx.all(
        SQL.list_topics,
        account=ctx.account,
        region=ctx.region,
        after=after(next_token),
        most=limits.PAGE + 1,
    )
    shown = [{"TopicArn": topic_arn(ctx.account, ctx.region, row["name"])} for row in rows[: limits.PAGE]]
    return {"Topics": shown, **page(rows)}


def get_topic_attributes(ctx: Context, *, topic_arn: str) -> dict[str, Any]:
    """Every attribute of a topic. Errors: InvalidParameter, NotFound."""
    topic = require_topic(ctx, topic_arn)
    counts = ctx.tx.one(SQL.count_subscriptions, topic_arn=topic.arn)
    assert counts is not None
    return {"Attributes": rules.shown(topic, counts["confirmed"], counts["pending"])}


def set_topic_attributes(
    ctx: Context, *, topic_arn: str, attribute_name: str, attribute_value: str | None = None
) -> dict[str, Any]:
    """Change one attribute; without a value it has its default again. Errors: InvalidParameter, NotFound."""
    topic = require_topic(ctx, topic_arn)
    value = rules.checked_change(attribute_name, attribute_value or "", fifo=topic.fifo)
    store_attribute(ctx, topic, attribute_name, value)
    return {}


def store_attribute(ctx: Context, topic: Topic, name: str, value: str) -> None:
    """Keep one attribute of a topic."""
    forget(ctx, topic.arn)
    ctx.tx.execute(SQL.set_topic_attributes, id=topic.id, attributes=json.dumps({**topic.attributes, name: value}))

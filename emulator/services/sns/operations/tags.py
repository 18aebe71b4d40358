"""The tags of a topic."""

from __future__ import annotations

import json
from typing import Any

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.sns.limits import TAGS_MOST
from emulator.services.sns.model.errors import invalid, require_arn
from emulator.services.sns.model.topics import Topic
from emulator.services.sns.operations.lookup import find_topic, forget
from emulator.services.sns.operations.statements import SQL


def checked_tags(before: dict[str, str], added: list[dict[str, str]]) -> dict[str, str]:
    """The tags after some were added. Errors: InvalidParameter, TagLimitExceeded."""
    keys = [tag["Key"] for tag in added]
    if len(set(keys)) < len(keys):
        raise invalid("Duplicated keys are not allowed.")
    after = {**before, **{tag["Key"]: tag["Value"] for tag in added}}
    if len(after) > TAGS_MOST:
        raise AwsError("TagLimitExceeded", "Could not complete request: tag quota of per resource exceeded")
    return after


def tag_resource(ctx: Context, *, resource_arn: str, tags: list[dict[str, str]]) -> dict[str, Any]:
    """Add tags; those of the same key are replaced. Errors: InvalidParameter, ResourceNotFound."""
    topic = _require(ctx, resource_arn)
    _store(ctx, topic, checked_tags(topic.tags, tags))
    return {}


def untag_resource(ctx: Context, *, resource_arn: str, tag_keys: list[str]) -> dict[str, Any]:
    """Take tags away. Errors: InvalidParameter, ResourceNotFound."""
    topic = _require(ctx, resource_arn)
    _store(ctx, topic, {key: value for key, value in topic.tags.items() if key not in tag_keys})
    return {}


def list_tags_for_resource(ctx: Context, *, resource_arn: str) -> dict[str, Any]:
    """The tags. Errors: InvalidParameter, ResourceNotFound."""
    topic = _require(ctx, resource_arn)
    return {"Tags": [{"Key": key, "Value": value} for key, value in topic.tags.items()]}


def _require(ctx: Context, arn: str) -> Topic:
    topic = find_topic(ctx, require_arn("ResourceArn", arn))
    if topic is None:
        raise AwsError("ResourceNotFound", "Resource does not exist")
    return topic


def _store(ctx: Context, topic: Topic, tags: dict[str, str]) -> None:
    forget(ctx, topic.arn)
    ctx.tx.execute(SQL.set_topic_tags, id=topic.id, tags=json.dumps(tags))

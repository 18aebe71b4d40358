"""Statements of a topic's policy, added and removed by label."""

from __future__ import annotations

import json
from typing import Any

from emulator.kit.context import Context
from emulator.kit.policies import allow
from emulator.services.sns.model.errors import invalid
from emulator.services.sns.model.topics import OWNER_ACTIONS, policy_of
from emulator.services.sns.operations.lookup import require_topic
from emulator.services.sns.operations.topics import store_attribute

_ACTIONS = frozenset((*OWNER_ACTIONS, "Receive"))


def add_permission(
    ctx: Context, *, topic_arn: str, label: str, aws_account_id: list[str], action_name: list[str]
) -> dict[str, Any]:
    """Allow accounts some actions: a statement of the topic's policy. Errors: InvalidParameter, NotFound."""
    topic = require_topic(ctx, topic_arn)
    if not _ACTIONS.issuperset(action_name):
        raise invalid("Policy statement action out of service scope!")
    policy = policy_of(topic)
    if any(statement.get("Sid") == label for statement in policy["Statement"]):
        raise invalid("Statement already exists")
    actions = [f"SNS:{action}" for action in action_name]
    statement = allow(label, aws_account_id, actions, topic.arn)
    policy["Statement"] = [*policy["Statement"], statement]
    store_attribute(ctx, topic, "Policy", json.dumps(policy, separators=(",", ":")))
    return {}


def remove_permission(ctx: Context, *, topic_arn: str, label: str) -> dict[str, Any]:
    """Take the statements with that label out of the topic's policy. Errors: InvalidParameter, NotFound."""
    topic = require_topic(ctx, topic_arn)
    policy = policy_of(topic)
    policy["Statement"] = [statement for statement in policy["Statement"] if statement.get("Sid") != label]
    store_attribute(ctx, topic, "Policy", json.dumps(policy, separators=(",", ":")))
    return {}

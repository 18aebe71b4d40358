"""Statements of a queue's policy, added and removed by label."""

from __future__ import annotations

import json
from typing import Any

from emulator.kit.context import Context
from emulator.kit.policies import allow
from emulator.services.sqs.model.errors import invalid_parameter, invalid_value
from emulator.services.sqs.operations.lookup import require_queue
from emulator.services.sqs.operations.queues import store_attributes


def add_permission(
    ctx: Context, *, queue_url: str, label: str, aws_account_ids: list[str], actions: list[str]
) -> dict[str, Any]:
    """Allow accounts some actions, as a statement of the queue's policy. Errors: InvalidParameterValue."""
    queue = require_queue(ctx, queue_url)
    policy = json.loads(queue.attributes.get("Policy", "null")) or {
        "Version": "2008-10-17",
        "Id": f"{queue.arn}/SQSDefaultPolicy",
        "Statement": [],
    }
    if any(statement.get("Sid") == label for statement in policy["Statement"]):
        raise invalid_parameter(label, "Label", "Already exists.")
    statement = allow(label, aws_account_ids, [f"SQS:{action}" for action in actions], queue.arn)
    policy["Statement"] = [*policy["Statement"], statement]
    store_attributes(ctx, queue, {"Policy": json.dumps(policy)})
    return {}


def remove_permission(ctx: Context, *, queue_url: str, label: str) -> dict[str, Any]:
    """Take the statement with that label out of the queue's policy. Error: InvalidParameterValue."""
    queue = require_queue(ctx, queue_url)
    policy = json.loads(queue.attributes.get("Policy", "null")) or {"Statement": []}
    left = [statement for statement in policy["Statement"] if statement.get("Sid") != label]
    if len(left) == len(policy["Statement"]):
        raise invalid_value(f"Value {label} for parameter Label is invalid. Reason: can't find label.")
    policy["Statement"] = left
    store_attributes(ctx, queue, {"Policy": json.dumps(policy) if left else ""})
    return {}

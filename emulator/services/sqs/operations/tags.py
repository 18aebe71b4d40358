"""The tags of a queue."""

from __future__ import annotations

import json
from typing import Any

from emulator.kit.context import Context
from emulator.services.sqs.limits import TAGS_MOST
from emulator.services.sqs.model.errors import invalid_value
from emulator.services.sqs.model.queue import Queue
from emulator.services.sqs.operations.lookup import require_queue
from emulator.services.sqs.operations.statements import SQL


def checked_tags(before: dict[str, str], added: dict[str, str]) -> dict[str, str]:
    """The tags after some were added. Error: InvalidParameterValue."""
    for key, value in added.items():
        if not 1 <= len(key) <= 128:
            raise invalid_value("Tag keys must be between 1 and 128 characters in length.")
        if len(value) > 256:
            raise invalid_value("Tag values must be between 0 and 256 characters in length.")
    after = {**before, **added}
    if len(after) > TAGS_MOST:
        raise invalid_value(f"Too many tags added for queue. A queue can have at most {TAGS_MOST} tags.")
    return after


def tag_queue(ctx: Context, *, queue_url: str, tags: dict[str, str]) -> dict[str, Any]:
    """Add tags; those of the same key are replaced. Error: QueueDoesNotExist."""
    queue = require_queue(ctx, queue_url)
    _store(ctx, queue, checked_tags(_tags_of(ctx, queue), tags))
    return {}


def untag_queue(ctx: Context, *, queue_url: str, tag_keys: list[str]) -> dict[str, Any]:
    """Take tags away; keys that are not there are passed over. Error: QueueDoesNotExist."""
    queue = require_queue(ctx, queue_url)
    _store(ctx, queue, {key: value for key, value in _tags_of(ctx, queue).items() if key not in tag_keys})
    return {}


def list_queue_tags(ctx: Context, *, queue_url: str) -> dict[str, Any]:
    """The tags; no `Tags` where there are none. Error: QueueDoesNotExist."""
    tags = _tags_of(ctx, require_queue(ctx, queue_url))
    return {"Tags": tags} if tags else {}


def _tags_of(ctx: Context, queue: Queue) -> dict[str, str]:
    row = ctx.tx.one(SQL.find_tags, id=queue.id)
    tags: dict[str, str] = json.loads(row["tags"]) if row else {}
    return tags


def _store(ctx: Context, queue: Queue, tags: dict[str, str]) -> None:
    ctx.tx.execute(SQL.set_tags, id=queue.id, tags=json.dumps(tags))

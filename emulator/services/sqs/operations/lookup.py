"""Finding a queue: by URL, by ARN; through a memory that is exact where this process is the only writer."""

from __future__ import annotations

import json
from typing import Any

from emulator.arns import find_arn
from emulator.kit.context import Context
from emulator.services.sqs.model.errors import queue_does_not_exist
from emulator.services.sqs.model.queue import Queue, queue_of, require_url
from emulator.services.sqs.operations.statements import SQL


def require_queue(ctx: Context, queue_url: str) -> Queue:
    """The queue of a URL, in the account that the URL names. Errors: InvalidAddress, QueueDoesNotExist."""
    account, name = require_url(queue_url)
    queue = find_queue(ctx, account, ctx.region, name)
    if queue is None:
        raise queue_does_not_exist()
    return queue


def find_queue(ctx: Context, account: str, region: str, name: str) -> Queue | None:
    """The queue of that name, or None."""
    key = f"{account}/{region}/{name}"
    memory: dict[str, Any] = ctx.memory("sqs")
    if ctx.tx.exclusive:
        known: Queue | None = memory.get(key)
        if known is not None:
            return known
    row = ctx.tx.one(SQL.find_queue, account=account, region=region, name=name)
    if row is None:
        return None
    kept = json.loads(row["attributes"])
    queue = queue_of(row["id"], account, region, name, kept, row["created"], row["modified"], row["purges"])
    memory[key] = queue
    return queue


def find_queue_by_arn(ctx: Context, arn: str) -> Queue | None:
    """The queue of an ARN, or None."""
    parts = find_arn(arn)
    if parts is None or parts.service != "sqs":
        return None
    return find_queue(ctx, parts.account, parts.region, parts.resource)


def forget_queue(ctx: Context, account: str, region: str, name: str) -> None:
    """The queue's row changes in this transaction: read it anew, also if the change is not kept."""
    key = f"{account}/{region}/{name}"
    memory = ctx.memory("sqs")
    memory.pop(key, None)
    ctx.tx.after_rollback(lambda: memory.pop(key, None))


def micros(ctx: Context, queue: Queue) -> int:
    """The time of the account that owns the queue, in microseconds."""
    if queue.account == ctx.account:
        return ctx.micros
    return ctx.house.accounts.now(ctx.tx, queue.account)


def url_of(ctx: Context, account: str, name: str) -> str:
    """The URL of a queue, at the host by which this call reached us."""
    return f"{ctx.endpoint}/{account}/{name}"

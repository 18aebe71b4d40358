"""How many messages a queue has: exact for the usual queue, remembered for a moment for a huge one."""

from __future__ import annotations

from typing import Any

from emulator.kit.context import Context
from emulator.services.sqs.limits import COUNT_EXACT_MOST, COUNT_KEPT_SECONDS
from emulator.services.sqs.model.queue import Queue
from emulator.services.sqs.operations.lookup import micros
from emulator.services.sqs.operations.statements import SQL

_EVERY = 1 << 62


def counts_of(ctx: Context, queue: Queue) -> dict[str, int]:
    """The three counts by attribute name; see `limits.COUNT_EXACT_MOST` for how fresh they are."""
    memory: dict[str, Any] = ctx.memory("sqs.counts")
    kept = memory.get(queue.arn)
    if kept is not None and ctx.wall - kept[0] < COUNT_KEPT_SECONDS * 1_000_000:
        remembered: dict[str, int] = kept[1]
        return remembered
    memory.pop(queue.arn, None)
    counts, every = _count(ctx, queue, COUNT_EXACT_MOST + 1)
    if every > COUNT_EXACT_MOST:
        counts, every = _count(ctx, queue, _EVERY)
        memory[queue.arn] = (ctx.wall, counts)
    return counts


def _count(ctx: Context, queue: Queue, most: int) -> tuple[dict[str, int], int]:
    now = micros(ctx, queue)
    row = ctx.tx.one(SQL.count_messages, id=queue.id, now=now, oldest=now - queue.retention, most=most)
    assert row is not None
    hidden = row["in_flight"] + row["delayed"]
    counts = {
        "ApproximateNumberOfMessages": row["every"] - hidden,
        "ApproximateNumberOfMessagesDelayed": row["delayed"],
        "ApproximateNumberOfMessagesNotVisible": row["in_flight"],
    }
    return counts, row["every"]

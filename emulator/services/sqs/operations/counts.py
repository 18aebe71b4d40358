"""How many messages a queue has: exact for the usual queue, remembered for a moment for a huge one."""

from __future__ import annotations

from typing import Any

from emulator.kit.context import Context
from emulator.services.sqs.limits import COUNT_EXACT_MOST, COUNT_KEPT_SECONDS
from emulator.services.sqs.model.queue import Queue
from emulator.services.sqs.operations.lookup import micros
from emulator.services.sqs.operations.statements import SQL


def counts_of(ctx: Context, queue: Queue) -> dict[str, int]:
    """The three counts by attribute name; see `limits.COUNT_EXACT_MOST` for how fresh they are."""
    memory: dict[str, Any] = ctx.memory("sqs.counts")
    kept = memory.get(queue.arn)
    if kept is not None and ctx.wall - kept[0] < COUNT_KEPT_SECONDS * 1_000_000:
        remembered: dict[str, int] = kept[1]
        return remembered
    memory.pop(queue.arn, None)
    now = micros(ctx, queue)
    oldest = now - queue.retention
    row = ctx.tx.one(SQL.count_messages, content=queue.content, now=now, oldest=oldest, most=COUNT_EXACT_MOST + 1)
    assert row is not None
    if row["every"] <= COUNT_EXACT_MOST:
        return _named(row["every"], row["in_flight"], row["delayed"])
    every = ctx.tx.one(SQL.count_every, content=queue.content, oldest=oldest)
    hidden = ctx.tx.one(SQL.count_hidden, content=queue.content, now=now)
    assert every is not None
    assert hidden is not None
    counts = _named(every["every"], hidden["in_flight"], hidden["delayed"])
    memory[queue.arn] = (ctx.wall, counts)
    return counts


def forget_counts(ctx: Context, queue: Queue) -> None:
    """What is remembered of the queue holds no more."""
    ctx.memory("sqs.counts").pop(queue.arn, None)


def _named(every: int, in_flight: int, delayed: int) -> dict[str, int]:
    return {
        "ApproximateNumberOfMessages": every - in_flight - delayed,
        "ApproximateNumberOfMessagesDelayed": delayed,
        "ApproximateNumberOfMessagesNotVisible": in_flight,
    }

"""What SQS does when nobody calls: message move tasks and what is left of large deletions, a slice at a time."""

from __future__ import annotations

from emulator import ids
from emulator.kit.context import Context
from emulator.kit.removing import removal
from emulator.kit.results import Again, Done
from emulator.kit.service import Item, Kind
from emulator.services.sqs.model.queue import Queue
from emulator.services.sqs.operations.lookup import find_queue_by_arn, micros
from emulator.services.sqs.operations.moves import KIND
from emulator.services.sqs.operations.queues import REMOVE
from emulator.services.sqs.operations.sending import next_sequence
from emulator.services.sqs.operations.statements import SQL
from emulator.storage import Row

_SLICE = 50


def _move(ctx: Context, item: Item) -> Done:
    """Move a slice of a task's messages; again at once, or a second later where the task has a rate."""
    handle = item.payload["handle"]
    task = ctx.tx.one(SQL.find_move, handle=handle)
    if task is None or task["status"] != "RUNNING":
        return None
    source = find_queue_by_arn(ctx, task["source_arn"])
    if source is None:
        _end(ctx, handle, "FAILED", "AWS.SimpleQueueService.NonExistentQueue")
        return None
    now = micros(ctx, source)
    most = task["per_second"] or _SLICE
    rows = ctx.tx.all(
        SQL.next_to_move,
        queue=source.content,
        now=now,
        oldest=now - source.retention,
        last=task["last_message"],
        most=most,
    )
    for row in rows:
        destination = find_queue_by_arn(ctx, task["destination_arn"] or row["source"] or "")
        if destination is None:
            reason = "CouldNotDetermineMessageSource" if row["source"] is None else "NonExistentQueue"
            _end(ctx, handle, "FAILED", reason)
            return None
        _redrive(ctx, destination, row)
    ctx.tx.execute(SQL.count_moved, handle=handle, count=len(rows))
    if len(rows) < most:
        _end(ctx, handle, "COMPLETED", None)
        return None
    return Again(ctx.after(1) if task["per_second"] else ctx.now)


def _end(ctx: Context, handle: str, status: str, failure: str | None) -> None:
    ctx.tx.execute(SQL.end_move, handle=handle, status=status, failure=failure)


def _redrive(ctx: Context, destination: Queue, row: Row) -> None:
    """A redriven message is a new one: another id, sent now (developer guide, dead-letter queue redrive)."""
    ctx.tx.execute(
        SQL.redrive_message,
        id=row["id"],
        queue=destination.content,
        account=destination.account,
        region=destination.region,
        message_id=ids.new_uuid(),
        now=micros(ctx, destination),
        sequence=next_sequence(ctx, destination) if destination.fifo else None,
    )
    ctx.wake(destination.wake_key, 1)


KINDS = (Kind(KIND, "router", _move), removal(REMOVE, SQL))

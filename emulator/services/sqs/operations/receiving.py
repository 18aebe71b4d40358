"""Receiving messages: claim, move to the dead-letter queue what was received too often, or wait."""

from __future__ import annotations

from typing import Any

from emulator.clock import from_micros
from emulator.kit.context import Context
from emulator.kit.results import Result, Wait
from emulator.services.sqs import limits
from emulator.services.sqs.model import messages
from emulator.services.sqs.model.errors import invalid_parameter, unknown_attribute
from emulator.services.sqs.model.queue import Queue
from emulator.services.sqs.operations.lookup import find_queue_by_arn, micros, require_queue
from emulator.services.sqs.operations.sending import next_sequence
from emulator.services.sqs.operations.statements import SQL
from emulator.storage import Row

_SYSTEM_ATTRIBUTES = frozenset(
    {
        "All",
        "SenderId",
        "SentTimestamp",
        "ApproximateReceiveCount",
        "ApproximateFirstReceiveTimestamp",
        "SequenceNumber",
        "MessageDeduplicationId",
        "MessageGroupId",
        "AWSTraceHeader",
        "DeadLetterQueueSourceArn",
    }
)


def receive_message(
    ctx: Context,
    *,
    queue_url: str,
    attribute_names: list[str] | None = None,
    message_system_attribute_names: list[str] | None = None,
    message_attribute_names: list[str] | None = None,
    max_number_of_messages: int | None = None,
    visibility_timeout: int | None = None,
    wait_time_seconds: int | None = None,
) -> Result:
    """Up to ten messages, hidden from now on for the visibility timeout; no `Messages` where there are none.

    Errors: QueueDoesNotExist, InvalidParameterValue, InvalidAttributeName.
    """
    queue = require_queue(ctx, queue_url)
    most = 1 if max_number_of_messages is None else max_number_of_messages
    hidden = queue.visibility_seconds if visibility_timeout is None else visibility_timeout
    seconds = queue.wait_seconds if wait_time_seconds is None else wait_time_seconds
    _require_ranges(most, hidden, seconds)
    asked = frozenset((*(attribute_names or ()), *(message_system_attribute_names or ())))
    if not asked <= _SYSTEM_ATTRIBUTES:
        raise unknown_attribute(min(asked - _SYSTEM_ATTRIBUTES))
    now = micros(ctx, queue)
    rows = _claim(ctx, queue, now, most, hidden)
    if not rows:
        return _wait_or_nothing(ctx, queue, now, seconds)
    if hidden < limits.NUMBERS["ReceiveMessageWaitTimeSeconds"].most or not _in_real_time(ctx, queue):
        # Somebody who waits, if anybody does, must know when these become visible again.
        ctx.wake(queue.wake_key, 1)
    names = message_attribute_names or ()
    return {"Messages": [_shown(queue, row, asked, names) for row in rows]}


def _require_ranges(most: int, hidden: int, seconds: int) -> None:
    if not 1 <= most <= limits.RECEIVE_MOST:
        raise invalid_parameter(most, "MaxNumberOfMessages", "Must be between 1 and 10, if provided.")
    if not 0 <= hidden <= limits.NUMBERS["VisibilityTimeout"].most:
        raise invalid_parameter(hidden, "VisibilityTimeout", "Must be between 0 and 43200, if provided.")
    if not 0 <= seconds <= limits.NUMBERS["ReceiveMessageWaitTimeSeconds"].most:
        raise invalid_parameter(seconds, "WaitTimeSeconds", "Must be >= 0 and <= 20, if provided.")


def _in_real_time(ctx: Context, queue: Queue) -> bool:
    return ctx.house.accounts.time(ctx.tx, queue.account).mode == "real"


def _claim(ctx: Context, queue: Queue, now: int, most: int, hidden: int) -> list[Row]:
    """Claimed messages in the order of sending; those received too often are moved away instead."""
    dead_letter = find_queue_by_arn(ctx, queue.dead_letter) if queue.dead_letter else None
    found: list[Row] = []
    while True:
        rows = _claim_once(ctx, queue, now, most - len(found), hidden)
        if dead_letter is None:
            return rows
        spent = [row for row in rows if row["received"] > queue.receives_most]
        found += [row for row in rows if row["received"] <= queue.receives_most]
        for row in spent:
            _move(ctx, queue, dead_letter, row)
        # Without a visibility timeout, what was found would only be claimed a second time.
        if not spent or (found and not hidden):
            return found


def _claim_once(ctx: Context, queue: Queue, now: int, most: int, hidden: int) -> list[Row]:
    where = {"queue": queue.content, "now": now, "oldest": now - queue.retention, "most": most}
    until = now + hidden * 1_000_000
    if not queue.fifo:
        rows = ctx.tx.all(SQL.claim, until=until, **where)
        if len(rows) > 1:
            rows.sort(key=lambda row: (row["sent"], row["id"]))
        return rows
    if not ctx.tx.exclusive:
        # Two receives of one FIFO queue at once would both see a message group as free.
        ctx.tx.execute(SQL.lock_queue, id=queue.id)
    rows = ctx.tx.all(SQL.claim_fifo, until=until, window=limits.FIFO_WINDOW, **where)
    rows.sort(key=lambda row: row["sequence"])
    return rows


def _move(ctx: Context, queue: Queue, dead_letter: Queue, row: Row) -> None:
    """Move a message to the dead-letter queue instead of handing it out; this last receive does not count.

    Its retention goes on in a standard queue and begins anew in a FIFO queue: developer guide, "Setting-up dead-letter
    queue retention in Amazon SQS".
    """
    now = micros(ctx, dead_letter)
    ctx.tx.execute(
        SQL.move_message,
        id=row["id"],
        queue=dead_letter.content,
        account=dead_letter.account,
        region=dead_letter.region,
        now=now,
        sent=now if dead_letter.fifo else None,
        count=row["received"] - 1,
        sequence=next_sequence(ctx, dead_letter) if dead_letter.fifo else None,
        source=queue.arn,
    )
    ctx.wake(dead_letter.wake_key, 1)


def _wait_or_nothing(ctx: Context, queue: Queue, now: int, seconds: int) -> Result:
    oldest = now - queue.retention
    if ctx.tx.one(SQL.find_expired, queue=queue.content, oldest=oldest) is not None:
        ctx.tx.execute(SQL.delete_expired, queue=queue.content, oldest=oldest)
    if not seconds or ctx.expired:
        return {}
    upcoming = ctx.tx.one(SQL.next_visible, queue=queue.content, now=now)
    wake_at = None if upcoming is None else from_micros(upcoming["visible"])
    return Wait(keys=(queue.wake_key,), seconds=seconds, wake_at=wake_at)


def _shown(queue: Queue, row: Row, asked: frozenset[str], names: tuple[str, ...] | list[str]) -> dict[str, Any]:
    receipt = messages.Receipt(queue.id, row["id"], row["received"], row["message_id"])
    message = {
        "MessageId": row["message_id"],
        "ReceiptHandle": str(receipt),
        "MD5OfBody": row["md5"],
        "Body": row["body"],
    }
    if asked:
        attributes = _system_attributes(row)
        if "All" not in asked:
            attributes = {name: value for name, value in attributes.items() if name in asked}
        if attributes:
            message["Attributes"] = attributes
    if names and row["attributes"]:
        chosen = messages.selected(messages.load_attributes(row["attributes"]), names)
        if chosen:
            message["MD5OfMessageAttributes"] = messages.attributes_md5(chosen)
            message["MessageAttributes"] = chosen
    return message


def _system_attributes(row: Row) -> dict[str, str]:
    """Every attribute that the message has; times are milliseconds, the count spans all queues it was in."""
    found = {
        "SenderId": row["sender"],
        "SentTimestamp": str(row["sent"] // 1000),
        "ApproximateReceiveCount": str(row["received"] + row["received_before"]),
        "ApproximateFirstReceiveTimestamp": str(row["first_received"] // 1000),
        "SequenceNumber": row["sequence"] and messages.sequence_number(row["sequence"]),
        "MessageDeduplicationId": row["deduplication_id"],
        "MessageGroupId": row["group_id"],
        "AWSTraceHeader": row["trace_header"],
        "DeadLetterQueueSourceArn": row["source"],
    }
    return {name: value for name, value in found.items() if value is not None}

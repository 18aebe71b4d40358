"""Sending messages: one, or a batch of which each may fail for itself."""

from __future__ import annotations

import hashlib
from typing import Any

from emulator import ids
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.sqs import limits
from emulator.services.sqs.model import messages
from emulator.services.sqs.model.batches import failed, require_batch
from emulator.services.sqs.model.errors import invalid_parameter, invalid_value, missing_parameter
from emulator.services.sqs.model.queue import Queue
from emulator.services.sqs.operations.lookup import micros, require_queue
from emulator.services.sqs.operations.statements import SQL

_NOT_OF_THIS_QUEUE = "The request include parameter that is not valid for this queue type."
_NO_DEDUPLICATION = (
    "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"
)


def send_message(
    ctx: Context,
    *,
    queue_url: str,
    message_body: str,
    delay_seconds: int | None = None,
    message_attributes: dict[str, Any] | None = None,
    message_system_attributes: dict[str, Any] | None = None,
    message_deduplication_id: str | None = None,
    message_group_id: str | None = None,
) -> dict[str, Any]:
    """Send a message.

    Errors: QueueDoesNotExist, MissingParameter, InvalidMessageContents, InvalidParameterValue,
    UnsupportedOperation.
    """
    queue = require_queue(ctx, queue_url)
    if not message_body:
        raise missing_parameter("MessageBody")
    body = messages.encoded_body(message_body)
    if len(body) + messages.attributes_size(message_attributes or {}) > queue.size_most:
        raise invalid_value(
            f"One or more parameters are invalid. Reason: Message must be shorter than {queue.size_most} bytes."
        )
    if queue.fifo or message_group_id is not None or message_deduplication_id is not None:
        _require_ids(queue, message_group_id, message_deduplication_id)
    return store(
        ctx,
        queue,
        message_body,
        body,
        delay_seconds,
        message_attributes,
        message_system_attributes,
        message_group_id,
        message_deduplication_id,
    )


def store(
    ctx: Context,
    queue: Queue,
    text: str,
    body: bytes,
    delay_seconds: int | None,
    attributes: dict[str, Any] | None,
    system_attributes: dict[str, Any] | None,
    group_id: str | None,
    deduplication_id: str | None,
) -> dict[str, Any]:
    """Write one message and wake who waits for it; the answer of SendMessage."""
    now = micros(ctx, queue)
    answer = {"MD5OfMessageBody": hashlib.md5(body, usedforsecurity=False).hexdigest()}
    kept = _described(answer, attributes) if attributes else None
    # An attribute comes before the request's own header (AWS X-Ray developer guide, "Amazon SQS and AWS X-Ray").
    trace_header = _traced(answer, system_attributes) if system_attributes else ctx.caller.trace_header or None
    delay = _delay(queue, delay_seconds)
    answer["MessageId"] = ids.new_uuid()
    sequence = None
    if queue.fifo:
        deduplication_id = deduplication_id or hashlib.sha256(body).hexdigest()
        sequence = _place(ctx, queue, now, answer, group_id or "", deduplication_id)
        if sequence is None:
            return answer
    ctx.tx.execute(
        SQL.insert_message,
        account=queue.account,
        region=queue.region,
        queue=queue.content,
        message_id=answer["MessageId"],
        body=text,
        md5=answer["MD5OfMessageBody"],
        attributes=kept,
        trace_header=trace_header,
        sender=ctx.account,
        sent=now,
        visible=now + delay * 1_000_000,
        group_id=group_id,
        deduplication_id=deduplication_id,
        sequence=sequence,
        trace_id=ctx.origin.trace_id,
        cause=ctx.origin.cause,
    )
    # A delayed message wakes nobody to receive it, but all who wait must know its moment.
    ctx.wake(queue.wake_key, None if delay else 1)
    return answer


def _described(answer: dict[str, str], attributes: dict[str, Any]) -> str:
    """The attributes as they are kept; their sum goes into the answer."""
    messages.require_attributes(attributes)
    answer["MD5OfMessageAttributes"] = messages.attributes_md5(attributes)
    return messages.dump_attributes(attributes)


def _traced(answer: dict[str, str], system_attributes: dict[str, Any]) -> str | None:
    """The trace header among the system attributes; their sum goes into the answer."""
    header = _trace_header(system_attributes)
    answer["MD5OfMessageSystemAttributes"] = messages.attributes_md5(system_attributes)
    return header


def _place(
    ctx: Context, queue: Queue, now: int, answer: dict[str, str], group_id: str, deduplication_id: str
) -> int | None:
    """The message's place in a FIFO queue, or None for a duplicate, whose answer is that of the first one."""
    scope = group_id if queue.scope_is_group else ""
    first = ctx.tx.one(SQL.find_duplicate, queue=queue.id, deduplication_id=deduplication_id, scope=scope, now=now)
    if first is not None:
        answer["MessageId"] = first["message_id"]
        answer["SequenceNumber"] = messages.sequence_number(first["sequence"])
        return None
    sequence = next_sequence(ctx, queue)
    ctx.tx.execute(SQL.forget_deduplications, queue=queue.id, now=now)
    ctx.tx.execute(
        SQL.insert_deduplication,
        account=queue.account,
        region=queue.region,
        queue=queue.id,
        deduplication_id=deduplication_id,
        scope=scope,
        until=now + limits.DEDUPLICATION_SECONDS * 1_000_000,
        message_id=answer["MessageId"],
        sequence=sequence,
    )
    answer["SequenceNumber"] = messages.sequence_number(sequence)
    return sequence


def next_sequence(ctx: Context, queue: Queue) -> int:
    """The next place in a FIFO queue."""
    row = ctx.tx.one(SQL.next_sequence, id=queue.id)
    assert row is not None
    return int(row["sequence"])


def _require_ids(queue: Queue, group_id: str | None, deduplication_id: str | None) -> None:
    if queue.fifo and group_id is None:
        raise missing_parameter("MessageGroupId")
    if group_id is not None:
        messages.require_id("MessageGroupId", group_id)
    if deduplication_id is None:
        if queue.fifo and not queue.content_based:
            raise invalid_value(_NO_DEDUPLICATION)
        return
    if not queue.fifo:
        raise invalid_parameter(deduplication_id, "MessageDeduplicationId", _NOT_OF_THIS_QUEUE)
    messages.require_id("MessageDeduplicationId", deduplication_id)


def _delay(queue: Queue, seconds: int | None) -> int:
    """The delay in seconds; in a FIFO queue only the queue's own counts."""
    if seconds is None:
        return queue.delay_seconds
    if queue.fifo:
        if seconds:
            raise invalid_parameter(seconds, "DelaySeconds", _NOT_OF_THIS_QUEUE)
        return queue.delay_seconds
    bounds = limits.NUMBERS["DelaySeconds"]
    if not bounds.least <= seconds <= bounds.most:
        raise invalid_parameter(seconds, "DelaySeconds", "DelaySeconds must be >= 0 and <= 900.")
    return seconds


def _trace_header(system_attributes: dict[str, Any]) -> str | None:
    for name, value in system_attributes.items():
        if name != "AWSTraceHeader":
            raise invalid_value(f"Message system attribute name '{name}' is invalid.")
        if value.get("DataType") != "String" or not value.get("StringValue"):
            raise invalid_value("The message system attribute 'AWSTraceHeader' must be a non-empty String.")
        return str(value["StringValue"])
    return None


def send_message_batch(ctx: Context, *, queue_url: str, entries: list[dict[str, Any]]) -> dict[str, Any]:
    """Send up to ten messages, each failing for itself.

    Errors: QueueDoesNotExist, EmptyBatchRequest, TooManyEntriesInBatchRequest, InvalidBatchEntryId,
    BatchEntryIdsNotDistinct, BatchRequestTooLong; a FIFO queue's missing ids refuse the whole batch.
    """
    queue = require_queue(ctx, queue_url)
    require_batch("SendMessageBatchRequestEntry", entries)
    total = sum(_size(entry) for entry in entries)
    if total > limits.BATCH_BYTES_MOST:
        raise AwsError(
            "BatchRequestTooLong",
            f"Batch requests cannot be longer than {limits.BATCH_BYTES_MOST} bytes. You have sent {total} bytes.",
        )
    if queue.fifo:
        for entry in entries:
            if entry.get("MessageGroupId") is None:
                raise invalid_value("The request must contain the parameter MessageGroupId.")
            if entry.get("MessageDeduplicationId") is None and not queue.content_based:
                raise invalid_value(_NO_DEDUPLICATION)
    successful: list[dict[str, Any]] = []
    failures: list[dict[str, Any]] = []
    for entry in entries:
        try:
            successful.append({"Id": entry["Id"], **_send_entry(ctx, queue, entry)})
        except AwsError as error:
            failures.append(failed(entry["Id"], error))
    return {
        **({"Successful": successful} if successful else {}),
        **({"Failed": failures} if failures else {}),
    }


def _size(entry: dict[str, Any]) -> int:
    body = entry.get("MessageBody", "")
    length = len(body) if body.isascii() else len(body.encode(errors="surrogatepass"))
    return length + messages.attributes_size(entry.get("MessageAttributes") or {})


def _send_entry(ctx: Context, queue: Queue, entry: dict[str, Any]) -> dict[str, Any]:
    text = entry.get("MessageBody", "")
    if not text:
        raise missing_parameter("MessageBody")
    if _size(entry) > queue.size_most:
        raise invalid_value(
            f"One or more parameters cannot be validated. Reason: Message must be shorter than {queue.size_most} bytes."
        )
    group_id, deduplication_id = entry.get("MessageGroupId"), entry.get("MessageDeduplicationId")
    _require_ids(queue, group_id, deduplication_id)
    return store(
        ctx,
        queue,
        text,
        messages.encoded_body(text),
        entry.get("DelaySeconds"),
        entry.get("MessageAttributes"),
        entry.get("MessageSystemAttributes"),
        group_id,
        deduplication_id,
    )

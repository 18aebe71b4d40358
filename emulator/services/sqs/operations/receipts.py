"""What may be done with a receipt handle: delete the message, or change for how long it stays hidden."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.sqs.limits import NUMBERS
from emulator.services.sqs.model.batches import failed, require_batch
from emulator.services.sqs.model.errors import invalid_parameter
from emulator.services.sqs.model.messages import require_receipt
from emulator.services.sqs.model.queue import Queue
from emulator.services.sqs.operations.lookup import micros, require_queue
from emulator.services.sqs.operations.statements import SQL

_LONGEST = NUMBERS["VisibilityTimeout"].most


def delete_message(ctx: Context, *, queue_url: str, receipt_handle: str) -> dict[str, Any]:
    """Delete a message; an older receipt handle, or a second time, does nothing.

    Errors: QueueDoesNotExist, ReceiptHandleIsInvalid; InvalidParameterValue (an expired one, FIFO).
    """
    _delete(ctx, require_queue(ctx, queue_url), receipt_handle)
    return {}


def _delete(ctx: Context, queue: Queue, handle: str) -> None:
    receipt = require_receipt(handle)
    if queue.fifo:
        row = ctx.tx.one(SQL.find_message, id=receipt.id, queue=queue.content, message_id=receipt.message_id)
        if row is not None and row["visible"] <= micros(ctx, queue):
            raise invalid_parameter(handle, "ReceiptHandle", "The receipt handle has expired.")
    ctx.tx.execute(
        SQL.delete_message,
        id=receipt.id,
        queue=queue.content,
        received=receipt.received,
        message_id=receipt.message_id,
    )
    if queue.fifo:
        ctx.wake(queue.wake_key, 1)


def delete_message_batch(ctx: Context, *, queue_url: str, entries: list[dict[str, Any]]) -> dict[str, Any]:
    """Delete up to ten messages, each failing for itself. Errors: those of every batch, QueueDoesNotExist."""
    queue = require_queue(ctx, queue_url)
    require_batch("DeleteMessageBatchRequestEntry", entries)
    return _each(entries, lambda entry: _delete(ctx, queue, entry["ReceiptHandle"]))


def change_message_visibility(
    ctx: Context, *, queue_url: str, receipt_handle: str, visibility_timeout: int
) -> dict[str, Any]:
    """Hide a message for `visibility_timeout` seconds from now; 0 shows it at once.

    Errors: QueueDoesNotExist, ReceiptHandleIsInvalid, InvalidParameterValue.
    """
    _change(ctx, require_queue(ctx, queue_url), receipt_handle, visibility_timeout)
    return {}


def _change(ctx: Context, queue: Queue, handle: str, seconds: int) -> None:
    receipt = require_receipt(handle)
    if not 0 <= seconds <= _LONGEST:
        raise invalid_parameter(seconds, "VisibilityTimeout", "Must be between 0 and 43200, if provided.")
    row = ctx.tx.one(SQL.find_message, id=receipt.id, queue=queue.content, message_id=receipt.message_id)
    if row is None or row["received"] != receipt.received:
        raise invalid_parameter(
            handle,
            "ReceiptHandle",
            "Message does not exist or is not available for visibility timeout change.",
        )
    now = micros(ctx, queue)
    if queue.fifo and row["visible"] <= now:
        raise invalid_parameter(handle, "ReceiptHandle", "The receipt handle has expired.")
    visible = now + seconds * 1_000_000
    ctx.tx.execute(SQL.set_visible, id=receipt.id, visible=visible)
    ctx.wake(queue.wake_key, None if seconds else 1)


def change_message_visibility_batch(ctx: Context, *, queue_url: str, entries: list[dict[str, Any]]) -> dict[str, Any]:
    """Change up to ten visibility timeouts, each failing for itself. Errors: as `delete_message_batch`."""
    queue = require_queue(ctx, queue_url)
    require_batch("ChangeMessageVisibilityBatchRequestEntry", entries)
    return _each(entries, lambda entry: _change(ctx, queue, entry["ReceiptHandle"], entry.get("VisibilityTimeout", 0)))


def _each(entries: list[dict[str, Any]], act: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    successful: list[dict[str, Any]] = []
    failures: list[dict[str, Any]] = []
    for entry in entries:
        try:
            act(entry)
            successful.append({"Id": entry["Id"]})
        except AwsError as error:
            failures.append(failed(entry["Id"], error))
    return {
        **({"Successful": successful} if successful else {}),
        **({"Failed": failures} if failures else {}),
    }

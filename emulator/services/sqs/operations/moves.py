"""Message move tasks: what a dead-letter queue holds goes back to where it came from, or elsewhere."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from emulator import ids
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.sqs import limits
from emulator.services.sqs.model.errors import invalid_parameter, invalid_value
from emulator.services.sqs.model.queue import Queue
from emulator.services.sqs.operations.lookup import find_queue_by_arn, micros
from emulator.services.sqs.operations.statements import SQL
from emulator.storage import Row

KIND = "sqs.move"


def start_message_move_task(
    ctx: Context,
    *,
    source_arn: str,
    destination_arn: str | None = None,
    max_number_of_messages_per_second: int | None = None,
) -> dict[str, Any]:
    """Begin to move the messages away. Errors: ResourceNotFoundException, InvalidParameterValue."""
    source = _require(ctx, "SourceArn", source_arn)
    if destination_arn is not None:
        _require(ctx, "DestinationArn", destination_arn)
        if destination_arn == source_arn:
            raise invalid_value("Source queue arn and destination queue arn cannot be the same.")
    rate = max_number_of_messages_per_second
    if rate is not None and not 1 <= rate <= limits.MOVES_PER_SECOND_MOST:
        raise invalid_parameter(rate, "MaxNumberOfMessagesPerSecond", "Must be between 1 and 500, if provided.")
    if not ctx.tx.all(SQL.list_sources, arn=source_arn, after="", most=1):
        raise invalid_value("Source queue must be configured as a Dead Letter Queue.")
    if ctx.tx.one(SQL.find_running_move, source_arn=source_arn) is not None:
        raise invalid_value(
            "There is already a task running. Only one active task is allowed for a source queue arn at a given time."
        )
    handle = _handle(source_arn)
    _insert(ctx, source, handle, destination_arn, rate)
    ctx.add_work(KIND, {"handle": handle}, account=source.account, region=source.region)
    return {"TaskHandle": handle}


def _insert(ctx: Context, source: Queue, handle: str, destination_arn: str | None, rate: int | None) -> None:
    now = micros(ctx, source)
    found = ctx.tx.one(SQL.messages_to_move, queue=source.content, now=now, oldest=now - source.retention)
    assert found is not None
    ctx.tx.execute(
        SQL.insert_move,
        account=source.account,
        region=source.region,
        handle=handle,
        source_arn=source.arn,
        destination_arn=destination_arn,
        per_second=rate,
        to_move=found["every"],
        last_message=found["last"],
        now=now,
        trace_id=ctx.origin.trace_id,
        cause=ctx.origin.cause,
    )


def list_message_move_tasks(ctx: Context, *, source_arn: str, max_results: int | None = None) -> dict[str, Any]:
    """The latest tasks, youngest first. Errors: ResourceNotFoundException, InvalidParameterValue."""
    _require(ctx, "SourceArn", source_arn)
    most = 1 if max_results is None else max_results
    if not 1 <= most <= limits.MOVE_TASKS_LISTED_MOST:
        raise invalid_parameter(most, "MaxResults", "Must be between 1 and 10, if provided.")
    return {"Results": [_shown(row) for row in ctx.tx.all(SQL.list_moves, source_arn=source_arn, most=most)]}


def cancel_message_move_task(ctx: Context, *, task_handle: str) -> dict[str, Any]:
    """Stop a running task. Errors: InvalidParameterValue, ResourceNotFoundException."""
    _require(ctx, "SourceArn", _source_of(task_handle))
    row = ctx.tx.one(SQL.find_move, handle=task_handle)
    if row is None:
        raise AwsError("ResourceNotFoundException", "Task does not exist.")
    if row["status"] != "RUNNING":
        raise invalid_value("Only active tasks can be cancelled.")
    ctx.tx.execute(SQL.end_move, handle=task_handle, status="CANCELLED", failure=None)
    return {"ApproximateNumberOfMessagesMoved": row["moved"]}


def _require(ctx: Context, parameter: str, arn: str) -> Queue:
    queue = find_queue_by_arn(ctx, arn)
    if queue is None:
        raise AwsError(
            "ResourceNotFoundException",
            f"The resource that you specified for the {parameter} parameter doesn't exist.",
        )
    return queue


def _handle(source_arn: str) -> str:
    return base64.b64encode(json.dumps({"taskId": ids.new_uuid(), "sourceArn": source_arn}).encode()).decode()


def _source_of(handle: str) -> str:
    try:
        return str(json.loads(base64.b64decode(handle, validate=True))["sourceArn"])
    except (binascii.Error, ValueError, KeyError, TypeError):
        raise invalid_value("Value for parameter TaskHandle is invalid.") from None


def _shown(row: Row) -> dict[str, Any]:
    shown = {
        "TaskHandle": row["handle"] if row["status"] == "RUNNING" else None,
        "Status": row["status"],
        "SourceArn": row["source_arn"],
        "DestinationArn": row["destination_arn"],
        "MaxNumberOfMessagesPerSecond": row["per_second"],
        "ApproximateNumberOfMessagesMoved": row["moved"],
        "ApproximateNumberOfMessagesToMove": row["to_move"],
        "FailureReason": row["failure"],
        "StartedTimestamp": row["started"] // 1000,
    }
    return {name: value for name, value in shown.items() if value is not None}

"""Attempts at deliveries that this service makes itself, recorded like those of the kit."""

from __future__ import annotations

from emulator.arns import find_arn
from emulator.errors import AwsError
from emulator.kit import delivery
from emulator.kit.context import Context


def record(ctx: Context, source: str, target: str, attempt: int, outcome: str, error: AwsError | None = None) -> None:
    """Keep an attempt of a topic (`source`) at a target with its result."""
    ctx.tx.execute(
        delivery.SQL.record,
        account=ctx.account,
        region=ctx.region,
        trace_id=ctx.origin.trace_id,
        cause=source,
        target=target,
        at=ctx.micros,
        attempt=attempt,
        outcome=outcome,
        error_code=None if error is None else error.code,
        error_message=None if error is None else error.message,
        wall=ctx.wall,
    )


def send_to_queue(ctx: Context, queue_arn: str, params: dict[str, object]) -> None:
    """SendMessage to the queue of an ARN in this transaction; undone as a whole where it fails. Error: any of SQS."""
    queue = find_arn(queue_arn)
    if queue is None:
        raise AwsError("InvalidParameter", f"{queue_arn} is not the ARN of a queue.")
    url = f"{ctx.endpoint}/{queue.account}/{queue.resource}"
    with ctx.tx.savepoint():
        ctx.call_arn(queue, "sqs", "SendMessage", {"QueueUrl": url, **params})


def dead_letter(ctx: Context, source: str, queue_arn: str, attempt: int, params: dict[str, object]) -> None:
    """Send what could not be delivered to a dead-letter queue; one that does not take it loses it, as at AWS."""
    try:
        send_to_queue(ctx, queue_arn, params)
    except AwsError as error:
        record(ctx, source, queue_arn, attempt, "not dead-lettered", error)
    else:
        record(ctx, source, queue_arn, attempt, "dead-lettered")

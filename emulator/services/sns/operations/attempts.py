"""Dead-letter queues of subscriptions, for what this service delivers itself."""

from __future__ import annotations

from emulator.arns import find_arn
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.kit.delivery.attempts import record


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

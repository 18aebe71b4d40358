"""Waiting for something to have happened, while the account's time skips what is only waiting."""

from __future__ import annotations

from typing import Any

from emulator.clock import from_micros
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.kit.results import Result, Wait
from emulator.services.stepwell.operations.clock import LAST, PATIENCE, micros_of

DEFAULT_SECONDS = 60.0


def wait_until(
    ctx: Context,
    *,
    execution_arn: str | None = None,
    queue_url: str | None = None,
    nothing_pending: bool | None = None,
    timeout_seconds: float | None = None,
    skip: bool | None = None,
) -> Result:
    """Wait for one condition until `timeout_seconds` of the account's time have passed.

    With `skip` (the default) time jumps to what is due next while nothing is in progress; answers Reached false
    at the deadline.
    """
    wanted = [execution_arn is not None, queue_url is not None, bool(nothing_pending)]
    if sum(wanted) != 1:
        raise AwsError("InvalidParameterException", "Give one of ExecutionArn, QueueUrl and NothingPending.")
    skipping = skip is not False
    if skipping and ctx.house.tell is not None:
        raise AwsError(
            "SkippingNotSupportedException",
            "Time is not skipped in a house of several processes: wait with Skip false, or advance the clock.",
        )
    seconds = DEFAULT_SECONDS if timeout_seconds is None else timeout_seconds
    deadline = min(LAST, ctx.micros + micros_of(seconds, "TimeoutSeconds"))
    condition = Condition(execution_arn, queue_url)
    return _look(ctx, condition, deadline, skipping)


class Condition:
    """What is waited for; neither an execution nor a queue means that nothing is pending."""

    def __init__(self, execution_arn: str | None, queue_url: str | None) -> None:
        self.execution_arn = execution_arn
        self.queue_url = queue_url

    def keys(self, ctx: Context) -> tuple[str, ...]:
        """What wakes a request that waits for this."""
        if self.execution_arn is not None:
            return (f"states:ended:{self.execution_arn}",)
        if self.queue_url is not None:
            return (f"sqs:{_queue_arn(ctx, self.queue_url)}",)
        return (f"idle:{ctx.account}",)

    def holds(self, ctx: Context, deadline: int) -> bool:
        """Whether it is so now."""
        if self.execution_arn is not None:
            shown = ctx.call("stepfunctions", "DescribeExecution", {"executionArn": self.execution_arn})
            return bool(shown["status"] != "RUNNING")
        if self.queue_url is not None:
            return _messages(ctx, self.queue_url) > 0
        due = ctx.house.work.next_due(ctx.tx, ctx.account)
        return ctx.quiet() and (due is None or due > deadline)


def _look(ctx: Context, condition: Condition, deadline: int, skipping: bool) -> Result:
    reached = condition.holds(ctx, deadline)
    if reached or ctx.expired or (ctx.micros >= deadline and (ctx.quiet() or not skipping)):
        # What is in hand may have been done between the two looks, where others run beside us.
        return {"Reached": reached or condition.holds(ctx, deadline), "Now": ctx.now}
    moment = from_micros(deadline)
    return Wait(
        (*condition.keys(ctx), f"idle:{ctx.account}"),
        PATIENCE,
        again=lambda ctx: _look(ctx, condition, deadline, skipping),
        wake_at=moment if ctx.micros < deadline else None,
        skip_until=moment if skipping else None,
    )


def _queue_arn(ctx: Context, url: str) -> str:
    answer = ctx.call("sqs", "GetQueueAttributes", {"QueueUrl": url, "AttributeNames": ["QueueArn"]})
    return str(answer["Attributes"]["QueueArn"])


def _messages(ctx: Context, url: str) -> int:
    name = "ApproximateNumberOfMessages"
    answer: dict[str, Any] = ctx.call("sqs", "GetQueueAttributes", {"QueueUrl": url, "AttributeNames": [name]})
    return int(answer["Attributes"][name])

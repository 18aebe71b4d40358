"""Delivery of a text to whatever an ARN names: one path for rules, subscriptions, notifications and destinations.

A delivery is a row of work, or is made in the transaction of its cause (see `send`). To one of our own services it
commits together with either, so it happens exactly once. A failed one is tried again as its sender would, then
dead-lettered; every attempt is recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from emulator.arns import Arn, find_arn
from emulator.errors import AwsError
from emulator.kit.delivery import events, lambda_, logs, mailto, retries, sns, sqs, states
from emulator.kit.delivery.attempts import record
from emulator.kit.results import Again, Done
from emulator.kit.service import Item, Kind

if TYPE_CHECKING:
    from emulator.kit.context import Context


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is delivered where. `input` is the text that the target receives.

    `parameters` are the target's own (`SqsParameters`, `MessageAttributes`, `Subject`, ...); `event` is the text
    kept for the dead-letter queue where it differs from `input`. `attempts_max` counts the tries after the first;
    none begins later than `age_max_seconds` after `since`, microseconds of the account's time (0: now).
    `invalid` says why no input could be made (EventBridge's INVALID_JSON): then nothing is tried.
    """

    target_arn: str
    input: str
    source_arn: str
    source_service: str
    parameters: dict[str, Any] = field(default_factory=dict)
    dead_letter_arn: str | None = None
    attempts_max: int = 185
    age_max_seconds: int = 86_400
    event: str | None = None
    since: int = 0
    invalid: str = ""


AT_ONCE = 20  # deliveries made in the transaction of their cause: a slice of the loop stays under 2 ms

Deliver = Callable[["Context", Delivery, Arn], None]

TARGETS: dict[str, Deliver] = {
    "events": events.deliver,
    "lambda": lambda_.deliver,
    "logs": logs.deliver,
    "mailto": mailto.deliver,
    "sns": sns.deliver,
    "sqs": sqs.deliver,
    "states": states.deliver,
}


def send(ctx: Context, delivery: Delivery) -> None:
    """Deliver within this transaction, or as a row of work written by it.

    Where this process is the only writer, the first few deliveries of a transaction are made in it: it is as if
    their rows had been written and done at once. What fails so becomes a row, tried as its sender would.
    """
    if ctx.tx.exclusive and ctx.origin.at_once < AT_ONCE and DELIVER.role in ctx.house.work.roles:
        ctx.origin.at_once += 1
        try:
            with ctx.tx.savepoint():
                _deliver(ctx, delivery, 1)
        except AwsError:
            pass
        else:
            return
    ctx.add_work(DELIVER.name, payload_of(ctx, delivery))


def payload_of(ctx: Context, delivery: Delivery) -> dict[str, Any]:
    """A delivery as the payload of work: `Delivery(**payload)` is the delivery, begun now if it was not before."""
    payload = {name: getattr(delivery, name) for name in Delivery.__slots__}
    payload["since"] = delivery.since or ctx.micros
    return payload


def _run(ctx: Context, item: Item) -> Done:
    _deliver(ctx, Delivery(**item.payload), item.attempts + 1)
    return None


def _deliver(ctx: Context, delivery: Delivery, attempt: int) -> None:
    if delivery.invalid:
        raise AwsError("INVALID_JSON", delivery.invalid)
    arn = _target(delivery)
    TARGETS[arn.service](ctx, delivery, arn)
    record(ctx, delivery.source_arn, delivery.target_arn, attempt, "delivered")


def _target(delivery: Delivery) -> Arn:
    """The target's ARN; an e-mail address is written `mailto:address`."""
    if delivery.target_arn.startswith("mailto:"):
        return Arn("mailto", "", "", delivery.target_arn.removeprefix("mailto:"))
    arn = find_arn(delivery.target_arn)
    if arn is None:
        raise AwsError("INVALID_PARAMETER", f"{delivery.target_arn} is not an ARN.")
    if arn.service not in TARGETS:
        raise AwsError("INVALID_PARAMETER", f"Stepwell does not deliver to targets of the service {arn.service}.")
    return arn


def failed(ctx: Context, item: Item, error: AwsError) -> Done:
    """What follows a failed try of the delivery that is an item's payload: the next one, or the dead-letter queue."""
    delivery = Delivery(**item.payload)
    due = retries.next_try(delivery, item.attempts + 1, ctx.micros, error)
    if due is not None:
        record(ctx, delivery.source_arn, delivery.target_arn, item.attempts + 1, "failed", error)
        return Again(due)
    record(ctx, delivery.source_arn, delivery.target_arn, item.attempts + 1, "given up", error)
    if delivery.dead_letter_arn is not None:
        _dead_letter(ctx, item, delivery, error)
    return None


def _dead_letter(ctx: Context, item: Item, delivery: Delivery, error: AwsError) -> None:
    """Send what could not be delivered to its dead-letter queue, with the reason as message attributes.

    A queue that does not take it loses it, as with AWS; the attempt is recorded like any other.
    """
    attributes = retries.dead_letter_attributes(delivery, item.attempts, error)
    arn = delivery.dead_letter_arn or ""
    try:
        queue = find_arn(arn)
        if queue is None or queue.service != "sqs":
            raise AwsError("INVALID_PARAMETER", f"{arn} is not the ARN of a queue.")
        with ctx.tx.savepoint():
            sqs.send_message(ctx, queue, delivery.event or delivery.input, {"MessageAttributes": attributes})
    except AwsError as second:
        record(ctx, delivery.source_arn, arn, item.attempts + 1, "not dead-lettered", second)
    else:
        record(ctx, delivery.source_arn, arn, item.attempts + 1, "dead-lettered")


DELIVER = Kind("kit.deliver", "router", _run, failed=failed)
KINDS = (DELIVER,)

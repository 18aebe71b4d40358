"""Posts to HTTP endpoints: performed outside, tried again by the delivery policy, then dead-lettered."""

from __future__ import annotations

from typing import Any

from emulator.arns import find_arn
from emulator.errors import AwsError
from emulator.kit import delivery
from emulator.kit.context import Context
from emulator.kit.effects import HttpAnswer, HttpRequest
from emulator.kit.results import Again, Done, Outside
from emulator.kit.service import Item, Kind
from emulator.services.sns.model import http
from emulator.services.sns.operations.posts import POST

TIMEOUT_SECONDS = 15.0


def _post(ctx: Context, item: Item) -> Done:
    url = item.payload["url"]
    if not http.is_local(url):
        _give_up(ctx, item, "NotLocal", "Stepwell posts to endpoints on this machine only.")
        return None
    body = item.payload["body"].encode()
    return Outside(HttpRequest("POST", url, item.payload["headers"], body, TIMEOUT_SECONDS))


def _posted(ctx: Context, item: Item, outcome: Any) -> Done:
    if isinstance(outcome, HttpAnswer) and 200 <= outcome.status < 300:
        _record(ctx, item, "delivered", None, None)
        return None
    status = outcome.status if isinstance(outcome, HttpAnswer) else None
    code, reason = ("ConnectionFailure", str(outcome)) if status is None else (str(status), f"HTTP {status}")
    seconds = http.retry_seconds(item.payload["policy"], item.attempts + 1)
    if seconds is None or (status is not None and http.is_final(status)):
        _give_up(ctx, item, code, reason)
        return None
    _record(ctx, item, "failed", code, reason)
    return Again(ctx.after(seconds))


def _give_up(ctx: Context, item: Item, code: str, reason: str) -> None:
    _record(ctx, item, "given up", code, reason)
    queue = find_arn(item.payload["dead_letter"] or "")
    if queue is None:
        return
    url = f"{ctx.endpoint}/{queue.account}/{queue.resource}"
    try:
        with ctx.tx.savepoint():
            params = {"QueueUrl": url, "MessageBody": item.payload["body"]}
            ctx.call_arn(queue, "sqs", "SendMessage", params)
    except AwsError as error:
        _record(ctx, item, "not dead-lettered", error.code, error.message)


def _record(ctx: Context, item: Item, outcome: str, code: str | None, message: str | None) -> None:
    ctx.tx.execute(
        delivery.SQL.record,
        account=item.account,
        region=item.region,
        trace_id=item.trace_id,
        cause=item.payload["source"],
        target=item.payload["url"],
        at=ctx.micros,
        attempt=item.attempts + 1,
        outcome=outcome,
        error_code=code,
        error_message=message,
        wall=ctx.wall,
    )


KINDS = (Kind(POST, "router", _post, finish=_posted),)

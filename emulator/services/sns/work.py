"""Posts to HTTP endpoints: performed outside, tried again by the delivery policy, then dead-lettered. Deletions."""

from __future__ import annotations

from typing import Any

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.kit.delivery.attempts import record
from emulator.kit.delivery.local import is_local, not_local
from emulator.kit.effects import HttpAnswer, HttpRequest
from emulator.kit.removing import removal
from emulator.kit.results import Again, Done, Outside
from emulator.kit.service import Item, Kind
from emulator.services.sns.model import http
from emulator.services.sns.operations.attempts import dead_letter
from emulator.services.sns.operations.posts import POST
from emulator.services.sns.operations.statements import SQL
from emulator.services.sns.operations.topics import REMOVE

TIMEOUT_SECONDS = 15.0


def _post(ctx: Context, item: Item) -> Done:
    url = item.payload["url"]
    if not is_local(url):
        _give_up(ctx, item, not_local())
        return None
    body = item.payload["body"].encode()
    return Outside(HttpRequest("POST", url, item.payload["headers"], body, TIMEOUT_SECONDS))


def _posted(ctx: Context, item: Item, outcome: Any) -> Done:
    status = outcome.status if isinstance(outcome, HttpAnswer) else None
    if status is not None and 200 <= status < 300:
        record(ctx, item.payload["source"], item.payload["url"], item.attempts + 1, "delivered")
        return None
    if status is None:
        error = AwsError("ConnectionFailure", str(outcome))
    else:
        error = AwsError(str(status), f"The endpoint answered with the status {status}.")
    seconds = http.retry_seconds(item.payload["policy"], item.attempts + 1)
    if seconds is None or (status is not None and http.is_final(status)):
        _give_up(ctx, item, error)
        return None
    record(ctx, item.payload["source"], item.payload["url"], item.attempts + 1, "failed", error)
    return Again(ctx.after(seconds))


def _give_up(ctx: Context, item: Item, error: AwsError) -> None:
    source, attempt = item.payload["source"], item.attempts + 1
    record(ctx, source, item.payload["url"], attempt, "given up", error)
    if item.payload["dead_letter"]:
        dead_letter(ctx, source, item.payload["dead_letter"], attempt, {"MessageBody": item.payload["body"]})


KINDS = (Kind(POST, "router", _post, finish=_posted), removal(REMOVE, SQL))

"""The log of an invocation, written to CloudWatch Logs."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from emulator.errors import AwsError
from emulator.host import Answer
from emulator.kit.context import Context
from emulator.services.lambda_ import limits

log = logging.getLogger("stepwell.lambda")

# PutLogEvents: 10,000 events and 1,048,576 bytes a batch, an event counting 26 more than its text.
_BATCH_EVENTS = 10_000
_BATCH_BYTES = 1_048_576
_EVENT_BYTES = 26
_TEXT_BYTES = 262_118


def write(ctx: Context, group: str, answer: Answer) -> None:
    """One PutLogEvents for the invocation's lines; group and stream are made when they are not there.

    The host stamps lines with wall time; an account sees them in its own.
    """
    offset = ctx.micros - ctx.wall
    where = {"logGroupName": group, "logStreamName": answer.log_stream}
    for batch in _batches(answer, offset):
        try:
            _put(ctx, where, batch)
        except AwsError as error:
            log.warning("the log of invocation %s was not kept: %s", answer.request_id, error)
            return


def _put(ctx: Context, where: dict[str, str], batch: list[dict[str, Any]]) -> None:
    wanted = {**where, "logEvents": batch}
    try:
        ctx.call("logs", "PutLogEvents", wanted, principal="lambda")
        return
    except AwsError as error:
        if error.code != "ResourceNotFoundException":
            raise
    _make(ctx, "CreateLogGroup", {"logGroupName": where["logGroupName"]})
    _make(ctx, "CreateLogStream", where)
    ctx.call("logs", "PutLogEvents", wanted, principal="lambda")


def _make(ctx: Context, operation: str, params: dict[str, str]) -> None:
    try:
        ctx.call("logs", operation, params, principal="lambda")
    except AwsError as error:
        if error.code != "ResourceAlreadyExistsException":
            raise


def _batches(answer: Answer, offset: int) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    size = 0
    for line in answer.logs:
        at = (line.at_us + offset) // 1000
        # PostgreSQL has no place for a NUL in a text.
        for text in _pieces(line.text.replace("\0", "\ufffd")):
            more = len(text.encode(errors="surrogatepass")) + _EVENT_BYTES
            if batch and (len(batch) >= _BATCH_EVENTS or size + more > _BATCH_BYTES):
                yield batch
                batch, size = [], 0
            batch.append({"timestamp": at, "message": text})
            size += more
    if batch:
        yield batch


def _pieces(text: str) -> Iterator[str]:
    """A line longer than an event may be becomes several events."""
    if len(text) * 4 <= _TEXT_BYTES:
        yield text
        return
    data = text.encode(errors="replace")
    for start in range(0, len(data), _TEXT_BYTES):
        yield data[start : start + _TEXT_BYTES].decode(errors="replace")


def tail(answer: Answer) -> bytes:
    """The last 4 KB of the log, as LogResult carries it."""
    kept: list[bytes] = []
    size = 0
    for line in reversed(answer.logs):
        data = line.text.encode(errors="replace")
        kept.append(data)
        size += len(data)
        if size >= limits.TAIL_BYTES:
            break
    return b"".join(reversed(kept))[-limits.TAIL_BYTES :]

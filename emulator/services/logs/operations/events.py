"""Log events: put into a stream in batches, read from it in order."""

from __future__ import annotations

from typing import Any

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.kit.removing import remove
from emulator.services.logs import limits
from emulator.services.logs.model.names import group_name, no_stream
from emulator.services.logs.model.positions import END, FOREVER, START, Position, read_token, token
from emulator.services.logs.operations import subscriptions
from emulator.services.logs.operations.groups import REMOVE, oldest, require_group
from emulator.services.logs.operations.statements import SQL
from emulator.storage import Row

Events = list[dict[str, Any]]


def put_log_events(ctx: Context, *, log_group_name: str, log_stream_name: str, log_events: Events) -> dict[str, Any]:
    """Add events to a stream; those too old or too new are left out, and the answer says which.

    Errors: ResourceNotFoundException, InvalidParameterException.
    """
    size = _require_batch(log_events)
    place = ctx.tx.one(
        SQL.find_place,
        account=ctx.account,
        region=ctx.region,
        log_group=log_group_name,
        stream=log_stream_name,
    )
    if place is None:
        require_group(ctx, log_group_name)
        raise no_stream()
    kept, rejected = _sorted_out(ctx, log_events, place["retention"])
    now = ctx.micros // 1000
    if kept:
        _store(ctx, place, kept, now, size)
        if place["subscriptions"]:
            subscriptions.tell(ctx, place["log_group"], log_group_name, log_stream_name, kept)
    answer: dict[str, Any] = {"nextSequenceToken": f"{now:056d}"}
    if rejected:
        answer["rejectedLogEventsInfo"] = rejected
    return answer


def _store(ctx: Context, place: Row, events: Events, now: int, size: int) -> None:
    everywhere = {
        "account": ctx.account,
        "region": ctx.region,
        "log_group": place["log_group"],
        "stream": place["id"],
        "ingested": now,
        "trace_id": ctx.origin.trace_id,
        "cause": ctx.origin.cause,
    }
    rows = [{**everywhere, "at": event["timestamp"], "message": event["message"]} for event in events]
    ctx.tx.many(SQL.add_event, rows)
    ctx.tx.execute(
        SQL.put_use,
        id=place["id"],
        first=events[0]["timestamp"],
        last=events[-1]["timestamp"],
        ingested=now,
        bytes=size,
    )
    if place["retention"] is not None:
        _remove_old(ctx, place)


def _remove_old(ctx: Context, place: Row) -> None:
    """Delete what retention has ended, once a day and group; readers do not see it before either."""
    days: dict[int, int] = ctx.memory("logs").setdefault("days", {})
    today = ctx.micros // 1000 // limits.DAY_MS
    if days.get(place["log_group"]) != today:
        before = oldest(ctx, place["retention"])
        remove(ctx, REMOVE, SQL.remove_old_events, id=place["log_group"], before=before)
        days[place["log_group"]] = today


def _require_batch(events: Events) -> int:
    """The size of a batch as it counts. Errors: InvalidParameterException."""
    size, before = 0, 0
    for event in events:
        message, at = event["message"], event["timestamp"]
        bytes = len(message) if message.isascii() else len(message.encode(errors="surrogatepass"))
        size += bytes + limits.EVENT_OVERHEAD_BYTES
        if at < before:
            raise AwsError(
                "InvalidParameterException",
                "Log events in a single PutLogEvents request must be in chronological order.",
            )
        before = at
    if size > limits.BATCH_BYTES:
        raise AwsError(
            "InvalidParameterException",
            f"Upload too large: {size} bytes exceeds limit of {limits.BATCH_BYTES}",
        )
    if before - events[0]["timestamp"] > limits.BATCH_SPAN_MS:
        raise AwsError(
            "InvalidParameterException",
            "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.",
        )
    return size


def _sorted_out(ctx: Context, events: Events, retention: int | None) -> tuple[Events, dict[str, int]]:
    """The events that are kept, and rejectedLogEventsInfo for the others."""
    now = ctx.micros // 1000
    expired = oldest(ctx, retention)
    too_old, too_new = now - limits.OLDEST_MS, now + limits.NEWEST_MS
    if max(expired, too_old) <= events[0]["timestamp"] and events[-1]["timestamp"] <= too_new:
        return events, {}
    rejected: dict[str, int] = {}
    expired_end = sum(1 for event in events if event["timestamp"] < expired)
    old_end = sum(1 for event in events if event["timestamp"] < too_old)
    new_start = sum(1 for event in events if event["timestamp"] <= too_new)
    if expired_end:
        rejected["expiredLogEventEndIndex"] = expired_end
    if old_end:
        rejected["tooOldLogEventEndIndex"] = old_end
    if new_start < len(events):
        rejected["tooNewLogEventStartIndex"] = new_start
    return events[max(expired_end, old_end) : new_start], rejected


def get_log_events(
    ctx: Context,
    *,
    log_stream_name: str,
    log_group_name: str | None = None,
    log_group_identifier: str | None = None,
    start_time: int | None = None,
    end_time: int | None = None,
    next_token: str | None = None,
    limit: int | None = None,
    start_from_head: bool | None = None,
) -> dict[str, Any]:
    """One page of a stream, oldest first, with the tokens of the pages after and before it.

    Where there is nothing further in a direction, its token is the one that was given.
    Errors: ResourceNotFoundException, InvalidParameterException.
    """
    group = require_group(ctx, group_name(log_group_name, log_group_identifier))
    stream = ctx.tx.one(SQL.find_stream, log_group=group["id"], name=log_stream_name)
    if stream is None:
        raise no_stream()
    way, position = ("f", START) if start_from_head else ("b", END)
    if next_token is not None:
        way, position = read_token(next_token)
    rows = ctx.tx.all(
        SQL.read_forward if way == "f" else SQL.read_backward,
        stream=stream["id"],
        at=position.at,
        id=position.id,
        start=max(start_time or 0, oldest(ctx, group["retention"])),
        before=FOREVER if end_time is None else end_time,
        most=limit or limits.READ_EVENTS,
    )
    page = _fitting(rows)
    if way == "b":
        page.reverse()
    first, last = _ends(page, position)
    return {
        "events": [_shown(row) for row in page],
        "nextForwardToken": token("f", last),
        "nextBackwardToken": token("b", first),
    }


def _fitting(rows: list[Row]) -> list[Row]:
    """As many rows as an answer of 1 MB has room for, one at least."""
    size = 0
    for count, row in enumerate(rows):
        size += len(row["message"]) + limits.EVENT_OVERHEAD_BYTES
        if size > limits.READ_BYTES and count:
            return rows[:count]
    return rows


def _ends(page: list[Row], position: Position) -> tuple[Position, Position]:
    """Where the page begins and ends; an empty page is at its token, or before all that will come."""
    if page:
        return Position(page[0]["at"], page[0]["id"]), Position(page[-1]["at"], page[-1]["id"])
    here = Position(0, 0) if position in (START, END) else position
    return here, here


def _shown(row: Row) -> dict[str, Any]:
    return {"timestamp": row["at"], "message": row["message"], "ingestionTime": row["ingested"]}

"""FilterLogEvents: the events of a group that match a pattern, over all its streams in the order of time."""

from __future__ import annotations

from typing import Any

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.logs import limits
from emulator.services.logs.model.filters import Matches, SearchGivenUp, compile_filter
from emulator.services.logs.model.names import group_name, no_stream
from emulator.services.logs.model.positions import FOREVER, START, Position, event_id, read_token, token
from emulator.services.logs.operations.groups import oldest, require_group
from emulator.services.logs.operations.statements import SQL
from emulator.storage import Row

_CHUNK = 1000
# How much one call reads; a page may be empty and still have a nextToken, as with AWS.
_CHUNKS_MAX = 50


def filter_log_events(
    ctx: Context,
    *,
    log_group_name: str | None = None,
    log_group_identifier: str | None = None,
    log_stream_names: list[str] | None = None,
    log_stream_name_prefix: str | None = None,
    start_time: int | None = None,
    end_time: int | None = None,
    filter_pattern: str | None = None,
    next_token: str | None = None,
    limit: int | None = None,
) -> dict[str, Any]:
    """Matching events, oldest first; `nextToken` where there may be more.

    A regular expression that cannot be matched in reasonable time is refused, whatever it had found: an answer
    without the messages that are not known to match would look complete.
    Errors: ResourceNotFoundException, InvalidParameterException.
    """
    if log_stream_names and log_stream_name_prefix:
        raise AwsError(
            "InvalidParameterException",
            "LogStreamNamePrefix and LogStreamNames are mutually exclusive parameters.",
        )
    matches = compile_filter(filter_pattern or "")
    group = require_group(ctx, group_name(log_group_name, log_group_identifier))
    streams = _streams(ctx, group["id"], log_stream_names, log_stream_name_prefix or "")
    position = START if next_token is None else read_token(next_token)[1]
    window = {
        "log_group": group["id"],
        "start": max(start_time or 0, oldest(ctx, group["retention"])),
        "before": FOREVER if end_time is None else end_time,
    }
    try:
        found, rest = _search(ctx, window, position, streams, matches, limit or limits.READ_EVENTS)
    except SearchGivenUp as error:
        raise AwsError("InvalidParameterException", str(error)) from None
    answer: dict[str, Any] = {"events": [_shown(row, streams) for row in found], "searchedLogStreams": []}
    if rest is not None:
        answer["nextToken"] = token("f", rest)
    return answer


def _streams(ctx: Context, group: int, names: list[str] | None, prefix: str) -> dict[int, str]:
    """The streams to search, by their row's id. Errors: ResourceNotFoundException."""
    streams = {row["id"]: row["name"] for row in ctx.tx.all(SQL.streams, log_group=group)}
    if names:
        if not set(names) <= set(streams.values()):
            raise no_stream()
        return {id: name for id, name in streams.items() if name in names}
    return {id: name for id, name in streams.items() if name.startswith(prefix)}


def _search(
    ctx: Context,
    window: dict[str, int],
    position: Position,
    streams: dict[int, str],
    matches: Matches,
    most: int,
) -> tuple[list[Row], Position | None]:
    """Up to `most` matching rows within 1 MB, and where to go on, None at the end."""
    found: list[Row] = []
    size = 0
    for _ in range(_CHUNKS_MAX):
        rows = ctx.tx.all(SQL.search, at=position.at, id=position.id, most=_CHUNK, **window)
        for row in rows:
            if row["stream"] in streams and matches(row["message"]):
                size += len(row["message"]) + limits.EVENT_OVERHEAD_BYTES
                if len(found) == most or (size > limits.READ_BYTES and found):
                    return found, position
                found.append(row)
            position = Position(row["at"], row["id"])
        if len(rows) < _CHUNK:
            return found, None
    return found, position


def _shown(row: Row, streams: dict[int, str]) -> dict[str, Any]:
    return {
        "logStreamName": streams[row["stream"]],
        "timestamp": row["at"],
        "message": row["message"],
        "ingestionTime": row["ingested"],
        "eventId": event_id(Position(row["at"], row["id"])),
    }

"""Log streams: made, listed, deleted."""

from __future__ import annotations

from typing import Any

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.kit.removing import remove
from emulator.services.logs import limits
from emulator.services.logs.model.names import exists, group_name, no_stream, require_length
from emulator.services.logs.operations.groups import REMOVE, group_arn, require_group
from emulator.services.logs.operations.statements import SQL
from emulator.storage import Row


def create_log_stream(ctx: Context, *, log_group_name: str, log_stream_name: str) -> dict[str, Any]:
    """A new stream. Errors: ResourceNotFoundException, ResourceAlreadyExistsException."""
    require_length(log_stream_name)
    group = require_group(ctx, log_group_name)["id"]
    if ctx.tx.one(SQL.find_stream, log_group=group, name=log_stream_name) is not None:
        raise exists("log stream")
    if ":" in log_stream_name or "*" in log_stream_name:
        raise AwsError(
            "InvalidParameterException",
            f"1 validation error detected: Value '{log_stream_name}' at 'logStreamName' failed to satisfy "
            "constraint: Member must satisfy regular expression pattern: [^:*]*",
        )
    ctx.tx.execute(
        SQL.add_stream,
        account=ctx.account,
        region=ctx.region,
        log_group=group,
        name=log_stream_name,
        created=ctx.micros // 1000,
    )
    return {}


def delete_log_stream(ctx: Context, *, log_group_name: str, log_stream_name: str) -> dict[str, Any]:
    """The stream with its events. Errors: ResourceNotFoundException."""
    group = require_group(ctx, log_group_name)["id"]
    row = ctx.tx.one(SQL.find_stream, log_group=group, name=log_stream_name)
    if row is None:
        raise no_stream()
    ctx.tx.execute(SQL.remove_stream, id=row["id"])
    remove(ctx, REMOVE, SQL.remove_events_of_stream, id=row["id"])
    return {}


def describe_log_streams(
    ctx: Context,
    *,
    log_group_name: str | None = None,
    log_group_identifier: str | None = None,
    log_stream_name_prefix: str | None = None,
    order_by: str | None = None,
    descending: bool | None = None,
    next_token: str | None = None,
    limit: int | None = None,
) -> dict[str, Any]:
    """Streams by name or by their last event. Errors: ResourceNotFoundException, InvalidParameterException."""
    name = group_name(log_group_name, log_group_identifier)
    by_time = order_by == "LastEventTime"
    if by_time and log_stream_name_prefix:
        raise AwsError("InvalidParameterException", "Cannot order by LastEventTime with a logStreamNamePrefix.")
    group = require_group(ctx, name)["id"]
    rows = [
        row for row in ctx.tx.all(SQL.streams, log_group=group) if row["name"].startswith(log_stream_name_prefix or "")
    ]
    rows.sort(key=lambda row: (row["last"] or 0 if by_time else 0, row["name"]), reverse=bool(descending))
    start = _start(next_token)
    page = rows[start : start + (limit or limits.PAGE)]
    answer: dict[str, Any] = {"logStreams": [_shown(ctx, name, row) for row in page]}
    if start + len(page) < len(rows):
        answer["nextToken"] = str(start + len(page))
    return answer


def _start(token: str | None) -> int:
    if token is None:
        return 0
    if not (token.isascii() and token.isdigit()):
        raise AwsError("InvalidParameterException", "The specified nextToken is invalid.")
    return int(token)


def _shown(ctx: Context, group: str, row: Row) -> dict[str, Any]:
    shown = {
        "logStreamName": row["name"],
        "creationTime": row["created"],
        "arn": f"{group_arn(ctx, group)}:log-stream:{row['name']}",
        "storedBytes": 0,  # AWS stopped counting per stream in 2019: it always answers 0.
    }
    if row["last"] is not None:
        shown["firstEventTimestamp"] = row["first"]
        shown["lastEventTimestamp"] = row["last"]
        shown["lastIngestionTime"] = row["ingested"]
        shown["uploadSequenceToken"] = f"{row['ingested']:056d}"
    return shown

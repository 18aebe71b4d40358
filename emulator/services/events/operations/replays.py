"""Replays: events of an archive are put on their bus once more, with the replay's name in them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from emulator.arns import find_arn
from emulator.clock import from_micros, to_micros
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.events import limits
from emulator.services.events.operations.archives import archive_arn, archive_name, require_archive
from emulator.services.events.operations.buses import SQL, require_bus
from emulator.services.events.operations.pages import page, require_one_filter
from emulator.storage import Row

REPLAY = "events.replay"


def replay_arn(ctx: Context, name: str) -> str:
    return ctx.arn("events", f"replay/{name}")


def find_replay(ctx: Context, name: str) -> Row | None:
    return ctx.tx.one(SQL.find_replay, account=ctx.account, region=ctx.region, name=name)


def _require(ctx: Context, name: str) -> Row:
    row = find_replay(ctx, name)
    if row is None:
        raise AwsError("ResourceNotFoundException", f"Replay {name} does not exist.")
    return row


def start_replay(
    ctx: Context,
    *,
    replay_name: str,
    event_source_arn: str,
    event_start_time: datetime,
    event_end_time: datetime,
    destination: dict[str, Any],
    description: str | None = None,
) -> dict[str, Any]:
    """Put the events of that time on the archive's bus again, for all its rules or for those of FilterArns.

    Errors: ValidationException, ResourceNotFoundException, ResourceAlreadyExistsException, LimitExceededException.
    """
    target = find_arn(destination["Arn"])
    if target is None or target.service != "events" or target.kind != "event-bus":
        raise _invalid("Destination.Arn", "Must contain an event bus ARN.")
    bus = require_bus(ctx, destination["Arn"])
    archive = archive_name(event_source_arn, "EventSourceArn")
    if require_archive(ctx, archive)["bus"] != bus:
        raise _invalid("Destination.Arn", "Cross event bus replay is not permitted.")
    if event_start_time >= event_end_time:
        raise _invalid("EventEndTime", "EventStartTime must be before EventEndTime.")
    if find_replay(ctx, replay_name) is not None:
        raise AwsError("ResourceAlreadyExistsException", f"Replay {replay_name} already exists.")
    active = ctx.tx.one(SQL.count_active_replays, account=ctx.account, region=ctx.region)
    assert active is not None
    if active["every"] >= limits.ACTIVE_REPLAYS:
        raise AwsError("LimitExceededException", "The requested resource exceeds the maximum number allowed.")
    ctx.tx.execute(
        SQL.add_replay,
        account=ctx.account,
        region=ctx.region,
        name=replay_name,
        archive=archive,
        bus=bus,
        description=description,
        destination=json.dumps(destination),
        from_time=to_micros(event_start_time),
        until_time=to_micros(event_end_time),
        now=ctx.micros,
    )
    ctx.add_work(REPLAY, {"name": replay_name}, due=ctx.after(limits.REPLAY_STARTS_SECONDS))
    return {"ReplayArn": replay_arn(ctx, replay_name), "State": "STARTING", "ReplayStartTime": ctx.now}


def _invalid(parameter: str, reason: str) -> AwsError:
    return AwsError("ValidationException", f"Parameter {parameter} is not valid. Reason: {reason}")


def cancel_replay(ctx: Context, *, replay_name: str) -> dict[str, Any]:
    """Errors: ResourceNotFoundException, IllegalStatusException."""
    if _require(ctx, replay_name)["state"] not in ("STARTING", "RUNNING"):
        raise AwsError("IllegalStatusException", f"Replay {replay_name} is not in a valid state for this operation.")
    set_state(ctx, replay_name, "CANCELLING", None)
    return {"ReplayArn": replay_arn(ctx, replay_name), "State": "CANCELLING"}


def set_state(ctx: Context, name: str, state: str, ended: int | None) -> None:
    """Keep a replay's state; `ended` is microseconds where it is its last one."""
    ctx.tx.execute(SQL.set_replay, account=ctx.account, region=ctx.region, name=name, state=state, ended=ended)


def describe_replay(ctx: Context, *, replay_name: str) -> dict[str, Any]:
    """Error: ResourceNotFoundException."""
    row = _require(ctx, replay_name)
    answer = {
        "ReplayArn": replay_arn(ctx, replay_name),
        **_shown(ctx, row),
        "Destination": json.loads(row["destination"]),
    }
    return answer if row["description"] is None else {**answer, "Description": row["description"]}


def list_replays(
    ctx: Context,
    *,
    name_prefix: str | None = None,
    state: str | None = None,
    event_source_arn: str | None = None,
    next_token: str | None = None,
    limit: int | None = None,
) -> dict[str, Any]:
    """The replays by name. Error: ValidationException."""
    require_one_filter("ListReplays", name_prefix, state, event_source_arn)
    rows = [
        row
        for row in ctx.tx.all(SQL.replays, account=ctx.account, region=ctx.region, after=next_token or "")
        if row["name"].startswith(name_prefix or "")
        and state in (None, row["state"])
        and event_source_arn in (None, archive_arn(ctx, row["archive"]))
    ]
    return page("Replays", rows, limit, lambda row: _shown(ctx, row))


def _shown(ctx: Context, row: Row) -> dict[str, Any]:
    shown = {
        "ReplayName": row["name"],
        "EventSourceArn": archive_arn(ctx, row["archive"]),
        "State": row["state"],
        "EventStartTime": from_micros(row["from_time"]),
        "EventEndTime": from_micros(row["until_time"]),
        "ReplayStartTime": from_micros(row["started"]),
    }
    for member, column in (("EventLastReplayedTime", "last_at"), ("ReplayEndTime", "ended")):
        if row[column] is not None:
            shown[member] = from_micros(row[column])
    return shown

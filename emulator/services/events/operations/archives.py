"""Archives: the events of a bus, kept to be replayed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from emulator.arns import find_arn
from emulator.clock import from_micros, to_micros
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.kit.removing import remove
from emulator.services.events.model.values import Archive
from emulator.services.events.operations.buses import SQL, bus_arn, require_bus
from emulator.services.events.operations.pages import page, require_one_filter
from emulator.services.events.operations.rules import changed, compile_pattern
from emulator.storage import Row

DAY = 86_400_000_000
REMOVE = "events.remove"


def archive_arn(ctx: Context, name: str) -> str:
    return ctx.arn("events", f"archive/{name}")


def require_archive(ctx: Context, name: str) -> Row:
    """The archive's row; raises ResourceNotFoundException."""
    row = ctx.tx.one(SQL.find_archive, account=ctx.account, region=ctx.region, name=name)
    if row is None:
        raise AwsError("ResourceNotFoundException", f"Archive {name} does not exist.")
    return row


def oldest(ctx: Context, retention: int) -> int:
    """The moment of coming in after which an archive still has its events."""
    return ctx.micros - retention * DAY if retention else -1


def create_archive(
    ctx: Context,
    *,
    archive_name: str,
    event_source_arn: str,
    description: str | None = None,
    event_pattern: str | None = None,
    retention_days: int | None = None,
) -> dict[str, Any]:
    """Keep the events of a bus from now on, those of a pattern or all. Errors: those of the model."""
    if event_pattern:
        compile_pattern(event_pattern)
    bus = require_bus(ctx, event_source_arn)
    if ctx.tx.one(SQL.find_archive, account=ctx.account, region=ctx.region, name=archive_name) is not None:
        raise AwsError("ResourceAlreadyExistsException", f"Archive {archive_name} already exists.")
    ctx.tx.execute(
        SQL.add_archive,
        account=ctx.account,
        region=ctx.region,
        name=archive_name,
        bus=bus,
        description=description,
        pattern=event_pattern or None,
        retention=retention_days or 0,
        now=ctx.micros,
    )
    changed(ctx, bus)
    return {"ArchiveArn": archive_arn(ctx, archive_name), "State": "ENABLED", "CreationTime": ctx.now}


def update_archive(
    ctx: Context,
    *,
    archive_name: str,
    description: str | None = None,
    event_pattern: str | None = None,
    retention_days: int | None = None,
) -> dict[str, Any]:
    """What is not given stays. Errors: ValidationException, ResourceNotFoundException, InvalidEventPatternException."""
    if description is None and event_pattern is None and retention_days is None:
        raise AwsError(
            "ValidationException", "At least one of EventPattern, RetentionDays or Description must be provided."
        )
    if event_pattern:
        compile_pattern(event_pattern)
    row = require_archive(ctx, archive_name)
    ctx.tx.execute(
        SQL.change_archive,
        account=ctx.account,
        region=ctx.region,
        name=archive_name,
        description=row["description"] if description is None else description,
        pattern=row["pattern"] if event_pattern is None else event_pattern or None,
        retention=row["retention"] if retention_days is None else retention_days,
    )
    changed(ctx, row["bus"])
    created = from_micros(row["created"])
    return {"ArchiveArn": archive_arn(ctx, archive_name), "State": "ENABLED", "CreationTime": created}


def describe_archive(ctx: Context, *, archive_name: str) -> dict[str, Any]:
    """Error: ResourceNotFoundException."""
    row = require_archive(ctx, archive_name)
    answer = {"ArchiveArn": archive_arn(ctx, archive_name), **_shown(ctx, row)}
    for member, column in (("Description", "description"), ("EventPattern", "pattern")):
        if row[column] is not None:
            answer[member] = row[column]
    return answer


def list_archives(
    ctx: Context,
    *,
    name_prefix: str | None = None,
    event_source_arn: str | None = None,
    state: str | None = None,
    next_token: str | None = None,
    limit: int | None = None,
) -> dict[str, Any]:
    """The archives by name. Error: ValidationException."""
    require_one_filter("ListArchives", name_prefix, event_source_arn, state)
    rows = [
        row
        for row in ctx.tx.all(SQL.archives, account=ctx.account, region=ctx.region, after=next_token or "")
        if row["name"].startswith(name_prefix or "")
        and event_source_arn in (None, bus_arn(ctx, row["bus"]))
        and state in (None, "ENABLED")
    ]
    return page("Archives", rows, limit, lambda row: _shown(ctx, row))


def _shown(ctx: Context, row: Row) -> dict[str, Any]:
    kept = ctx.tx.one(SQL.count_archived, archive=row["id"], oldest=oldest(ctx, row["retention"]))
    assert kept is not None
    return {
        "ArchiveName": row["name"],
        "EventSourceArn": bus_arn(ctx, row["bus"]),
        "State": "ENABLED",
        "RetentionDays": row["retention"],
        "SizeBytes": int(kept["bytes"]),
        "EventCount": kept["every"],
        "CreationTime": from_micros(row["created"]),
    }


def delete_archive(ctx: Context, *, archive_name: str) -> dict[str, Any]:
    """An archive goes with its events. Error: ResourceNotFoundException."""
    row = require_archive(ctx, archive_name)
    ctx.tx.execute(SQL.remove_archive, id=row["id"])
    remove(ctx, REMOVE, SQL.remove_archived, archive=row["id"])
    changed(ctx, row["bus"])
    return {}


def keep(ctx: Context, archives: list[Archive], event: dict[str, Any], text: str) -> None:
    """Have the archives of a bus keep an event; what was replayed is not kept once more."""
    if "replay-name" in event:
        return
    for archive in archives:
        if archive.pattern is not None and not archive.pattern.matches(event):
            continue
        if archive.retention:
            ctx.tx.execute(SQL.forget_archived, archive=archive.id, oldest=oldest(ctx, archive.retention))
        ctx.tx.execute(
            SQL.archive_event,
            account=ctx.account,
            region=ctx.region,
            archive=archive.id,
            at=to_micros(datetime.fromisoformat(event["time"])),
            kept=ctx.micros,
            bytes=len(text.encode()),
            body=text,
        )


def archive_name(arn_text: str, parameter: str) -> str:
    """The name in an archive's ARN. Error: ValidationException."""
    arn = find_arn(arn_text)
    if arn is None or arn.service != "events" or arn.kind != "archive":
        raise AwsError(
            "ValidationException", f"Parameter {parameter} is not valid. Reason: Must contain an archive ARN."
        )
    return arn.name

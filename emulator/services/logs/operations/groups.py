"""Log groups: made, listed, kept for so long, deleted."""

from __future__ import annotations

import json
from typing import Any

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.kit.removing import remove
from emulator.services.logs import limits
from emulator.services.logs.model.names import exists, no_group, require_length
from emulator.services.logs.operations.statements import SQL
from emulator.storage import Row

REMOVE = "logs.remove"


def require_group(ctx: Context, name: str) -> Row:
    """The group's row. Errors: ResourceNotFoundException."""
    require_length(name)
    row = ctx.tx.one(SQL.find_group, account=ctx.account, region=ctx.region, name=name)
    if row is None:
        raise no_group()
    return row


def group_arn(ctx: Context, name: str) -> str:
    """The ARN of a group, without the `:*` that some answers add."""
    return ctx.arn("logs", f"log-group:{name}")


def oldest(ctx: Context, retention: int | None) -> int:
    """The time, in milliseconds, before which events of a group are no more."""
    return 0 if retention is None else ctx.micros // 1000 - retention * limits.DAY_MS


def create_log_group(
    ctx: Context,
    *,
    log_group_name: str,
    kms_key_id: str | None = None,
    tags: dict[str, str] | None = None,
    log_group_class: str | None = None,
) -> dict[str, Any]:
    """A new group. Errors: ResourceAlreadyExistsException."""
    require_length(log_group_name)
    where = {"account": ctx.account, "region": ctx.region, "name": log_group_name}
    if ctx.tx.one(SQL.find_group, **where) is not None:
        raise exists("log group")
    ctx.tx.execute(
        SQL.add_group,
        **{**where, "class": log_group_class or "STANDARD"},
        kms_key=kms_key_id,
        tags=json.dumps(tags or {}),
        created=ctx.micros // 1000,
    )
    return {}


def delete_log_group(ctx: Context, *, log_group_name: str) -> dict[str, Any]:
    """The group with its streams and events. Errors: ResourceNotFoundException."""
    id = require_group(ctx, log_group_name)["id"]
    ctx.tx.execute(SQL.remove_group, id=id)
    ctx.tx.execute(SQL.remove_filters_of_group, id=id)
    remove(ctx, REMOVE, SQL.remove_streams_of_group, id=id)
    remove(ctx, REMOVE, SQL.remove_events_of_group, id=id)
    return {}


def describe_log_groups(
    ctx: Context,
    *,
    log_group_name_prefix: str | None = None,
    log_group_name_pattern: str | None = None,
    log_group_class: str | None = None,
    next_token: str | None = None,
    limit: int | None = None,
) -> dict[str, Any]:
    """Groups by name, those of a prefix or with a text in their name. Errors: InvalidParameterException."""
    if log_group_name_prefix and log_group_name_pattern:
        raise AwsError(
            "InvalidParameterException",
            "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
        )
    prefix, text = log_group_name_prefix or "", (log_group_name_pattern or "").lower()
    rows = [
        row
        for row in ctx.tx.all(SQL.groups, account=ctx.account, region=ctx.region, after=next_token or "")
        if row["name"].startswith(prefix) and text in row["name"].lower() and log_group_class in (None, row["class"])
    ]
    page = rows[: limit or limits.PAGE]
    answer: dict[str, Any] = {"logGroups": [_shown(ctx, row) for row in page]}
    if len(page) < len(rows):
        answer["nextToken"] = page[-1]["name"]
    return answer


def _shown(ctx: Context, row: Row) -> dict[str, Any]:
    arn = group_arn(ctx, row["name"])
    shown = {
        "logGroupName": row["name"],
        "creationTime": row["created"],
        "metricFilterCount": row["metric_filters"],
        "arn": f"{arn}:*",
        "logGroupArn": arn,
        "storedBytes": int(row["bytes"]),
        "logGroupClass": row["class"],
        "deletionProtectionEnabled": False,
    }
    if row["retention"] is not None:
        shown["retentionInDays"] = row["retention"]
    if row["kms_key"] is not None:
        shown["kmsKeyId"] = row["kms_key"]
    return shown


def put_retention_policy(ctx: Context, *, log_group_name: str, retention_in_days: int) -> dict[str, Any]:
    """Keep events for so many days. Errors: InvalidParameterException, ResourceNotFoundException."""
    if retention_in_days not in limits.RETENTION_DAYS:
        raise AwsError(
            "InvalidParameterException",
            f"1 validation error detected: Value '{retention_in_days}' at 'retentionInDays' failed to satisfy "
            f"constraint: Member must satisfy enum value set: [{', '.join(map(str, limits.RETENTION_DAYS))}]",
        )
    id = require_group(ctx, log_group_name)["id"]
    ctx.tx.execute(SQL.put_retention, id=id, retention=retention_in_days)
    remove(ctx, REMOVE, SQL.remove_old_events, id=id, before=oldest(ctx, retention_in_days))
    return {}


def delete_retention_policy(ctx: Context, *, log_group_name: str) -> dict[str, Any]:
    """Keep events for ever. Errors: ResourceNotFoundException."""
    ctx.tx.execute(SQL.put_retention, id=require_group(ctx, log_group_name)["id"], retention=None)
    return {}

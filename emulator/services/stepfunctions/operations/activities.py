"""Activities: created, listed, and their tasks taken by workers."""

from __future__ import annotations

import json
from typing import Any

from emulator.clock import from_micros
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.kit.results import Result, Wait
from emulator.languages.asl.answers import TaskStarted
from emulator.services.stepfunctions import limits
from emulator.services.stepfunctions.model import check_encryption, check_name, require_arn
from emulator.services.stepfunctions.operations.lookup import checked
from emulator.services.stepfunctions.operations.pages import page_start, page_token
from emulator.services.stepfunctions.work import drive
from emulator.services.stepfunctions.work.performing import activity_key
from emulator.services.stepfunctions.work.store import SQL
from emulator.storage import Row


def create_activity(
    ctx: Context,
    *,
    name: str,
    tags: list[dict[str, str]] | None = None,
    encryption_configuration: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Create an activity; the same name again is the same activity, unless it is to be encrypted otherwise.

    Errors: InvalidName, TooManyTags, InvalidEncryptionConfiguration, ActivityAlreadyExists.
    """
    check_name(name)
    check_encryption(encryption_configuration)
    given = encryption_configuration or {"type": "AWS_OWNED_KEY"}
    ctx.tx.execute(
        SQL.add_activity,
        account=ctx.account,
        region=ctx.region,
        name=name,
        tags=json.dumps(checked(tags or [], _arn(ctx, name))),
        encryption=json.dumps(given),
        now=ctx.micros,
    )
    shown = _shown(ctx, _require(ctx, _arn(ctx, name)))
    if shown["encryptionConfiguration"] != given:
        raise AwsError("ActivityAlreadyExists", "Activity already exists. EncryptionConfiguration may not be updated.")
    return {member: shown[member] for member in ("activityArn", "creationDate")}


def describe_activity(ctx: Context, *, activity_arn: str) -> dict[str, Any]:
    return _shown(ctx, _require(ctx, activity_arn))


def list_activities(ctx: Context, *, max_results: int | None = None, next_token: str | None = None) -> dict[str, Any]:
    most = max_results or limits.PAGE
    after = page_start(ctx, next_token, "ListActivities")
    rows = ctx.tx.all(SQL.activities, account=ctx.account, region=ctx.region, after=after, most=most + 1)
    answer: dict[str, Any] = {"activities": [_listed(ctx, row) for row in rows[:most]]}
    if len(rows) > most:
        answer["nextToken"] = page_token(ctx, rows[most - 1]["id"], "ListActivities")
    return answer


def delete_activity(ctx: Context, *, activity_arn: str) -> dict[str, Any]:
    arn = require_arn(activity_arn, "activity")
    if (arn.account, arn.region) == (ctx.account, ctx.region):
        ctx.tx.execute(SQL.remove_activity, account=ctx.account, region=ctx.region, name=arn.name)
    return {}


def get_activity_task(ctx: Context, *, activity_arn: str, worker_name: str | None = None) -> Result:
    """Take the oldest task of an activity; without one, an empty answer after a minute (API reference)."""
    _require(ctx, activity_arn)
    row = ctx.tx.one(SQL.take_task, activity=activity_arn)
    if row is None:
        return {} if ctx.expired else Wait((activity_key(activity_arn),), limits.ACTIVITY_SECONDS)
    started = TaskStarted(row["task"], row["attempt"], worker_name)
    drive.enqueue(ctx, row["execution"], started, row["account"], row["region"])
    return {"taskToken": row["token"], "input": row["input"]}


def _arn(ctx: Context, name: str) -> str:
    return ctx.arn("states", f"activity:{name}")


def _require(ctx: Context, text: str) -> Row:
    """The row of an activity; raises InvalidArn or ActivityDoesNotExist."""
    arn = require_arn(text, "activity")
    row = None
    if (arn.account, arn.region) == (ctx.account, ctx.region):
        row = ctx.tx.one(SQL.find_activity, account=ctx.account, region=ctx.region, name=arn.name)
    if row is None:
        raise AwsError("ActivityDoesNotExist", f"Activity Does Not Exist: '{text}'")
    return row


def _listed(ctx: Context, row: Row) -> dict[str, Any]:
    return {
        "activityArn": _arn(ctx, row["name"]),
        "name": row["name"],
        "creationDate": from_micros(row["created"]),
    }


def _shown(ctx: Context, row: Row) -> dict[str, Any]:
    return {**_listed(ctx, row), "encryptionConfiguration": json.loads(row["encryption"])}

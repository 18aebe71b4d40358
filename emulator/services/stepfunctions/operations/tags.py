"""Tags of machines and activities."""

from __future__ import annotations

import json
from typing import Any

from emulator.arns import Arn
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.stepfunctions.model import require_arn
from emulator.services.stepfunctions.operations.lookup import checked
from emulator.services.stepfunctions.work.store import SQL, find_machine, machine_changed


def list_tags_for_resource(ctx: Context, *, resource_arn: str) -> dict[str, Any]:
    return {"tags": _tagged(ctx, resource_arn)[1]}


def tag_resource(ctx: Context, *, resource_arn: str, tags: list[dict[str, str]]) -> dict[str, Any]:
    arn, given = _tagged(ctx, resource_arn)
    _put(ctx, arn, checked(tags, resource_arn, given))
    return {}


def untag_resource(ctx: Context, *, resource_arn: str, tag_keys: list[str]) -> dict[str, Any]:
    arn, given = _tagged(ctx, resource_arn)
    _put(ctx, arn, [tag for tag in given if tag["key"] not in tag_keys])
    return {}


def _tagged(ctx: Context, text: str) -> tuple[Arn, list[dict[str, str]]]:
    """The ARN and the tags of a resource; raises InvalidArn or ResourceNotFound."""
    arn = require_arn(text, "stateMachine", "activity")
    row = None
    if (arn.account, arn.region) == (ctx.account, ctx.region) and arn.kind == "stateMachine":
        row = find_machine(ctx, arn.name)
    elif (arn.account, arn.region) == (ctx.account, ctx.region):
        row = ctx.tx.one(SQL.find_activity, account=ctx.account, region=ctx.region, name=arn.name)
    if row is None:
        raise AwsError("ResourceNotFound", f"Resource not found: '{text}'", fields={"resourceName": text})
    return arn, json.loads(row["tags"])


def _put(ctx: Context, arn: Arn, tags: list[dict[str, str]]) -> None:
    query = SQL.tag_machine if arn.kind == "stateMachine" else SQL.tag_activity
    ctx.tx.execute(query, account=ctx.account, region=ctx.region, name=arn.name, tags=json.dumps(tags))
    if arn.kind == "stateMachine":
        machine_changed(ctx, arn.name)

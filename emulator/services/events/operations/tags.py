"""Tags of buses and rules."""

from __future__ import annotations

import json
from typing import Any

from emulator.arns import find_arn
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.events.operations.buses import DEFAULT, SQL, find_bus, require_bus
from emulator.services.events.operations.rules import require_rule

Tags = list[dict[str, str]]


def list_tags_for_resource(ctx: Context, *, resource_arn: str) -> dict[str, Any]:
    return {"Tags": _read(ctx, resource_arn)}


def tag_resource(ctx: Context, *, resource_arn: str, tags: Tags) -> dict[str, Any]:
    merged = {tag["Key"]: tag for tag in [*_read(ctx, resource_arn), *tags]}
    _write(ctx, resource_arn, list(merged.values()))
    return {}


def untag_resource(ctx: Context, *, resource_arn: str, tag_keys: list[str]) -> dict[str, Any]:
    _write(ctx, resource_arn, [tag for tag in _read(ctx, resource_arn) if tag["Key"] not in tag_keys])
    return {}


def _place(ctx: Context, resource_arn: str) -> tuple[str, str | None]:
    """The bus and, for a rule's ARN, the rule."""
    arn = find_arn(resource_arn)
    if arn is None or arn.kind not in ("event-bus", "rule"):
        raise AwsError(
            "ValidationException",
            f"Parameter {resource_arn} is not valid. Reason: Provided Arn is not in correct format.",
        )
    if (arn.account, arn.region) != (ctx.account, ctx.region):
        raise AwsError("ResourceNotFoundException", f"{resource_arn} does not exist.")
    if arn.kind == "event-bus":
        return arn.name, None
    bus, _, rule = arn.name.rpartition("/")
    return bus or DEFAULT, rule


def _read(ctx: Context, resource_arn: str) -> Tags:
    bus, rule = _place(ctx, resource_arn)
    require_bus(ctx, bus)
    row = find_bus(ctx, bus) if rule is None else require_rule(ctx, bus, rule)
    return [] if row is None else list(json.loads(row["tags"]))


def _write(ctx: Context, resource_arn: str, tags: Tags) -> None:
    bus, rule = _place(ctx, resource_arn)
    where = {"account": ctx.account, "region": ctx.region, "tags": json.dumps(tags)}
    if rule is None:
        ctx.tx.execute(SQL.tag_bus, name=bus, now=ctx.micros, **where)
    else:
        ctx.tx.execute(SQL.tag_rule, bus=bus, name=rule, **where)

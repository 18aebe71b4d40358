"""The targets of rules."""

from __future__ import annotations

import json
from typing import Any

from emulator.arns import find_arn
from emulator.errors import AwsError
from emulator.kit import delivery
from emulator.kit.context import Context
from emulator.languages import paths, templates
from emulator.services.events import limits
from emulator.services.events.model.values import transformer_of
from emulator.services.events.operations.buses import SQL, require_bus
from emulator.services.events.operations.pages import page
from emulator.services.events.operations.rules import changed, require_rule


def put_targets(
    ctx: Context, *, rule: str, targets: list[dict[str, Any]], event_bus_name: str | None = None
) -> dict[str, Any]:
    bus = require_bus(ctx, event_bus_name)
    require_rule(ctx, bus, rule)
    for target in targets:
        _check(target)
    known = {row["id"] for row in ctx.tx.all(SQL.targets, account=ctx.account, region=ctx.region, bus=bus, rule=rule)}
    if len(known | {target["Id"] for target in targets}) > limits.TARGETS_PER_RULE:
        raise AwsError("LimitExceededException", "The requested resource exceeds the maximum number allowed.")
    failed = []
    for target in targets:
        refusal = _refusal(target)
        if refusal is not None:
            failed.append(refusal)
            continue
        ctx.tx.execute(
            SQL.put_target,
            account=ctx.account,
            region=ctx.region,
            bus=bus,
            rule=rule,
            id=target["Id"],
            arn=target["Arn"],
            body=json.dumps(target),
        )
    changed(ctx, bus)
    return {"FailedEntryCount": len(failed), "FailedEntries": failed}


def _check(target: dict[str, Any]) -> None:
    """What makes the whole request fail."""
    name = target["Id"]
    if find_arn(target["Arn"]) is None:
        raise AwsError(
            "ValidationException",
            f"Parameter {target['Arn']} is not valid. Reason: Provided Arn is not in correct format.",
        )
    if sum(member in target for member in ("Input", "InputPath", "InputTransformer")) > 1:
        raise AwsError(
            "ValidationException",
            f"Only one of Input, InputPath, or InputTransformer must be provided for target {name}.",
        )
    if "Input" in target:
        try:
            json.loads(target["Input"])
        except ValueError:
            raise AwsError("ValidationException", f"JSON syntax error in input for target {name}") from None
    try:
        if "InputPath" in target:
            templates.InputPath(target["InputPath"])
        if "InputTransformer" in target:
            transformer_of(target["InputTransformer"])
    except paths.InvalidPath:
        raise AwsError("ValidationException", f"Invalid InputPath for target {name}.") from None
    except templates.InvalidTemplate as error:
        raise AwsError("ValidationException", error.for_target(name)) from None


def _refusal(target: dict[str, Any]) -> dict[str, str] | None:
    """The failed entry of a target that Stepwell cannot deliver to: said now rather than at the first event."""
    arn = find_arn(target["Arn"])
    if arn is not None and arn.service in delivery.TARGETS:
        return None
    return {
        "TargetId": target["Id"],
        "ErrorCode": "NotImplementedException",
        "ErrorMessage": f"Stepwell does not deliver to {target['Arn']}.",
    }


def list_targets_by_rule(
    ctx: Context,
    *,
    rule: str,
    event_bus_name: str | None = None,
    next_token: str | None = None,
    limit: int | None = None,
) -> dict[str, Any]:
    bus = require_bus(ctx, event_bus_name)
    require_rule(ctx, bus, rule)
    rows = ctx.tx.all(SQL.targets, account=ctx.account, region=ctx.region, bus=bus, rule=rule)
    wanted = [row for row in rows if row["id"] > (next_token or "")]
    return page("Targets", wanted, limit, lambda row: json.loads(row["body"]), key="id")


def remove_targets(ctx: Context, *, rule: str, ids: list[str], event_bus_name: str | None = None) -> dict[str, Any]:
    bus = require_bus(ctx, event_bus_name)
    require_rule(ctx, bus, rule)
    for id in ids:
        ctx.tx.execute(SQL.remove_target, account=ctx.account, region=ctx.region, bus=bus, rule=rule, id=id)
    changed(ctx, bus)
    return {"FailedEntryCount": 0, "FailedEntries": []}

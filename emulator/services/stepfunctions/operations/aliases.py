"""Aliases: names for one version of a machine, or for two with weights."""

from __future__ import annotations

import json
import re
from typing import Any

from emulator.clock import from_micros
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.stepfunctions import limits
from emulator.services.stepfunctions.operations.lookup import invalid, machine_arn, require_active, require_machine
from emulator.services.stepfunctions.operations.pages import page_start, page_token
from emulator.services.stepfunctions.operations.targets import is_version, no_resource, require_qualified
from emulator.services.stepfunctions.work.store import SQL
from emulator.storage import Row

_NAME = re.compile(r"(?=.*[A-Za-z_.\-])[A-Za-z0-9_.\-]{1,80}")

Routing = list[dict[str, Any]]


def create_state_machine_alias(
    ctx: Context, *, name: str, routing_configuration: Routing, description: str | None = None
) -> dict[str, Any]:
    """Create an alias; the same one again is no mistake. Errors: InvalidName, ValidationException,
    ResourceNotFound for a version that is not there, ConflictException for the name with another routing,
    ServiceQuotaExceededException."""
    if _NAME.fullmatch(name) is None:
        raise AwsError("InvalidName", f"Invalid Name: '{name}'")
    row = _require_routing(ctx, routing_configuration)
    arn = f"{machine_arn(ctx, row['name'])}:{name}"
    known = ctx.tx.one(SQL.find_alias, machine=row["id"], name=name)
    if known is not None:
        if json.loads(known["routing"]) == routing_configuration and known["description"] == description:
            return {"stateMachineAliasArn": arn, "creationDate": from_micros(known["created"])}
        raise AwsError(
            "ConflictException",
            "Failed to create alias because an alias with the same name and a different routing configuration "
            "already exists.",
        )
    if len(ctx.tx.all(SQL.all_aliases, machine=row["id"])) >= limits.ALIASES_MAX:
        raise AwsError("ServiceQuotaExceededException", f"A state machine has {limits.ALIASES_MAX} aliases at most.")
    ctx.tx.execute(
        SQL.add_alias,
        machine=row["id"],
        name=name,
        description=description,
        routing=json.dumps(routing_configuration),
        now=ctx.micros,
    )
    return {"stateMachineAliasArn": arn, "creationDate": ctx.now}


def _require_routing(ctx: Context, routing: Routing) -> Row:
    """The machine whose versions a routing names; raises ValidationException or ResourceNotFound."""
    arns = [entry["stateMachineVersionArn"] for entry in routing]
    if not 1 <= len(routing) <= 2 or len(set(arns)) != len(arns):
        raise _misrouted("Routing configuration must name one version, or two different ones.")
    weights = [entry["weight"] for entry in routing]
    if sum(weights) != 100:
        raise _misrouted(f"Sum of routing configuration weights must equal 100. Received: {weights}")
    rows: dict[str, Row] = {}
    for text in arns:
        _, qualifier, row = require_qualified(ctx, text)
        if row is None or not is_version(qualifier):
            raise no_resource(text)
        require_active(row, text)
        if ctx.tx.one(SQL.find_version, machine=row["id"], number=int(qualifier)) is None:
            raise no_resource(text)
        rows[row["name"]] = row
    if len(rows) != 1:
        raise _misrouted("Routing configuration must name versions of one state machine.")
    return next(iter(rows.values()))


def _misrouted(message: str) -> AwsError:
    return invalid(message, "INVALID_ROUTING_CONFIGURATION")


def _require(ctx: Context, text: str) -> tuple[Row, Row]:
    """The machine's row and the alias's; raises InvalidArn or ResourceNotFound."""
    _, qualifier, machine = require_qualified(ctx, text)
    alias = None if machine is None else ctx.tx.one(SQL.find_alias, machine=machine["id"], name=qualifier)
    if machine is None or alias is None:
        raise no_resource(text)
    return machine, alias


def update_state_machine_alias(
    ctx: Context,
    *,
    state_machine_alias_arn: str,
    description: str | None = None,
    routing_configuration: Routing | None = None,
) -> dict[str, Any]:
    """Change an alias; the same change again is none. Errors: as of CreateStateMachineAlias."""
    machine, alias = _require(ctx, state_machine_alias_arn)
    if description is None and routing_configuration is None:
        message = "Either the description or the routing configuration must be specified."
        raise invalid(message, "MISSING_REQUIRED_PARAMETER")
    routing = alias["routing"]
    if routing_configuration is not None:
        if _require_routing(ctx, routing_configuration)["id"] != machine["id"]:
            raise _misrouted("Routing configuration must name versions of the alias's machine.")
        routing = json.dumps(routing_configuration)
    description = alias["description"] if description is None else description
    if (description, routing) == (alias["description"], alias["routing"]):
        return {"updateDate": from_micros(alias["changed"])}
    ctx.tx.execute(
        SQL.change_alias,
        machine=machine["id"],
        name=alias["name"],
        description=description,
        routing=routing,
        now=ctx.micros,
    )
    return {"updateDate": ctx.now}


def describe_state_machine_alias(ctx: Context, *, state_machine_alias_arn: str) -> dict[str, Any]:
    _, alias = _require(ctx, state_machine_alias_arn)
    shown = {
        "stateMachineAliasArn": state_machine_alias_arn,
        "name": alias["name"],
        "routingConfiguration": json.loads(alias["routing"]),
        "creationDate": from_micros(alias["created"]),
        "updateDate": from_micros(alias["changed"]),
    }
    return shown if alias["description"] is None else {**shown, "description": alias["description"]}


def list_state_machine_aliases(
    ctx: Context, *, state_machine_arn: str, next_token: str | None = None, max_results: int | None = None
) -> dict[str, Any]:
    """The aliases of a machine; of a version's ARN, those that refer to it.

    Errors: InvalidArn, InvalidToken, ResourceNotFound for a version that is not there, StateMachineDeleting,
    StateMachineDoesNotExist.
    """
    version = None
    text = state_machine_arn
    head, _, qualifier = text.rpartition(":")
    if is_version(qualifier) and text.count(":") == 7:
        text, version = head, state_machine_arn
    row = require_active(require_machine(ctx, text), text)
    if version is not None and ctx.tx.one(SQL.find_version, machine=row["id"], number=int(qualifier)) is None:
        raise no_resource(version)
    pages = ("ListStateMachineAliases", state_machine_arn)
    most, start = max_results or limits.PAGE, page_start(ctx, next_token, *pages)
    aliases = [
        alias
        for alias in ctx.tx.all(SQL.all_aliases, machine=row["id"])
        if version is None or version in (entry["stateMachineVersionArn"] for entry in json.loads(alias["routing"]))
    ]
    shown = [
        {
            "stateMachineAliasArn": f"{machine_arn(ctx, row['name'])}:{alias['name']}",
            "creationDate": from_micros(alias["created"]),
        }
        for alias in aliases[start : start + most]
    ]
    answer: dict[str, Any] = {"stateMachineAliases": shown}
    if len(aliases) > start + most:
        answer["nextToken"] = page_token(ctx, start + most, *pages)
    return answer


def delete_state_machine_alias(ctx: Context, *, state_machine_alias_arn: str) -> dict[str, Any]:
    machine, alias = _require(ctx, state_machine_alias_arn)
    ctx.tx.execute(SQL.remove_alias, machine=machine["id"], name=alias["name"])
    return {}

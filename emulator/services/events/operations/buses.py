"""Event buses and their resource policies. The default bus is there without being created."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from emulator.arns import find_arn
from emulator.clock import from_micros
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.events.operations.pages import page
from emulator.storage import Queries, Row

SQL = Queries.load(Path(__file__).parent.with_name("queries.sql"))
DEFAULT = "default"


def bus_name(name_or_arn: str | None) -> str:
    """The name of a bus given by name or ARN."""
    if not name_or_arn:
        return DEFAULT
    return name_or_arn.rsplit("event-bus/", 1)[-1] if name_or_arn.startswith("arn:") else name_or_arn


def bus_arn(ctx: Context, name: str) -> str:
    return ctx.arn("events", f"event-bus/{name}")


def find_bus(ctx: Context, name: str) -> Row | None:
    return ctx.tx.one(SQL.find_bus, account=ctx.account, region=ctx.region, name=name)


def require_bus(ctx: Context, name_or_arn: str | None) -> str:
    """The name of a bus that exists here; raises ResourceNotFoundException."""
    name = bus_name(name_or_arn)
    arn = find_arn(name_or_arn or "")
    elsewhere = arn is not None and (arn.account, arn.region) != (ctx.account, ctx.region)
    if elsewhere or (name != DEFAULT and find_bus(ctx, name) is None):
        raise AwsError("ResourceNotFoundException", f"Event bus {name} does not exist.")
    return name


def create_event_bus(
    ctx: Context, *, name: str, description: str | None = None, tags: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    if name == DEFAULT or find_bus(ctx, name) is not None:
        raise AwsError("ResourceAlreadyExistsException", f"Event bus {name} already exists.")
    ctx.tx.execute(
        SQL.add_bus,
        account=ctx.account,
        region=ctx.region,
        name=name,
        description=description,
        tags=json.dumps(tags or []),
        now=ctx.micros,
    )
    answer: dict[str, Any] = {"EventBusArn": bus_arn(ctx, name)}
    if description is not None:
        answer["Description"] = description
    return answer


def update_event_bus(ctx: Context, *, name: str | None = None, description: str | None = None) -> dict[str, Any]:
    bus = require_bus(ctx, name)
    if description is not None:
        ctx.tx.execute(
            SQL.describe_bus,
            account=ctx.account,
            region=ctx.region,
            name=bus,
            description=description,
            now=ctx.micros,
        )
    row = find_bus(ctx, bus)
    answer = {"Arn": bus_arn(ctx, bus), "Name": bus}
    if row is not None and row["description"] is not None:
        answer["Description"] = row["description"]
    return answer


def delete_event_bus(ctx: Context, *, name: str) -> dict[str, Any]:
    if name == DEFAULT:
        raise AwsError("ValidationException", "Cannot delete event bus default.")
    if ctx.tx.all(SQL.rules, account=ctx.account, region=ctx.region, bus=name, after=""):
        raise AwsError("ValidationException", "Event bus can't be deleted since it has rules.")
    ctx.tx.execute(SQL.remove_bus, account=ctx.account, region=ctx.region, name=name)
    return {}


def describe_event_bus(ctx: Context, *, name: str | None = None) -> dict[str, Any]:
    bus = require_bus(ctx, name)
    return _shown(ctx, bus, find_bus(ctx, bus))


def list_event_buses(
    ctx: Context, *, name_prefix: str | None = None, next_token: str | None = None, limit: int | None = None
) -> dict[str, Any]:
    rows = ctx.tx.all(SQL.buses, account=ctx.account, region=ctx.region, after="")
    known = {row["name"]: row for row in rows}
    names = sorted({DEFAULT, *known})
    wanted = [{"name": name} for name in names if name.startswith(name_prefix or "") and name > (next_token or "")]
    return page("EventBuses", wanted, limit, lambda bus: _shown(ctx, bus["name"], known.get(bus["name"])))


def _shown(ctx: Context, name: str, row: Row | None) -> dict[str, Any]:
    shown: dict[str, Any] = {"Name": name, "Arn": bus_arn(ctx, name)}
    if row is not None:
        shown["CreationTime"] = from_micros(row["created"])
        shown["LastModifiedTime"] = from_micros(row["changed"])
        for member, column in (("Description", "description"), ("Policy", "policy")):
            if row[column] is not None:
                shown[member] = row[column]
    return shown


def put_permission(
    ctx: Context,
    *,
    event_bus_name: str | None = None,
    action: str | None = None,
    principal: str | None = None,
    statement_id: str | None = None,
    condition: dict[str, str] | None = None,
    policy: str | None = None,
) -> dict[str, Any]:
    bus = require_bus(ctx, event_bus_name)
    if policy is not None:
        document = _read_policy(policy)
    elif not (action and principal and statement_id):
        raise AwsError(
            "ValidationException",
            "Parameter(s) Policy or Action, Principal and StatementId must be specified.",
        )
    else:
        document = _policy(ctx, bus)
        who: Any = "*" if principal == "*" else {"AWS": f"arn:aws:iam::{principal}:root"}
        statement: dict[str, Any] = {
            "Sid": statement_id,
            "Effect": "Allow",
            "Principal": who,
            "Action": action,
            "Resource": bus_arn(ctx, bus),
        }
        if condition:
            statement["Condition"] = {condition["Type"]: {condition["Key"]: condition["Value"]}}
        others = [s for s in document["Statement"] if s.get("Sid") != statement_id]
        document["Statement"] = [*others, statement]
    _put_policy(ctx, bus, document)
    return {}


def _read_policy(text: str) -> dict[str, Any]:
    """A policy given as a whole, its statements as a list."""
    try:
        document = json.loads(text)
        statements = document.get("Statement", [])
        document["Statement"] = statements if isinstance(statements, list) else [statements]
        if all(isinstance(statement, dict) for statement in document["Statement"]):
            return dict(document)
    except (ValueError, AttributeError, RecursionError):
        pass
    raise AwsError("ValidationException", "This policy contains invalid Json")


def remove_permission(
    ctx: Context,
    *,
    statement_id: str | None = None,
    remove_all_permissions: bool | None = None,
    event_bus_name: str | None = None,
) -> dict[str, Any]:
    bus = require_bus(ctx, event_bus_name)
    if remove_all_permissions:
        _put_policy(ctx, bus, None)
        return {}
    document = _policy(ctx, bus)
    left = [s for s in document["Statement"] if s.get("Sid") != statement_id]
    if len(left) == len(document["Statement"]):
        raise AwsError("ResourceNotFoundException", "Statement with the provided id does not exist.")
    _put_policy(ctx, bus, {**document, "Statement": left} if left else None)
    return {}


def _policy(ctx: Context, bus: str) -> dict[str, Any]:
    row = find_bus(ctx, bus)
    if row is None or row["policy"] is None:
        return {"Version": "2012-10-17", "Statement": []}
    document: dict[str, Any] = json.loads(row["policy"])
    return document


def _put_policy(ctx: Context, bus: str, document: dict[str, Any] | None) -> None:
    text = None if document is None else json.dumps(document, separators=(",", ":"))
    ctx.tx.execute(SQL.put_policy, account=ctx.account, region=ctx.region, name=bus, policy=text, now=ctx.micros)

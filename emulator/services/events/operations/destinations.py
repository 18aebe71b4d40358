"""API destinations: HTTP endpoints that rules have as targets."""

from __future__ import annotations

from typing import Any

from emulator import ids
from emulator.clock import from_micros
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.events import limits
from emulator.services.events.operations.buses import SQL
from emulator.services.events.operations.connections import find_connection_of
from emulator.services.events.operations.pages import page
from emulator.storage import Row


def _arn(ctx: Context, row: Row) -> str:
    return ctx.arn("events", f"api-destination/{row['name']}/{row['id']}")


def find_destination(ctx: Context, name: str) -> Row | None:
    return ctx.tx.one(SQL.find_destination, account=ctx.account, region=ctx.region, name=name)


def _require(ctx: Context, name: str, verb: str) -> Row:
    row = find_destination(ctx, name)
    if row is None:
        raise AwsError(
            "ResourceNotFoundException",
            f"Failed to {verb} the api-destination(s). An api-destination '{name}' does not exist.",
        )
    return row


def create_api_destination(
    ctx: Context,
    *,
    name: str,
    connection_arn: str,
    invocation_endpoint: str,
    http_method: str,
    description: str | None = None,
    invocation_rate_limit_per_second: int | None = None,
) -> dict[str, Any]:
    """Errors: ResourceAlreadyExistsException, ResourceNotFoundException."""
    if find_destination(ctx, name) is not None:
        raise AwsError("ResourceAlreadyExistsException", f"An api-destination '{name}' already exists.")
    return _put(
        ctx,
        name,
        description=description,
        connection_arn=connection_arn,
        endpoint=invocation_endpoint,
        method=http_method,
        rate=invocation_rate_limit_per_second or limits.INVOCATIONS_PER_SECOND,
    )


def update_api_destination(
    ctx: Context,
    *,
    name: str,
    description: str | None = None,
    connection_arn: str | None = None,
    invocation_endpoint: str | None = None,
    http_method: str | None = None,
    invocation_rate_limit_per_second: int | None = None,
) -> dict[str, Any]:
    """What is not given stays. Error: ResourceNotFoundException."""
    row = _require(ctx, name, "update")
    given = {
        "description": description,
        "connection_arn": connection_arn,
        "endpoint": invocation_endpoint,
        "method": http_method,
        "rate": invocation_rate_limit_per_second,
    }
    return _put(ctx, name, **{column: row[column] if value is None else value for column, value in given.items()})


def _put(ctx: Context, name: str, **columns: Any) -> dict[str, Any]:
    if find_connection_of(ctx, columns["connection_arn"]) is None:
        raise AwsError("ResourceNotFoundException", f"Connection '{columns['connection_arn']}' does not exist.")
    ctx.tx.execute(
        SQL.put_destination,
        account=ctx.account,
        region=ctx.region,
        name=name,
        id=ids.new_uuid(),
        now=ctx.micros,
        **columns,
    )
    return _answer(ctx, _require(ctx, name, "describe"))


def _answer(ctx: Context, row: Row) -> dict[str, Any]:
    connection = find_connection_of(ctx, row["connection_arn"])
    active = connection is not None and connection["state"] == "AUTHORIZED"
    return {
        "ApiDestinationArn": _arn(ctx, row),
        "ApiDestinationState": "ACTIVE" if active else "INACTIVE",
        "CreationTime": from_micros(row["created"]),
        "LastModifiedTime": from_micros(row["changed"]),
    }


def describe_api_destination(ctx: Context, *, name: str) -> dict[str, Any]:
    """Error: ResourceNotFoundException."""
    row = _require(ctx, name, "describe")
    answer = _listed(ctx, row)
    return answer if row["description"] is None else {**answer, "Description": row["description"]}


def list_api_destinations(
    ctx: Context,
    *,
    name_prefix: str | None = None,
    connection_arn: str | None = None,
    next_token: str | None = None,
    limit: int | None = None,
) -> dict[str, Any]:
    """The API destinations by name."""
    rows = [
        row
        for row in ctx.tx.all(SQL.destinations, account=ctx.account, region=ctx.region, after=next_token or "")
        if row["name"].startswith(name_prefix or "") and connection_arn in (None, row["connection_arn"])
    ]
    return page("ApiDestinations", rows, limit, lambda row: _listed(ctx, row))


def _listed(ctx: Context, row: Row) -> dict[str, Any]:
    return {
        **_answer(ctx, row),
        "Name": row["name"],
        "ConnectionArn": row["connection_arn"],
        "InvocationEndpoint": row["endpoint"],
        "HttpMethod": row["method"],
        "InvocationRateLimitPerSecond": row["rate"],
    }


def delete_api_destination(ctx: Context, *, name: str) -> dict[str, Any]:
    """Error: ResourceNotFoundException."""
    _require(ctx, name, "delete")
    ctx.tx.execute(SQL.remove_destination, account=ctx.account, region=ctx.region, name=name)
    return {}

"""Connections: how API destinations are called, and with which credentials."""

from __future__ import annotations

import json
from typing import Any

from emulator import ids
from emulator.arns import find_arn
from emulator.clock import from_micros
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.events import limits
from emulator.services.events.model import calls
from emulator.services.events.operations.buses import SQL
from emulator.services.events.operations.pages import page
from emulator.storage import Row

AUTHORIZE = "events.authorize"


def connection_arn(ctx: Context, row: Row) -> str:
    return ctx.arn("events", f"connection/{row['name']}/{row['id']}")


def find_connection(ctx: Context, name: str) -> Row | None:
    return ctx.tx.one(SQL.find_connection, account=ctx.account, region=ctx.region, name=name)


def find_connection_of(ctx: Context, arn_text: str) -> Row | None:
    """The connection that an ARN means, which has its name and its id."""
    arn = find_arn(arn_text)
    if arn is None or arn.kind != "connection":
        return None
    row = find_connection(ctx, arn.name.split("/")[0])
    return row if row is not None and connection_arn(ctx, row) == arn_text else None


def _require(ctx: Context, name: str, verb: str) -> Row:
    row = find_connection(ctx, name)
    if row is None:
        raise AwsError(
            "ResourceNotFoundException", f"Failed to {verb} the connection(s). Connection '{name}' does not exist."
        )
    return row


def create_connection(
    ctx: Context,
    *,
    name: str,
    authorization_type: str,
    auth_parameters: dict[str, Any],
    description: str | None = None,
) -> dict[str, Any]:
    """Errors: ValidationException, ResourceAlreadyExistsException."""
    calls.require_parameters(authorization_type, auth_parameters)
    if find_connection(ctx, name) is not None:
        raise AwsError("ResourceAlreadyExistsException", f"Connection {name} already exists.")
    return _put(ctx, name, description, authorization_type, auth_parameters)


def update_connection(
    ctx: Context,
    *,
    name: str,
    description: str | None = None,
    authorization_type: str | None = None,
    auth_parameters: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """What is not given stays. Errors: ResourceNotFoundException, ValidationException."""
    row = _require(ctx, name, "update")
    kind = authorization_type or row["kind"]
    auth = calls.merged(json.loads(row["auth"]), auth_parameters or {})
    calls.require_parameters(kind, auth)
    return _put(ctx, name, row["description"] if description is None else description, kind, auth)


def _put(ctx: Context, name: str, description: str | None, kind: str, auth: dict[str, Any]) -> dict[str, Any]:
    oauth = kind == "OAUTH_CLIENT_CREDENTIALS"
    secret = f"events!connection/{name}/{ids.new_uuid()}-{ids.new_key('', 6)}"
    ctx.tx.execute(
        SQL.put_connection,
        account=ctx.account,
        region=ctx.region,
        name=name,
        id=ids.new_uuid(),
        secret=ctx.arn("secretsmanager", f"secret:{secret}"),
        description=description,
        kind=kind,
        auth=json.dumps(auth),
        state="AUTHORIZING" if oauth else "AUTHORIZED",
        now=ctx.micros,
    )
    if oauth:
        authorize_later(ctx, name)
    return _answer(ctx, _require(ctx, name, "describe"))


def authorize_later(ctx: Context, name: str) -> None:
    """See to it that a connection gets a new token of its OAuth endpoint."""
    ctx.cancel_work(AUTHORIZE, f"{ctx.region}/{name}")
    due = ctx.after(limits.AUTHORIZATION_STARTS_SECONDS)
    ctx.add_work(AUTHORIZE, {"name": name}, due=due, key=f"{ctx.region}/{name}")


def _answer(ctx: Context, row: Row, *, state: str = "") -> dict[str, Any]:
    return {
        "ConnectionArn": connection_arn(ctx, row),
        "ConnectionState": state or row["state"],
        "CreationTime": from_micros(row["created"]),
        "LastModifiedTime": from_micros(row["changed"]),
    }


def describe_connection(ctx: Context, *, name: str) -> dict[str, Any]:
    """Error: ResourceNotFoundException."""
    row = _require(ctx, name, "describe")
    answer = {
        **_listed(ctx, row),
        "SecretArn": row["secret"],
        "AuthParameters": calls.without_secrets(json.loads(row["auth"])),
    }
    return answer if row["description"] is None else {**answer, "Description": row["description"]}


def list_connections(
    ctx: Context,
    *,
    name_prefix: str | None = None,
    connection_state: str | None = None,
    next_token: str | None = None,
    limit: int | None = None,
) -> dict[str, Any]:
    """The connections by name."""
    rows = [
        row
        for row in ctx.tx.all(SQL.connections, account=ctx.account, region=ctx.region, after=next_token or "")
        if row["name"].startswith(name_prefix or "") and connection_state in (None, row["state"])
    ]
    return page("Connections", rows, limit, lambda row: _listed(ctx, row))


def _listed(ctx: Context, row: Row) -> dict[str, Any]:
    shown = {
        **_answer(ctx, row),
        "Name": row["name"],
        "AuthorizationType": row["kind"],
        "LastAuthorizedTime": from_micros(row["authorized"]),
    }
    return shown if row["reason"] is None else {**shown, "StateReason": row["reason"]}


def deauthorize_connection(ctx: Context, *, name: str) -> dict[str, Any]:
    """Forget the credentials: what uses the connection is not called any more. Error: ResourceNotFoundException."""
    row = _require(ctx, name, "deauthorize")
    set_state(ctx, row, "DEAUTHORIZED")
    return {**_answer(ctx, row, state="DEAUTHORIZING"), "LastAuthorizedTime": from_micros(row["authorized"])}


def delete_connection(ctx: Context, *, name: str) -> dict[str, Any]:
    """Error: ResourceNotFoundException."""
    row = _require(ctx, name, "delete")
    ctx.tx.execute(SQL.remove_connection, account=ctx.account, region=ctx.region, name=name)
    return {**_answer(ctx, row, state="DELETING"), "LastAuthorizedTime": from_micros(row["authorized"])}


def use_connection(ctx: Context, *, arn: str) -> tuple[str, dict[str, dict[str, str]]]:
    """The state of a connection, and what it adds to a call once it is AUTHORIZED (see kit/connections.py).

    Error: ResourceNotFoundException.
    """
    row = find_connection_of(ctx, arn)
    if row is None:
        raise AwsError("ResourceNotFoundException", f"Connection '{arn}' does not exist.")
    if row["state"] != "AUTHORIZED":
        return row["state"], {}
    return row["state"], calls.additions(row["kind"], json.loads(row["auth"]), row["token"])


def renew_connection(ctx: Context, *, arn: str) -> None:
    """Ask for a new token where an endpoint has refused the one that a connection has."""
    row = find_connection_of(ctx, arn)
    if row is not None and row["kind"] == "OAUTH_CLIENT_CREDENTIALS":
        set_state(ctx, row, "AUTHORIZING")
        authorize_later(ctx, row["name"])


def set_state(ctx: Context, row: Row, state: str, *, token: str | None = None, reason: str | None = None) -> None:
    """Keep what became of a connection's authorization."""
    ctx.tx.execute(
        SQL.authorize,
        account=ctx.account,
        region=ctx.region,
        name=row["name"],
        state=state,
        reason=reason,
        token=token,
        authorized=row["authorized"] if token is None else ctx.micros,
    )

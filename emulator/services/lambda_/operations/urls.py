"""The configurations of function URLs. The front serves them (front/function_urls.py)."""

from __future__ import annotations

import json
from typing import Any

from emulator.clock import from_micros
from emulator.kit.context import Context
from emulator.services.lambda_.model.errors import conflict, function_not_found, no_resource
from emulator.services.lambda_.model.names import Qualified
from emulator.services.lambda_.operations.lookup import find_alias, require_latest, resolve_here
from emulator.services.lambda_.operations.paging import page
from emulator.services.lambda_.operations.statements import SQL
from emulator.storage import Row

Answer = dict[str, Any]


def create_function_url_config(
    ctx: Context,
    *,
    function_name: str,
    auth_type: str,
    qualifier: str | None = None,
    invoke_mode: str | None = None,
    cors: dict[str, Any] | None = None,
) -> Answer:
    """A URL for a function or an alias. Errors: ResourceConflictException, ResourceNotFoundException."""
    wanted = resolve_here(ctx, function_name, qualifier)
    require_latest(ctx, wanted)
    if wanted.qualifier is not None and find_alias(ctx, wanted, wanted.qualifier) is None:
        raise function_not_found(wanted.arn)
    if _find(ctx, wanted) is not None:
        raise conflict(
            f"Failed to create function url config for [functionArn = {wanted.arn}]. "
            "Error message:  FunctionUrlConfig exists for this Lambda function"
        )
    settings = _given({"AuthType": auth_type, "Cors": cors, "InvokeMode": invoke_mode})
    return _created(ctx, wanted, _put(ctx, wanted, settings))


def update_function_url_config(
    ctx: Context,
    *,
    function_name: str,
    qualifier: str | None = None,
    auth_type: str | None = None,
    invoke_mode: str | None = None,
    cors: dict[str, Any] | None = None,
) -> Answer:
    """Change what is given, keep the rest. Errors: ResourceNotFoundException."""
    wanted = resolve_here(ctx, function_name, qualifier)
    given = _given({"AuthType": auth_type, "Cors": cors, "InvokeMode": invoke_mode})
    row = _put(ctx, wanted, {**json.loads(_require(ctx, wanted)["settings"]), **given})
    return {**_created(ctx, wanted, row), "LastModifiedTime": _moment(row["modified"])}


def get_function_url_config(ctx: Context, *, function_name: str, qualifier: str | None = None) -> Answer:
    """The URL of a function or an alias. Errors: ResourceNotFoundException."""
    wanted = resolve_here(ctx, function_name, qualifier)
    return _shown(ctx, wanted, _require(ctx, wanted))


def delete_function_url_config(ctx: Context, *, function_name: str, qualifier: str | None = None) -> Answer:
    """No URL any more. Errors: ResourceNotFoundException."""
    wanted = resolve_here(ctx, function_name, qualifier)
    _require(ctx, wanted)
    ctx.tx.execute(SQL.remove_url, **_place(wanted))
    return {}


def list_function_url_configs(
    ctx: Context, *, function_name: str, marker: str | None = None, max_items: int | None = None
) -> Answer:
    """The URLs of a function and its aliases. Errors: ResourceNotFoundException."""
    wanted = resolve_here(ctx, function_name)
    require_latest(ctx, wanted)
    rows = [row for row in ctx.tx.all(SQL.urls, **wanted.owner) if marker is None or row["qualifier"] > marker]
    return page(
        "FunctionUrlConfigs",
        rows,
        lambda row: _shown(ctx, wanted.of(row["qualifier"] or None), row),
        lambda row: row["qualifier"],
        max_items,
    )


def _given(members: Answer) -> Answer:
    return {name: value for name, value in members.items() if value is not None}


def _put(ctx: Context, wanted: Qualified, settings: Answer) -> Row:
    ctx.tx.execute(SQL.put_url, settings=json.dumps(settings), now=ctx.micros, **_place(wanted))
    return _require(ctx, wanted)


def _find(ctx: Context, wanted: Qualified) -> Row | None:
    return ctx.tx.one(SQL.find_url, **_place(wanted))


def _require(ctx: Context, wanted: Qualified) -> Row:
    row = _find(ctx, wanted)
    if row is None:
        raise no_resource()
    return row


def _place(wanted: Qualified) -> dict[str, str]:
    return {**wanted.owner, "qualifier": wanted.qualifier or ""}


def _created(ctx: Context, wanted: Qualified, row: Row) -> Answer:
    """As the answers of Create and Update have it: what was never given is not shown (recorded)."""
    name = wanted.name if wanted.qualifier is None else f"{wanted.name}:{wanted.qualifier}"
    return {
        "FunctionUrl": f"{ctx.endpoint}/_stepwell/urls/{wanted.account}/{wanted.region}/{name}/",
        "FunctionArn": wanted.arn,
        "CreationTime": _moment(row["created"]),
        **json.loads(row["settings"]),
    }


def _shown(ctx: Context, wanted: Qualified, row: Row) -> Answer:
    changed = {"LastModifiedTime": _moment(row["modified"])}
    return {"InvokeMode": "BUFFERED", **_created(ctx, wanted, row), **changed}


def _moment(micros: int) -> str:
    return from_micros(micros).isoformat().replace("+00:00", "Z")

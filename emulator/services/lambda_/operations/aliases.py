"""Aliases: names for versions, possibly with a share of the invocations for another."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from emulator import ids
from emulator.kit.context import Context
from emulator.services.lambda_.model.errors import (
    alias_not_found,
    conflict,
    function_not_found,
    invalid,
    not_found,
    untyped,
)
from emulator.services.lambda_.model.names import LATEST, Qualified, is_version
from emulator.services.lambda_.operations.lookup import (
    find_alias,
    find_row,
    forget_target,
    require_latest,
    require_revision,
    resolve_here,
)
from emulator.services.lambda_.operations.paging import page
from emulator.services.lambda_.operations.statements import SQL
from emulator.storage import Row


def create_alias(
    ctx: Context,
    *,
    function_name: str,
    name: str,
    function_version: str,
    description: str | None = None,
    routing_config: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """A new alias. Errors: ResourceConflictException, ResourceNotFoundException, InvalidParameterValueException."""
    wanted = resolve_here(ctx, function_name)
    weights = _require_weights(ctx, wanted, function_version, routing_config)
    if is_version(name):
        raise invalid(f"The alias {name} would be a version's number.")
    if find_alias(ctx, wanted, name) is not None:
        raise conflict(f"Alias already exists: {_arn(wanted, name)}")
    return _put(ctx, wanted, name, function_version, description or "", weights)


def update_alias(
    ctx: Context,
    *,
    function_name: str,
    name: str,
    function_version: str | None = None,
    description: str | None = None,
    routing_config: dict[str, Any] | None = None,
    revision_id: str | None = None,
) -> dict[str, Any]:
    """Another version, description or share. Errors: ResourceNotFoundException, PreconditionFailedException."""
    wanted = resolve_here(ctx, function_name)
    require_latest(ctx, wanted)
    row = find_alias(ctx, wanted, name)
    if row is None:
        raise not_found(f"Alias not found: {_arn(wanted, name)}")
    require_revision(row["revision"], revision_id)
    version = function_version or row["version"]
    if routing_config is None:
        routing_config = {"AdditionalVersionWeights": json.loads(row["weights"])}
    weights = _require_weights(ctx, wanted, version, routing_config)
    return _put(ctx, wanted, name, version, row["description"] if description is None else description, weights)


def _require_weights(
    ctx: Context, wanted: Qualified, version: str, routing_config: dict[str, Any] | None
) -> dict[str, float]:
    """The additional versions' shares, checked with the alias's own version."""
    weights: dict[str, float] = (routing_config or {}).get("AdditionalVersionWeights") or {}
    if len(weights) > 1:
        raise invalid("Number of items in AdditionalVersionWeights cannot be greater than 1")
    if version in weights:
        raise invalid(
            f"Invalid function version {version}. "
            f"Function version {version} is already included in routing configuration."
        )
    if weights and version == LATEST:
        raise untyped("$LATEST is not supported for an alias pointing to more than 1 version")
    for each in (version, *weights):
        if find_row(ctx, wanted, each) is None:
            raise function_not_found(_arn(wanted, each))
    return weights


def _put(
    ctx: Context, wanted: Qualified, name: str, version: str, description: str, weights: dict[str, float]
) -> dict[str, Any]:
    ctx.tx.execute(
        SQL.put_alias,
        **wanted.owner,
        name=name,
        version=version,
        description=description,
        weights=json.dumps(weights),
        revision=ids.new_uuid(),
    )
    forget_target(ctx, wanted)
    return _shown(wanted, _require(ctx, wanted, name))


def get_alias(ctx: Context, *, function_name: str, name: str) -> dict[str, Any]:
    """An alias. Errors: ResourceNotFoundException."""
    wanted = resolve_here(ctx, function_name)
    return _shown(wanted, _require(ctx, wanted, name))


def delete_alias(ctx: Context, *, function_name: str, name: str) -> dict[str, Any]:
    """An alias less; one that is not there is none to delete."""
    wanted = resolve_here(ctx, function_name)
    require_latest(ctx, wanted)
    place = wanted.owner
    ctx.tx.execute(SQL.remove_alias, **place, name=name)
    ctx.tx.execute(SQL.remove_provisioned, **place, qualifier=name)
    forget_target(ctx, wanted)
    return {}


def list_aliases(
    ctx: Context,
    *,
    function_name: str,
    function_version: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """The aliases of a function, or of one version, by name. Errors: ResourceNotFoundException."""
    wanted = resolve_here(ctx, function_name)
    require_latest(ctx, wanted)
    rows = ctx.tx.all(SQL.aliases, **wanted.owner, after=marker or "")
    found = [row for row in rows if function_version in (None, row["version"])]
    return page("Aliases", found, partial(_shown, wanted), lambda row: row["name"], max_items)


def _require(ctx: Context, wanted: Qualified, name: str) -> Row:
    row = find_alias(ctx, wanted, name)
    if row is None:
        raise alias_not_found(_arn(wanted, name))
    return row


def _arn(wanted: Qualified, qualifier: str) -> str:
    return wanted.of(qualifier).arn


def _shown(wanted: Qualified, row: Row) -> dict[str, Any]:
    shown = {
        "AliasArn": _arn(wanted, row["name"]),
        "Name": row["name"],
        "FunctionVersion": row["version"],
        "Description": row["description"],
        "RevisionId": row["revision"],
    }
    if weights := json.loads(row["weights"]):
        shown["RoutingConfig"] = {"AdditionalVersionWeights": weights}
    return shown

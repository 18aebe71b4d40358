"""The resource policies of layer versions: who else may use them."""

from __future__ import annotations

import json
from typing import Any

from emulator import ids
from emulator.kit.context import Context
from emulator.services.lambda_.model import layers, policy
from emulator.services.lambda_.model.errors import not_found, stale
from emulator.services.lambda_.model.layers import LayerName
from emulator.services.lambda_.operations.layers import find_version
from emulator.services.lambda_.operations.statements import SQL
from emulator.storage import Row


def add_layer_version_permission(
    ctx: Context,
    *,
    layer_name: str,
    version_number: int,
    statement_id: str,
    action: str,
    principal: str,
    organization_id: str | None = None,
    revision_id: str | None = None,
) -> dict[str, Any]:
    """One more statement.

    Errors: ResourceNotFoundException, ResourceConflictException, PreconditionFailedException.
    """
    layer, row = _require(ctx, layer_name, version_number)
    made = policy.statement(
        sid=statement_id,
        action=action,
        principal=principal,
        resource=layer.arn,
        conditions={"PrincipalOrgID": organization_id},
    )
    _require_revision(row, revision_id)
    statements = policy.with_statement(json.loads(row["statements"]), made)
    revision = _put(ctx, layer, statements)
    return {"Statement": json.dumps(made, separators=(",", ":")), "RevisionId": revision}


def remove_layer_version_permission(
    ctx: Context, *, layer_name: str, version_number: int, statement_id: str, revision_id: str | None = None
) -> dict[str, Any]:
    """One statement less. Errors: ResourceNotFoundException, PreconditionFailedException."""
    layer, row = _require(ctx, layer_name, version_number)
    statements = policy.without_statement(json.loads(row["statements"]), statement_id)
    _require_revision(row, revision_id)
    _put(ctx, layer, statements)
    return {}


def get_layer_version_policy(ctx: Context, *, layer_name: str, version_number: int) -> dict[str, Any]:
    """The policy as text and its revision. Errors: ResourceNotFoundException."""
    _, row = _require(ctx, layer_name, version_number)
    statements = json.loads(row["statements"])
    if not statements:
        raise not_found("No policy is associated with the given resource.")
    return {"Policy": policy.document(statements), "RevisionId": row["revision"]}


def _require(ctx: Context, layer_name: str, version: int) -> tuple[LayerName, Row]:
    layer = layers.resolve(layer_name, ctx.account, ctx.region, version)
    row = find_version(ctx, layer)
    if row is None or row["deleted"]:
        raise layers.no_version(layer, "ResourceNotFoundException")
    return layer, row


def _require_revision(row: Row, revision_id: str | None) -> None:
    if revision_id is not None and revision_id != row["revision"]:
        raise stale("GetLayerPolicy")


def _put(ctx: Context, layer: LayerName, statements: list[policy.Statement]) -> str:
    revision = ids.new_uuid()
    ctx.tx.execute(
        SQL.put_layer_policy,
        account=layer.account,
        region=layer.region,
        name=layer.name,
        version=layer.version,
        statements=json.dumps(statements),
        revision=revision,
    )
    return revision

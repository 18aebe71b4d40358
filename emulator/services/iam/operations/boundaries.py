"""Permissions boundaries of roles and users: stored and read back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from emulator.kit.context import Context
from emulator.services.iam.model.entities import ROLE, USER, Entity
from emulator.services.iam.model.errors import no_such_entity
from emulator.services.iam.model.policies import is_aws_managed
from emulator.services.iam.operations import entities
from emulator.services.iam.operations.statements import SQL


def require_boundary(ctx: Context, arn: str) -> None:
    """A managed policy that can be a boundary; raises NoSuchEntity."""
    if not is_aws_managed(arn) and ctx.tx.one(SQL.find_policy, account=ctx.account, arn=arn) is None:
        raise no_such_entity(f"Scope ARN: {arn} does not exist or is not attachable.")


def put_role_permissions_boundary(ctx: Context, *, role_name: str, permissions_boundary: str) -> dict[str, Any]:
    """Error: NoSuchEntity."""
    return _put(ctx, entities.require(ctx, ROLE, role_name), permissions_boundary)


def put_user_permissions_boundary(ctx: Context, *, user_name: str, permissions_boundary: str) -> dict[str, Any]:
    """Error: NoSuchEntity."""
    return _put(ctx, entities.require(ctx, USER, user_name), permissions_boundary)


def delete_role_permissions_boundary(ctx: Context, *, role_name: str) -> dict[str, Any]:
    """Error: NoSuchEntity."""
    return _delete(ctx, entities.require(ctx, ROLE, role_name))


def delete_user_permissions_boundary(ctx: Context, *, user_name: str) -> dict[str, Any]:
    """Error: NoSuchEntity."""
    return _delete(ctx, entities.require(ctx, USER, user_name))


def _put(ctx: Context, entity: Entity, arn: str) -> dict[str, Any]:
    require_boundary(ctx, arn)
    entities.change(ctx, replace(entity, boundary=arn))
    return {}


def _delete(ctx: Context, entity: Entity) -> dict[str, Any]:
    if entity.boundary is None:
        raise no_such_entity(f"{entity.kind.member} {entity.name} does not have a permission boundary")
    entities.change(ctx, replace(entity, boundary=None))
    return {}

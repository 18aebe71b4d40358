"""Users."""

from __future__ import annotations

from typing import Any

from emulator.kit.context import Context
from emulator.services.iam.model.entities import USER, shown, shown_new
from emulator.services.iam.model.errors import delete_conflict
from emulator.services.iam.model.tags import with_tags
from emulator.services.iam.operations import entities
from emulator.services.iam.operations.boundaries import require_boundary
from emulator.services.iam.operations.statements import SQL


def create_user(
    ctx: Context,
    *,
    user_name: str,
    path: str | None = None,
    permissions_boundary: str | None = None,
    tags: list[dict[str, str]] | None = None,
) -> dict[str, Any]:
    """Errors: EntityAlreadyExists, NoSuchEntity, InvalidInput, LimitExceeded."""
    if permissions_boundary is not None:
        require_boundary(ctx, permissions_boundary)
    user = entities.add(ctx, USER, user_name, path, boundary=permissions_boundary, tags=with_tags({}, tags or []))
    return {"User": shown_new(user)}


def get_user(ctx: Context, *, user_name: str | None = None) -> dict[str, Any]:
    """A user; the caller, who may be the root of the account, where no name is given. Error: NoSuchEntity."""
    if user_name is None:
        if (caller := entities.find_key_owner(ctx, ctx.caller.access_key)) is not None:
            return {"User": shown_new(caller)}
        return {"User": {"UserId": ctx.account, "Arn": ctx.arn("iam", "root", region="")}}
    return {"User": shown_new(entities.require(ctx, USER, user_name))}


def list_users(
    ctx: Context, *, path_prefix: str | None = None, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """The account's users by name."""
    found, rest = entities.listed(ctx, USER, path_prefix, marker, max_items)
    return {"Users": [shown(user) for user in found], **rest}


def update_user(
    ctx: Context, *, user_name: str, new_path: str | None = None, new_user_name: str | None = None
) -> dict[str, Any]:
    """Rename or move a user; what hangs on it stays. Errors: NoSuchEntity, EntityAlreadyExists."""
    entities.rename(ctx, entities.require(ctx, USER, user_name), new_user_name, new_path)
    return {}


def delete_user(ctx: Context, *, user_name: str) -> dict[str, Any]:
    """Errors: NoSuchEntity, DeleteConflict."""
    user = entities.require(ctx, USER, user_name)
    if ctx.tx.one(SQL.containers, member=user.id) is not None:
        raise delete_conflict("Cannot delete entity, must remove users from group first.")
    if ctx.tx.one(SQL.keys, owner=user.id) is not None:
        raise delete_conflict("Cannot delete entity, must delete access keys first.")
    entities.remove(ctx, user)
    return {}

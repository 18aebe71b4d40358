"""Groups and who is in them."""

from __future__ import annotations

from typing import Any

from emulator.kit.context import Context
from emulator.services.iam import limits
from emulator.services.iam.model.entities import GROUP, USER, entity_of, shown
from emulator.services.iam.model.errors import delete_conflict, limit_exceeded
from emulator.services.iam.operations import entities
from emulator.services.iam.operations.pages import page
from emulator.services.iam.operations.statements import SQL


def create_group(ctx: Context, *, group_name: str, path: str | None = None) -> dict[str, Any]:
    """Error: EntityAlreadyExists."""
    return {"Group": shown(entities.add(ctx, GROUP, group_name, path))}


def get_group(
    ctx: Context, *, group_name: str, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """A group and one page of its users. Error: NoSuchEntity."""
    group = entities.require(ctx, GROUP, group_name)
    users = [entity_of(row) for row in ctx.tx.all(SQL.members, container=group.id)]
    found, rest = page(users, entities.by_name, marker, max_items)
    return {"Group": shown(group), "Users": [shown(user) for user in found], **rest}


def list_groups(
    ctx: Context, *, path_prefix: str | None = None, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """The account's groups by name."""
    found, rest = entities.listed(ctx, GROUP, path_prefix, marker, max_items)
    return {"Groups": [shown(group) for group in found], **rest}


def list_groups_for_user(
    ctx: Context, *, user_name: str, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """The groups that a user is in. Error: NoSuchEntity."""
    user = entities.require(ctx, USER, user_name)
    groups = [entity_of(row) for row in ctx.tx.all(SQL.containers, member=user.id)]
    found, rest = page(groups, entities.by_name, marker, max_items)
    return {"Groups": [shown(group) for group in found], **rest}


def update_group(
    ctx: Context, *, group_name: str, new_path: str | None = None, new_group_name: str | None = None
) -> dict[str, Any]:
    """Rename or move a group. Errors: NoSuchEntity, EntityAlreadyExists."""
    entities.rename(ctx, entities.require(ctx, GROUP, group_name), new_group_name, new_path)
    return {}


def delete_group(ctx: Context, *, group_name: str) -> dict[str, Any]:
    """Errors: NoSuchEntity, DeleteConflict."""
    group = entities.require(ctx, GROUP, group_name)
    if ctx.tx.one(SQL.members, container=group.id) is not None:
        raise delete_conflict("Cannot delete entity, must remove users from group first.")
    entities.remove(ctx, group)
    return {}


def add_user_to_group(ctx: Context, *, group_name: str, user_name: str) -> dict[str, Any]:
    """A user who is in the group already stays in it. Errors: NoSuchEntity, LimitExceeded."""
    group = entities.require(ctx, GROUP, group_name)
    user = entities.require(ctx, USER, user_name)
    others = [row for row in ctx.tx.all(SQL.containers, member=user.id) if row["id"] != group.id]
    if len(others) >= limits.GROUPS_PER_USER:
        raise limit_exceeded("GroupsPerUser", limits.GROUPS_PER_USER)
    ctx.tx.execute(SQL.add_member, container=group.id, member=user.id)
    return {}


def remove_user_from_group(ctx: Context, *, group_name: str, user_name: str) -> dict[str, Any]:
    """A user who is not in the group is no error. Error: NoSuchEntity."""
    group = entities.require(ctx, GROUP, group_name)
    user = entities.require(ctx, USER, user_name)
    ctx.tx.execute(SQL.remove_member, container=group.id, member=user.id)
    return {}

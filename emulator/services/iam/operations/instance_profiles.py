"""Instance profiles: a container for the one role that an instance has."""

from __future__ import annotations

from typing import Any

from emulator.kit.context import Context
from emulator.services.iam import limits
from emulator.services.iam.model.entities import PROFILE, ROLE, Entity, entity_of, shown, shown_new
from emulator.services.iam.model.errors import delete_conflict, limit_exceeded, no_such_entity
from emulator.services.iam.model.tags import with_tags
from emulator.services.iam.operations import entities
from emulator.services.iam.operations.pages import page
from emulator.services.iam.operations.statements import SQL


def create_instance_profile(
    ctx: Context,
    *,
    instance_profile_name: str,
    path: str | None = None,
    tags: list[dict[str, str]] | None = None,
) -> dict[str, Any]:
    """Errors: EntityAlreadyExists, InvalidInput, LimitExceeded."""
    profile = entities.add(ctx, PROFILE, instance_profile_name, path, tags=with_tags({}, tags or []))
    return {"InstanceProfile": {**shown_new(profile), "Roles": []}}


def get_instance_profile(ctx: Context, *, instance_profile_name: str) -> dict[str, Any]:
    """Error: NoSuchEntity."""
    profile = entities.require(ctx, PROFILE, instance_profile_name)
    return {"InstanceProfile": {**shown_new(profile), "Roles": _roles(ctx, profile)}}


def _roles(ctx: Context, profile: Entity) -> list[dict[str, Any]]:
    return [shown(entity_of(row)) for row in ctx.tx.all(SQL.members, container=profile.id)]


def list_instance_profiles(
    ctx: Context, *, path_prefix: str | None = None, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """The account's instance profiles by name."""
    found, rest = entities.listed(ctx, PROFILE, path_prefix, marker, max_items)
    profiles = [{**shown(profile), "Roles": _roles(ctx, profile)} for profile in found]
    return {"InstanceProfiles": profiles, **rest}


def list_instance_profiles_for_role(
    ctx: Context, *, role_name: str, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """The instance profiles that hold a role. Error: NoSuchEntity."""
    role = entities.require(ctx, ROLE, role_name)
    profiles = [entity_of(row) for row in ctx.tx.all(SQL.containers, member=role.id)]
    found, rest = page(profiles, entities.by_name, marker, max_items)
    return {"InstanceProfiles": [{**shown(profile), "Roles": [shown(role)]} for profile in found], **rest}


def delete_instance_profile(ctx: Context, *, instance_profile_name: str) -> dict[str, Any]:
    """Errors: NoSuchEntity, DeleteConflict."""
    profile = entities.require(ctx, PROFILE, instance_profile_name)
    if ctx.tx.one(SQL.members, container=profile.id) is not None:
        raise delete_conflict("Cannot delete entity, must remove roles from instance profile first.")
    entities.remove(ctx, profile)
    return {}


def add_role_to_instance_profile(ctx: Context, *, instance_profile_name: str, role_name: str) -> dict[str, Any]:
    """An instance profile holds one role. Errors: NoSuchEntity, LimitExceeded."""
    profile = entities.require(ctx, PROFILE, instance_profile_name)
    role = entities.require(ctx, ROLE, role_name)
    if ctx.tx.one(SQL.members, container=profile.id) is not None:
        raise limit_exceeded("InstanceSessionsPerInstanceProfile", limits.ROLES_PER_INSTANCE_PROFILE)
    ctx.tx.execute(SQL.add_member, container=profile.id, member=role.id)
    return {}


def remove_role_from_instance_profile(ctx: Context, *, instance_profile_name: str, role_name: str) -> dict[str, Any]:
    """Error: NoSuchEntity."""
    profile = entities.require(ctx, PROFILE, instance_profile_name)
    role = entities.require(ctx, ROLE, role_name)
    if not ctx.tx.execute(SQL.remove_member, container=profile.id, member=role.id):
        raise no_such_entity(ROLE.missing.format(role_name))
    return {}

"""Tags of roles, users, instance profiles and managed policies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from emulator.kit.context import Context
from emulator.services.iam.model.entities import PROFILE, ROLE, USER, Kind, tag_list
from emulator.services.iam.model.tags import with_tags, without_tags
from emulator.services.iam.operations import entities
from emulator.services.iam.operations.pages import page
from emulator.services.iam.operations.policies import keep, require_policy

Tags = list[dict[str, str]]


def tag_role(ctx: Context, *, role_name: str, tags: Tags) -> dict[str, Any]:
    """Errors: NoSuchEntity, InvalidInput, LimitExceeded."""
    return _tag(ctx, ROLE, role_name, tags)


def tag_user(ctx: Context, *, user_name: str, tags: Tags) -> dict[str, Any]:
    """Errors: NoSuchEntity, InvalidInput, LimitExceeded."""
    return _tag(ctx, USER, user_name, tags)


def tag_instance_profile(ctx: Context, *, instance_profile_name: str, tags: Tags) -> dict[str, Any]:
    """Errors: NoSuchEntity, InvalidInput, LimitExceeded."""
    return _tag(ctx, PROFILE, instance_profile_name, tags)


def _tag(ctx: Context, kind: Kind, name: str, tags: Tags) -> dict[str, Any]:
    entity = entities.require(ctx, kind, name)
    entities.change(ctx, replace(entity, tags=with_tags(entity.tags, tags)))
    return {}


def untag_role(ctx: Context, *, role_name: str, tag_keys: list[str]) -> dict[str, Any]:
    """Error: NoSuchEntity."""
    return _untag(ctx, ROLE, role_name, tag_keys)


def untag_user(ctx: Context, *, user_name: str, tag_keys: list[str]) -> dict[str, Any]:
    """Error: NoSuchEntity."""
    return _untag(ctx, USER, user_name, tag_keys)


def untag_instance_profile(ctx: Context, *, instance_profile_name: str, tag_keys: list[str]) -> dict[str, Any]:
    """Error: NoSuchEntity."""
    return _untag(ctx, PROFILE, instance_profile_name, tag_keys)


def _untag(ctx: Context, kind: Kind, name: str, keys: list[str]) -> dict[str, Any]:
    entity = entities.require(ctx, kind, name)
    entities.change(ctx, replace(entity, tags=without_tags(entity.tags, keys)))
    return {}


def list_role_tags(
    ctx: Context, *, role_name: str, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """Error: NoSuchEntity."""
    return _list(entities.require(ctx, ROLE, role_name).tags, marker, max_items)


def list_user_tags(
    ctx: Context, *, user_name: str, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """Error: NoSuchEntity."""
    return _list(entities.require(ctx, USER, user_name).tags, marker, max_items)


def list_instance_profile_tags(
    ctx: Context, *, instance_profile_name: str, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """Error: NoSuchEntity."""
    return _list(entities.require(ctx, PROFILE, instance_profile_name).tags, marker, max_items)


def list_policy_tags(
    ctx: Context, *, policy_arn: str, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """Errors: NoSuchEntity, InvalidInput."""
    return _list(require_policy(ctx, policy_arn, "ListPolicyTags").tags, marker, max_items)


def _list(tags: dict[str, str], marker: str | None, max_items: int | None) -> dict[str, Any]:
    found, rest = page(tag_list(dict(sorted(tags.items()))), lambda tag: tag["Key"], marker, max_items)
    return {"Tags": found, **rest}


def tag_policy(ctx: Context, *, policy_arn: str, tags: Tags) -> dict[str, Any]:
    """Errors: NoSuchEntity, InvalidInput, LimitExceeded."""
    policy = require_policy(ctx, policy_arn, "TagPolicy")
    keep(ctx, replace(policy, tags=with_tags(policy.tags, tags)))
    return {}


def untag_policy(ctx: Context, *, policy_arn: str, tag_keys: list[str]) -> dict[str, Any]:
    """Errors: NoSuchEntity, InvalidInput."""
    policy = require_policy(ctx, policy_arn, "UntagPolicy")
    keep(ctx, replace(policy, tags=without_tags(policy.tags, tag_keys)))
    return {}

"""Managed policies attached to roles, users and groups."""

from __future__ import annotations

from typing import Any

from emulator.kit.context import Context
from emulator.services.iam import limits
from emulator.services.iam.model import policies
from emulator.services.iam.model.entities import GROUP, ROLE, USER, Entity, Kind, entity_of
from emulator.services.iam.model.errors import limit_exceeded, no_such_entity
from emulator.services.iam.operations import entities
from emulator.services.iam.operations.pages import page
from emulator.services.iam.operations.statements import SQL


def attach_role_policy(ctx: Context, *, role_name: str, policy_arn: str) -> dict[str, Any]:
    """Errors: NoSuchEntity, InvalidInput, LimitExceeded."""
    return _attach(ctx, entities.require(ctx, ROLE, role_name), policy_arn)


def attach_user_policy(ctx: Context, *, user_name: str, policy_arn: str) -> dict[str, Any]:
    """Errors: NoSuchEntity, InvalidInput, LimitExceeded."""
    return _attach(ctx, entities.require(ctx, USER, user_name), policy_arn)


def attach_group_policy(ctx: Context, *, group_name: str, policy_arn: str) -> dict[str, Any]:
    """Errors: NoSuchEntity, InvalidInput, LimitExceeded."""
    return _attach(ctx, entities.require(ctx, GROUP, group_name), policy_arn)


def _attach(ctx: Context, owner: Entity, arn: str) -> dict[str, Any]:
    policies.require_policy_arn(arn)
    own = ctx.tx.one(SQL.find_policy, account=ctx.account, arn=arn)
    if own is None and not policies.is_aws_managed(arn):
        raise no_such_entity(f"Policy {arn} does not exist or is not attachable.")
    others = [row for row in ctx.tx.all(SQL.attachments, owner=owner.id) if row["arn"] != arn]
    if len(others) >= limits.ATTACHED_POLICIES:
        raise limit_exceeded(f"PoliciesPer{owner.kind.member}", limits.ATTACHED_POLICIES)
    ctx.tx.execute(SQL.attach, account=ctx.account, owner=owner.id, arn=arn)
    return {}


def detach_role_policy(ctx: Context, *, role_name: str, policy_arn: str) -> dict[str, Any]:
    """Errors: NoSuchEntity, InvalidInput."""
    return _detach(ctx, entities.require(ctx, ROLE, role_name), policy_arn)


def detach_user_policy(ctx: Context, *, user_name: str, policy_arn: str) -> dict[str, Any]:
    """Errors: NoSuchEntity, InvalidInput."""
    return _detach(ctx, entities.require(ctx, USER, user_name), policy_arn)


def detach_group_policy(ctx: Context, *, group_name: str, policy_arn: str) -> dict[str, Any]:
    """Errors: NoSuchEntity, InvalidInput."""
    return _detach(ctx, entities.require(ctx, GROUP, group_name), policy_arn)


def _detach(ctx: Context, owner: Entity, arn: str) -> dict[str, Any]:
    policies.require_policy_arn(arn)
    if not ctx.tx.execute(SQL.detach, owner=owner.id, arn=arn):
        raise policies.not_found(arn)
    return {}


def list_attached_role_policies(
    ctx: Context,
    *,
    role_name: str,
    path_prefix: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """The managed policies of a role. Error: NoSuchEntity."""
    return _list(ctx, entities.require(ctx, ROLE, role_name), path_prefix, marker, max_items)


def list_attached_user_policies(
    ctx: Context,
    *,
    user_name: str,
    path_prefix: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """The managed policies of a user. Error: NoSuchEntity."""
    return _list(ctx, entities.require(ctx, USER, user_name), path_prefix, marker, max_items)


def list_attached_group_policies(
    ctx: Context,
    *,
    group_name: str,
    path_prefix: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """The managed policies of a group. Error: NoSuchEntity."""
    return _list(ctx, entities.require(ctx, GROUP, group_name), path_prefix, marker, max_items)


def _list(
    ctx: Context, owner: Entity, path_prefix: str | None, marker: str | None, max_items: int | None
) -> dict[str, Any]:
    arns = [str(row["arn"]) for row in ctx.tx.all(SQL.attachments, owner=owner.id)]
    wanted = [arn for arn in arns if policies.path_of(arn).startswith(path_prefix or "/")]
    found, rest = page(wanted, str, marker, max_items)
    return {"AttachedPolicies": [policies.attached(arn) for arn in found], **rest}


_FILTERS = {"Role": ROLE, "User": USER, "Group": GROUP}


def list_entities_for_policy(
    ctx: Context,
    *,
    policy_arn: str,
    entity_filter: str | None = None,
    path_prefix: str | None = None,
    policy_usage_filter: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """Who has a policy attached, or is bounded by it. Errors: NoSuchEntity, InvalidInput."""
    policies.require_policy_arn(policy_arn)
    known = policies.is_aws_managed(policy_arn)
    if not known and ctx.tx.one(SQL.find_policy, account=ctx.account, arn=policy_arn) is None:
        raise policies.not_found(policy_arn)
    bounds = policy_usage_filter == "PermissionsBoundary"
    rows = ctx.tx.all(SQL.boundary_users if bounds else SQL.attached_to, account=ctx.account, arn=policy_arn)
    users = [entity_of(row) for row in rows]
    kinds = [_FILTERS[entity_filter]] if entity_filter in _FILTERS else list(_FILTERS.values())
    wanted = [one for one in users if one.kind in kinds and one.path.startswith(path_prefix or "/")]
    found, rest = page(wanted, entities.by_name, marker, max_items)
    return {
        "PolicyGroups": _named(found, GROUP),
        "PolicyUsers": _named(found, USER),
        "PolicyRoles": _named(found, ROLE),
        **rest,
    }


def _named(found: list[Entity], kind: Kind) -> list[dict[str, str]]:
    return [{f"{kind.member}Name": one.name, f"{kind.member}Id": one.id} for one in found if one.kind is kind]

"""Roles: what a service or another account may become."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from emulator.kit.context import Context
from emulator.services.iam import limits
from emulator.services.iam.model import documents
from emulator.services.iam.model.entities import ROLE, shown_listed_role, shown_new, shown_role
from emulator.services.iam.model.errors import delete_conflict, limit_exceeded
from emulator.services.iam.model.tags import with_tags
from emulator.services.iam.operations import entities
from emulator.services.iam.operations.boundaries import require_boundary
from emulator.services.iam.operations.statements import SQL

_MAX_SESSION = 3600


def create_role(
    ctx: Context,
    *,
    role_name: str,
    assume_role_policy_document: str,
    path: str | None = None,
    description: str | None = None,
    max_session_duration: int | None = None,
    permissions_boundary: str | None = None,
    tags: list[dict[str, str]] | None = None,
) -> dict[str, Any]:
    """Errors: EntityAlreadyExists, MalformedPolicyDocument, InvalidInput, LimitExceeded, NoSuchEntity."""
    _require_trust(assume_role_policy_document)
    if permissions_boundary is not None:
        require_boundary(ctx, permissions_boundary)
    role = entities.add(
        ctx,
        ROLE,
        role_name,
        path,
        boundary=permissions_boundary,
        tags=with_tags({}, tags or []),
        details={
            "trust": assume_role_policy_document,
            "description": description,
            "max_session": max_session_duration or _MAX_SESSION,
        },
    )
    return {"Role": shown_new(role)}


def _require_trust(document: str) -> None:
    documents.require_trust_policy(document)
    if documents.size(document) > limits.TRUST_POLICY_CHARACTERS:
        raise limit_exceeded("ACLSizePerRole", limits.TRUST_POLICY_CHARACTERS)


def get_role(ctx: Context, *, role_name: str) -> dict[str, Any]:
    """Error: NoSuchEntity."""
    return {"Role": shown_role(entities.require(ctx, ROLE, role_name))}


def list_roles(
    ctx: Context, *, path_prefix: str | None = None, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """The account's roles by name; without tags and boundaries, as AWS lists them."""
    found, rest = entities.listed(ctx, ROLE, path_prefix, marker, max_items)
    return {"Roles": [shown_listed_role(role) for role in found], **rest}


def delete_role(ctx: Context, *, role_name: str) -> dict[str, Any]:
    """Errors: NoSuchEntity, DeleteConflict."""
    role = entities.require(ctx, ROLE, role_name)
    if ctx.tx.one(SQL.containers, member=role.id) is not None:
        raise delete_conflict("Cannot delete entity, must remove roles from instance profile first.")
    entities.remove(ctx, role)
    return {}


def update_role(
    ctx: Context,
    *,
    role_name: str,
    description: str | None = None,
    max_session_duration: int | None = None,
) -> dict[str, Any]:
    """What is not given becomes what a new role has. Error: NoSuchEntity."""
    role = entities.require(ctx, ROLE, role_name)
    details = {
        **role.details,
        "description": description,
        "max_session": max_session_duration or _MAX_SESSION,
    }
    entities.change(ctx, replace(role, details=details))
    return {}


def update_role_description(ctx: Context, *, role_name: str, description: str) -> dict[str, Any]:
    """Error: NoSuchEntity."""
    role = entities.require(ctx, ROLE, role_name)
    changed = replace(role, details={**role.details, "description": description})
    entities.change(ctx, changed)
    return {"Role": shown_listed_role(changed)}


def update_assume_role_policy(ctx: Context, *, role_name: str, policy_document: str) -> dict[str, Any]:
    """Errors: NoSuchEntity, MalformedPolicyDocument, LimitExceeded."""
    role = entities.require(ctx, ROLE, role_name)
    _require_trust(policy_document)
    entities.change(ctx, replace(role, details={**role.details, "trust": policy_document}))
    return {}

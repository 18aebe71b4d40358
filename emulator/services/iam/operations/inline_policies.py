"""Inline policies: documents that belong to one role, user or group."""

from __future__ import annotations

from typing import Any

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.iam import limits
from emulator.services.iam.model import documents
from emulator.services.iam.model.entities import GROUP, ROLE, USER, Entity, Kind, encoded
from emulator.services.iam.model.errors import no_such_entity
from emulator.services.iam.operations import entities
from emulator.services.iam.operations.pages import page
from emulator.services.iam.operations.statements import SQL


def put_role_policy(ctx: Context, *, role_name: str, policy_name: str, policy_document: str) -> dict[str, Any]:
    """Errors: NoSuchEntity, MalformedPolicyDocument, LimitExceeded."""
    return _put(ctx, entities.require(ctx, ROLE, role_name), policy_name, policy_document)


def put_user_policy(ctx: Context, *, user_name: str, policy_name: str, policy_document: str) -> dict[str, Any]:
    """Errors: NoSuchEntity, MalformedPolicyDocument, LimitExceeded."""
    return _put(ctx, entities.require(ctx, USER, user_name), policy_name, policy_document)


def put_group_policy(ctx: Context, *, group_name: str, policy_name: str, policy_document: str) -> dict[str, Any]:
    """Errors: NoSuchEntity, MalformedPolicyDocument, LimitExceeded."""
    return _put(ctx, entities.require(ctx, GROUP, group_name), policy_name, policy_document)


def _put(ctx: Context, owner: Entity, name: str, document: str) -> dict[str, Any]:
    documents.require_identity_policy(document)
    rows = ctx.tx.all(SQL.inlines, owner=owner.id)
    size = sum(documents.size(row["document"]) for row in rows if row["name"] != name)
    most = limits.INLINE_POLICY_CHARACTERS[owner.kind.name]
    if size + documents.size(document) > most:
        raise AwsError(
            "LimitExceeded", f"Maximum policy size of {most} bytes exceeded for {owner.kind.name} {owner.name}"
        )
    ctx.tx.execute(SQL.put_inline, owner=owner.id, name=name, document=document)
    return {}


def get_role_policy(ctx: Context, *, role_name: str, policy_name: str) -> dict[str, Any]:
    """Error: NoSuchEntity."""
    return _get(ctx, ROLE, role_name, policy_name)


def get_user_policy(ctx: Context, *, user_name: str, policy_name: str) -> dict[str, Any]:
    """Error: NoSuchEntity."""
    return _get(ctx, USER, user_name, policy_name)


def get_group_policy(ctx: Context, *, group_name: str, policy_name: str) -> dict[str, Any]:
    """Error: NoSuchEntity."""
    return _get(ctx, GROUP, group_name, policy_name)


def _get(ctx: Context, kind: Kind, owner_name: str, name: str) -> dict[str, Any]:
    owner = entities.require(ctx, kind, owner_name)
    row = ctx.tx.one(SQL.find_inline, owner=owner.id, name=name)
    if row is None:
        raise _missing(kind, name)
    return {
        f"{kind.member}Name": owner.name,
        "PolicyName": name,
        "PolicyDocument": encoded(row["document"]),
    }


def _missing(kind: Kind, name: str) -> AwsError:
    return no_such_entity(f"The {kind.name} policy with name {name} cannot be found.")


def delete_role_policy(ctx: Context, *, role_name: str, policy_name: str) -> dict[str, Any]:
    """Error: NoSuchEntity."""
    return _delete(ctx, ROLE, role_name, policy_name)


def delete_user_policy(ctx: Context, *, user_name: str, policy_name: str) -> dict[str, Any]:
    """Error: NoSuchEntity."""
    return _delete(ctx, USER, user_name, policy_name)


def delete_group_policy(ctx: Context, *, group_name: str, policy_name: str) -> dict[str, Any]:
    """Error: NoSuchEntity."""
    return _delete(ctx, GROUP, group_name, policy_name)


def _delete(ctx: Context, kind: Kind, owner_name: str, name: str) -> dict[str, Any]:
    owner = entities.require(ctx, kind, owner_name)
    if not ctx.tx.execute(SQL.remove_inline, owner=owner.id, name=name):
        raise _missing(kind, name)
    return {}


def list_role_policies(
    ctx: Context, *, role_name: str, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """Names of a role's inline policies. Error: NoSuchEntity."""
    return _list(ctx, ROLE, role_name, marker, max_items)


def list_user_policies(
    ctx: Context, *, user_name: str, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """Names of a user's inline policies. Error: NoSuchEntity."""
    return _list(ctx, USER, user_name, marker, max_items)


def list_group_policies(
    ctx: Context, *, group_name: str, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """Names of a group's inline policies. Error: NoSuchEntity."""
    return _list(ctx, GROUP, group_name, marker, max_items)


def _list(ctx: Context, kind: Kind, owner: str, marker: str | None, max_items: int | None) -> dict[str, Any]:
    rows = ctx.tx.all(SQL.inlines, owner=entities.require(ctx, kind, owner).id)
    found, rest = page([str(row["name"]) for row in rows], str, marker, max_items)
    return {"PolicyNames": found, **rest}

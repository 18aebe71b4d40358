"""The resource policies of functions, versions and aliases."""

from __future__ import annotations

import json
from typing import Any

from emulator import ids
from emulator.kit.context import Context
from emulator.services.lambda_.model import policy
from emulator.services.lambda_.model.errors import (
    alias_not_found,
    function_not_found,
    invalid,
    no_resource,
    not_found,
    stale,
)
from emulator.services.lambda_.model.names import LATEST, Qualified, is_version
from emulator.services.lambda_.operations.lookup import find_alias, find_row, require_latest, resolve_here
from emulator.services.lambda_.operations.statements import SQL
from emulator.storage import Row


def add_permission(
    ctx: Context,
    *,
    function_name: str,
    statement_id: str,
    action: str,
    principal: str,
    source_arn: str | None = None,
    source_account: str | None = None,
    event_source_token: str | None = None,
    function_url_auth_type: str | None = None,
    principal_org_id: str | None = None,
    qualifier: str | None = None,
    revision_id: str | None = None,
) -> dict[str, Any]:
    """One more statement in the policy of a function, a version or an alias.

    Errors: ResourceConflictException, ResourceNotFoundException, PreconditionFailedException,
    InvalidParameterValueException.
    """
    wanted = resolve_here(ctx, function_name, qualifier)
    if wanted.qualifier == LATEST:
        raise invalid("We currently do not support adding policies for $LATEST.")
    made = policy.statement(
        sid=statement_id,
        action=action,
        principal=principal,
        resource=wanted.arn,
        conditions={
            "SourceArn": source_arn,
            "SourceAccount": source_account,
            "EventSourceToken": event_source_token,
            "FunctionUrlAuthType": function_url_auth_type,
            "PrincipalOrgID": principal_org_id,
        },
    )
    _require_there(ctx, wanted)
    row = _find(ctx, wanted)
    _require_revision(row, revision_id)
    statements = [] if row is None else json.loads(row["statements"])
    _put(ctx, wanted, policy.with_statement(statements, made))
    return {"Statement": json.dumps(made, separators=(",", ":"))}


def remove_permission(
    ctx: Context,
    *,
    function_name: str,
    statement_id: str,
    qualifier: str | None = None,
    revision_id: str | None = None,
) -> dict[str, Any]:
    """One statement less. Errors: ResourceNotFoundException, PreconditionFailedException."""
    wanted = resolve_here(ctx, function_name, qualifier)
    if find_row(ctx, wanted) is None:
        raise not_found(f"No policy found for: {wanted.of(None).arn}")
    _require_there(ctx, wanted)
    row = _find(ctx, wanted)
    if row is None:
        raise not_found("No policy is associated with the given resource.")
    _require_revision(row, revision_id)
    _put(ctx, wanted, policy.without_statement(json.loads(row["statements"]), statement_id))
    return {}


def get_policy(ctx: Context, *, function_name: str, qualifier: str | None = None) -> dict[str, Any]:
    """The policy as text and its revision. Errors: ResourceNotFoundException."""
    row = _find(ctx, resolve_here(ctx, function_name, qualifier))
    if row is None:
        raise no_resource()
    return {"Policy": policy.document(json.loads(row["statements"])), "RevisionId": row["revision"]}


def allows_invoke(ctx: Context, wanted: Qualified) -> bool:
    """Whether the function's policy lets the caller's account, which is another, invoke it."""
    row = _find(ctx, wanted)
    return row is not None and policy.allows_account(json.loads(row["statements"]), ctx.account)


def _find(ctx: Context, wanted: Qualified) -> Row | None:
    return ctx.tx.one(SQL.find_policy, **wanted.owner, qualifier=wanted.qualifier or "")


def _put(ctx: Context, wanted: Qualified, statements: list[policy.Statement]) -> None:
    where = {**wanted.owner, "qualifier": wanted.qualifier or ""}
    if statements:
        ctx.tx.execute(SQL.put_policy, statements=json.dumps(statements), revision=ids.new_uuid(), **where)
    else:
        ctx.tx.execute(SQL.remove_policy, **where)


def _require_there(ctx: Context, wanted: Qualified) -> None:
    """The function, and the version or alias that the policy is for. Errors: ResourceNotFoundException."""
    require_latest(ctx, wanted)
    qualifier = wanted.qualifier
    if qualifier is None:
        return
    if is_version(qualifier) or "$" in qualifier:
        if find_row(ctx, wanted, qualifier) is None:
            raise function_not_found(wanted.arn)
    elif find_alias(ctx, wanted, qualifier) is None:
        raise alias_not_found(wanted.arn)


def _require_revision(row: Row | None, revision_id: str | None) -> None:
    if revision_id is not None and (row is None or row["revision"] != revision_id):
        raise stale("GetPolicy")

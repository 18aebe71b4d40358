"""Resource policies and destinations: policies are kept and shown, destinations there are none."""

from __future__ import annotations

import json
from typing import Any

from emulator.errors import AwsError, not_implemented
from emulator.kit.context import Context
from emulator.services.logs import limits
from emulator.services.logs.operations.filters import page
from emulator.services.logs.operations.statements import SQL
from emulator.storage import Row


def put_resource_policy(
    ctx: Context,
    *,
    policy_name: str | None = None,
    policy_document: str | None = None,
    resource_arn: str | None = None,
) -> dict[str, Any]:
    """Keep a policy of the account. Errors: InvalidParameterException, LimitExceededException."""
    if resource_arn is not None:
        raise not_implemented("logs", "PutResourcePolicy", "for a resource")
    if not policy_name or not _is_object(policy_document):
        raise AwsError("InvalidParameterException", "The specified policy document is invalid.")
    known = [row["name"] for row in _all(ctx)]
    if policy_name not in known and len(known) >= limits.POLICIES:
        raise AwsError("LimitExceededException", "Resource limit exceeded.")
    row = {"name": policy_name, "document": policy_document, "updated": ctx.micros // 1000}
    ctx.tx.execute(SQL.put_policy, account=ctx.account, region=ctx.region, **row)
    return {"resourcePolicy": _shown(row)}


def _is_object(text: str | None) -> bool:
    try:
        return isinstance(json.loads(text or ""), dict)
    except ValueError:
        return False


def describe_resource_policies(
    ctx: Context, *, next_token: str | None = None, limit: int | None = None
) -> dict[str, Any]:
    """The policies of the account, by name."""
    return page("resourcePolicies", [_shown(row) for row in _all(ctx)], next_token, limit)


def delete_resource_policy(ctx: Context, *, policy_name: str | None = None) -> dict[str, Any]:
    """A policy less. Errors: ResourceNotFoundException."""
    if ctx.tx.one(SQL.remove_policy, account=ctx.account, region=ctx.region, name=policy_name) is None:
        raise AwsError("ResourceNotFoundException", f"Policy with name [{policy_name}] does not exist.")
    return {}


def describe_destinations(ctx: Context) -> dict[str, Any]:
    """None: there is no way to make one."""
    return {"destinations": []}


def _all(ctx: Context) -> list[Row]:
    return ctx.tx.all(SQL.policies, account=ctx.account, region=ctx.region)


def _shown(row: Any) -> dict[str, Any]:
    return {
        "policyName": row["name"],
        "policyDocument": row["document"],
        "lastUpdatedTime": row["updated"],
        "policyScope": "ACCOUNT",
    }

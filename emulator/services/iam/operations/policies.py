"""Managed policies of the account."""

from __future__ import annotations

import json
from typing import Any

from emulator import ids
from emulator.errors import AwsError, not_implemented
from emulator.kit.context import Context
from emulator.services.iam import limits
from emulator.services.iam.model import documents, policies
from emulator.services.iam.model.errors import already_exists, delete_conflict, limit_exceeded
from emulator.services.iam.model.policies import Policy, policy_of
from emulator.services.iam.model.tags import with_tags
from emulator.services.iam.operations.pages import page
from emulator.services.iam.operations.statements import SQL


def require_policy(ctx: Context, arn: str, operation: str) -> Policy:
    """A customer's policy; `operation` is who asks. Errors: InvalidInput, NoSuchEntity, 501 for AWS's own."""
    policies.require_policy_arn(arn)
    if policies.is_aws_managed(arn):
        raise not_implemented("iam", operation, "for policies managed by AWS")
    row = ctx.tx.one(SQL.find_policy, account=ctx.account, arn=arn)
    if row is None:
        raise policies.not_found(arn)
    return policy_of(row)


def keep(ctx: Context, policy: Policy) -> None:
    """Keep a policy as it is now."""
    ctx.tx.execute(
        SQL.change_policy,
        account=ctx.account,
        arn=policy.arn,
        tags=json.dumps(policy.tags),
        default_version=policy.default_version,
        last_version=policy.last_version,
        changed=policy.changed,
    )


def require_document(document: str) -> None:
    """A document that a managed policy can have. Errors: MalformedPolicyDocument, LimitExceeded."""
    documents.require_identity_policy(document)
    if documents.size(document) > limits.MANAGED_POLICY_CHARACTERS:
        raise limit_exceeded("PolicySize", limits.MANAGED_POLICY_CHARACTERS)


def create_policy(
    ctx: Context,
    *,
    policy_name: str,
    policy_document: str,
    path: str | None = None,
    description: str | None = None,
    tags: list[dict[str, str]] | None = None,
) -> dict[str, Any]:
    """Errors: EntityAlreadyExists, MalformedPolicyDocument, InvalidInput, LimitExceeded."""
    require_document(policy_document)
    if ctx.tx.one(SQL.find_policy_named, account=ctx.account, folded=policy_name.lower()) is not None:
        raise already_exists(f"A policy called {policy_name} already exists. Duplicate names are not allowed.")
    where = path or "/"
    arn = ctx.arn("iam", f"policy{where}{policy_name}", region="")
    labels = with_tags({}, tags or [])
    new_id = ids.new_key("ANPA", 17)
    ctx.tx.execute(
        SQL.add_policy,
        account=ctx.account,
        arn=arn,
        folded=policy_name.lower(),
        name=policy_name,
        path=where,
        id=new_id,
        description=description,
        tags=json.dumps(labels),
        now=ctx.micros,
    )
    _add_first_version(ctx, arn, policy_document)
    policy = Policy(arn, policy_name, where, new_id, description, labels, 1, 1, ctx.micros, ctx.micros)
    answer = policies.shown_whole(policy, 0, 0)
    answer.pop("Description", None)
    if not labels:
        del answer["Tags"]
    return {"Policy": answer}


def _add_first_version(ctx: Context, arn: str, document: str) -> None:
    ctx.tx.execute(SQL.add_version, account=ctx.account, arn=arn, version=1, document=document, now=ctx.micros)


def _uses(ctx: Context, policy: Policy) -> tuple[int, int]:
    attached = ctx.tx.all(SQL.attached_to, account=ctx.account, arn=policy.arn)
    bounded = ctx.tx.all(SQL.boundary_users, account=ctx.account, arn=policy.arn)
    return len(attached), len(bounded)


def get_policy(ctx: Context, *, policy_arn: str) -> dict[str, Any]:
    """Errors: NoSuchEntity, InvalidInput, 501 for a policy managed by AWS."""
    policy = require_policy(ctx, policy_arn, "GetPolicy")
    return {"Policy": policies.shown_whole(policy, *_uses(ctx, policy))}


def list_policies(
    ctx: Context,
    *,
    scope: str | None = None,
    only_attached: bool | None = None,
    path_prefix: str | None = None,
    policy_usage_filter: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """The account's own policies by name. Error: 501 where only AWS's own are asked for."""
    if scope == "AWS":
        raise not_implemented("iam", "ListPolicies", "for policies managed by AWS")
    use = 1 if policy_usage_filter == "PermissionsBoundary" else 0
    shown = []
    for row in ctx.tx.all(SQL.policies, account=ctx.account):
        policy = policy_of(row)
        uses = _uses(ctx, policy)
        if policy.path.startswith(path_prefix or "/") and (uses[use] or not (only_attached or policy_usage_filter)):
            shown.append(policies.shown(policy, *uses))
    found, rest = page(shown, lambda one: str(one["PolicyName"]).lower(), marker, max_items)
    return {"Policies": found, **rest}


def delete_policy(ctx: Context, *, policy_arn: str) -> dict[str, Any]:
    """Errors: NoSuchEntity, InvalidInput, DeleteConflict; AccessDenied for a policy managed by AWS."""
    if policies.is_aws_managed(policy_arn):
        raise AwsError("AccessDenied", f"Policy {policy_arn} is managed by AWS.", status=403)
    policy = require_policy(ctx, policy_arn, "DeletePolicy")
    if any(_uses(ctx, policy)):
        raise delete_conflict("Cannot delete a policy attached to entities.")
    if len(ctx.tx.all(SQL.versions, account=ctx.account, arn=policy.arn)) > 1:
        raise delete_conflict(
            "This policy has more than one version. Before you delete a policy, you must delete the policy's "
            "versions. The default version is deleted with the policy."
        )
    ctx.tx.execute(SQL.remove_versions, account=ctx.account, arn=policy.arn)
    ctx.tx.execute(SQL.remove_policy, account=ctx.account, arn=policy.arn)
    return {}

"""The versions of a managed policy: five at most, one of them in force."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.iam import limits
from emulator.services.iam.model import policies
from emulator.services.iam.model.errors import delete_conflict
from emulator.services.iam.model.policies import Policy
from emulator.services.iam.operations.pages import page
from emulator.services.iam.operations.policies import keep, require_document, require_policy
from emulator.services.iam.operations.statements import SQL
from emulator.storage import Row


def _require_version(ctx: Context, policy: Policy, version_id: str) -> Row:
    number = policies.version_number(policy.arn, version_id)
    row = ctx.tx.one(SQL.find_version, account=ctx.account, arn=policy.arn, version=number)
    if row is None:
        raise policies.version_missing(policy.arn, version_id)
    return row


def create_policy_version(
    ctx: Context, *, policy_arn: str, policy_document: str, set_as_default: bool | None = None
) -> dict[str, Any]:
    """Errors: NoSuchEntity, InvalidInput, MalformedPolicyDocument, LimitExceeded."""
    policy = require_policy(ctx, policy_arn, "CreatePolicyVersion")
    require_document(policy_document)
    if len(ctx.tx.all(SQL.versions, account=ctx.account, arn=policy.arn)) >= limits.POLICY_VERSIONS:
        raise AwsError(
            "LimitExceeded",
            f"A managed policy can have up to {limits.POLICY_VERSIONS} versions. Before you create a new version, "
            "you must delete an existing version.",
        )
    number = policy.last_version + 1
    ctx.tx.execute(
        SQL.add_version,
        account=ctx.account,
        arn=policy.arn,
        version=number,
        document=policy_document,
        now=ctx.micros,
    )
    in_force = number if set_as_default else policy.default_version
    keep(ctx, replace(policy, last_version=number, default_version=in_force, changed=ctx.micros))
    row = _require_version(ctx, policy, f"v{number}")
    return {"PolicyVersion": policies.shown_version(row, in_force)}


def get_policy_version(ctx: Context, *, policy_arn: str, version_id: str) -> dict[str, Any]:
    """Errors: NoSuchEntity, InvalidInput, 501 for a policy managed by AWS."""
    policy = require_policy(ctx, policy_arn, "GetPolicyVersion")
    row = _require_version(ctx, policy, version_id)
    return {"PolicyVersion": policies.shown_version_whole(row, policy.default_version)}


def list_policy_versions(
    ctx: Context, *, policy_arn: str, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """The versions, newest first. Errors: NoSuchEntity, InvalidInput, 501 for a policy managed by AWS."""
    policy = require_policy(ctx, policy_arn, "ListPolicyVersions")
    rows = ctx.tx.all(SQL.versions, account=ctx.account, arn=policy.arn)
    found, rest = page(rows, lambda row: f"{policy.last_version - row['version']:010d}", marker, max_items)
    return {"Versions": [policies.shown_version(row, policy.default_version) for row in found], **rest}


def set_default_policy_version(ctx: Context, *, policy_arn: str, version_id: str) -> dict[str, Any]:
    """Errors: NoSuchEntity, InvalidInput."""
    policy = require_policy(ctx, policy_arn, "SetDefaultPolicyVersion")
    row = _require_version(ctx, policy, version_id)
    keep(ctx, replace(policy, default_version=row["version"], changed=ctx.micros))
    return {}


def delete_policy_version(ctx: Context, *, policy_arn: str, version_id: str) -> dict[str, Any]:
    """Errors: NoSuchEntity, InvalidInput, DeleteConflict."""
    policy = require_policy(ctx, policy_arn, "DeletePolicyVersion")
    row = _require_version(ctx, policy, version_id)
    if row["version"] == policy.default_version:
        raise delete_conflict("Cannot delete the default version of a policy.")
    ctx.tx.execute(SQL.remove_version, account=ctx.account, arn=policy.arn, version=row["version"])
    return {}

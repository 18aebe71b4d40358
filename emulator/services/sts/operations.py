"""The operations of STS."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from emulator import ids
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.sts import model
from emulator.services.sts.model import RoleArn


def get_caller_identity(ctx: Context) -> dict[str, Any]:
    """The root of the caller's account."""
    return {
        "UserId": ctx.account,
        "Account": ctx.account,
        "Arn": ctx.arn("iam", "root", region=""),
    }


def get_access_key_info(ctx: Context, *, access_key_id: str) -> dict[str, Any]:
    """The account in which calls signed with this key act."""
    return {"Account": ids.find_account(access_key_id) or model.UNKNOWN_KEY_ACCOUNT}


def assume_role(
    ctx: Context,
    *,
    role_arn: str,
    role_session_name: str,
    duration_seconds: int | None = None,
    source_identity: str | None = None,
) -> dict[str, Any]:
    """Keys that act in the role's account, for 3,600 seconds unless told. Error: ValidationError."""
    role = model.require_role_arn(role_arn)
    seconds = duration_seconds or model.ROLE_SECONDS
    answer: dict[str, Any] = {
        "Credentials": _credentials(ctx, role.account, seconds),
        "AssumedRoleUser": {
            "AssumedRoleId": f"{_role_id(ctx, role, seconds)}:{role_session_name}",
            "Arn": role.session(role_session_name),
        },
    }
    if source_identity is not None:
        answer["SourceIdentity"] = source_identity
    return answer


def _role_id(ctx: Context, role: RoleArn, seconds: int) -> str:
    try:
        found = ctx.call("iam", "GetRole", {"RoleName": role.name}, account=role.account)["Role"]
    except AwsError:
        return role.derived_id()
    if seconds > found["MaxSessionDuration"]:
        raise AwsError(
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        )
    return str(found["RoleId"])


def get_session_token(ctx: Context, *, duration_seconds: int | None = None) -> dict[str, Any]:
    """Temporary keys of the caller's own account, for twelve hours unless told."""
    return {"Credentials": _credentials(ctx, ctx.account, duration_seconds or model.SESSION_SECONDS)}


def get_federation_token(ctx: Context, *, name: str, duration_seconds: int | None = None) -> dict[str, Any]:
    """Temporary keys of the caller's own account for a user whom somebody else knows."""
    return {
        "Credentials": _credentials(ctx, ctx.account, duration_seconds or model.SESSION_SECONDS),
        "FederatedUser": {
            "FederatedUserId": f"{ctx.account}:{name}",
            "Arn": ctx.arn("sts", f"federated-user/{name}", region=""),
        },
    }


def _credentials(ctx: Context, account: str, seconds: int) -> dict[str, Any]:
    return {
        "AccessKeyId": ids.account_key("ASIA", account),
        "SecretAccessKey": ids.new_secret(),
        "SessionToken": ids.new_secret() + ids.new_secret() + ids.new_secret(),
        "Expiration": ctx.now.replace(microsecond=0) + timedelta(seconds=seconds),
    }

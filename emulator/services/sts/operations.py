"""The operations of STS."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from emulator import ids
from emulator.clock import to_micros
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.sts import model
from emulator.services.sts.model import Identity, RoleArn
from emulator.storage import Queries

SQL = Queries.load(Path(__file__).with_name("queries.sql"))


def get_caller_identity(ctx: Context) -> dict[str, Any]:
    """Whose key signed the call: a session's, a user's, else it is the root of the account."""
    caller = _caller(ctx)
    return {"UserId": caller.user_id, "Account": ctx.account, "Arn": caller.arn}


def _caller(ctx: Context) -> Identity:
    key = ctx.caller.access_key
    session = ctx.tx.one(SQL.find_session, account=ctx.account, access_key=key)
    if session is not None:
        return Identity(session["arn"], session["user_id"], session=True)
    if ids.find_account(key) is not None and key != ctx.account:
        try:
            name = ctx.call("iam", "GetAccessKeyLastUsed", {"AccessKeyId": key})["UserName"]
        except AwsError:
            pass  # A key that was deleted, or made by nobody.
        else:
            user = ctx.call("iam", "GetUser", {"UserName": name})["User"]
            return Identity(user["Arn"], user["UserId"])
    return Identity(ctx.arn("iam", "root", region=""), ctx.account)


def get_access_key_info(ctx: Context, *, access_key_id: str) -> dict[str, Any]:
    """The account in which calls signed with this key act."""
    return {"Account": ids.account_of(access_key_id)}


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
    if seconds > model.CHAINED_SECONDS_MOST and _caller(ctx).session:
        raise AwsError(
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
        )
    assumed = Identity(role.session(role_session_name), f"{_role_id(ctx, role, seconds)}:{role_session_name}")
    answer: dict[str, Any] = {
        "Credentials": _credentials(ctx, role.account, seconds, assumed),
        "AssumedRoleUser": {"AssumedRoleId": assumed.user_id, "Arn": assumed.arn},
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
    """Temporary keys that stand for the caller, for twelve hours unless told. Error: AccessDenied."""
    caller = _require_lasting(ctx, "GetSessionToken")
    return {"Credentials": _credentials(ctx, ctx.account, duration_seconds or model.SESSION_SECONDS, caller)}


def get_federation_token(ctx: Context, *, name: str, duration_seconds: int | None = None) -> dict[str, Any]:
    """Temporary keys of the caller's own account for a user whom somebody else knows. Error: AccessDenied."""
    _require_lasting(ctx, "GetFederationToken")
    guest = Identity(ctx.arn("sts", f"federated-user/{name}", region=""), f"{ctx.account}:{name}")
    return {
        "Credentials": _credentials(ctx, ctx.account, duration_seconds or model.SESSION_SECONDS, guest),
        "FederatedUser": {"FederatedUserId": guest.user_id, "Arn": guest.arn},
    }


def _require_lasting(ctx: Context, operation: str) -> Identity:
    """The caller, whose keys must not be temporary themselves. Error: AccessDenied."""
    caller = _caller(ctx)
    if caller.session:
        raise AwsError("AccessDenied", f"Cannot call {operation} with session credentials", status=403)
    return caller


def _credentials(ctx: Context, account: str, seconds: int, bearer: Identity) -> dict[str, Any]:
    """New temporary keys, and the note whom they stand for; notes of keys that ended long ago are forgotten."""
    key = ids.account_key("ASIA", account)
    expires = ctx.now.replace(microsecond=0) + timedelta(seconds=seconds)
    ctx.tx.execute(SQL.forget_sessions, account=account, before=to_micros(ctx.now - model.KEPT))
    ctx.tx.execute(
        SQL.add_session,
        account=account,
        access_key=key,
        arn=bearer.arn,
        user_id=bearer.user_id,
        expires=to_micros(expires),
    )
    return {
        "AccessKeyId": key,
        "SecretAccessKey": ids.new_secret(),
        "SessionToken": ids.new_secret() + ids.new_secret() + ids.new_secret(),
        "Expiration": expires,
    }

"""Access keys of users. A key tells the account that it belongs to, so calls with it act there."""

from __future__ import annotations

from typing import Any

from emulator import ids
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.iam import limits
from emulator.services.iam.model.entities import USER, Entity, seconds
from emulator.services.iam.model.errors import limit_exceeded, no_such_entity
from emulator.services.iam.operations import entities
from emulator.services.iam.operations.pages import page
from emulator.services.iam.operations.statements import SQL


def _owner(ctx: Context, user_name: str | None) -> Entity:
    """The user of that name; without a name the one whose key signed the call."""
    if user_name is None:
        if (caller := entities.find_key_owner(ctx, ctx.caller.access_key)) is not None:
            return caller
        raise AwsError("ValidationError", "Must specify userName when calling with non-User credentials")
    return entities.require(ctx, USER, user_name)


def create_access_key(ctx: Context, *, user_name: str | None = None) -> dict[str, Any]:
    """A new key; its secret is told this once. Errors: NoSuchEntity, LimitExceeded, ValidationError."""
    user = _owner(ctx, user_name)
    if len(ctx.tx.all(SQL.keys, owner=user.id)) >= limits.ACCESS_KEYS_PER_USER:
        raise limit_exceeded("AccessKeysPerUser", limits.ACCESS_KEYS_PER_USER)
    key, secret = ids.account_key("AKIA", ctx.account), ids.new_secret()
    ctx.tx.execute(SQL.add_key, account=ctx.account, id=key, owner=user.id, secret=secret, now=ctx.micros)
    return {
        "AccessKey": {
            "UserName": user.name,
            "AccessKeyId": key,
            "Status": "Active",
            "SecretAccessKey": secret,
            "CreateDate": seconds(ctx.micros),
        }
    }


def list_access_keys(
    ctx: Context, *, user_name: str | None = None, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """A user's keys without their secrets. Errors: NoSuchEntity, ValidationError."""
    user = _owner(ctx, user_name)
    shown = [
        {
            "UserName": user.name,
            "AccessKeyId": row["id"],
            "Status": row["status"],
            "CreateDate": seconds(row["created"]),
        }
        for row in ctx.tx.all(SQL.keys, owner=user.id)
    ]
    found, rest = page(shown, lambda key: str(key["AccessKeyId"]), marker, max_items)
    return {"AccessKeyMetadata": found, **rest}


def get_access_key_last_used(ctx: Context, *, access_key_id: str) -> dict[str, Any]:
    """Whose key it is; when it was last used is not known here. Error: AccessDenied."""
    user = entities.find_key_owner(ctx, access_key_id)
    if user is None:
        caller = entities.find_key_owner(ctx, ctx.caller.access_key)
        who = ctx.arn("iam", "root", region="") if caller is None else caller.arn
        what = f"iam:GetAccessKeyLastUsed on resource: access key {access_key_id}"
        raise AwsError("AccessDenied", f"User: {who} is not authorized to perform: {what}", status=403)
    return {"UserName": user.name, "AccessKeyLastUsed": {"ServiceName": "N/A", "Region": "N/A"}}


def update_access_key(ctx: Context, *, access_key_id: str, status: str, user_name: str | None = None) -> dict[str, Any]:
    """Errors: NoSuchEntity, ValidationError."""
    user = _owner(ctx, user_name)
    if not ctx.tx.execute(SQL.set_key_status, owner=user.id, id=access_key_id, status=status):
        raise _missing(access_key_id)
    return {}


def delete_access_key(ctx: Context, *, access_key_id: str, user_name: str | None = None) -> dict[str, Any]:
    """Errors: NoSuchEntity, ValidationError."""
    user = _owner(ctx, user_name)
    if not ctx.tx.execute(SQL.remove_key, owner=user.id, id=access_key_id):
        raise _missing(access_key_id)
    return {}


def _missing(key: str) -> AwsError:
    return no_such_entity(f"The Access Key with id {key} cannot be found.")

"""Finding a bucket, through a memory that is exact where this process is the only writer; and its objects."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import count
from typing import Any

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.s3.model.errors import invalid_argument, no_such_bucket, no_such_key
from emulator.services.s3.model.notifications import Notifications, parsed
from emulator.services.s3.operations.statements import SQL
from emulator.storage import Row

_numbers = count()


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket as its row says; `folder` is the path it is bound to, `configuration` the notifications' JSON."""

    id: int
    account: str
    region: str
    name: str
    created: int
    tags: dict[str, str]
    configuration: str | None
    notifications: Notifications | None
    folder: str | None


def find_bucket(ctx: Context, name: str) -> Bucket | None:
    """The account's bucket of that name, or None."""
    memory: dict[Any, Any] = ctx.memory("s3")
    if ctx.tx.exclusive:
        known: Bucket | None = memory.get((ctx.account, name))
        if known is not None:
            return known
    row = ctx.tx.one(SQL.find_bucket, account=ctx.account, name=name)
    if row is None:
        return None
    bucket = _bucket_of(row)
    if ctx.tx.exclusive:
        memory[ctx.account, name] = bucket
    return bucket


def _bucket_of(row: Row) -> Bucket:
    text = row["notifications"]
    return Bucket(
        row["id"],
        row["account"],
        row["region"],
        row["name"],
        row["created"],
        json.loads(row["tags"]),
        text,
        None if text is None else parsed(json.loads(text)),
        row["folder"],
    )


def forget_bucket(ctx: Context, name: str) -> None:
    """The bucket's row changes in this transaction: read it anew, also if the change is not kept."""
    memory: dict[Any, Any] = ctx.memory("s3")
    key = (ctx.account, name)
    memory.pop(key, None)
    ctx.tx.after_rollback(lambda: memory.pop(key, None))


def require_bucket(ctx: Context, name: str, expected_owner: str | None = None) -> Bucket:
    """The bucket; raises NoSuchBucket, and AccessDenied where its owner is not the expected one."""
    bucket = find_bucket(ctx, name)
    if bucket is None:
        raise no_such_bucket(name)
    if expected_owner is not None and expected_owner != bucket.account:
        if not (len(expected_owner) == 12 and expected_owner.isascii() and expected_owner.isdigit()):
            raise AwsError(
                "InvalidBucketOwnerAWSAccountID",
                f"The value of the expected bucket owner parameter must be an AWS Account ID... [{expected_owner}]",
                status=400,
            )
        raise AwsError("AccessDenied", "Access Denied", status=403)
    return bucket


def find_object(ctx: Context, bucket: Bucket, key: str) -> Row | None:
    return ctx.tx.one(SQL.find_object, bucket=bucket.id, key=key)


def require_object(ctx: Context, bucket: Bucket, key: str, version_id: str | None = None) -> Row:
    """The object; raises NoSuchKey, and InvalidArgument for a version: no bucket here has versions."""
    if version_id not in (None, "null"):
        raise invalid_argument("Invalid version id specified", "versionId", version_id)
    row = find_object(ctx, bucket, key)
    if row is None:
        raise no_such_key(key)
    return row


def new_sequencer(ctx: Context) -> str:
    """A text that is greater than any earlier one, by wall time and a number within this process."""
    return f"{ctx.wall:016X}{next(_numbers) & 0xFF:02X}"

"""Finding a bucket, through a memory that is exact where this process is the only writer; and its objects."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import count
from typing import Any

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.s3.model import headers, lifecycle, locks
from emulator.services.s3.model.errors import invalid_argument, no_such_bucket, no_such_key
from emulator.services.s3.model.headers import Encryption
from emulator.services.s3.model.notifications import Notifications, parsed
from emulator.services.s3.operations.statements import SQL
from emulator.storage import Row

NULL_VERSION = "null"
ENABLED, SUSPENDED = "Enabled", "Suspended"
_VERSION = re.compile(r"[0-9a-f]{32}\Z")
_numbers = count()


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket as its row says; `folder` is the path it is bound to, `configuration` the notifications' JSON.

    `versioning` is Enabled, Suspended, or None for a bucket that never had it; `encryption` is None for the default;
    `expiring` are the rules by which objects expire; `lock` is the configuration of object lock, None without it.
    """

    id: int
    account: str
    region: str
    name: str
    created: int
    tags: dict[str, str]
    configuration: str | None
    notifications: Notifications | None
    folder: str | None
    versioning: str | None
    encryption: Encryption | None
    expiring: tuple[lifecycle.Rule, ...]
    lock: locks.Lock | None

    def version_members(self, version: str) -> dict[str, str]:
        """The member that names a version in an answer; a bucket that never had versions shows none."""
        return {} if self.versioning is None else {"VersionId": version}


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
        row["versioning"],
        headers.default_encryption(row["encryption"]),
        lifecycle.expiring(row["lifecycle"]),
        locks.lock_of(row["lock"]),
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


def find_version(ctx: Context, bucket: Bucket, key: str, version_id: str) -> Row | None:
    """That version of an object, which may be a delete marker (`marker`)."""
    row = find_object(ctx, bucket, key)
    if row is not None and row["version"] == version_id:
        return row
    return ctx.tx.one(SQL.find_version, bucket=bucket.id, key=key, version=version_id)


def require_object(
    ctx: Context,
    bucket: Bucket,
    key: str,
    version_id: str | None = None,
    *,
    method: str = "GET",
    marker: bool = False,
) -> Row:
    """The object, or that version of it.

    Raises NoSuchKey, NoSuchVersion, InvalidArgument for what is no version's id, MethodNotAllowed for a delete
    marker's; with `marker` also where a delete marker hides the object.
    """
    if version_id is not None:
        return _require_version(ctx, bucket, key, version_id, method)
    row = find_object(ctx, bucket, key)
    if row is None:
        if marker and bucket.versioning is not None:
            newest = ctx.tx.one(SQL.newest_version, bucket=bucket.id, key=key)
            if newest is not None and newest["marker"]:
                raise _no_object(method)
        raise no_such_key(key)
    return row


def _no_object(method: str) -> AwsError:
    return AwsError(
        "MethodNotAllowed",
        "The specified method is not allowed against this resource.",
        status=405,
        fields={"Method": method, "ResourceType": "DeleteMarker"},
    )


def keep_headers(ctx: Context, bucket: Bucket, row: Row, members: dict[str, Any]) -> None:
    """Change what a version keeps beside its body."""
    which = {"bucket": bucket.id, "key": row["key"], "version": row["version"], "headers": headers.dump(members)}
    if not ctx.tx.execute(SQL.put_object_headers, **which):
        ctx.tx.execute(SQL.put_version_headers, **which)


def check_version_id(bucket: Bucket, version_id: str) -> None:
    """Raise InvalidArgument for what cannot be the id of a version in this bucket."""
    if version_id != NULL_VERSION and (bucket.versioning is None or not _VERSION.match(version_id)):
        raise invalid_argument("Invalid version id specified", "versionId", version_id)


def _require_version(ctx: Context, bucket: Bucket, key: str, version_id: str, method: str) -> Row:
    check_version_id(bucket, version_id)
    row = find_version(ctx, bucket, key, version_id)
    if row is None:
        raise AwsError(
            "NoSuchVersion",
            "The specified version does not exist.",
            status=404,
            fields={"Key": key, "VersionId": version_id},
        )
    if "marker" in row.keys() and row["marker"]:  # noqa: SIM118
        raise _no_object(method)
    return row


def new_sequencer(ctx: Context) -> str:
    """A text that is greater than any earlier one, by wall time and a number within this process."""
    return f"{ctx.wall:016X}{next(_numbers) & 0xFF:02X}"

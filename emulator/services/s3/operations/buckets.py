"""Buckets: created, found, listed, deleted."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any, Unpack

from emulator.clock import from_micros
from emulator.errors import AwsError, not_implemented
from emulator.kit.context import Context
from emulator.services.s3 import limits
from emulator.services.s3.model import acls, configurations, tags
from emulator.services.s3.model.acls import Grant
from emulator.services.s3.model.errors import invalid_argument
from emulator.services.s3.model.names import US_EAST_1, check_bucket_name, location_of
from emulator.services.s3.model.notifications import owner_id
from emulator.services.s3.model.params import BucketGrants
from emulator.services.s3.operations.configurations import keep
from emulator.services.s3.operations.lookup import ENABLED, Bucket, find_bucket, forget_bucket, require_bucket
from emulator.services.s3.operations.statements import SQL
from emulator.services.s3.operations.uploads import abort_all

_LAST = "\U0010ffff"


def create_bucket(
    ctx: Context,
    *,
    bucket: str,
    create_bucket_configuration: dict[str, Any] | None = None,
    object_lock_enabled_for_bucket: bool | None = None,
    object_ownership: str | None = None,
    **given: Unpack[BucketGrants],
) -> dict[str, Any]:
    configuration = create_bucket_configuration or {}
    if configuration.get("Location") or configuration.get("Bucket"):
        raise not_implemented("s3", "CreateBucket", "of directory buckets")
    check_bucket_name(bucket)
    region = location_of(configuration.get("LocationConstraint"), ctx.region)
    labels = tags.new_bucket_tags(configuration.get("Tags") or [])
    configurations.check_ownership_header(object_ownership)
    grants = acls.in_headers(given, ctx.account)
    if grants is not None and given.get("acl") != "private" and object_ownership in (None, acls.ENFORCED):
        raise acls.not_with_ownership()
    known = find_bucket(ctx, bucket)
    if known is None:
        ctx.tx.execute(
            SQL.add_bucket,
            account=ctx.account,
            region=region,
            name=bucket,
            created=ctx.micros // 1_000_000 * 1_000_000,  # S3 tells seconds
            tags=json.dumps(labels, separators=(",", ":")),
            trace_id=ctx.origin.trace_id,
            cause=ctx.origin.cause,
        )
        forget_bucket(ctx, bucket)
        _settle(ctx, require_bucket(ctx, bucket), object_ownership, grants, bool(object_lock_enabled_for_bucket))
    elif not (ctx.region == US_EAST_1 and known.region == US_EAST_1 == region and not labels):
        # In us-east-1 alone, creating one's own bucket again is no error (API reference, CreateBucket: Errors).
        raise AwsError(
            "BucketAlreadyOwnedByYou",
            "Your previous request to create the named bucket succeeded and you already own it.",
            status=409,
            fields={"BucketName": bucket},
        )
    location = f"/{bucket}" if ctx.region == US_EAST_1 == region else f"{ctx.endpoint}/{bucket}"
    return {"Location": location, "BucketArn": f"arn:aws:s3:::{bucket}"}


def _settle(ctx: Context, new: Bucket, ownership: str | None, grants: list[Grant] | None, lock: bool) -> None:
    """What a bucket is created with."""
    if ownership is not None:
        keep(ctx, new, "ownershipControls", {"Rules": [{"ObjectOwnership": ownership}]})
    if grants is not None:
        keep(ctx, new, "acl", grants)
    if lock:
        ctx.tx.execute(SQL.put_versioning, id=new.id, versioning=ENABLED)
        keep(ctx, new, "object-lock", {"ObjectLockEnabled": "Enabled"})


def head_bucket(ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    return {
        "BucketArn": f"arn:aws:s3:::{bucket}",
        "BucketRegion": found.region,
        "AccessPointAlias": False,
    }


def get_bucket_location(ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    return {"LocationConstraint": None if found.region == US_EAST_1 else found.region}


def delete_bucket(ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    if any(ctx.tx.one(query, bucket=found.id) is not None for query in (SQL.first_object, SQL.first_version)):
        raise AwsError(
            "BucketNotEmpty",
            "The bucket you tried to delete is not empty",
            status=409,
            fields={"BucketName": bucket},
        )
    abort_all(ctx, found)
    ctx.tx.execute(SQL.remove_folder, bucket=found.id)
    ctx.tx.execute(SQL.remove_all_unwritten, bucket=found.id)
    ctx.tx.execute(SQL.remove_configurations, bucket=found.id)
    ctx.tx.execute(SQL.remove_bucket, id=found.id)
    forget_bucket(ctx, bucket)
    return {}


def list_buckets(
    ctx: Context,
    *,
    max_buckets: int | None = None,
    continuation_token: str | None = None,
    prefix: str | None = None,
    bucket_region: str | None = None,
) -> dict[str, Any]:
    most = limits.BUCKETS_PAGE_MAX if max_buckets is None else max_buckets
    if not 1 <= most <= limits.BUCKETS_PAGE_MAX:
        raise invalid_argument("Argument max-buckets must be an integer between 1 and 10000", "max-buckets", most)
    start = max(prefix or "", _from_token(continuation_token) if continuation_token else "")
    span = {"account": ctx.account, "start": start, "end": (prefix or "") + _LAST, "most": most + 1}
    if bucket_region is None:
        rows = ctx.tx.all(SQL.buckets, **span)
    else:
        rows = ctx.tx.all(SQL.buckets_of_region, region=bucket_region, **span)
    shown = [
        {
            "Name": row["name"],
            "CreationDate": from_micros(row["created"]),
            "BucketRegion": row["region"],
            "BucketArn": f"arn:aws:s3:::{row['name']}",
        }
        for row in rows[:most]
    ]
    answer: dict[str, Any] = {"Buckets": shown, "Owner": {"ID": owner_id(ctx.account)}}
    if prefix:
        answer["Prefix"] = prefix
    if len(rows) > most:
        answer["ContinuationToken"] = base64.urlsafe_b64encode(rows[most]["name"].encode()).decode()
    return answer


def _from_token(token: str) -> str:
    try:
        return base64.b64decode(token, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise invalid_argument("The continuation token provided is incorrect", "continuation-token", token) from None

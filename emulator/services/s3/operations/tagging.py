"""Tags of objects and of buckets."""

from __future__ import annotations

import json
from typing import Any

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.s3.model import tags
from emulator.services.s3.model.notifications import Happened
from emulator.services.s3.operations.happenings import tell
from emulator.services.s3.operations.lookup import (
    Bucket,
    forget_bucket,
    new_sequencer,
    require_bucket,
    require_object,
)
from emulator.services.s3.operations.statements import SQL


def put_object_tagging(
    ctx: Context,
    *,
    bucket: str,
    key: str,
    tagging: dict[str, Any],
    version_id: str | None = None,
    expected_bucket_owner: str | None = None,
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    return _set(ctx, found, key, version_id, tags.object_tags(tagging), "Put")


def get_object_tagging(
    ctx: Context,
    *,
    bucket: str,
    key: str,
    version_id: str | None = None,
    expected_bucket_owner: str | None = None,
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    row = require_object(ctx, found, key, version_id, marker=True)
    labels = {} if row["tags"] is None else json.loads(row["tags"])
    return {"TagSet": tags.tag_set(labels), **found.version_members(row["version"])}


def delete_object_tagging(
    ctx: Context,
    *,
    bucket: str,
    key: str,
    version_id: str | None = None,
    expected_bucket_owner: str | None = None,
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    return _set(ctx, found, key, version_id, {}, "Delete")


def _set(
    ctx: Context, bucket: Bucket, key: str, version_id: str | None, wanted: dict[str, str], verb: str
) -> dict[str, Any]:
    row = require_object(ctx, bucket, key, version_id, method=verb.upper(), marker=True)
    text = json.dumps(wanted, separators=(",", ":")) if wanted else None
    which = {"bucket": bucket.id, "key": key, "version": row["version"]}
    if not ctx.tx.execute(SQL.put_object_tags, tags=text, **which):
        ctx.tx.execute(SQL.put_version_tags, tags=text, **which)
    shown = bucket.version_members(row["version"])
    version = shown.get("VersionId")
    event = f"ObjectTagging:{verb}"
    tell(ctx, bucket, Happened(event, "", key, new_sequencer(ctx), row["size"], row["etag"], version))
    return dict(shown)


def put_bucket_tagging(
    ctx: Context,
    *,
    bucket: str,
    tagging: dict[str, Any],
    expected_bucket_owner: str | None = None,
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    _set_of_bucket(ctx, found, tags.bucket_tags(tagging))
    return {}


def get_bucket_tagging(ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    if not found.tags:
        raise AwsError("NoSuchTagSet", "The TagSet does not exist", status=404, fields={"BucketName": bucket})
    return {"TagSet": tags.tag_set(found.tags)}


def delete_bucket_tagging(ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None) -> dict[str, Any]:
    _set_of_bucket(ctx, require_bucket(ctx, bucket, expected_bucket_owner), {})
    return {}


def _set_of_bucket(ctx: Context, bucket: Bucket, wanted: dict[str, str]) -> None:
    ctx.tx.execute(SQL.put_bucket_tags, id=bucket.id, tags=json.dumps(wanted, separators=(",", ":")))
    forget_bucket(ctx, bucket.name)

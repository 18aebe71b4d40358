"""DeleteObject and DeleteObjects: for good, or behind a delete marker."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from emulator import ids
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.s3 import limits
from emulator.services.s3.model import headers, locks
from emulator.services.s3.model.conditions import check_write
from emulator.services.s3.model.errors import header_not_implemented, invalid_argument, malformed_xml
from emulator.services.s3.model.notifications import Happened
from emulator.services.s3.operations import bodies
from emulator.services.s3.operations.happenings import mirror, tell
from emulator.services.s3.operations.lookup import (
    ENABLED,
    NULL_VERSION,
    Bucket,
    check_version_id,
    find_object,
    find_version,
    new_sequencer,
    require_bucket,
)
from emulator.services.s3.operations.statements import SQL
from emulator.services.s3.operations.writing import forget_version

EMPTY_MD5 = "d41d8cd98f00b204e9800998ecf8427e"  # the ETag that records give a delete marker


def delete_object(
    ctx: Context,
    *,
    bucket: str,
    key: str,
    version_id: str | None = None,
    bypass_governance_retention: bool | None = None,
    expected_bucket_owner: str | None = None,
    if_match: str | None = None,
    if_match_last_modified_time: datetime | None = None,
    if_match_size: int | None = None,
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    _check_bypass(found, bypass_governance_retention)
    if if_match_last_modified_time is not None:
        raise header_not_implemented("x-amz-if-match-last-modified-time")
    if if_match_size is not None:
        raise header_not_implemented("x-amz-if-match-size")
    return remove(ctx, found, key, version_id, if_match, bypass=bool(bypass_governance_retention))


def _check_bypass(bucket: Bucket, bypass: bool | None) -> None:
    """Raise InvalidArgument for a header, whatever it says, that only a bucket with object lock takes."""
    if bypass is not None and bucket.lock is None:
        raise invalid_argument(
            "x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.",
            "x-amz-bypass-governance-retention",
        )


def remove(
    ctx: Context,
    bucket: Bucket,
    key: str,
    version_id: str | None = None,
    if_match: str | None = None,
    *,
    bypass: bool = False,
) -> dict[str, Any]:
    """Remove an object, or one version of it, or hide it behind a delete marker, as the bucket's versioning says.

    The members of DeleteObject's answer; nothing happens where there is nothing to remove.
    """
    if if_match is not None:
        current = find_object(ctx, bucket, key)
        check_write(key, None if current is None else current["etag"], if_match, None)
    if version_id is not None:
        return _remove_version(ctx, bucket, key, version_id, bypass)
    if bucket.versioning is not None:
        return _mark(ctx, bucket, key)
    row = ctx.tx.one(SQL.remove_object, bucket=bucket.id, key=key)
    if row is not None:
        bodies.drop(ctx, row)
        tell(ctx, bucket, Happened("ObjectRemoved:Delete", "DeleteObject", key, new_sequencer(ctx)))
    return {}


def _mark(ctx: Context, bucket: Bucket, key: str) -> dict[str, Any]:
    """A delete marker on top; with versioning suspended it is the null version, in place of an earlier one."""
    enabled = bucket.versioning == ENABLED
    version = ids.new_hex(32) if enabled else NULL_VERSION
    current = find_object(ctx, bucket, key)
    if current is not None:
        if enabled or current["version"] != NULL_VERSION:
            ctx.tx.execute(SQL.retire_object, bucket=bucket.id, key=key)
        else:
            bodies.drop(ctx, current)
        ctx.tx.execute(SQL.remove_object, bucket=bucket.id, key=key)
    if not enabled:
        forget_version(ctx, bucket, key, NULL_VERSION)
    sequencer = new_sequencer(ctx)
    ctx.tx.execute(
        SQL.add_marker,
        bucket=bucket.id,
        key=key,
        version=version,
        account=bucket.account,
        region=bucket.region,
        modified=ctx.micros // 1_000_000 * 1_000_000,
        sequencer=sequencer,
        trace_id=ctx.origin.trace_id,
        cause=ctx.origin.cause,
    )
    event = "ObjectRemoved:DeleteMarkerCreated"
    tell(ctx, bucket, Happened(event, "DeleteObject", key, sequencer, None, EMPTY_MD5, version))
    return {"DeleteMarker": True, "VersionId": version}


def _remove_version(ctx: Context, bucket: Bucket, key: str, version_id: str, bypass: bool) -> dict[str, Any]:
    """Remove one version for good; the newest one left is current, unless it is a delete marker."""
    check_version_id(bucket, version_id)
    shown = bucket.version_members(version_id)
    current = find_object(ctx, bucket, key)
    if bucket.lock is not None:
        _check_lock(ctx, bucket, key, version_id, bypass)
    if current is not None and current["version"] == version_id:
        ctx.tx.execute(SQL.remove_object, bucket=bucket.id, key=key)
        bodies.drop(ctx, current)
        marker = False
    else:
        row = forget_version(ctx, bucket, key, version_id)
        if row is None:
            return dict(shown)
        marker = bool(row["marker"])
    removed = Happened("ObjectRemoved:Delete", "DeleteObject", key, new_sequencer(ctx), version=shown.get("VersionId"))
    tell(ctx, bucket, removed)
    if current is None or current["version"] == version_id:
        _promote(ctx, bucket, key)
    return {**shown, "DeleteMarker": True} if marker else dict(shown)


def _check_lock(ctx: Context, bucket: Bucket, key: str, version_id: str, bypass: bool) -> None:
    row = find_version(ctx, bucket, key, version_id)
    if row is not None:
        locks.check_removal(headers.raw(row["headers"]), ctx.micros, bypass)


def _promote(ctx: Context, bucket: Bucket, key: str) -> None:
    """Without a current version, the newest of the others is current, unless it is a delete marker."""
    newest = ctx.tx.one(SQL.newest_version, bucket=bucket.id, key=key)
    if newest is None or newest["marker"]:
        return
    which = {"bucket": bucket.id, "key": key, "version": newest["version"]}
    ctx.tx.execute(SQL.promote_version, **which)
    ctx.tx.one(SQL.remove_version, **which)
    if bucket.folder is not None:
        mirror(ctx, bucket, key, newest["sequencer"])


def delete_objects(
    ctx: Context,
    *,
    bucket: str,
    delete: dict[str, Any],
    bypass_governance_retention: bool | None = None,
    expected_bucket_owner: str | None = None,
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    _check_bypass(found, bypass_governance_retention)
    wanted = delete.get("Objects") or []
    if not 1 <= len(wanted) <= limits.DELETE_KEYS_MAX:
        raise malformed_xml()
    deleted, errors = [], []
    for entry in wanted:
        key = entry.get("Key") or ""
        version, etag = entry.get("VersionId"), entry.get("ETag")
        try:
            removed = remove(ctx, found, key, version, etag, bypass=bool(bypass_governance_retention))
            deleted.append(_deleted(entry, removed))
        except AwsError as error:
            which = {"Key": key} | ({"VersionId": version} if version else {})
            errors.append({**which, "Code": error.code, "Message": error.message})
    answer: dict[str, Any] = {}
    if deleted and not delete.get("Quiet"):
        answer["Deleted"] = deleted
    if errors:
        answer["Errors"] = errors
    return answer


def _deleted(entry: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """One element of DeleteObjects' answer (API reference, DeletedObject)."""
    out = {"Key": entry["Key"]}
    if entry.get("VersionId"):
        out["VersionId"] = entry["VersionId"]
    if answer.get("DeleteMarker"):
        out |= {"DeleteMarker": True, "DeleteMarkerVersionId": answer["VersionId"]}
    return out

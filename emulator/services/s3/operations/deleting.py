"""DeleteObject and DeleteObjects."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.s3 import limits
from emulator.services.s3.model.conditions import check_write
from emulator.services.s3.model.errors import header_not_implemented, invalid_argument, malformed_xml
from emulator.services.s3.model.notifications import Happened
from emulator.services.s3.operations import bodies
from emulator.services.s3.operations.happenings import tell
from emulator.services.s3.operations.lookup import Bucket, find_object, new_sequencer, require_bucket
from emulator.services.s3.operations.statements import SQL


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
    _require_no_version(version_id)
    if bypass_governance_retention:
        raise invalid_argument(
            "x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.",
            "x-amz-bypass-governance-retention",
        )
    if if_match_last_modified_time is not None:
        raise header_not_implemented("x-amz-if-match-last-modified-time")
    if if_match_size is not None:
        raise header_not_implemented("x-amz-if-match-size")
    remove(ctx, found, key, if_match)
    return {}


def remove(ctx: Context, bucket: Bucket, key: str, if_match: str | None = None) -> None:
    """Remove an object, its body and its file; nothing happens where there is none."""
    if if_match is not None:
        current = find_object(ctx, bucket, key)
        check_write(key, None if current is None else current["etag"], if_match, None)
    row = ctx.tx.one(SQL.remove_object, bucket=bucket.id, key=key)
    if row is None:
        return
    bodies.drop(ctx, row)
    tell(ctx, bucket, Happened("ObjectRemoved:Delete", "DeleteObject", key, new_sequencer(ctx)))


def delete_objects(
    ctx: Context,
    *,
    bucket: str,
    delete: dict[str, Any],
    expected_bucket_owner: str | None = None,
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    wanted = delete.get("Objects") or []
    if not 1 <= len(wanted) <= limits.DELETE_KEYS_MAX:
        raise malformed_xml()
    deleted, errors = [], []
    for entry in wanted:
        key = entry.get("Key") or ""
        try:
            _require_no_version(entry.get("VersionId"))
            remove(ctx, found, key, entry.get("ETag"))
            deleted.append({"Key": key})
        except AwsError as error:
            errors.append({"Key": key, "Code": error.code, "Message": error.message})
    answer: dict[str, Any] = {}
    if deleted and not delete.get("Quiet"):
        answer["Deleted"] = deleted
    if errors:
        answer["Errors"] = errors
    return answer


def _require_no_version(version_id: str | None) -> None:
    if version_id not in (None, "null"):
        raise invalid_argument("Invalid version id specified", "versionId", version_id)

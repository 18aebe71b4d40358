"""Object lock: of a bucket by default, and of one version."""

from __future__ import annotations

from typing import Any

from emulator.clock import from_micros
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.s3.model import headers, locks
from emulator.services.s3.model.errors import invalid_request, malformed_xml
from emulator.services.s3.operations.configurations import keep
from emulator.services.s3.operations.lookup import (
    ENABLED,
    Bucket,
    keep_headers,
    require_bucket,
    require_object,
)
from emulator.storage import Row


def put_object_lock_configuration(
    ctx: Context,
    *,
    bucket: str,
    object_lock_configuration: dict[str, Any] | None = None,
    expected_bucket_owner: str | None = None,
) -> dict[str, Any]:
    """Errors: NoSuchBucket, MalformedXML, InvalidArgument, InvalidBucketState."""
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    locks.check_configuration(object_lock_configuration or {})
    if found.versioning != ENABLED:
        message = "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration"
        raise AwsError("InvalidBucketState", message, status=409)
    keep(ctx, found, "object-lock", object_lock_configuration)
    return {}


def put_object_retention(
    ctx: Context,
    *,
    bucket: str,
    key: str,
    retention: dict[str, Any] | None = None,
    version_id: str | None = None,
    bypass_governance_retention: bool | None = None,
    expected_bucket_owner: str | None = None,
) -> dict[str, Any]:
    found, row = _version(ctx, bucket, key, version_id, expected_bucket_owner, "PUT")
    kept, bypass = headers.raw(row["headers"]), bool(bypass_governance_retention)
    keep_headers(ctx, found, row, locks.retained(kept, retention or {}, ctx.now, bypass))
    return {}


def get_object_retention(
    ctx: Context, *, bucket: str, key: str, version_id: str | None = None, expected_bucket_owner: str | None = None
) -> dict[str, Any]:
    _, row = _version(ctx, bucket, key, version_id, expected_bucket_owner, "GET")
    kept = headers.raw(row["headers"])
    if "ObjectLockMode" not in kept:
        raise locks.missing_of_object()
    until = from_micros(kept["ObjectLockRetainUntilDate"])
    return {"Retention": {"Mode": kept["ObjectLockMode"], "RetainUntilDate": until}}


def put_object_legal_hold(
    ctx: Context,
    *,
    bucket: str,
    key: str,
    legal_hold: dict[str, Any] | None = None,
    version_id: str | None = None,
    expected_bucket_owner: str | None = None,
) -> dict[str, Any]:
    found, row = _version(ctx, bucket, key, version_id, expected_bucket_owner, "PUT")
    status = (legal_hold or {}).get("Status")
    if status not in ("ON", "OFF"):
        raise malformed_xml()
    keep_headers(ctx, found, row, {**headers.raw(row["headers"]), "ObjectLockLegalHoldStatus": status})
    return {}


def get_object_legal_hold(
    ctx: Context, *, bucket: str, key: str, version_id: str | None = None, expected_bucket_owner: str | None = None
) -> dict[str, Any]:
    _, row = _version(ctx, bucket, key, version_id, expected_bucket_owner, "GET")
    status = headers.raw(row["headers"]).get("ObjectLockLegalHoldStatus")
    if status is None:
        raise locks.missing_of_object()
    return {"LegalHold": {"Status": status}}


def _version(
    ctx: Context, bucket: str, key: str, version_id: str | None, owner: str | None, method: str
) -> tuple[Bucket, Row]:
    """The version that is meant; raises InvalidRequest in a bucket without object lock."""
    found = require_bucket(ctx, bucket, owner)
    row = require_object(ctx, found, key, version_id, method=method, marker=True)
    if found.lock is None:
        raise invalid_request("Bucket is missing Object Lock Configuration")
    return found, row

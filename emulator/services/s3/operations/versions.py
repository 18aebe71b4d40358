"""Versioning of a bucket, and the listing of versions."""

from __future__ import annotations

from typing import Any

from emulator.clock import from_micros
from emulator.errors import AwsError, not_implemented
from emulator.kit.context import Context
from emulator.services.s3.model import headers
from emulator.services.s3.model.checksums import Checksum
from emulator.services.s3.model.errors import invalid_argument, malformed_xml
from emulator.services.s3.model.listing import LAST, check_encoding_type, encoded, roll_up
from emulator.services.s3.model.notifications import owner_id
from emulator.services.s3.operations.listing import page_size
from emulator.services.s3.operations.lookup import ENABLED, SUSPENDED, Bucket, forget_bucket, require_bucket
from emulator.services.s3.operations.statements import SQL
from emulator.storage import Row

_MOST = 100_000  # versions from which one page is made


def put_bucket_versioning(
    ctx: Context,
    *,
    bucket: str,
    versioning_configuration: dict[str, Any],
    mfa: str | None = None,
    expected_bucket_owner: str | None = None,
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    if mfa is not None or versioning_configuration.get("MFADelete") == ENABLED:
        raise not_implemented("s3", "PutBucketVersioning", "with MFA delete")
    status = versioning_configuration.get("Status")
    if status is None:
        raise AwsError(
            "IllegalVersioningConfigurationException",
            "The Versioning element must be specified",
            status=400,
        )
    if status not in (ENABLED, SUSPENDED):
        raise malformed_xml()
    if found.lock is not None and status != ENABLED:
        message = "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed."
        raise AwsError("InvalidBucketState", message, status=409)
    ctx.tx.execute(SQL.put_versioning, id=found.id, versioning=status)
    forget_bucket(ctx, bucket)
    return {}


def get_bucket_versioning(ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    return {} if found.versioning is None else {"Status": found.versioning}


def list_object_versions(
    ctx: Context,
    *,
    bucket: str,
    delimiter: str | None = None,
    encoding_type: str | None = None,
    key_marker: str | None = None,
    max_keys: int | None = None,
    prefix: str | None = None,
    version_id_marker: str | None = None,
    expected_bucket_owner: str | None = None,
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    check_encoding_type(encoding_type)
    if version_id_marker and not key_marker:
        raise invalid_argument(
            "A version-id marker cannot be specified without a key marker.", "version-id-marker", version_id_marker
        )
    most = page_size(max_keys, "max-keys")
    rows = _rows(ctx, found, prefix or "", key_marker or "", version_id_marker)
    result = roll_up(rows, prefix=prefix or "", delimiter=delimiter or "", after=key_marker or "", most=most)
    answer: dict[str, Any] = {
        "Name": bucket,
        "Prefix": encoded(prefix or "", encoding_type),
        "KeyMarker": encoded(key_marker or "", encoding_type),
        "VersionIdMarker": version_id_marker or "",
        "MaxKeys": most,
        "IsTruncated": result.truncated,
        "EncodingType": encoding_type,
        "Versions": [_shown(row, found, encoding_type) for row in result.rows if not row["marker"]],
        "DeleteMarkers": [_shown(row, found, encoding_type) for row in result.rows if row["marker"]],
        "CommonPrefixes": [{"Prefix": encoded(each, encoding_type)} for each in result.prefixes],
    }
    if delimiter:
        answer["Delimiter"] = encoded(delimiter, encoding_type)
    if result.truncated:
        answer["NextKeyMarker"] = encoded(result.last, encoding_type)
        if result.rows and result.rows[-1]["key"] == result.last:
            answer["NextVersionIdMarker"] = result.rows[-1]["version"]
    return answer


def _rows(
    ctx: Context, bucket: Bucket, prefix: str, key_marker: str, version_marker: str | None
) -> list[dict[str, Any]]:
    """The versions after the markers, the newest of a key first; `latest` tells the first of each key."""
    start = max(prefix, key_marker)
    found = ctx.tx.all(SQL.versions, bucket=bucket.id, start=start, end=prefix + LAST, most=_MOST)
    rows = _with_latest(found)
    if not key_marker:
        return rows
    if version_marker:
        for at, row in enumerate(rows):
            if row["key"] == key_marker and row["version"] == version_marker:
                return rows[at + 1 :]
    return [row for row in rows if row["key"] > key_marker]


def _with_latest(found: list[Row]) -> list[dict[str, Any]]:
    rows, before = [], None
    for row in found:
        rows.append({**dict(row), "latest": row["key"] != before})
        before = row["key"]
    return rows


def _shown(row: dict[str, Any], bucket: Bucket, encoding_type: str | None) -> dict[str, Any]:
    shown = {
        "Key": encoded(row["key"], encoding_type),
        "VersionId": row["version"],
        "IsLatest": row["latest"],
        "LastModified": from_micros(row["modified"]),
        "Owner": {"ID": owner_id(bucket.account)},
    }
    if row["marker"]:
        return shown
    checksum = Checksum.of(row["checksum"])
    if checksum is not None:
        shown |= {"ChecksumAlgorithm": [checksum.algorithm], "ChecksumType": checksum.type}
    shown |= {
        "ETag": f'"{row["etag"]}"',
        "Size": row["size"],
        "StorageClass": headers.storage_class(row["headers"]),
    }
    return shown

"""Multipart uploads: begun, listed, aborted."""

from __future__ import annotations

import json
from typing import Any, Unpack

from emulator import ids
from emulator.clock import from_micros
from emulator.kit.context import Context
from emulator.services.s3.model import checksums, headers, tags
from emulator.services.s3.model.errors import invalid_argument, no_such_upload
from emulator.services.s3.model.listing import LAST, check_encoding_type, encoded, roll_up
from emulator.services.s3.model.names import check_key
from emulator.services.s3.model.notifications import initiator, owner_id
from emulator.services.s3.model.params import Described
from emulator.services.s3.operations.listing import page_size
from emulator.services.s3.operations.lookup import Bucket, find_object, require_bucket
from emulator.services.s3.operations.statements import SQL
from emulator.services.s3.operations.writing import encryption_of, own_of
from emulator.storage import Row

_MOST = 100_000  # uploads under way in a bucket, of which a page is made


def create_multipart_upload(
    ctx: Context,
    *,
    bucket: str,
    key: str,
    checksum_algorithm: str | None = None,
    checksum_type: str | None = None,
    expected_bucket_owner: str | None = None,
    **given: Unpack[Described],
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    check_key(key)
    encryption = encryption_of(found, "CreateMultipartUpload", given)
    kept = headers.dump({**headers.given(given), **own_of(ctx, found, given), **encryption})
    type = checksums.multipart_type(checksum_algorithm, checksum_type)
    labels = tags.parse_header(given.get("tagging"))
    current = find_object(ctx, found, key)
    id = ids.new_hex(64)
    ctx.tx.execute(
        SQL.add_upload,
        id=id,
        bucket=found.id,
        key=key,
        account=found.account,
        region=found.region,
        initiated=ctx.micros,
        headers=kept,
        tags=json.dumps(labels) if labels else None,
        algorithm=checksum_algorithm,
        type=type,
        sequencer=None if current is None else current["sequencer"],
    )
    answer = {"Bucket": bucket, "Key": key, "UploadId": id, "ServerSideEncryption": "AES256", **encryption}
    if type is not None:
        answer |= {"ChecksumAlgorithm": checksum_algorithm, "ChecksumType": type}
    return answer


def require_upload(ctx: Context, bucket: Bucket, key: str, upload_id: str) -> Row:
    """An upload that goes on; raises NoSuchUpload."""
    row = ctx.tx.one(SQL.find_upload, id=upload_id, bucket=bucket.id, key=key)
    if row is None:
        raise no_such_upload(upload_id)
    return row


def abort_multipart_upload(
    ctx: Context, *, bucket: str, key: str, upload_id: str, expected_bucket_owner: str | None = None
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    _abort(ctx, require_upload(ctx, found, key, upload_id)["id"])
    return {}


def abort_all(ctx: Context, bucket: Bucket) -> None:
    """Abort every upload to a bucket, which goes."""
    for row in ctx.tx.all(SQL.uploads_of_bucket, bucket=bucket.id):
        _abort(ctx, row["id"])


def _abort(ctx: Context, id: str) -> None:
    for part in ctx.tx.all(SQL.remove_parts, upload=id):
        ctx.house.blobs.drop(ctx.tx, part["blob"])
    ctx.tx.execute(SQL.remove_upload, id=id)


def list_multipart_uploads(
    ctx: Context,
    *,
    bucket: str,
    delimiter: str | None = None,
    encoding_type: str | None = None,
    key_marker: str | None = None,
    max_uploads: int | None = None,
    prefix: str | None = None,
    upload_id_marker: str | None = None,
    expected_bucket_owner: str | None = None,
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    check_encoding_type(encoding_type)
    most = page_size(max_uploads, "max-uploads")
    rows = ctx.tx.all(SQL.uploads, bucket=found.id, start=prefix or "", end=(prefix or "") + LAST, most=_MOST)
    rows = _after(rows, key_marker or "", upload_id_marker)
    result = roll_up(rows, prefix=prefix or "", delimiter=delimiter or "", after=key_marker or "", most=most)
    last = result.rows[-1] if result.rows else None
    answer: dict[str, Any] = {
        "Bucket": bucket,
        "KeyMarker": encoded(key_marker or "", encoding_type),
        "UploadIdMarker": (upload_id_marker or "") if key_marker else "",
        "Prefix": encoded(prefix, encoding_type) if prefix else None,
        "MaxUploads": most,
        "IsTruncated": result.truncated,
        "EncodingType": encoding_type,
        "NextKeyMarker": encoded(last["key"], encoding_type) if last is not None else "",
        "NextUploadIdMarker": last["id"] if last is not None else "",
        "Uploads": [_shown(row, found, encoding_type) for row in result.rows],
        "CommonPrefixes": [{"Prefix": encoded(each, encoding_type)} for each in result.prefixes],
    }
    if delimiter:
        answer["Delimiter"] = encoded(delimiter, encoding_type)
    return answer


def _after(rows: list[Row], key_marker: str, upload_id_marker: str | None) -> list[Row]:
    """The uploads that come after the markers; the second counts only together with the first."""
    if not key_marker:
        return rows
    if not upload_id_marker:
        return [row for row in rows if row["key"] > key_marker]
    for at, row in enumerate(rows):
        if row["key"] == key_marker and row["id"] == upload_id_marker:
            return rows[at + 1 :]
    raise invalid_argument("Invalid uploadId marker", "upload-id-marker", upload_id_marker)


def _shown(row: Row, bucket: Bucket, encoding_type: str | None) -> dict[str, Any]:
    return {
        "UploadId": row["id"],
        "Key": encoded(row["key"], encoding_type),
        "Initiated": from_micros(row["initiated"]),
        "StorageClass": headers.storage_class(row["headers"]),
        "Owner": {"ID": owner_id(bucket.account)},
        "Initiator": initiator(bucket.account),
        "ChecksumAlgorithm": row["algorithm"],
        "ChecksumType": row["type"],
    }

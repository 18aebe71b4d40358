"""ListObjects and ListObjectsV2."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from emulator.clock import from_micros
from emulator.kit.context import Context
from emulator.services.s3 import limits
from emulator.services.s3.model import headers
from emulator.services.s3.model.checksums import Checksum
from emulator.services.s3.model.errors import invalid_argument
from emulator.services.s3.model.listing import Page, check_encoding_type, encoded, page
from emulator.services.s3.model.notifications import owner_id
from emulator.services.s3.operations.lookup import Bucket, require_bucket
from emulator.services.s3.operations.statements import SQL
from emulator.storage import Row


def list_objects_v2(
    ctx: Context,
    *,
    bucket: str,
    delimiter: str | None = None,
    encoding_type: str | None = None,
    max_keys: int | None = None,
    prefix: str | None = None,
    continuation_token: str | None = None,
    fetch_owner: bool | None = None,
    start_after: str | None = None,
    expected_bucket_owner: str | None = None,
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    check_encoding_type(encoding_type)
    after = start_after or ""
    if continuation_token is not None:
        after = _from_token(continuation_token)
    most = page_size(max_keys, "max-keys")
    result = _page(ctx, found, prefix or "", delimiter or "", after, most)
    answer = _answer(result, found, prefix, delimiter, encoding_type, most, owner=bool(fetch_owner))
    answer["KeyCount"] = len(result.rows) + len(result.prefixes)
    if continuation_token is not None:
        answer["ContinuationToken"] = continuation_token
    if start_after:
        answer["StartAfter"] = encoded(start_after, encoding_type)
    if result.truncated:
        answer["NextContinuationToken"] = _token(result.last)
    return answer


def list_objects(
    ctx: Context,
    *,
    bucket: str,
    delimiter: str | None = None,
    encoding_type: str | None = None,
    marker: str | None = None,
    max_keys: int | None = None,
    prefix: str | None = None,
    expected_bucket_owner: str | None = None,
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    check_encoding_type(encoding_type)
    most = page_size(max_keys, "max-keys")
    result = _page(ctx, found, prefix or "", delimiter or "", marker or "", most)
    answer = _answer(result, found, prefix, delimiter, encoding_type, most, owner=True)
    answer["Marker"] = encoded(marker or "", encoding_type)
    if delimiter:  # recorded: this one answer has its delimiter encoded twice
        answer["Delimiter"] = encoded(encoded(delimiter, encoding_type), encoding_type)
    if result.truncated and delimiter:  # without a delimiter the last key is the next marker
        answer["NextMarker"] = encoded(result.last, encoding_type)
    return answer


def page_size(asked: int | None, argument: str) -> int:
    """The number of entries of a page; raises InvalidArgument for a negative one."""
    if asked is None:
        return limits.PAGE_MAX
    if asked < 0:
        raise invalid_argument(f"Argument {argument} must be an integer between 0 and 2147483647", argument, asked)
    return min(asked, limits.PAGE_MAX)


def _page(ctx: Context, bucket: Bucket, prefix: str, delimiter: str, after: str, most: int) -> Page[Row]:
    def fetch(start: str, end: str, count: int) -> list[Row]:
        return ctx.tx.all(SQL.objects, bucket=bucket.id, start=start, end=end, most=count)

    return page(fetch, prefix=prefix, delimiter=delimiter, after=after, most=most)


def _answer(
    result: Page[Row],
    bucket: Bucket,
    prefix: str | None,
    delimiter: str | None,
    encoding_type: str | None,
    most: int,
    *,
    owner: bool,
) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "Name": bucket.name,
        "Prefix": encoded(prefix or "", encoding_type),
        "MaxKeys": most,
        "IsTruncated": result.truncated,
        "EncodingType": encoding_type,
        "Contents": [_shown(row, bucket, encoding_type, owner) for row in result.rows],
        "CommonPrefixes": [{"Prefix": encoded(each, encoding_type)} for each in result.prefixes],
    }
    if delimiter:
        answer["Delimiter"] = encoded(delimiter, encoding_type)
    return answer


def _shown(row: Row, bucket: Bucket, encoding_type: str | None, owner: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "Key": encoded(row["key"], encoding_type),
        "LastModified": from_micros(row["modified"]),
        "ETag": f'"{row["etag"]}"',
        "Size": row["size"],
        "StorageClass": headers.storage_class(row["headers"]),
    }
    checksum = Checksum.of(row["checksum"])
    if checksum is not None:
        shown["ChecksumAlgorithm"] = [checksum.algorithm]
        shown["ChecksumType"] = checksum.type
    if owner:
        shown["Owner"] = {"ID": owner_id(bucket.account)}
    return shown


def _token(last: str) -> str:
    return base64.urlsafe_b64encode(b"1" + last.encode()).decode()


def _from_token(token: str) -> str:
    try:
        text = base64.b64decode(token, altchars=b"-_", validate=True)
        if text[:1] == b"1":
            return text[1:].decode()
    except (binascii.Error, ValueError):
        pass
    raise invalid_argument("The continuation token provided is incorrect", "continuation-token", token or None)

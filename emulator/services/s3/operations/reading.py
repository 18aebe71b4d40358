"""GetObject, HeadObject and GetObjectAttributes."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from emulator.clock import from_micros
from emulator.errors import AwsError, not_implemented
from emulator.kit.context import Context
from emulator.services.s3.model import headers
from emulator.services.s3.model.checksums import Checksum
from emulator.services.s3.model.conditions import NONE, Conditions
from emulator.services.s3.model.errors import invalid_request
from emulator.services.s3.model.ranges import find_range
from emulator.services.s3.operations.bodies import Stored, parts_of
from emulator.services.s3.operations.lookup import Bucket, require_bucket, require_object
from emulator.storage import Row


def get_object(
    ctx: Context,
    *,
    bucket: str,
    key: str,
    if_match: str | None = None,
    if_modified_since: datetime | None = None,
    if_none_match: str | None = None,
    if_unmodified_since: datetime | None = None,
    range: str | None = None,
    response_cache_control: str | None = None,
    response_content_disposition: str | None = None,
    response_content_encoding: str | None = None,
    response_content_language: str | None = None,
    response_content_type: str | None = None,
    response_expires: datetime | None = None,
    version_id: str | None = None,
    sse_customer_algorithm: str | None = None,
    part_number: int | None = None,
    expected_bucket_owner: str | None = None,
    checksum_mode: str | None = None,
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    row = require_object(ctx, found, key, version_id)
    conditions = _conditions(if_match, if_none_match, if_modified_since, if_unmodified_since)
    answer, offset, length = _described(
        ctx, "GetObject", found, row, conditions, range, part_number, checksum_mode, sse_customer_algorithm
    )
    overrides = {
        "CacheControl": response_cache_control,
        "ContentDisposition": response_content_disposition,
        "ContentEncoding": response_content_encoding,
        "ContentLanguage": response_content_language,
        "ContentType": response_content_type,
        "Expires": response_expires,
    }
    _override(answer, overrides)
    answer["Body"] = Stored(ctx, row).open(offset, length)
    return answer


def head_object(
    ctx: Context,
    *,
    bucket: str,
    key: str,
    if_match: str | None = None,
    if_modified_since: datetime | None = None,
    if_none_match: str | None = None,
    if_unmodified_since: datetime | None = None,
    range: str | None = None,
    response_cache_control: str | None = None,
    response_content_disposition: str | None = None,
    response_content_encoding: str | None = None,
    response_content_language: str | None = None,
    response_content_type: str | None = None,
    response_expires: datetime | None = None,
    version_id: str | None = None,
    sse_customer_algorithm: str | None = None,
    part_number: int | None = None,
    expected_bucket_owner: str | None = None,
    checksum_mode: str | None = None,
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    row = require_object(ctx, found, key, version_id)
    conditions = _conditions(if_match, if_none_match, if_modified_since, if_unmodified_since)
    answer, _, _ = _described(
        ctx, "HeadObject", found, row, conditions, range, part_number, checksum_mode, sse_customer_algorithm
    )
    overrides = {
        "CacheControl": response_cache_control,
        "ContentDisposition": response_content_disposition,
        "ContentEncoding": response_content_encoding,
        "ContentLanguage": response_content_language,
        "ContentType": response_content_type,
        "Expires": response_expires,
    }
    _override(answer, overrides)
    return answer


def _conditions(
    if_match: str | None,
    if_none_match: str | None,
    if_modified_since: datetime | None,
    if_unmodified_since: datetime | None,
) -> Conditions:
    if if_match is None and if_none_match is None and if_modified_since is None and if_unmodified_since is None:
        return NONE
    return Conditions(if_match, if_none_match, if_modified_since, if_unmodified_since)


def _override(answer: dict[str, Any], overrides: dict[str, Any]) -> None:
    """The response-* parameters of the request (API reference, GetObject: overriding response header values)."""
    for name, value in overrides.items():
        if value is not None:
            answer[name] = value


def _described(
    ctx: Context,
    operation: str,
    bucket: Bucket,
    row: Row,
    conditions: Conditions,
    range: str | None,
    part_number: int | None,
    checksum_mode: str | None,
    customer: str | None,
) -> tuple[dict[str, Any], int, int]:
    """The answer without its body, and the part of the body that is asked for."""
    if customer is not None:
        raise not_implemented("s3", operation, "with customer-provided encryption keys")
    if conditions is not NONE:
        conditions.check_read(row["etag"], row["modified"], ctx.micros)
    size = row["size"]
    answer: dict[str, Any] = {
        "AcceptRanges": "bytes",
        "LastModified": from_micros(row["modified"]),
        "ETag": f'"{row["etag"]}"',
        "ServerSideEncryption": "AES256",
        **headers.load(row["headers"]),
        **bucket.version_members(row["version"]),
    }
    if row["tags"] is not None:
        answer["TagCount"] = len(json.loads(row["tags"]))
    wanted = None
    if part_number is not None:
        if range is not None:
            raise invalid_request("Cannot specify both Range header and partNumber query parameter")
        wanted = _part(row, part_number, answer)
    elif range is not None:
        wanted = find_range(range, size)
    offset, length = wanted or (0, size)
    if wanted is not None:
        answer["ContentRange"] = f"bytes {offset}-{offset + length - 1}/{size}"
        answer["HttpStatusCode"] = 206
    answer["ContentLength"] = length
    if checksum_mode == "ENABLED" and length == size:
        checksum = Checksum.of(row["checksum"])
        if checksum is not None:
            answer |= checksum.members
    return answer, offset, length


def _parts(row: Row) -> list[dict[str, Any]]:
    """The parts of a multipart object; a copy of one is none, though its body lies in parts."""
    return parts_of(row) if "-" in row["etag"] else []


def _part(row: Row, number: int, answer: dict[str, Any]) -> tuple[int, int] | None:
    """Offset and length of one part; an object that was put whole is one part of itself."""
    parts = _parts(row)
    if parts:
        answer["PartsCount"] = len(parts)
    if not 1 <= number <= max(len(parts), 1):
        raise AwsError(
            "InvalidPartNumber",
            "The requested partnumber is not satisfiable",
            status=416,
            fields={"PartNumberRequested": number, "ActualPartCount": max(len(parts), 1)},
        )
    if not parts:
        return (0, row["size"]) if row["size"] else None
    return sum(part["size"] for part in parts[: number - 1]), parts[number - 1]["size"]


def get_object_attributes(
    ctx: Context,
    *,
    bucket: str,
    key: str,
    object_attributes: list[str],
    version_id: str | None = None,
    max_parts: int | None = None,
    part_number_marker: int | None = None,
    expected_bucket_owner: str | None = None,
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    row = require_object(ctx, found, key, version_id)
    checksum = Checksum.of(row["checksum"])
    answer: dict[str, Any] = {
        "LastModified": from_micros(row["modified"]),
        **found.version_members(row["version"]),
    }
    if "ETag" in object_attributes:
        answer["ETag"] = row["etag"]
    if "ObjectSize" in object_attributes:
        answer["ObjectSize"] = row["size"]
    if "StorageClass" in object_attributes:
        answer["StorageClass"] = headers.storage_class(row["headers"])
    if "Checksum" in object_attributes and checksum is not None:
        answer["Checksum"] = checksum.members
    parts = _parts(row)
    if "ObjectParts" in object_attributes and parts:
        answer["ObjectParts"] = _object_parts(parts, checksum, max_parts, part_number_marker or 0)
    return answer


def _object_parts(
    parts: list[dict[str, Any]], checksum: Checksum | None, most: int | None, marker: int
) -> dict[str, Any]:
    """The parts of a multipart object; one by one only where its checksum is that of its parts' checksums."""
    if checksum is None or checksum.type != "COMPOSITE":
        return {"TotalPartsCount": len(parts)}
    most = min(most or 1000, 1000)
    rest = [part for part in parts if part["number"] > marker]
    page = rest[:most]
    shown = [
        {
            "PartNumber": part["number"],
            "Size": part["size"],
            f"Checksum{checksum.algorithm}": part["checksum"],
        }
        for part in page
    ]
    return {
        "TotalPartsCount": len(parts),
        "PartNumberMarker": marker,
        "NextPartNumberMarker": page[-1]["number"] if page else 0,
        "MaxParts": most,
        "IsTruncated": len(rest) > len(page),
        "Parts": shown,
    }

"""GetObject, HeadObject and GetObjectAttributes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Unpack

from emulator.clock import from_micros
from emulator.errors import AwsError, not_implemented
from emulator.kit.context import Context
from emulator.services.s3.model import archives, headers, lifecycle
from emulator.services.s3.model.checksums import COMPOSITE, Checksum
from emulator.services.s3.model.conditions import Conditions
from emulator.services.s3.model.errors import invalid_argument, invalid_request
from emulator.services.s3.model.params import Read
from emulator.services.s3.model.ranges import find_range
from emulator.services.s3.operations.bodies import Stored, parts_of
from emulator.services.s3.operations.lookup import Bucket, require_bucket, require_object
from emulator.storage import Row

_CONDITIONS = frozenset({"if_match", "if_modified_since", "if_none_match", "if_unmodified_since"})
_OVERRIDES = {
    "response_cache_control": "CacheControl",
    "response_content_disposition": "ContentDisposition",
    "response_content_encoding": "ContentEncoding",
    "response_content_language": "ContentLanguage",
    "response_content_type": "ContentType",
    "response_expires": "Expires",
}


def get_object(
    ctx: Context,
    *,
    bucket: str,
    key: str,
    version_id: str | None = None,
    expected_bucket_owner: str | None = None,
    **how: Unpack[Read],
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    row = require_object(ctx, found, key, version_id)
    check_readable(row)
    answer, offset, length = _described(ctx, "GetObject", found, row, version_id is None, how)
    answer["Body"] = Stored(ctx, row).open(offset, length)
    return answer


def head_object(
    ctx: Context,
    *,
    bucket: str,
    key: str,
    version_id: str | None = None,
    expected_bucket_owner: str | None = None,
    **how: Unpack[Read],
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    row = require_object(ctx, found, key, version_id)
    return _described(ctx, "HeadObject", found, row, version_id is None, how)[0]


def check_readable(row: Row) -> None:
    """Raise InvalidObjectState for an archived object of which no copy is restored."""
    if "StorageClass" in row["headers"]:
        kept = headers.raw(row["headers"])
        if not archives.is_readable(kept):
            raise archives.invalid_state(kept["StorageClass"])


def _check_conditions(ctx: Context, row: Row, how: Read) -> None:
    Conditions(
        how.get("if_match"), how.get("if_none_match"), how.get("if_modified_since"), how.get("if_unmodified_since")
    ).check_read(row["etag"], row["modified"], ctx.micros)


def _described(
    ctx: Context, operation: str, bucket: Bucket, row: Row, current: bool, how: Read
) -> tuple[dict[str, Any], int, int]:
    """The members that tell of an object, or of the part of it that is asked for, and that part's offset and length.

    `current`: the object is asked for, not one version of it.
    """
    if "sse_customer_algorithm" in how:
        raise not_implemented("s3", operation, "with customer-provided encryption keys")
    if not _CONDITIONS.isdisjoint(how):
        _check_conditions(ctx, row, how)
    size = row["size"]
    answer: dict[str, Any] = {
        "AcceptRanges": "bytes",
        "LastModified": from_micros(row["modified"]),
        "ETag": f'"{row["etag"]}"',
        "ServerSideEncryption": "AES256",
        **headers.load(row["headers"]),
        **bucket.version_members(row["version"]),
    }
    labels = {} if row["tags"] is None else json.loads(row["tags"])
    if labels:
        answer["TagCount"] = len(labels)
    if bucket.expiring and current:
        expiring, modified = bucket.expiring, from_micros(row["modified"])
        answer["Expiration"] = lifecycle.expiration(expiring, row["key"], size, labels, modified)
    offset, length = 0, size
    if "range" in how or "part_number" in how:
        wanted = _wanted(row, how, answer)
        if wanted is not None:
            offset, length = wanted
            answer["ContentRange"] = f"bytes {offset}-{offset + length - 1}/{size}"
            answer["HttpStatusCode"] = 206
    answer["ContentLength"] = length
    if how.get("checksum_mode") == "ENABLED":
        answer |= _sums(row, how, length)
    if not _OVERRIDES.keys().isdisjoint(how):
        _override(answer, how)
    return answer, offset, length


def _wanted(row: Row, how: Read, answer: dict[str, Any]) -> tuple[int, int] | None:
    """Offset and length of what is asked for, None for all of it."""
    number, range = how.get("part_number"), how.get("range")
    if number is None:
        return find_range(range, row["size"])
    if range is not None:
        raise invalid_request("Cannot specify both Range header and partNumber query parameter")
    return _part(row, number, answer)


def _sums(row: Row, how: Read, length: int) -> dict[str, str]:
    """The checksum of the whole object, or of the one part that is asked for and has one of its own."""
    checksum = Checksum.of(row["checksum"])
    if checksum is None:
        return {}
    number = how.get("part_number")
    if number is not None and (parts := _parts(row)):
        own = parts[number - 1].get("checksum")
        if own is not None and (checksum.type == COMPOSITE or len(parts) == 1):
            return replace(checksum, value=own).members
    return checksum.members if length == row["size"] else {}


def _override(answer: dict[str, Any], how: Read) -> None:
    """The response-* parameters of the request (API reference, GetObject: overriding response header values)."""
    for name, member in _OVERRIDES.items():
        value = how.get(name)
        if value is not None:
            if isinstance(value, str) and any(ord(char) > 255 for char in value):
                argument = name.replace("_", "-")
                raise invalid_argument("Header value cannot be represented using ISO-8859-1.", argument, value)
            answer[member] = value


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
        answer["Checksum"] = replace(checksum, value=checksum.value.partition("-")[0]).members
    parts = _parts(row)
    if "ObjectParts" in object_attributes and parts:
        answer["ObjectParts"] = _object_parts(parts, checksum, max_parts, part_number_marker or 0)
    return answer


def _object_parts(
    parts: list[dict[str, Any]], checksum: Checksum | None, most: int | None, marker: int
) -> dict[str, Any]:
    """The parts of a multipart object; one by one only where its checksum is that of its parts' checksums."""
    if checksum is None or checksum.type != COMPOSITE:
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

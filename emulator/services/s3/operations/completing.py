"""CompleteMultipartUpload: the parts become one object, each keeping its blob."""

from __future__ import annotations

import json
from typing import Any, Unpack
from urllib.parse import quote

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.s3 import limits
from emulator.services.s3.model import checksums, headers
from emulator.services.s3.model.checksums import COMPOSITE, Checksum
from emulator.services.s3.model.conditions import check_write_headers
from emulator.services.s3.model.errors import invalid_argument, invalid_part, invalid_request
from emulator.services.s3.model.params import Summed
from emulator.services.s3.operations.lookup import ENABLED, Bucket, find_object, require_bucket
from emulator.services.s3.operations.statements import SQL
from emulator.services.s3.operations.uploads import require_upload
from emulator.services.s3.operations.writing import New, store, written
from emulator.storage import Row


def complete_multipart_upload(
    ctx: Context,
    *,
    bucket: str,
    key: str,
    upload_id: str,
    multipart_upload: dict[str, Any] | None = None,
    checksum_type: str | None = None,
    mpu_object_size: int | None = None,
    if_match: str | None = None,
    if_none_match: str | None = None,
    expected_bucket_owner: str | None = None,
    **given: Unpack[Summed],
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    check_write_headers(if_match, if_none_match)
    sums = checksums.given("CompleteMultipartUpload", given)
    upload = require_upload(ctx, found, key, upload_id)
    wanted = (multipart_upload or {}).get("Parts") or []
    _check_mode(upload, checksum_type)
    parts = _chosen(ctx, upload, wanted)
    size = sum(part["size"] for part in parts)
    if mpu_object_size is not None and mpu_object_size != size:
        raise invalid_request(
            f"The provided 'x-amz-mp-object-size' header value {mpu_object_size} does not match what was "
            f"computed: {size}"
        )
    checksum = _whole(upload, parts)
    _check_whole(sums, checksum)
    new = _object(upload, parts, size, checksum)
    _check_unchanged(ctx, found, key, upload, if_match, if_none_match)
    event = "ObjectCreated:CompleteMultipartUpload"
    version = store(ctx, found, key, new, event, "CompleteMultipartUpload", if_match, if_none_match)
    _forget(ctx, upload["id"], {part["blob"] for part in parts})
    return {
        "Location": f"{ctx.endpoint}/{bucket}/{quote(key, safe='')}",
        "Bucket": bucket,
        "Key": key,
        "ETag": f'"{new.etag}"',
        **written(ctx, found, key, new, headers.encrypted(upload["headers"])),
        **({"VersionId": version} if found.versioning == ENABLED else {}),
    }


def _check_mode(upload: Row, type: str | None) -> None:
    if type is not None and type != upload["type"]:
        mode = upload["type"] or "null"
        raise invalid_request(
            f"The upload was created using the {mode} checksum mode. The complete request must use the same "
            "checksum mode."
        )


def _chosen(ctx: Context, upload: Row, wanted: list[dict[str, Any]]) -> list[Row]:
    """The uploaded parts that a request to complete names; raises what S3 finds wrong with it."""
    if not wanted:
        raise invalid_request("You must specify at least one part")
    known = {row["number"]: row for row in ctx.tx.all(SQL.parts, upload=upload["id"], after=0, most=10_000)}
    chosen: list[Row] = []
    before = 0
    for entry in wanted:
        number = entry.get("PartNumber") or 0
        if not 1 <= number <= limits.PART_NUMBER_MAX:
            raise invalid_argument(
                "PartNumber must be >= 1" if number < 1 else "Part number must be an integer between 1 and 10000",
                "partNumber",
                number,
            )
        if number <= before:
            raise AwsError(
                "InvalidPartOrder",
                "The list of parts was not in ascending order. Parts must be ordered by part number.",
                status=400,
                fields={"UploadId": upload["id"]},
            )
        before = number
        chosen.append(_part(upload, known.get(number), number, entry))
    for row in chosen[:-1]:
        if row["size"] < limits.PART_BYTES_MIN:
            raise AwsError(
                "EntityTooSmall",
                "Your proposed upload is smaller than the minimum allowed size",
                status=400,
                fields={
                    "ETag": row["etag"],
                    "MinSizeAllowed": limits.PART_BYTES_MIN,
                    "PartNumber": row["number"],
                    "ProposedSize": row["size"],
                },
            )
    return chosen


def _part(upload: Row, row: Row | None, number: int, entry: dict[str, Any]) -> Row:
    etag = (entry.get("ETag") or "").strip('"')
    if row is None or etag != row["etag"]:
        raise invalid_part(upload["id"], number, etag)
    sums = json.loads(row["checksum"])
    for algorithm in checksums.MULTIPART:
        value = entry.get(f"Checksum{algorithm}")
        if value is None:
            continue
        if upload["algorithm"] not in (None, algorithm):
            raise AwsError(
                "BadDigest",
                f"The {algorithm.lower()} you specified for part {number} did not match what we received.",
                status=400,
            )
        if upload["algorithm"] is None or sums.get(algorithm) != value:
            raise invalid_part(upload["id"], number, etag)
    if upload["type"] == COMPOSITE and entry.get(f"Checksum{upload['algorithm']}") is None:
        raise invalid_request(
            f"The upload was created using a {upload['algorithm'].lower()} checksum. The complete request must "
            f"include the checksum for each part. It was missing for part {number} in the request."
        )
    return row


def _whole(upload: Row, parts: list[Row]) -> Checksum | None:
    """The checksum of the object: that which the upload asked for, else CRC64NVME where all parts have it."""
    algorithm = upload["algorithm"] or "CRC64NVME"
    found = [(json.loads(part["checksum"]).get(algorithm), part["size"]) for part in parts]
    if any(value is None for value, _ in found):
        return None
    digests = [(checksums.require_digest(algorithm, value), size) for value, size in found]
    return checksums.combined(algorithm, upload["type"] or checksums.FULL_OBJECT, digests)


def _check_whole(given: dict[str, str], checksum: Checksum | None) -> None:
    for algorithm, value in given.items():
        if checksum is None or checksum.algorithm != algorithm:
            continue
        if value.partition("-")[0] != checksum.value.partition("-")[0]:
            raise AwsError(
                "BadDigest",
                f"The {algorithm.lower()} you specified did not match the calculated checksum.",
                status=400,
            )


def _object(upload: Row, parts: list[Row], size: int, checksum: Checksum | None) -> New:
    algorithm = upload["algorithm"]
    listed = []
    for place, part in enumerate(parts, 1):
        entry = {"number": place, "blob": part["blob"], "size": part["size"]}
        if algorithm is not None:
            entry["checksum"] = json.loads(part["checksum"]).get(algorithm)
        listed.append(entry)
    labels = {} if upload["tags"] is None else json.loads(upload["tags"])
    etag = checksums.multipart_etag(part["etag"] for part in parts)
    return New(None, listed, size, etag, checksum, upload["headers"], labels)


def _check_unchanged(
    ctx: Context, bucket: Bucket, key: str, upload: Row, if_match: str | None, if_none_match: str | None
) -> None:
    """Raise ConditionalRequestConflict where the object was written or deleted since the upload began."""
    header = "If-Match" if if_match is not None else "If-None-Match" if if_none_match is not None else None
    if header is None:
        return
    current = find_object(ctx, bucket, key)
    same = upload["sequencer"] == (None if current is None else current["sequencer"])
    holds = current is None if if_match is None else current is not None and if_match.strip('"') == current["etag"]
    if holds and not same:
        raise AwsError(
            "ConditionalRequestConflict",
            "The conditional request cannot succeed due to a conflicting operation against this resource.",
            status=409,
            fields={"Condition": header, "Key": key},
        )


def _forget(ctx: Context, id: str, used: set[int]) -> None:
    """The upload is done: parts that the request did not name go."""
    for part in ctx.tx.all(SQL.remove_parts, upload=id):
        if part["blob"] not in used:
            ctx.house.blobs.drop(ctx.tx, part["blob"])
    ctx.tx.execute(SQL.remove_upload, id=id)

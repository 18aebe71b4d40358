"""UploadPart, UploadPartCopy and ListParts."""

from __future__ import annotations

import json
from typing import Any, Unpack

from emulator.clock import from_micros
from emulator.kit.context import Context
from emulator.services.s3 import limits
from emulator.services.s3.model import checksums, headers
from emulator.services.s3.model.checksums import Checksum
from emulator.services.s3.model.errors import invalid_argument, invalid_request
from emulator.services.s3.model.notifications import initiator, owner_id
from emulator.services.s3.model.params import SourceConditions, Summed
from emulator.services.s3.model.ranges import require_copy_range
from emulator.services.s3.operations import bodies
from emulator.services.s3.operations.bodies import Sent, Stored
from emulator.services.s3.operations.copying import require_source, source_conditions
from emulator.services.s3.operations.listing import page_size
from emulator.services.s3.operations.lookup import require_bucket
from emulator.services.s3.operations.statements import SQL
from emulator.services.s3.operations.uploads import require_upload
from emulator.services.s3.operations.writing import default_checksum, receive
from emulator.storage import Row


def upload_part(
    ctx: Context,
    *,
    bucket: str,
    key: str,
    part_number: int,
    upload_id: str,
    body: Any = None,
    content_md5: str | None = None,
    expected_bucket_owner: str | None = None,
    **given: Unpack[Summed],
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    _check_number(part_number)
    upload = require_upload(ctx, found, key, upload_id)
    sums = checksums.given("UploadPart", given)
    _check_algorithm(upload["algorithm"], sums)
    blob, sent = receive(ctx, body, content_md5)
    verified = checksums.verify(sums, sent)
    _keep_part(ctx, upload, part_number, blob, sent, verified)
    shown = verified
    if upload["algorithm"] is not None:
        shown = verified or checksums.compute(upload["algorithm"], sent)
    answer: dict[str, Any] = {"ETag": f'"{sent.md5hex}"', **headers.encrypted(upload["headers"])}
    if shown is not None:
        answer[f"Checksum{shown.algorithm}"] = shown.value
    return answer


def _check_number(number: int) -> None:
    if not 1 <= number <= limits.PART_NUMBER_MAX:
        raise invalid_argument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", number)


def _check_algorithm(expected: str | None, given: dict[str, str]) -> None:
    for algorithm in given:
        if expected not in (None, algorithm):
            raise invalid_request(
                f"Checksum Type mismatch occurred, expected checksum Type: {str(expected).lower()}, actual "
                f"checksum Type: {algorithm.lower()}"
            )


def _keep_part(ctx: Context, upload: Row, number: int, blob: int, sent: Sent, verified: Checksum | None) -> None:
    """The part's row, in place of an earlier one of that number."""
    algorithm = upload["algorithm"]
    if algorithm is None:
        checksum = verified if verified and verified.algorithm == "CRC64NVME" else default_checksum(sent)
    else:
        checksum = verified or checksums.compute(algorithm, sent)
    before = ctx.tx.one(SQL.find_part, upload=upload["id"], number=number)
    if before is not None:
        ctx.house.blobs.drop(ctx.tx, before["blob"])
        ctx.tx.execute(SQL.remove_part, upload=upload["id"], number=number)
    ctx.tx.execute(
        SQL.add_part,
        upload=upload["id"],
        number=number,
        account=ctx.account,
        blob=blob,
        size=sent.size,
        etag=sent.md5hex,
        checksum=json.dumps({} if checksum is None else {checksum.algorithm: checksum.value}),
        modified=ctx.micros // 1_000_000 * 1_000_000,
    )


def upload_part_copy(
    ctx: Context,
    *,
    bucket: str,
    key: str,
    copy_source: str,
    part_number: int,
    upload_id: str,
    copy_source_range: str | None = None,
    expected_bucket_owner: str | None = None,
    expected_source_bucket_owner: str | None = None,
    **given: Unpack[SourceConditions],
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    _check_number(part_number)
    upload = require_upload(ctx, found, key, upload_id)
    _, row = require_source(ctx, copy_source, expected_source_bucket_owner)
    source_conditions(given).check_copy(row["etag"], row["modified"], ctx.micros)
    offset, length = 0, row["size"]
    if copy_source_range is not None:
        offset, length = require_copy_range(copy_source_range, row["size"])
    source = Stored(ctx, row).open(offset, length)
    blob, sent = bodies.keep(ctx, source if isinstance(source, bytes) else source.read())
    algorithm = upload["algorithm"]
    checksum = checksums.compute(algorithm, sent) if algorithm is not None else None
    _keep_part(ctx, upload, part_number, blob, sent, checksum)
    result: dict[str, Any] = {
        "ETag": f'"{sent.md5hex}"',
        "LastModified": from_micros(ctx.micros // 1_000_000 * 1_000_000),
    }
    if checksum is not None:
        result[f"Checksum{checksum.algorithm}"] = checksum.value
    return {"CopyPartResult": result, **headers.encrypted(upload["headers"])}


def list_parts(
    ctx: Context,
    *,
    bucket: str,
    key: str,
    upload_id: str,
    max_parts: int | None = None,
    part_number_marker: int | None = None,
    expected_bucket_owner: str | None = None,
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    upload = require_upload(ctx, found, key, upload_id)
    most = page_size(max_parts, "max-parts")
    marker = part_number_marker or 0
    rows = ctx.tx.all(SQL.parts, upload=upload_id, after=marker, most=most + 1)
    page = rows[:most]
    answer: dict[str, Any] = {
        "Bucket": bucket,
        "Key": key,
        "UploadId": upload_id,
        "PartNumberMarker": marker,
        "NextPartNumberMarker": page[-1]["number"] if page else 0,
        "MaxParts": most,
        "IsTruncated": len(rows) > most,
        "Parts": [_shown(row, upload["algorithm"]) for row in page],
        "Initiator": initiator(found.account),
        "Owner": {"ID": owner_id(found.account)},
        "StorageClass": headers.storage_class(upload["headers"]),
    }
    if upload["algorithm"] is not None:
        answer |= {"ChecksumAlgorithm": upload["algorithm"], "ChecksumType": upload["type"]}
    return answer


def _shown(row: Row, algorithm: str | None) -> dict[str, Any]:
    shown = {
        "PartNumber": row["number"],
        "LastModified": from_micros(row["modified"]),
        "ETag": f'"{row["etag"]}"',
        "Size": row["size"],
    }
    if algorithm is not None and (value := json.loads(row["checksum"]).get(algorithm)) is not None:
        shown[f"Checksum{algorithm}"] = value
    return shown

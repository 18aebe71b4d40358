"""PutObject, and how an object takes its place under a key."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from emulator import ids
from emulator.errors import AwsError, not_implemented
from emulator.kit.context import Context
from emulator.services.s3 import limits
from emulator.services.s3.model import checksums, headers, tags
from emulator.services.s3.model.checksums import Checksum
from emulator.services.s3.model.conditions import check_write, check_write_headers
from emulator.services.s3.model.names import check_key
from emulator.services.s3.model.notifications import Happened
from emulator.services.s3.operations import bodies
from emulator.services.s3.operations.bodies import Sent
from emulator.services.s3.operations.happenings import tell
from emulator.services.s3.operations.lookup import (
    NULL_VERSION,
    Bucket,
    find_object,
    new_sequencer,
    require_bucket,
)
from emulator.services.s3.operations.statements import SQL
from emulator.storage import Row

ENABLED, SUSPENDED = "Enabled", "Suspended"
_DEFAULT = "CRC64NVME"
_DEFAULT_BYTES_MAX = 64 * 1024


@dataclass(frozen=True, slots=True)
class New:
    """An object about to be stored: its body is the blob or the blobs of `parts`; the rest as in its row."""

    blob: int | None
    parts: list[dict[str, Any]] | None
    size: int
    etag: str
    checksum: Checksum | None
    headers: str
    tags: dict[str, str]
    shared: bool = False
    from_folder: bool = False  # the bound folder has it already


def put_object(
    ctx: Context,
    *,
    bucket: str,
    key: str,
    body: Any = None,
    cache_control: str | None = None,
    content_disposition: str | None = None,
    content_encoding: str | None = None,
    content_language: str | None = None,
    content_type: str | None = None,
    expires: datetime | None = None,
    content_md5: str | None = None,
    checksum_crc32: str | None = None,
    checksum_crc32_c: str | None = None,
    checksum_crc64_nvme: str | None = None,
    checksum_sha1: str | None = None,
    checksum_sha256: str | None = None,
    checksum_sha512: str | None = None,
    checksum_md5: str | None = None,
    checksum_xxhash64: str | None = None,
    checksum_xxhash3: str | None = None,
    checksum_xxhash128: str | None = None,
    metadata: dict[str, str] | None = None,
    storage_class: str | None = None,
    website_redirect_location: str | None = None,
    server_side_encryption: str | None = None,
    ssekms_key_id: str | None = None,
    sse_customer_algorithm: str | None = None,
    tagging: str | None = None,
    if_match: str | None = None,
    if_none_match: str | None = None,
    write_offset_bytes: int | None = None,
    object_lock_mode: str | None = None,
    object_lock_legal_hold_status: str | None = None,
    expected_bucket_owner: str | None = None,
    from_folder: bool | None = None,
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    check_key(key)
    if if_match is not None or if_none_match is not None:
        check_write_headers(if_match, if_none_match)
    if write_offset_bytes is not None:
        raise not_implemented("s3", "PutObject", "with WriteOffsetBytes")
    refuse_lock(object_lock_mode, object_lock_legal_hold_status)
    refuse_xxhash("PutObject", checksum_xxhash64, checksum_xxhash3, checksum_xxhash128)
    encryption = headers.encryption("PutObject", server_side_encryption, ssekms_key_id, sse_customer_algorithm)
    given = headers.given(
        cache_control,
        content_disposition,
        content_encoding,
        content_language,
        content_type,
        expires,
        metadata,
    )
    kept = headers.dump({**given, **headers.own(storage_class, website_redirect_location, encryption)})
    sums = {
        "CRC32": checksum_crc32,
        "CRC32C": checksum_crc32_c,
        "CRC64NVME": checksum_crc64_nvme,
        "SHA1": checksum_sha1,
        "SHA256": checksum_sha256,
        "SHA512": checksum_sha512,
        "MD5": checksum_md5,
    }
    blob, sent = receive(ctx, body, content_md5)
    checksum = checksums.verify(sums, sent) or default_checksum(sent)
    new = New(blob, None, sent.size, sent.md5hex, checksum, kept, tags.parse_header(tagging))
    new = replace(new, from_folder=bool(from_folder))
    version = store(ctx, found, key, new, "ObjectCreated:Put", "PutObject", if_match, if_none_match)
    return {"ETag": f'"{sent.md5hex}"', **written(new, encryption), **version}


def receive(ctx: Context, body: Any, content_md5: str | None) -> tuple[int, Sent]:
    """Keep a request's body and check its Content-MD5; raises EntityTooLarge, InvalidDigest, BadDigest."""
    blob, sent = bodies.keep(ctx, body)
    if sent.size > limits.PUT_BYTES_MAX:
        raise AwsError(
            "EntityTooLarge",
            "Your proposed upload exceeds the maximum allowed size",
            status=400,
            fields={"ProposedSize": sent.size, "MaxSizeAllowed": limits.PUT_BYTES_MAX},
        )
    checksums.verify_md5(content_md5, sent.md5hex)
    return blob, sent


def default_checksum(sent: Sent) -> Checksum | None:
    """What S3 adds by itself, for bodies that are cheap to sum up on the loop."""
    return checksums.compute(_DEFAULT, sent) if sent.size <= _DEFAULT_BYTES_MAX else None


def refuse_lock(mode: str | None, hold: str | None) -> None:
    if mode is not None or hold is not None:
        raise AwsError("InvalidRequest", "Bucket is missing Object Lock Configuration", status=400)


def refuse_xxhash(operation: str, *given: str | None) -> None:
    if any(value is not None for value in given):
        raise not_implemented("s3", operation, "with XXHASH checksums")


def written(new: New, encryption: dict[str, Any]) -> dict[str, Any]:
    """The members that answers to writes have in common."""
    answer = {"ServerSideEncryption": "AES256", **encryption}
    return answer if new.checksum is None else {**answer, **new.checksum.members}


def store(
    ctx: Context,
    bucket: Bucket,
    key: str,
    new: New,
    event: str,
    reason: str,
    if_match: str | None = None,
    if_none_match: str | None = None,
) -> dict[str, str]:
    """Put an object under its key, retire or drop the one before it, tell of it; the VersionId of the answer.

    Raises as `check_write` does.
    """
    if if_match is not None or if_none_match is not None:
        current = find_object(ctx, bucket, key)
        check_write(key, None if current is None else current["etag"], if_match, if_none_match)
    sequencer = new_sequencer(ctx)
    enabled = bucket.versioning == ENABLED
    version = ids.new_hex(32) if enabled else NULL_VERSION
    values = {
        "bucket": bucket.id,
        "key": key,
        "version": version,
        "blob": new.blob,
        "parts": None if new.parts is None else json.dumps(new.parts, separators=(",", ":")),
        "shared": int(new.shared),
        "size": new.size,
        "etag": new.etag,
        "checksum": None if new.checksum is None else new.checksum.text,
        "modified": ctx.micros // 1_000_000 * 1_000_000,  # S3 tells seconds
        "sequencer": sequencer,
        "headers": new.headers,
        "tags": json.dumps(new.tags, separators=(",", ":")) if new.tags else None,
        "trace_id": ctx.origin.trace_id,
        "cause": ctx.origin.cause,
    }
    if not ctx.tx.execute(SQL.add_object, account=bucket.account, region=bucket.region, **values):
        before = find_object(ctx, bucket, key)
        assert before is not None
        kept = bucket.versioning is not None and (enabled or before["version"] != NULL_VERSION)
        if kept:
            ctx.tx.execute(SQL.retire_object, bucket=bucket.id, key=key)
        ctx.tx.execute(SQL.replace_object, **values)
        if not kept:
            bodies.drop(ctx, before)
    if bucket.versioning == SUSPENDED:
        forget_version(ctx, bucket, key, NULL_VERSION)
    shown = version if enabled else None
    happened = Happened(event, reason, key, sequencer, new.size, new.etag, shown)
    tell(ctx, bucket, happened, mirrored=not new.from_folder)
    return {} if shown is None else {"VersionId": shown}


def forget_version(ctx: Context, bucket: Bucket, key: str, version: str) -> Row | None:
    """Remove a version that is not current, with its body; None where there is none."""
    row = ctx.tx.one(SQL.remove_version, bucket=bucket.id, key=key, version=version)
    if row is not None:
        bodies.drop(ctx, row)
    return row

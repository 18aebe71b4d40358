"""PutObject, and how an object takes its place under a key."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, Unpack

from emulator import ids
from emulator.errors import AwsError, not_implemented
from emulator.kit.context import Context
from emulator.services.s3 import limits
from emulator.services.s3.model import checksums, headers, lifecycle, locks, tags
from emulator.services.s3.model.checksums import Checksum
from emulator.services.s3.model.conditions import check_write, check_write_headers
from emulator.services.s3.model.names import check_key
from emulator.services.s3.model.notifications import Happened
from emulator.services.s3.model.params import Described, Put
from emulator.services.s3.operations import acls, bodies
from emulator.services.s3.operations.bodies import Sent
from emulator.services.s3.operations.happenings import tell
from emulator.services.s3.operations.lookup import (
    ENABLED,
    NULL_VERSION,
    SUSPENDED,
    Bucket,
    find_object,
    new_sequencer,
    require_bucket,
)
from emulator.services.s3.operations.statements import SQL
from emulator.storage import Row

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
    content_md5: str | None = None,
    if_match: str | None = None,
    if_none_match: str | None = None,
    write_offset_bytes: int | None = None,
    expected_bucket_owner: str | None = None,
    from_folder: bool | None = None,
    **given: Unpack[Put],
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    check_key(key)
    if if_match is not None or if_none_match is not None:
        check_write_headers(if_match, if_none_match)
    if write_offset_bytes is not None:
        raise not_implemented("s3", "PutObject", "with WriteOffsetBytes")
    labels = tags.parse_header(given.get("tagging"))
    new, encryption = taken(ctx, found, "PutObject", given, headers.given(given), body, labels, content_md5)
    if from_folder:
        new = replace(new, from_folder=True)
    version = store(ctx, found, key, new, "ObjectCreated:Put", "PutObject", if_match, if_none_match)
    answer = {"ETag": f'"{new.etag}"', **written(ctx, found, key, new, encryption)}
    return answer if found.versioning != ENABLED else {**answer, "VersionId": version}


def taken(
    ctx: Context,
    bucket: Bucket,
    operation: str,
    given: Put,
    together: dict[str, Any],
    body: Any,
    labels: dict[str, str],
    content_md5: str | None = None,
) -> tuple[New, dict[str, Any]]:
    """A body that came whole as the object it is to be, and the members that tell of its encryption."""
    sums = checksums.given(operation, given)
    encryption = encryption_of(bucket, operation, given)
    kept = headers.dump({**together, **own_of(ctx, bucket, given), **encryption})
    blob, sent = receive(ctx, body, content_md5)
    checksum = checksums.verify(sums, sent) or default_checksum(sent)
    return New(blob, None, sent.size, sent.md5hex, checksum, kept, labels), encryption


def encryption_of(bucket: Bucket, operation: str, given: Described) -> dict[str, Any]:
    """The members that tell of another encryption than AES256, asked for or the bucket's by default."""
    if bucket.encryption is None and "server_side_encryption" not in given and "sse_customer_algorithm" not in given:
        return {}
    return headers.encryption(operation, given, bucket.encryption, bucket.account, bucket.region)


def own_of(ctx: Context, bucket: Bucket, given: Described) -> dict[str, Any]:
    """The members that each object has of its own: storage class, redirect, lock and access control list."""
    own = {**headers.own(given), **acls.of_new(ctx, bucket, given)}
    if bucket.lock is not None or any(name.startswith("object_lock") for name in given):
        own |= locks.of_new(given, bucket.lock, ctx.now)
    return own


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


def written(ctx: Context, bucket: Bucket, key: str, new: New, encryption: dict[str, Any]) -> dict[str, Any]:
    """The members that answers to writes have in common."""
    answer = {"ServerSideEncryption": "AES256", **encryption}
    if new.checksum is not None:
        answer |= new.checksum.members
    if bucket.expiring:
        answer["Expiration"] = lifecycle.expiration(bucket.expiring, key, new.size, new.tags, ctx.now)
    return answer


def store(
    ctx: Context,
    bucket: Bucket,
    key: str,
    new: New,
    event: str,
    reason: str,
    if_match: str | None = None,
    if_none_match: str | None = None,
) -> str:
    """Put an object under its key, retire or drop the one before it, tell of it; its version.

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
    return version


def forget_version(ctx: Context, bucket: Bucket, key: str, version: str) -> Row | None:
    """Remove a version that is not current, with its body; None where there is none."""
    row = ctx.tx.one(SQL.remove_version, bucket=bucket.id, key=key, version=version)
    if row is not None:
        bodies.drop(ctx, row)
    return row

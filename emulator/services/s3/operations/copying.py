"""CopyObject: the copy shares the body of its source."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from emulator.clock import from_micros
from emulator.errors import not_implemented
from emulator.kit.context import Context
from emulator.services.s3.model import checksums, headers, tags
from emulator.services.s3.model.checksums import ALGORITHMS, COMPOSITE, Checksum
from emulator.services.s3.model.conditions import Conditions, check_write_headers
from emulator.services.s3.model.errors import invalid_argument, invalid_request
from emulator.services.s3.model.names import check_key
from emulator.services.s3.operations import bodies
from emulator.services.s3.operations.bodies import Stored
from emulator.services.s3.operations.lookup import Bucket, require_bucket, require_object
from emulator.services.s3.operations.writing import New, store
from emulator.storage import Row


def copy_object(
    ctx: Context,
    *,
    bucket: str,
    key: str,
    copy_source: str,
    cache_control: str | None = None,
    checksum_algorithm: str | None = None,
    content_disposition: str | None = None,
    content_encoding: str | None = None,
    content_language: str | None = None,
    content_type: str | None = None,
    copy_source_if_match: str | None = None,
    copy_source_if_modified_since: datetime | None = None,
    copy_source_if_none_match: str | None = None,
    copy_source_if_unmodified_since: datetime | None = None,
    expires: datetime | None = None,
    if_match: str | None = None,
    if_none_match: str | None = None,
    metadata: dict[str, str] | None = None,
    metadata_directive: str | None = None,
    tagging_directive: str | None = None,
    server_side_encryption: str | None = None,
    ssekms_key_id: str | None = None,
    sse_customer_algorithm: str | None = None,
    copy_source_sse_customer_algorithm: str | None = None,
    storage_class: str | None = None,
    website_redirect_location: str | None = None,
    tagging: str | None = None,
    expected_bucket_owner: str | None = None,
    expected_source_bucket_owner: str | None = None,
) -> dict[str, Any]:
    to = require_bucket(ctx, bucket, expected_bucket_owner)
    check_key(key)
    check_write_headers(if_match, if_none_match)
    source, row = require_source(ctx, copy_source, expected_source_bucket_owner)
    Conditions(
        copy_source_if_match,
        copy_source_if_none_match,
        copy_source_if_modified_since,
        copy_source_if_unmodified_since,
    ).check_copy(row["etag"], row["modified"], ctx.micros)
    encryption = headers.encryption(
        "CopyObject",
        server_side_encryption,
        ssekms_key_id,
        sse_customer_algorithm or copy_source_sse_customer_algorithm,
    )
    replaced = _directive("x-amz-metadata-directive", metadata_directive)
    given = {
        "CacheControl": cache_control,
        "ContentDisposition": content_disposition,
        "ContentEncoding": content_encoding,
        "ContentLanguage": content_language,
        "ContentType": content_type,
        "Expires": expires,
        "Metadata": metadata or None,
    }
    own = {"StorageClass": storage_class, "WebsiteRedirectLocation": website_redirect_location, **encryption}
    same = source.id == to.id and row["key"] == key
    if same and not (replaced or storage_class or website_redirect_location or server_side_encryption or
                     checksum_algorithm):  # fmt: skip
        raise invalid_request(
            "This copy request is illegal because it is trying to copy an object to itself without changing the "
            "object's metadata, storage class, website redirect location or encryption attributes."
        )
    kept = headers.dump({**(given if replaced else _kept(row)), **own})
    if _directive("x-amz-tagging-directive", tagging_directive):
        labels = tags.parse_header(tagging)
    else:
        labels = {} if row["tags"] is None else json.loads(row["tags"])
    new = _copied(ctx, row, kept, labels, checksum_algorithm)
    bodies.share(ctx, source.id, row)
    store(ctx, to, key, new, "ObjectCreated:Copy", "CopyObject", if_match, if_none_match)
    result: dict[str, Any] = {
        "ETag": f'"{new.etag}"',
        "LastModified": from_micros(ctx.micros // 1_000_000 * 1_000_000),
    }
    if new.checksum is not None:
        result |= new.checksum.members
    return {"CopyObjectResult": result, "ServerSideEncryption": "AES256", **encryption}


def require_source(ctx: Context, copy_source: str, expected_owner: str | None) -> tuple[Bucket, Row]:
    """The object that x-amz-copy-source names; raises InvalidArgument, NoSuchBucket, NoSuchKey."""
    path, _, query = copy_source.partition("?")
    if path.startswith("arn:"):
        raise not_implemented("s3", "CopyObject", "from access points")
    bucket, _, key = unquote(path).removeprefix("/").partition("/")
    if not bucket or not key:
        raise invalid_argument("Invalid copy source object key", "x-amz-copy-source", "x-amz-copy-source")
    version_id = query.removeprefix("versionId=") if query.startswith("versionId=") else None
    found = require_bucket(ctx, bucket, expected_owner)
    return found, require_object(ctx, found, key, version_id)


def _directive(header: str, value: str | None) -> bool:
    """Whether a directive says REPLACE; raises InvalidArgument."""
    if value not in (None, "COPY", "REPLACE"):
        name = "metadata" if "metadata" in header else "tagging"
        raise invalid_argument(f"Unknown {name} directive.", header, value)
    return value == "REPLACE"


def _kept(row: Row) -> dict[str, Any]:
    """What a copy takes over; storage class, redirect and encryption are its own (API reference, CopyObject)."""
    kept = headers.load(row["headers"])
    for name in ("StorageClass", "WebsiteRedirectLocation", "ServerSideEncryption", "SSEKMSKeyId"):
        kept.pop(name, None)
    return kept


def _copied(ctx: Context, row: Row, kept: str, labels: dict[str, str], algorithm: str | None) -> New:
    """The new object; that of a multipart one is no multipart object any more, so its ETag is its MD5."""
    body = Stored(ctx, row)
    checksum = Checksum.of(row["checksum"])
    if algorithm is not None:
        if algorithm not in ALGORITHMS:
            raise invalid_request(f"Stepwell does not compute checksums of the algorithm {algorithm}.")
        if checksum is None or checksum.algorithm != algorithm or checksum.type == COMPOSITE:
            checksum = checksums.compute(algorithm, body)
    elif checksum is not None and checksum.type == COMPOSITE:
        checksum = checksums.compute(checksum.algorithm, body)
    parts = None if row["parts"] is None else body.parts
    return New(row["blob"], parts, row["size"], body.md5hex, checksum, kept, labels, shared=True)

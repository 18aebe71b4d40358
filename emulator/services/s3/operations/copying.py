"""CopyObject: the copy shares the body of its source."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Unpack
from urllib.parse import unquote

from emulator.clock import from_micros
from emulator.errors import AwsError, not_implemented
from emulator.kit.context import Context
from emulator.services.s3.model import checksums, headers, tags
from emulator.services.s3.model.checksums import ALGORITHMS, COMPOSITE, Checksum
from emulator.services.s3.model.conditions import Conditions, check_write_headers
from emulator.services.s3.model.errors import invalid_argument, invalid_request
from emulator.services.s3.model.names import check_key
from emulator.services.s3.model.params import Copied
from emulator.services.s3.operations import bodies
from emulator.services.s3.operations.bodies import Stored
from emulator.services.s3.operations.lookup import NULL_VERSION, Bucket, require_bucket, require_object
from emulator.services.s3.operations.reading import check_readable
from emulator.services.s3.operations.writing import New, encryption_of, own_of, store, written
from emulator.storage import Row

# With one of these a copy onto itself changes something.
_CHANGING = ("storage_class", "website_redirect_location", "server_side_encryption")


def copy_object(
    ctx: Context,
    *,
    bucket: str,
    key: str,
    copy_source: str,
    checksum_algorithm: str | None = None,
    if_match: str | None = None,
    if_none_match: str | None = None,
    metadata_directive: str | None = None,
    tagging_directive: str | None = None,
    copy_source_sse_customer_algorithm: str | None = None,
    expected_bucket_owner: str | None = None,
    expected_source_bucket_owner: str | None = None,
    **given: Unpack[Copied],
) -> dict[str, Any]:
    to = require_bucket(ctx, bucket, expected_bucket_owner)
    check_key(key)
    check_write_headers(if_match, if_none_match)
    source, row = require_source(ctx, copy_source, expected_source_bucket_owner)
    source_conditions(given).check_copy(row["etag"], row["modified"], ctx.micros)
    if copy_source_sse_customer_algorithm is not None:
        raise not_implemented("s3", "CopyObject", "with customer-provided encryption keys")
    encryption = encryption_of(to, "CopyObject", given)
    replaced = _directive("x-amz-metadata-directive", metadata_directive)
    changes = (replaced, checksum_algorithm, to.encryption, *(given.get(name) for name in _CHANGING))
    if source.id == to.id and row["key"] == key and version_of(copy_source) is None and not any(changes):
        raise _changes_nothing()
    taken = headers.given(given) if replaced else headers.taken_over(row["headers"])
    kept = headers.dump({**taken, **own_of(ctx, to, given), **encryption})
    retagged = _directive("x-amz-tagging-directive", tagging_directive)
    labels = tags.parse_header(given.get("tagging")) if retagged else json.loads(row["tags"] or "{}")
    new = _copied(ctx, row, kept, labels, checksum_algorithm)
    bodies.share(ctx, source.id, row)
    version = store(ctx, to, key, new, "ObjectCreated:Copy", "CopyObject", if_match, if_none_match)
    answer = {**written(ctx, to, key, replace(new, checksum=None), encryption), "CopyObjectResult": _result(ctx, new)}
    answer |= to.version_members(version)
    # The null version is told in a bucket whose versioning is suspended, and not where it is enabled again.
    if source.versioning is not None and row["version"] != NULL_VERSION:
        answer["CopySourceVersionId"] = row["version"]
    return answer


def source_conditions(given: Mapping[str, Any]) -> Conditions:
    """The conditions on the object that is copied."""
    return Conditions(
        given.get("copy_source_if_match"),
        given.get("copy_source_if_none_match"),
        given.get("copy_source_if_modified_since"),
        given.get("copy_source_if_unmodified_since"),
    )


def _changes_nothing() -> AwsError:
    return invalid_request(
        "This copy request is illegal because it is trying to copy an object to itself without changing the "
        "object's metadata, storage class, website redirect location or encryption attributes."
    )


def _result(ctx: Context, new: New) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ETag": f'"{new.etag}"',
        "LastModified": from_micros(ctx.micros // 1_000_000 * 1_000_000),
    }
    return result if new.checksum is None else {**result, **new.checksum.members}


def require_source(ctx: Context, copy_source: str, expected_owner: str | None) -> tuple[Bucket, Row]:
    """The object that x-amz-copy-source names; raises InvalidArgument, InvalidRequest, NoSuchBucket, NoSuchKey."""
    path = copy_source.partition("?")[0]
    if path.startswith("arn:"):
        raise not_implemented("s3", "CopyObject", "from access points")
    bucket, _, key = unquote(path).removeprefix("/").partition("/")
    if not bucket or not key:
        raise invalid_argument("Invalid copy source object key", "x-amz-copy-source", "x-amz-copy-source")
    found = require_bucket(ctx, bucket, expected_owner)
    try:
        row = require_object(ctx, found, key, version_of(copy_source))
        check_readable(row)
        return found, row
    except AwsError as error:
        if error.code != "MethodNotAllowed":
            raise
        message = "The source of a copy request may not specifically refer to a delete marker by version id."
        raise invalid_request(message) from None


def version_of(copy_source: str) -> str | None:
    """The version that x-amz-copy-source names, None for the current one."""
    query = copy_source.partition("?")[2]
    return query.removeprefix("versionId=") if query.startswith("versionId=") else None


def _directive(header: str, value: str | None) -> bool:
    """Whether a directive says REPLACE; raises InvalidArgument."""
    if value not in (None, "COPY", "REPLACE"):
        name = "metadata" if "metadata" in header else "tagging"
        raise invalid_argument(f"Unknown {name} directive.", header, value)
    return value == "REPLACE"


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

"""Access control lists of buckets and objects: kept and shown; nobody here is refused because of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Unpack

from emulator.kit.context import Context
from emulator.services.s3.model import acls, headers
from emulator.services.s3.model.acls import Grant
from emulator.services.s3.model.notifications import Happened, owner_id
from emulator.services.s3.model.params import BucketGrants
from emulator.services.s3.operations.configurations import find, keep
from emulator.services.s3.operations.happenings import tell
from emulator.services.s3.operations.lookup import (
    Bucket,
    keep_headers,
    new_sequencer,
    require_bucket,
    require_object,
)


def put_bucket_acl(
    ctx: Context,
    *,
    bucket: str,
    access_control_policy: dict[str, Any] | None = None,
    expected_bucket_owner: str | None = None,
    **given: Unpack[BucketGrants],
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    grants = acls.require_one(given, access_control_policy, found.account)
    _require_lists(ctx, found)
    keep(ctx, found, "acl", grants)
    return {}


def get_bucket_acl(ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    return _shown(found, find(ctx, found, "acl"))


def put_object_acl(
    ctx: Context,
    *,
    bucket: str,
    key: str,
    access_control_policy: dict[str, Any] | None = None,
    version_id: str | None = None,
    expected_bucket_owner: str | None = None,
    **given: Unpack[BucketGrants],
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    row = require_object(ctx, found, key, version_id, method="PUT", marker=True)
    grants = acls.require_one(given, access_control_policy, found.account)
    _require_lists(ctx, found)
    keep_headers(ctx, found, row, {**headers.raw(row["headers"]), "Acl": grants})
    version = found.version_members(row["version"]).get("VersionId")
    tell(ctx, found, Happened("ObjectAcl:Put", "", key, new_sequencer(ctx), row["size"], row["etag"], version))
    return {}


def get_object_acl(
    ctx: Context,
    *,
    bucket: str,
    key: str,
    version_id: str | None = None,
    expected_bucket_owner: str | None = None,
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    row = require_object(ctx, found, key, version_id)
    return _shown(found, headers.raw(row["headers"]).get("Acl"))


def of_new(ctx: Context, bucket: Bucket, given: Mapping[str, Any]) -> dict[str, list[Grant]]:
    """The member that a new object keeps of the list it is put with. Raises AccessControlListNotSupported."""
    grants = acls.in_headers(given, bucket.account)
    if grants is None:
        return {}
    if given.get("acl") != acls.OWNER_ONLY:
        _require_lists(ctx, bucket)
    return {"Acl": grants}


def _require_lists(ctx: Context, bucket: Bucket) -> None:
    """Raise AccessControlListNotSupported where the bucket's owner owns everything in it, as by default."""
    controls = find(ctx, bucket, "ownershipControls")
    if controls is not None and controls["Rules"][0]["ObjectOwnership"] == acls.ENFORCED:
        raise acls.not_supported()


def _shown(bucket: Bucket, grants: list[Grant] | None) -> dict[str, Any]:
    return {"Owner": {"ID": owner_id(bucket.account)}, "Grants": grants or acls.private(bucket.account)}

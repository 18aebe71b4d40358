"""Settings of a bucket that are kept and shown, and those that no bucket here has.

Nothing acts on them: everybody who names an account is its owner, and time deletes no object.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from emulator.clock import from_micros, to_micros
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.s3.model.errors import malformed_xml
from emulator.services.s3.model.notifications import owner_id
from emulator.services.s3.operations.lookup import require_bucket, require_object
from emulator.services.s3.operations.statements import SQL

_MOMENT = "$micros"
# What a new bucket has (S3 User Guide: "Setting default server-side encryption behavior", "Blocking public access",
# "Controlling ownership of objects").
_DEFAULTS: dict[str, Any] = {
    "encryption": {
        "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}]
    },
    "ownershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
    "publicAccessBlock": {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": True,
        "RestrictPublicBuckets": True,
    },
}
_MISSING = {
    "cors": ("NoSuchCORSConfiguration", "The CORS configuration does not exist"),
    "encryption": (
        "ServerSideEncryptionConfigurationNotFoundError",
        "The server side encryption configuration was not found",
    ),
    "lifecycle": ("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"),
    "object-lock": (
        "ObjectLockConfigurationNotFoundError",
        "Object Lock configuration does not exist for this bucket",
    ),
    "ownershipControls": ("OwnershipControlsNotFoundError", "The bucket ownership controls were not found"),
    "policy": ("NoSuchBucketPolicy", "The bucket policy does not exist"),
    "publicAccessBlock": (
        "NoSuchPublicAccessBlockConfiguration",
        "The public access block configuration was not found",
    ),
    "replication": ("ReplicationConfigurationNotFoundError", "The replication configuration was not found"),
    "website": ("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"),
}
Answer = dict[str, Any]


def _put(ctx: Context, bucket: str, owner: str | None, kind: str, value: Any) -> Answer:
    found = require_bucket(ctx, bucket, owner)
    text = None if value is None else json.dumps(value, default=_from_moment, separators=(",", ":"))
    ctx.tx.execute(SQL.put_configuration, bucket=found.id, kind=kind, account=found.account, body=text)
    return {}


def _get(ctx: Context, bucket: str, owner: str | None, kind: str) -> Any:
    """What was put, or a new bucket's default; raises the error that says that there is none."""
    found = require_bucket(ctx, bucket, owner)
    row = ctx.tx.one(SQL.find_configuration, bucket=found.id, kind=kind)
    if row is None and kind in _DEFAULTS:
        return _DEFAULTS[kind]
    if row is None or row["body"] is None:
        raise _missing(kind, bucket)
    return json.loads(row["body"], object_hook=_to_moment)


def _missing(kind: str, bucket: str) -> AwsError:
    code, message = _MISSING[kind]
    return AwsError(code, message, status=404, fields={"BucketName": bucket})


def _from_moment(value: Any) -> Any:
    if isinstance(value, datetime):
        return {_MOMENT: to_micros(value)}
    raise TypeError(f"{value!r} has no place in JSON")


def _to_moment(value: dict[str, Any]) -> Any:
    return from_micros(value[_MOMENT]) if _MOMENT in value else value


def put_bucket_policy(ctx: Context, *, bucket: str, policy: str, expected_bucket_owner: str | None = None) -> Answer:
    try:
        document = json.loads(policy)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise AwsError("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'", status=400)
    if not document.get("Statement"):
        raise AwsError("MalformedPolicy", "Missing required field Statement", status=400)
    return _put(ctx, bucket, expected_bucket_owner, "policy", policy)


def get_bucket_policy(ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None) -> Answer:
    return {"Policy": _get(ctx, bucket, expected_bucket_owner, "policy")}


def delete_bucket_policy(ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None) -> Answer:
    return _put(ctx, bucket, expected_bucket_owner, "policy", None)


def put_bucket_cors(
    ctx: Context, *, bucket: str, cors_configuration: Answer, expected_bucket_owner: str | None = None
) -> Answer:
    rules = cors_configuration.get("CORSRules")
    if not rules:
        raise malformed_xml()
    for method in (method for rule in rules for method in rule.get("AllowedMethods") or []):
        if method not in ("GET", "PUT", "HEAD", "POST", "DELETE"):
            message = f"Found unsupported HTTP method in CORS config. Unsupported method is {method}"
            raise AwsError("InvalidRequest", message, status=400)
    return _put(ctx, bucket, expected_bucket_owner, "cors", rules)


def get_bucket_cors(ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None) -> Answer:
    return {"CORSRules": _get(ctx, bucket, expected_bucket_owner, "cors")}


def delete_bucket_cors(ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None) -> Answer:
    return _put(ctx, bucket, expected_bucket_owner, "cors", None)


def put_bucket_lifecycle_configuration(
    ctx: Context,
    *,
    bucket: str,
    lifecycle_configuration: Answer | None = None,
    transition_default_minimum_object_size: str | None = None,
    expected_bucket_owner: str | None = None,
) -> Answer:
    rules = (lifecycle_configuration or {}).get("Rules")
    if not rules:
        raise malformed_xml()
    size = transition_default_minimum_object_size or "all_storage_classes_128K"
    shown = {"Rules": rules, "TransitionDefaultMinimumObjectSize": size}
    _put(ctx, bucket, expected_bucket_owner, "lifecycle", shown)
    return {"TransitionDefaultMinimumObjectSize": size}


def get_bucket_lifecycle_configuration(
    ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None
) -> Answer:
    shown: Answer = _get(ctx, bucket, expected_bucket_owner, "lifecycle")
    return shown


def delete_bucket_lifecycle(ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None) -> Answer:
    return _put(ctx, bucket, expected_bucket_owner, "lifecycle", None)


def put_bucket_encryption(
    ctx: Context,
    *,
    bucket: str,
    server_side_encryption_configuration: Answer,
    expected_bucket_owner: str | None = None,
) -> Answer:
    if len(server_side_encryption_configuration.get("Rules") or []) != 1:
        raise malformed_xml()
    return _put(ctx, bucket, expected_bucket_owner, "encryption", server_side_encryption_configuration)


def get_bucket_encryption(ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None) -> Answer:
    return {"ServerSideEncryptionConfiguration": _get(ctx, bucket, expected_bucket_owner, "encryption")}


def delete_bucket_encryption(ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None) -> Answer:
    """Back to the default: a bucket is never without encryption (API reference, DeleteBucketEncryption)."""
    return _put(ctx, bucket, expected_bucket_owner, "encryption", _DEFAULTS["encryption"])


def put_public_access_block(
    ctx: Context,
    *,
    bucket: str,
    public_access_block_configuration: Answer,
    expected_bucket_owner: str | None = None,
) -> Answer:
    shown = dict.fromkeys(_DEFAULTS["publicAccessBlock"], False) | public_access_block_configuration
    return _put(ctx, bucket, expected_bucket_owner, "publicAccessBlock", shown)


def get_public_access_block(ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None) -> Answer:
    return {"PublicAccessBlockConfiguration": _get(ctx, bucket, expected_bucket_owner, "publicAccessBlock")}


def delete_public_access_block(ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None) -> Answer:
    return _put(ctx, bucket, expected_bucket_owner, "publicAccessBlock", None)


def put_bucket_ownership_controls(
    ctx: Context, *, bucket: str, ownership_controls: Answer, expected_bucket_owner: str | None = None
) -> Answer:
    rules = ownership_controls.get("Rules") or []
    known = ("BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced")
    if len(rules) != 1 or rules[0].get("ObjectOwnership") not in known:
        raise malformed_xml()
    return _put(ctx, bucket, expected_bucket_owner, "ownershipControls", ownership_controls)


def get_bucket_ownership_controls(ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None) -> Answer:
    return {"OwnershipControls": _get(ctx, bucket, expected_bucket_owner, "ownershipControls")}


def delete_bucket_ownership_controls(ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None) -> Answer:
    return _put(ctx, bucket, expected_bucket_owner, "ownershipControls", None)


def get_bucket_acl(ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None) -> Answer:
    return _private(require_bucket(ctx, bucket, expected_bucket_owner).account)


def get_object_acl(
    ctx: Context,
    *,
    bucket: str,
    key: str,
    version_id: str | None = None,
    expected_bucket_owner: str | None = None,
) -> Answer:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    require_object(ctx, found, key, version_id)
    return _private(found.account)


def _private(account: str) -> Answer:
    """The one access control list there is: the owner may do everything."""
    owner = {"ID": owner_id(account)}
    return {"Owner": owner, "Grants": [{"Grantee": {**owner, "Type": "CanonicalUser"}, "Permission": "FULL_CONTROL"}]}


def get_bucket_website(ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None) -> Answer:
    require_bucket(ctx, bucket, expected_bucket_owner)
    raise _missing("website", bucket)


def get_bucket_replication(ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None) -> Answer:
    require_bucket(ctx, bucket, expected_bucket_owner)
    raise _missing("replication", bucket)


def get_object_lock_configuration(ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None) -> Answer:
    require_bucket(ctx, bucket, expected_bucket_owner)
    raise _missing("object-lock", bucket)


def get_bucket_logging(ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None) -> Answer:
    require_bucket(ctx, bucket, expected_bucket_owner)
    return {}


def get_bucket_accelerate_configuration(
    ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None
) -> Answer:
    require_bucket(ctx, bucket, expected_bucket_owner)
    return {}


def get_bucket_request_payment(ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None) -> Answer:
    require_bucket(ctx, bucket, expected_bucket_owner)
    return {"Payer": "BucketOwner"}

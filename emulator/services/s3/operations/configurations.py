"""Settings of a bucket that are kept and shown, and those that no bucket here has.

Nothing acts on most of them: everybody who names an account is its owner, and time deletes no object.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from emulator.clock import from_micros, to_micros
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.s3.model import configurations, lifecycle
from emulator.services.s3.model.configurations import DEFAULTS, missing, require_one_of
from emulator.services.s3.model.errors import invalid_request
from emulator.services.s3.model.lifecycle import MOMENT
from emulator.services.s3.model.names import US_EAST_1
from emulator.services.s3.operations.lookup import Bucket, find_bucket, forget_bucket, require_bucket
from emulator.services.s3.operations.statements import SQL

Answer = dict[str, Any]


def keep(ctx: Context, bucket: Bucket, kind: str, value: Any) -> None:
    """Set what a bucket has of a kind; None: it has none, not even the default."""
    text = None if value is None else json.dumps(value, default=_from_moment, separators=(",", ":"))
    ctx.tx.execute(SQL.put_configuration, bucket=bucket.id, kind=kind, account=bucket.account, body=text)
    forget_bucket(ctx, bucket.name)


def find(ctx: Context, bucket: Bucket, kind: str) -> Any:
    """What was kept, or a new bucket's default; None where there is none."""
    row = ctx.tx.one(SQL.find_configuration, bucket=bucket.id, kind=kind)
    if row is None:
        return DEFAULTS.get(kind)
    return None if row["body"] is None else json.loads(row["body"], object_hook=_to_moment)


def _put(ctx: Context, bucket: str, owner: str | None, kind: str, value: Any) -> Answer:
    keep(ctx, require_bucket(ctx, bucket, owner), kind, value)
    return {}


def _showing(kind: str, member: str | None = None) -> Callable[..., Answer]:
    """The operation that shows a setting: as that member of its answer, or as the answer itself."""

    def show(ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None) -> Answer:
        value = find(ctx, require_bucket(ctx, bucket, expected_bucket_owner), kind)
        if value is None:
            raise missing(kind, bucket)
        return value if member is None else {member: value}

    return show


def _deleting(kind: str) -> Callable[..., Answer]:
    """The operation that takes a setting away."""

    def delete(ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None) -> Answer:
        return _put(ctx, bucket, expected_bucket_owner, kind, None)

    return delete


def _from_moment(value: Any) -> Any:
    if isinstance(value, datetime):
        return {MOMENT: to_micros(value)}
    raise TypeError(f"{value!r} has no place in JSON")


def _to_moment(value: dict[str, Any]) -> Any:
    return from_micros(value[MOMENT]) if MOMENT in value else value


get_bucket_accelerate_configuration = _showing("accelerate")
get_bucket_cors = _showing("cors", "CORSRules")
get_bucket_encryption = _showing("encryption", "ServerSideEncryptionConfiguration")
get_bucket_lifecycle_configuration = _showing("lifecycle")
get_bucket_logging = _showing("logging")
get_bucket_ownership_controls = _showing("ownershipControls", "OwnershipControls")
get_bucket_policy = _showing("policy", "Policy")
get_bucket_replication = _showing("replication", "ReplicationConfiguration")
get_bucket_request_payment = _showing("requestPayment")
get_bucket_website = _showing("website")
get_object_lock_configuration = _showing("object-lock", "ObjectLockConfiguration")
get_public_access_block = _showing("publicAccessBlock", "PublicAccessBlockConfiguration")

delete_bucket_cors = _deleting("cors")
delete_bucket_lifecycle = _deleting("lifecycle")
delete_bucket_ownership_controls = _deleting("ownershipControls")
delete_bucket_policy = _deleting("policy")
delete_bucket_website = _deleting("website")
delete_public_access_block = _deleting("publicAccessBlock")


def put_bucket_policy(ctx: Context, *, bucket: str, policy: str, expected_bucket_owner: str | None = None) -> Answer:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    try:
        document = json.loads(policy)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise AwsError("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'", status=400)
    if not document.get("Statement"):
        raise AwsError("MalformedPolicy", "Missing required field Statement", status=400)
    keep(ctx, found, "policy", policy)
    return {}


def put_bucket_cors(
    ctx: Context, *, bucket: str, cors_configuration: Answer, expected_bucket_owner: str | None = None
) -> Answer:
    rules = cors_configuration.get("CORSRules")
    configurations.check_cors(rules)
    return _put(ctx, bucket, expected_bucket_owner, "cors", rules)


def put_bucket_lifecycle_configuration(
    ctx: Context,
    *,
    bucket: str,
    lifecycle_configuration: Answer | None = None,
    transition_default_minimum_object_size: str | None = None,
    expected_bucket_owner: str | None = None,
) -> Answer:
    rules = lifecycle.checked((lifecycle_configuration or {}).get("Rules"))
    size = transition_default_minimum_object_size or "all_storage_classes_128K"
    shown = {"Rules": rules, "TransitionDefaultMinimumObjectSize": size}
    _put(ctx, bucket, expected_bucket_owner, "lifecycle", shown)
    return {"TransitionDefaultMinimumObjectSize": size}


def put_bucket_encryption(
    ctx: Context,
    *,
    bucket: str,
    server_side_encryption_configuration: Answer,
    expected_bucket_owner: str | None = None,
) -> Answer:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    configurations.check_encryption(server_side_encryption_configuration)
    keep(ctx, found, "encryption", server_side_encryption_configuration)
    return {}


def delete_bucket_encryption(ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None) -> Answer:
    """Back to the default: a bucket is never without encryption (API reference, DeleteBucketEncryption)."""
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    ctx.tx.execute(SQL.remove_configuration, bucket=found.id, kind="encryption")
    forget_bucket(ctx, bucket)
    return {}


def put_public_access_block(
    ctx: Context,
    *,
    bucket: str,
    public_access_block_configuration: Answer,
    expected_bucket_owner: str | None = None,
) -> Answer:
    shown = dict.fromkeys(DEFAULTS["publicAccessBlock"], False) | public_access_block_configuration
    return _put(ctx, bucket, expected_bucket_owner, "publicAccessBlock", shown)


def put_bucket_ownership_controls(
    ctx: Context, *, bucket: str, ownership_controls: Answer, expected_bucket_owner: str | None = None
) -> Answer:
    configurations.check_ownership(ownership_controls)
    return _put(ctx, bucket, expected_bucket_owner, "ownershipControls", ownership_controls)


def put_bucket_website(
    ctx: Context, *, bucket: str, website_configuration: Answer, expected_bucket_owner: str | None = None
) -> Answer:
    configurations.check_website(website_configuration)
    return _put(ctx, bucket, expected_bucket_owner, "website", website_configuration)


def put_bucket_accelerate_configuration(
    ctx: Context, *, bucket: str, accelerate_configuration: Answer, expected_bucket_owner: str | None = None
) -> Answer:
    require_one_of(accelerate_configuration.get("Status"), "Enabled", "Suspended")
    if "." in bucket:
        raise invalid_request("S3 Transfer Acceleration is not supported for buckets with periods (.) in their names")
    return _put(ctx, bucket, expected_bucket_owner, "accelerate", accelerate_configuration)


def put_bucket_request_payment(
    ctx: Context, *, bucket: str, request_payment_configuration: Answer, expected_bucket_owner: str | None = None
) -> Answer:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    require_one_of(request_payment_configuration.get("Payer"), "BucketOwner", "Requester")
    keep(ctx, found, "requestPayment", request_payment_configuration)
    return {}


def put_bucket_logging(
    ctx: Context, *, bucket: str, bucket_logging_status: Answer, expected_bucket_owner: str | None = None
) -> Answer:
    """Errors: InvalidTargetBucketForLogging, CrossLocationLoggingProhibitted (so spelt)."""
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    enabled = bucket_logging_status.get("LoggingEnabled")
    if enabled is not None:
        target = find_bucket(ctx, enabled["TargetBucket"])
        if target is None:
            raise AwsError(
                "InvalidTargetBucketForLogging",
                "The target bucket for logging does not exist",
                status=400,
                fields={"TargetBucket": enabled["TargetBucket"]},
            )
        if target.region != found.region:
            raise _cross_location(found, target)
    keep(ctx, found, "logging", {} if enabled is None else {"LoggingEnabled": enabled})
    return {}


def _cross_location(source: Bucket, target: Bucket) -> AwsError:
    places = {"TargetBucketLocation": target.region}
    if source.region != US_EAST_1:
        places["SourceBucketLocation"] = source.region
    message = "Cross S3 location logging not allowed. "
    return AwsError("CrossLocationLoggingProhibitted", message, status=403, fields=places)

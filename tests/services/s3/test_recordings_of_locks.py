"""Object lock, held against what AWS answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

KEY = "test-delete-locked"


@pytest.fixture
def locked(aws: Any) -> Any:
    """A client whose bucket `bucket` has object lock."""
    s3 = aws("s3")
    s3.create_bucket(Bucket="bucket", ObjectLockEnabledForBucket=True)
    return s3


@pytest.fixture
def now(aws: Any) -> Any:
    """The account's time."""
    return aws("stepwell").get_clock()["Now"]


def put(s3: Any, body: str = "test", key: str = KEY, **params: Any) -> Any:
    return s3.put_object(Bucket="bucket", Key=key, Body=body, **params)


def head(s3: Any, **params: Any) -> Any:
    return s3.head_object(Bucket="bucket", Key=KEY, **params)


def delete(s3: Any, version: str | None = None, **params: Any) -> Any:
    which = {} if version is None else {"VersionId": version}
    return s3.delete_object(Bucket="bucket", Key=KEY, **which, **params)


def hold(s3: Any, status: str, **params: Any) -> Any:
    return s3.put_object_legal_hold(Bucket="bucket", Key=KEY, LegalHold={"Status": status}, **params)


def retain(s3: Any, mode: str | None = None, until: Any = None, **params: Any) -> Any:
    retention = {} if mode is None else {"Mode": mode, "RetainUntilDate": until}
    return s3.put_object_retention(Bucket="bucket", Key=KEY, Retention=retention, **params)


@pytest.mark.recording("s3", "test_get_put_object_lock_configuration")
def test_a_bucket_locks_by_default(locked: Any, recorded: Any) -> None:
    def configure(**more: Any) -> Any:
        configuration = {"ObjectLockEnabled": "Enabled", **more}
        return locked.put_object_lock_configuration(Bucket="bucket", ObjectLockConfiguration=configuration)

    rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}}
    recorded(
        get_lock_config_start=locked.get_object_lock_configuration(Bucket="bucket"),
        put_lock_config=configure(Rule=rule),
        get_lock_config=locked.get_object_lock_configuration(Bucket="bucket"),
        put_lock_config_enabled=configure(),
        get_lock_config_only_enabled=locked.get_object_lock_configuration(Bucket="bucket"),
    )


@pytest.mark.recording("s3", "test_delete_object_with_no_locking")
def test_only_a_lock_is_bypassed(s3: Any, recorded: Any, error_of: Any) -> None:
    put(s3)
    objects = {"Objects": [{"Key": KEY}]}

    recorded(
        delete_object_bypass_no_lock=error_of(delete, s3, BypassGovernanceRetention=True),
        delete_object_bypass_no_lock_false=error_of(delete, s3, BypassGovernanceRetention=False),
        delete_objects_bypass_no_lock=error_of(
            s3.delete_objects, Bucket="bucket", Delete=objects, BypassGovernanceRetention=True
        ),
    )


@pytest.mark.recording("s3", "test_delete_locked_object")
def test_what_is_held_is_not_deleted(locked: Any, recorded: Any, error_of: Any) -> None:
    written = put(locked)
    version = written["VersionId"]
    objects = {"Objects": [{"Key": KEY, "VersionId": version}]}

    recorded(
        put_obj=written,
        put_object_legal_hold=hold(locked, "ON"),
        delete_object_locked=error_of(delete, locked, version),
        delete_objects_locked=locked.delete_objects(Bucket="bucket", Delete=objects),
        put_object_legal_hold_off=hold(locked, "OFF"),
    )


@pytest.mark.recording("s3", "test_put_object_with_legal_hold")
def test_an_object_is_put_with_a_hold(locked: Any, recorded: Any) -> None:
    recorded(
        put_obj=put(locked, ObjectLockLegalHoldStatus="ON"),
        head_object_with_legal_hold=head(locked),
        put_object_legal_hold_off=hold(locked, "OFF"),
    )


@pytest.mark.recording("s3", "test_s3_legal_hold_lock_versioned")
def test_each_version_has_its_hold(locked: Any, recorded: Any) -> None:
    first = put(locked)
    old = {"VersionId": first["VersionId"]}
    recorded(
        {
            "put-object": first,
            "put-object-legal-hold-ver1": hold(locked, "ON", **old),
            "head-object-ver1": head(locked, **old),
        }
    )
    second = put(locked)
    recorded(
        {
            "put-object-2": second,
            "put-object-legal-hold-ver2": hold(locked, "ON", VersionId=second["VersionId"]),
            "head-object-ver2": head(locked, VersionId=second["VersionId"]),
            "remove-object-legal-hold-ver1": hold(locked, "OFF", **old),
            "head-object-ver1-no-lock": head(locked, **old),
            "delete-object-ver1": delete(locked, first["VersionId"]),
        }
    )


@pytest.mark.recording("s3", "test_object_lock_delete_markers")
def test_a_delete_marker_is_not_locked(locked: Any, now: Any, recorded: Any, error_of: Any) -> None:
    recorded.only.unknown("f4b85168936b954f2d82998d6d3775c5", "l5fLBg==")
    until = now + timedelta(minutes=10)
    written = put(locked, "x" * 20, ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=until)
    shown = head(locked)
    marker = delete(locked)
    which = {"VersionId": marker["VersionId"]}

    recorded(
        put_object_with_lock=written,
        head_object_with_lock=shown,
        put_delete_marker=marker,
        put_object_retention_delete_marker=error_of(retain, locked, "GOVERNANCE", until, **which),
        get_object_retention_delete_marker=error_of(locked.get_object_retention, Bucket="bucket", Key=KEY, **which),
        head_object_locked_delete_marker=error_of(head, locked, **which),
    )


@pytest.mark.recording("s3", "test_object_lock_extend_duration")
def test_a_retention_may_be_longer_but_not_shorter(locked: Any, now: Any, recorded: Any, error_of: Any) -> None:
    recorded.only.unknown("f4b85168936b954f2d82998d6d3775c5", "l5fLBg==")
    until = now + timedelta(minutes=10)

    recorded(
        put_object_with_lock=put(locked, "x" * 20, ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=until),
        head_object_with_lock=head(locked),
        put_object_retention_extend=retain(locked, "GOVERNANCE", until + timedelta(minutes=1)),
        head_object_with_lock_extended=head(locked),
        put_object_retention_reduce=error_of(retain, locked, "GOVERNANCE", until),
    )


@pytest.mark.recording("s3", "test_s3_object_lock_mode_validation")
def test_the_lock_of_a_new_object_is_checked(
    locked: Any, unchecked: Any, now: Any, recorded: Any, error_of: Any
) -> None:
    until = now + timedelta(minutes=10)
    bad = {"ObjectLockMode": "BAD-VALUE", "ObjectLockRetainUntilDate": until}

    recorded(
        put_obj_locked_error_no_retain_date=error_of(put, locked, ObjectLockMode="GOVERNANCE"),
        put_obj_locked_error_no_mode=error_of(put, locked, ObjectLockRetainUntilDate=until),
        put_obj_locked_bad_value=error_of(put, unchecked, **bad),
        create_mpu_locked_bad_value=error_of(unchecked.create_multipart_upload, Bucket="bucket", Key=KEY, **bad),
    )


@pytest.mark.recording("s3", "test_s3_object_retention")
def test_governance_can_be_bypassed(locked: Any, now: Any, recorded: Any, error_of: Any) -> None:
    until = now + timedelta(minutes=10)
    first = put(locked)
    recorded(
        {
            "put-obj-locked-1": first,
            "put-object-retention-on-key-1": retain(locked, "GOVERNANCE", until),
            "get-object-retention-on-key-1": locked.get_object_retention(Bucket="bucket", Key=KEY),
            "head-object-locked": head(locked),
            "delete-obj-locked": error_of(delete, locked, first["VersionId"]),
            "delete-obj-locked-bypass": delete(locked, first["VersionId"], BypassGovernanceRetention=True),
        }
    )
    second = put(locked, ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=until)
    recorded(
        {
            "put-obj-locked-2": second,
            "update-retention-locked-object": error_of(retain, locked, "GOVERNANCE", until - timedelta(minutes=5)),
            "put-object-empty-retention": retain(locked, BypassGovernanceRetention=True),
            "update-retention-object": retain(locked, "GOVERNANCE", until - timedelta(minutes=5)),
        }
    )


@pytest.mark.recording("s3", "test_s3_object_retention_compliance_mode")
def test_compliance_cannot_be_bypassed(locked: Any, aws: Any, now: Any, recorded: Any, error_of: Any) -> None:
    until = now + timedelta(minutes=10)
    written = put(locked)
    version = written["VersionId"]
    which = {"VersionId": version, "BypassGovernanceRetention": True}
    recorded(
        {
            "put-obj-locked-1": written,
            "add-compliance-retention": retain(locked, "COMPLIANCE", until, VersionId=version),
            "delete-locked-1": error_of(delete, locked, version, BypassGovernanceRetention=True),
            "put-delete-marker": delete(locked),
            "delete-locked-2": error_of(delete, locked, version, BypassGovernanceRetention=True),
            "update-retention-shortened": error_of(retain, locked, "COMPLIANCE", until - timedelta(minutes=1), **which),
            "update-retention-less-restrictive": error_of(retain, locked, "GOVERNANCE", until, **which),
        }
    )
    aws.advance(601)
    recorded(delete_obj_after_lock_expiration=delete(locked, version))


# What the recordings do not have.


def test_versioning_stays_on_with_a_lock(locked: Any, error_of: Any) -> None:
    suspended = {"Status": "Suspended"}

    error = error_of(locked.put_bucket_versioning, Bucket="bucket", VersioningConfiguration=suspended)

    assert (error["Error"]["Code"], error["ResponseMetadata"]["HTTPStatusCode"]) == ("InvalidBucketState", 409)


def test_a_new_object_is_locked_by_default(locked: Any, aws: Any, now: Any) -> None:
    rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 2}}
    configuration = {"ObjectLockEnabled": "Enabled", "Rule": rule}
    locked.put_object_lock_configuration(Bucket="bucket", ObjectLockConfiguration=configuration)

    put(locked)

    shown = head(locked)
    assert shown["ObjectLockMode"] == "GOVERNANCE"
    assert timedelta(days=2) <= shown["ObjectLockRetainUntilDate"] - now < timedelta(days=2, minutes=1)


def test_a_bucket_without_lock_keeps_nothing(s3: Any, error_of: Any) -> None:
    put(s3)

    errors = [
        error_of(hold, s3, "ON")["Error"],
        error_of(put, s3, ObjectLockLegalHoldStatus="ON")["Error"],
    ]

    assert {error["Message"] for error in errors} == {"Bucket is missing Object Lock Configuration"}

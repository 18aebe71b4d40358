"""Versions and delete markers, held against what AWS answered."""

from __future__ import annotations

from typing import Any

import pytest

BAD_VERSION = "HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD"


def put(s3: Any, key: str, body: str) -> Any:
    return s3.put_object(Bucket="bucket", Key=key, Body=body)


def get(s3: Any, key: str, version: str | None = None) -> Any:
    return s3.get_object(Bucket="bucket", Key=key, **({} if version is None else {"VersionId": version}))


def delete(s3: Any, key: str, version: str | None = None) -> Any:
    return s3.delete_object(Bucket="bucket", Key=key, **({} if version is None else {"VersionId": version}))


def listed(s3: Any, **params: Any) -> Any:
    return s3.list_object_versions(Bucket="bucket", **params)


def suspend(s3: Any) -> None:
    s3.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Suspended"})


@pytest.mark.recording("s3", "test_object_version_id_format")
def test_a_version_has_an_id_of_32_characters(versioned: Any, recorded: Any) -> None:
    written = put(versioned, "k", "")

    assert len(written["VersionId"]) == 32
    recorded(put_object=written)


@pytest.mark.recording("s3", "test_get_object_after_deleted_in_versioned_bucket")
def test_a_deleted_object_is_not_found(versioned: Any, recorded: Any, error_of: Any) -> None:
    put(versioned, "my-key", "abcdefgh")
    got = get(versioned, "my-key")
    delete(versioned, "my-key")

    recorded(get_object=got, get_object_after_delete=error_of(get, versioned, "my-key"))


@pytest.mark.recording("s3", "test_get_object_with_version_unversioned_bucket")
def test_a_bucket_without_versions_has_the_null_version(s3: Any, recorded: Any, error_of: Any) -> None:
    recorded(
        put_object=put(s3, "k", "test-version"),
        get_obj_with_version=error_of(get, s3, "k", BAD_VERSION),
        get_obj_with_null_version=get(s3, "k", "null"),
    )


@pytest.mark.recording("s3", "test_get_object_attributes_versioned")
def test_attributes_of_each_version(versioned: Any, recorded: Any, error_of: Any) -> None:
    s3, key = versioned, "key-attrs-versioned"

    def attributes(*names: str, **which: str) -> Any:
        return s3.get_object_attributes(Bucket="bucket", Key=key, ObjectAttributes=list(names), **which)

    some = ("StorageClass", "ETag", "ObjectSize")
    recorded.only.unknown("e92499db864217242396e8ef766079a9", "WC+ANw==")
    first, second = put(s3, key, "7 bytes"), put(s3, key, "version 2")
    shown = attributes("Checksum", *some)
    deleted = delete(s3, key)
    recorded(
        {
            "put-obj-v1": first,
            "put-obj-v2": second,
            "object-attrs": shown,
            "delete-key": deleted,
            "deleted-object-attrs": error_of(attributes, *some),
            "get-object-attrs-v1": attributes(*some, VersionId=first["VersionId"]),
        }
    )


@pytest.mark.recording("s3", "test_s3_delete_object_with_version_id")
def test_one_version_is_deleted_among_others(versioned: Any, recorded: Any) -> None:
    s3 = versioned
    status = s3.get_bucket_versioning(Bucket="bucket")
    first = put(s3, "aws/s3/testkey1.txt", "x" * 960)
    put(s3, "aws/s3/testkey2.txt", "x" * 960)
    recorded.only.unknown("c289c6e309be295fe68af649d1e6c6ec")
    which = {"Key": "aws/s3/testkey1.txt", "VersionId": first["VersionId"]}
    deleted = s3.delete_objects(Bucket="bucket", Delete={"Objects": [which]})
    left = listed(s3)
    suspend(s3)

    recorded(
        get_bucket_versioning=status,
        delete_objects=deleted,
        list_object_versions_after_delete=left,
        get_bucket_versioning_suspended=s3.get_bucket_versioning(Bucket="bucket"),
    )


@pytest.mark.recording("s3", "test_delete_object_versioned")
def test_an_object_is_deleted_and_its_versions_too(versioned: Any, recorded: Any, error_of: Any) -> None:
    s3, key = versioned, "test-delete"
    written = put(s3, key, "test-delete")
    version = written["VersionId"]
    marker = delete(s3, key)
    recorded(
        {
            "put-object": written,
            "delete-object": marker,
            "get-deleted-object": error_of(get, s3, key),
            "get-object-with-version": get(s3, key, version),
            "get-delete-marker": error_of(get, s3, key, marker["VersionId"]),
            "delete-object-2": delete(s3, key),
            "list-object-versions": listed(s3, Prefix=key),
            "delete-delete-marker": delete(s3, key, marker["VersionId"]),
            "delete-object-version": delete(s3, key, version),
            "get-deleted-object-with-version": error_of(get, s3, key, version),
            "delete-with-bad-version": error_of(delete, s3, key, BAD_VERSION),
            "delete-wrong-key": delete(s3, "wrong-key"),
        }
    )


@pytest.mark.recording("s3", "test_delete_object_on_suspended_bucket")
def test_the_null_version_and_its_marker_replace_each_other(versioned: Any, recorded: Any) -> None:
    s3, key = versioned, "test-delete-suspended"
    recorded.only.unknown("195a8078a76b2922899312bf556585e1", "Hgr1MQ==")
    recorded({f"put-object-{number}": put(s3, key, f"test-version-{number}") for number in (0, 1)})
    suspend(s3)

    recorded(
        {
            "list-suspended": listed(s3),
            "delete-object-no-version": delete(s3, key),
            "list-suspended-delete": listed(s3),
            "put-object-suspended": put(s3, key, "x" * 35),
            "list-suspended-put": listed(s3),
            "delete-object-no-version-after-put": delete(s3, key),
            "list-suspended-after-put": listed(s3),
        }
    )


@pytest.mark.recording("s3", "test_s3_put_object_versioned")
def test_objects_before_during_and_after_versioning(s3: Any, recorded: Any) -> None:
    plain, key = "non-version-bucket-key", "versioned-bucket-key"
    recorded(
        put_pre_versioned=put(s3, plain, "non-versioned-key"),
        get_pre_versioned=get(s3, plain),
        list_object_pre_versioned=listed(s3),
    )
    s3.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Enabled"})
    recorded(
        {
            "get-post-versioned": get(s3, plain),
            "put-obj-versioned-1": put(s3, key, "versioned-key"),
            "put-obj-versioned-2": put(s3, key, "versioned-key-updated"),
            "get-obj-versioned": get(s3, key),
            "list-object-versioned": listed(s3),
        }
    )
    suspend(s3)
    recorded(
        list_bucket_suspended=listed(s3),
        get_obj_versioned_disabled=get(s3, key),
        get_obj_non_versioned_disabled=get(s3, plain),
        put_non_versioned_post_disable=put(s3, plain, "non-versioned-key-post"),
        get_non_versioned_post_disable=get(s3, plain),
    )

"""Versioning: versions kept, hidden, removed, listed."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError


def put(s3: Any, body: bytes, key: str = "k") -> str:
    return str(s3.put_object(Bucket="bucket", Key=key, Body=body).get("VersionId", "null"))


def read(s3: Any, **params: Any) -> bytes:
    return bytes(s3.get_object(Bucket="bucket", Key="k", **params)["Body"].read())


def listed(s3: Any, **params: Any) -> list[tuple[str, str, bool, bool]]:
    """(key, version, is latest, is marker), versions first."""
    answer = s3.list_object_versions(Bucket="bucket", **params)
    versions = [(each["Key"], each["VersionId"], each["IsLatest"], False) for each in answer.get("Versions", [])]
    return versions + [
        (each["Key"], each["VersionId"], each["IsLatest"], True) for each in answer.get("DeleteMarkers", [])
    ]


def test_versioning_is_off_until_it_is_put(s3: Any) -> None:
    assert "Status" not in s3.get_bucket_versioning(Bucket="bucket")
    assert "VersionId" not in s3.put_object(Bucket="bucket", Key="k", Body=b"x")

    s3.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Suspended"})

    assert s3.get_bucket_versioning(Bucket="bucket")["Status"] == "Suspended"


def test_an_overwritten_version_can_still_be_read(versioned: Any) -> None:
    first, second = put(versioned, b"1"), put(versioned, b"2" * 100_000)
    third = put(versioned, b"3")

    assert read(versioned) == b"3"
    assert read(versioned, VersionId=first) == b"1"
    assert read(versioned, VersionId=second) == b"2" * 100_000
    assert listed(versioned) == [("k", third, True, False), ("k", second, False, False), ("k", first, False, False)]


def test_a_delete_hides_the_object_behind_a_marker(versioned: Any) -> None:
    version = put(versioned, b"1")

    deleted = versioned.delete_object(Bucket="bucket", Key="k")

    assert deleted["DeleteMarker"]
    with pytest.raises(versioned.exceptions.NoSuchKey):
        read(versioned)
    assert read(versioned, VersionId=version) == b"1"
    with pytest.raises(ClientError) as caught:
        read(versioned, VersionId=deleted["VersionId"])
    assert caught.value.response["Error"] == {
        "Code": "MethodNotAllowed",
        "Message": "The specified method is not allowed against this resource.",
        "Method": "GET",
        "ResourceType": "DeleteMarker",
    }
    assert "Contents" not in versioned.list_objects_v2(Bucket="bucket")


def test_removing_the_marker_brings_the_object_back(versioned: Any) -> None:
    put(versioned, b"1")
    marker = versioned.delete_object(Bucket="bucket", Key="k")["VersionId"]

    removed = versioned.delete_object(Bucket="bucket", Key="k", VersionId=marker)

    assert (removed["DeleteMarker"], removed["VersionId"]) == (True, marker)
    assert read(versioned) == b"1"


def test_removing_the_current_version_brings_back_the_one_before(versioned: Any, running: Any) -> None:
    before = len(list((running.config.data / "blobs").glob("??/*")))
    first = put(versioned, b"1")
    second = put(versioned, b"2" * 100_000)

    versioned.delete_object(Bucket="bucket", Key="k", VersionId=second)

    assert read(versioned) == b"1"
    assert listed(versioned) == [("k", first, True, False)]
    assert len(list((running.config.data / "blobs").glob("??/*"))) == before
    with pytest.raises(ClientError) as caught:
        read(versioned, VersionId=second)
    assert caught.value.response["Error"]["Code"] == "NoSuchVersion"


def test_what_is_no_version_id_is_an_invalid_argument(versioned: Any) -> None:
    put(versioned, b"1")

    with pytest.raises(ClientError, match="Invalid version id specified"):
        versioned.delete_object(Bucket="bucket", Key="k", VersionId="bad")


def test_a_version_of_before_versioning_is_null(s3: Any) -> None:
    put(s3, b"old")
    s3.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Enabled"})
    new = put(s3, b"new")

    assert listed(s3) == [("k", new, True, False), ("k", "null", False, False)]
    assert read(s3, VersionId="null") == b"old"


def test_with_versioning_suspended_the_null_version_is_replaced(versioned: Any) -> None:
    first = put(versioned, b"1")
    versioned.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Suspended"})

    put(versioned, b"2")
    put(versioned, b"3")
    assert listed(versioned) == [("k", "null", True, False), ("k", first, False, False)]
    deleted = versioned.delete_object(Bucket="bucket", Key="k")

    assert (deleted["DeleteMarker"], deleted["VersionId"]) == (True, "null")
    assert listed(versioned) == [("k", first, False, False), ("k", "null", True, True)]
    put(versioned, b"4")
    assert listed(versioned) == [("k", "null", True, False), ("k", first, False, False)]


def test_an_old_version_can_be_copied_and_tagged(versioned: Any) -> None:
    first = put(versioned, b"1" * 100_000)
    put(versioned, b"2")

    copied = versioned.copy_object(
        Bucket="bucket", Key="copy", CopySource={"Bucket": "bucket", "Key": "k", "VersionId": first}
    )
    versioned.put_object_tagging(
        Bucket="bucket", Key="k", VersionId=first, Tagging={"TagSet": [{"Key": "a", "Value": "1"}]}
    )
    versioned.delete_object(Bucket="bucket", Key="k", VersionId=first)

    assert copied["CopySourceVersionId"] == first
    assert versioned.get_object(Bucket="bucket", Key="copy")["Body"].read() == b"1" * 100_000
    assert versioned.get_object_tagging(Bucket="bucket", Key="k")["TagSet"] == []


def test_versions_are_listed_page_by_page(versioned: Any) -> None:
    for key in ("a/1", "a/1", "a/2", "b", "b"):
        put(versioned, b"x", key)
    versioned.delete_object(Bucket="bucket", Key="b")

    pages = versioned.get_paginator("list_object_versions").paginate(Bucket="bucket", PaginationConfig={"PageSize": 1})
    shown = [
        (each["Key"], each["IsLatest"])
        for page in pages
        for each in page.get("Versions", []) + page.get("DeleteMarkers", [])
    ]

    assert shown == [
        ("a/1", True), ("a/1", False), ("a/2", True), ("b", True), ("b", False), ("b", False),
    ]  # fmt: skip
    rolled = versioned.list_object_versions(Bucket="bucket", Delimiter="/", MaxKeys=1)
    assert [each["Prefix"] for each in rolled["CommonPrefixes"]] == ["a/"]
    assert rolled["NextKeyMarker"] == "a/"
    assert {key for key, _, _, _ in listed(versioned, Delimiter="/", KeyMarker="a/")} == {"b"}


def test_many_versions_are_removed_at_once_and_the_bucket_can_go(versioned: Any) -> None:
    put(versioned, b"1")
    put(versioned, b"2")
    marked = versioned.delete_objects(Bucket="bucket", Delete={"Objects": [{"Key": "k"}]})["Deleted"][0]
    with pytest.raises(ClientError, match="BucketNotEmpty"):
        versioned.delete_bucket(Bucket="bucket")

    every = [{"Key": key, "VersionId": version} for key, version, _, _ in listed(versioned)]
    versioned.delete_objects(Bucket="bucket", Delete={"Objects": every})

    assert marked["DeleteMarker"]
    assert listed(versioned) == []
    versioned.delete_bucket(Bucket="bucket")

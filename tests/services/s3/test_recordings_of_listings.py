"""Listings of objects, versions and uploads, held against what AWS answered."""

from __future__ import annotations

from typing import Any

import pytest

FOLDERS = ("folder/aSubfolder/subFile1", "folder/aSubfolder/subFile2", "folder/file1", "folder/file2")
LISTINGS = {
    "list_objects": "ListObjects",
    "list_objects_v2": "ListObjectsV2",
    "list_object_versions": "ListObjectVersions",
    "list_multipart_uploads": "ListMultipartUploads",
}


def fill(s3: Any, *keys: str) -> None:
    for key in keys:
        s3.put_object(Bucket="bucket", Key=key, Body="content 123")


def raw(s3: Any, fetch: Any, parse: Any, operation: str, **params: Any) -> Any:
    """What a listing answers to who does not ask for an encoding, its XML as a dictionary."""
    url = s3.generate_presigned_url(operation, {"Bucket": "bucket", **params})
    return parse(fetch(url.replace("encoding-type=url&", "")).body)


@pytest.mark.recording("s3", "test_list_objects_with_prefix")
def test_objects_below_a_prefix(s3: Any, fetch: Any, parse: Any, recorded: Any) -> None:
    fill(s3, "test/foo/bar/123")

    for delimiter in ("", "/", "%2F"):
        recorded[delimiter](
            list_objects=s3.list_objects(Bucket="bucket", Prefix="test/", Delimiter=delimiter, MaxKeys=1)
        )
    unencoded = raw(s3, fetch, parse, "list_objects", Prefix="test", Delimiter="/")
    recorded["%2F"](list_objects_no_encoding=unencoded)


@pytest.mark.recording("s3", "test_s3_list_objects_empty_marker")
def test_an_empty_marker_is_the_beginning(s3: Any, recorded: Any) -> None:
    recorded(list_objects=s3.list_objects(Bucket="bucket", Marker=""))


@pytest.mark.recording("s3", "test_list_objects_next_marker")
def test_objects_are_listed_from_a_marker_on(s3: Any, recorded: Any) -> None:
    keys = ("test_0", "test_1", "test_2")
    fill(s3, *keys)

    def listed(**params: Any) -> Any:
        return s3.list_objects(Bucket="bucket", **params)

    recorded(
        {
            "list-objects-all": listed(),
            "list-objects-max-1": listed(MaxKeys=1, Delimiter="/"),
            "list-objects-rest": listed(Marker=keys[0], MaxKeys=1),
            "list-objects-marker-empty": listed(Marker="", MaxKeys=1),
        }
    )


@pytest.mark.recording("s3", "test_list_objects_marker_common_prefixes")
def test_objects_and_common_prefixes_are_paged(s3: Any, recorded: Any) -> None:
    fill(s3, *FOLDERS)

    def listed(marker: str) -> Any:
        return s3.list_objects(Bucket="bucket", Delimiter="/", Prefix="folder/", MaxKeys=1, Marker=marker)

    first = listed("")
    second = listed(first["NextMarker"])
    recorded(
        {
            "list-objects-all-keys": s3.list_objects(Bucket="bucket"),
            "list-objects-start": first,
            "list-objects-next-1": second,
            "list-objects-end": listed(second["NextMarker"]),
            "list-objects-manual-first-file": listed("folder/aSubfolder/subFile1"),
        }
    )


@pytest.mark.recording("s3", "test_list_objects_v2_continuation_common_prefixes")
def test_objects_and_common_prefixes_are_paged_by_tokens(s3: Any, recorded: Any) -> None:
    fill(s3, *FOLDERS)

    def listed(**params: Any) -> Any:
        return s3.list_objects_v2(Bucket="bucket", Delimiter="/", Prefix="folder/", MaxKeys=1, **params)

    first = listed()
    second = listed(ContinuationToken=first["NextContinuationToken"])
    recorded(
        {
            "list-objects-v2-all-keys": s3.list_objects_v2(Bucket="bucket"),
            "list-objects-v2-start": first,
            "list-objects-v2-next-1": second,
            "list-objects-v2-end": listed(ContinuationToken=second["NextContinuationToken"]),
        }
    )


@pytest.mark.recording("s3", "test_list_objects_v2_with_prefix", "test_list_objects_v2_with_prefix_and_delimiter")
def test_objects_are_rolled_up_at_a_delimiter(s3: Any, fetch: Any, parse: Any, recorded: Any) -> None:
    fill(s3, "test/foo/bar/123", "test/foo/bar/456", "test/bar/foo/123")
    prefixes = {"1": "test/", "2": "test/foo", "3": "test/foo/bar"}

    def listed(**params: Any) -> Any:
        return s3.list_objects_v2(Bucket="bucket", EncodingType="url", **params)

    flat = {f"list-objects-v2-{at}": listed(Prefix=prefix) for at, prefix in prefixes.items()}
    rolled = {f"list-objects-v2-{at}": listed(Prefix=prefix, Delimiter="/") for at, prefix in prefixes.items()}

    recorded["test_list_objects_v2_with_prefix"](flat)
    unencoded = raw(s3, fetch, parse, "list_objects_v2", Prefix="test/foo")
    recorded["test_list_objects_v2_with_prefix"](list_objects_v2_no_encoding=unencoded)
    recorded["test_list_objects_v2_with_prefix_and_delimiter"](
        {**rolled, "list-objects-v2-1-with-max-keys": listed(Prefix="test/", Delimiter="/", MaxKeys=1)}
    )


@pytest.mark.parametrize("operation", LISTINGS)
@pytest.mark.recording("s3", "test_list_ops_encoding_type_validation")
def test_an_encoding_is_one_that_s3_knows(s3: Any, recorded: Any, error_of: Any, operation: str) -> None:
    refused = {
        case: error_of(getattr(s3, operation), Bucket="bucket", EncodingType=text)
        for case, text in (("wrong", "value"), ("empty", ""))
    }

    recorded[operation]({f"{operation}-error-{case}-value": error for case, error in refused.items()})


@pytest.mark.recording("s3", "test_list_object_versions_pagination_common_prefixes")
def test_versions_and_common_prefixes_are_paged(versioned: Any, recorded: Any) -> None:
    fill(versioned, *FOLDERS)

    def listed(**params: Any) -> Any:
        return versioned.list_object_versions(Bucket="bucket", Delimiter="/", Prefix="folder/", MaxKeys=1, **params)

    first = listed()
    second = listed(KeyMarker=first["NextKeyMarker"])
    recorded(
        {
            "list-object-versions-all-keys": versioned.list_object_versions(Bucket="bucket"),
            "list-object-versions-start": first,
            "list-object-versions-next-1": second,
            "list-object-versions-end": listed(KeyMarker=second["NextKeyMarker"]),
            "list-object-versions-manual-first-file": listed(KeyMarker="folder/aSubfolder/subFile1"),
        }
    )


@pytest.mark.recording("s3", "test_list_objects_versions_markers")
def test_versions_are_listed_from_markers_on(versioned: Any, recorded: Any, error_of: Any) -> None:
    s3 = versioned
    keys = ("test_0", "test_1", "test_2")

    def put(key: str, number: int) -> str:
        return str(s3.put_object(Bucket="bucket", Key=key, Body=f"version {number}")["VersionId"])

    def listed(**params: Any) -> Any:
        return s3.list_object_versions(Bucket="bucket", **params)

    # The order that the recording's numbers of versions tell.
    versions = [put(key, 1) for key in keys] + [put("test_2", 2)]
    versions += [s3.delete_object(Bucket="bucket", Key=key)["VersionId"] for key in keys]
    versions += [put(key, 2) for key in keys[:2]]

    recorded(
        {
            "version-order": {"Versions": [{"VersionId": version} for version in versions]},
            "list-objects-versions-all": listed(),
            "list-objects-versions-5": listed(MaxKeys=5),
            "list-objects-next-key-only": listed(MaxKeys=1, KeyMarker="test_1"),
            "list-objects-next-key-last": listed(MaxKeys=1, KeyMarker="test_2"),
            "list-objects-next-version-only": error_of(listed, MaxKeys=1, VersionIdMarker=versions[5]),
            "list-objects-both-markers": listed(MaxKeys=1, KeyMarker="test_1", VersionIdMarker=versions[5]),
            "list-objects-last-key-last-version": listed(MaxKeys=1, KeyMarker="test_2", VersionIdMarker=versions[3]),
            "list-objects-next-key-empty": listed(MaxKeys=1, KeyMarker=""),
        }
    )


def begin(s3: Any, *keys: str) -> list[str]:
    """Begin uploads of these keys, in this order; their ids."""
    return [s3.create_multipart_upload(Bucket="bucket", Key=key)["UploadId"] for key in keys]


@pytest.mark.recording("s3", "test_list_multipart_uploads_marker_common_prefixes")
def test_uploads_and_common_prefixes_are_paged(s3: Any, recorded: Any) -> None:
    begin(s3, *FOLDERS)

    def listed(**params: Any) -> Any:
        return s3.list_multipart_uploads(Bucket="bucket", Delimiter="/", Prefix="folder/", MaxUploads=1, **params)

    recorded(
        {
            "list-multiparts-start": listed(),
            "list-multiparts-manual-prefix": listed(KeyMarker="folder/aSubfolder/"),
            "list-multiparts-manual-first-file": listed(KeyMarker="folder/aSubfolder/subFile1"),
        }
    )


@pytest.mark.recording("s3", "test_list_multiparts_next_marker")
def test_uploads_are_listed_from_markers_on(s3: Any, aws: Any, recorded: Any, error_of: Any) -> None:
    def listed(**params: Any) -> Any:
        return s3.list_multipart_uploads(Bucket="bucket", **params)

    def one(**params: Any) -> Any:
        return listed(MaxUploads=1, **params)

    empty = listed()
    ids = []
    for key in ("test-key-c", "test-key-b", "test-key-a", "test-key-a", "test-key-a"):
        ids += begin(s3, key)
        aws.advance(1)
    a, b, c = "test-key-a", "test-key-b", "test-key-c"

    recorded(
        {
            "list-multiparts-empty": empty,
            "upload-ids-order": {"UploadIds": [{"UploadId": id} for id in ids]},
            "list-multiparts-all": listed(),
            "list-multiparts-max-1": one(),
            "list-multiparts-next-key-only": one(KeyMarker=a),
            "list-multiparts-next-key-last": one(KeyMarker=c),
            "list-multiparts-next-upload-only": one(UploadIdMarker=ids[3]),
            "list-multiparts-both-markers": one(KeyMarker=a, UploadIdMarker=ids[2]),
            "list-multiparts-both-markers-2": one(KeyMarker=a, UploadIdMarker=ids[4]),
            "list-multiparts-get-last-upload-no-truncate": one(KeyMarker=b, UploadIdMarker=ids[1]),
            "list-multiparts-wrong-id-for-key": error_of(one, KeyMarker=a, UploadIdMarker=ids[1]),
            "list-multiparts-next-key-empty": one(KeyMarker=""),
        }
    )


@pytest.mark.recording("s3", "test_list_multiparts_with_prefix_and_delimiter")
def test_uploads_are_rolled_up_at_a_delimiter(s3: Any, fetch: Any, parse: Any, recorded: Any) -> None:
    begin(s3, "test/foo/bar/123", "test/foo/bar/456", "test/bar/foo/123")
    prefixes = {"1": "test/", "2": "test/foo/", "3": "test/foo/bar"}

    def listed(prefix: str) -> Any:
        return s3.list_multipart_uploads(Bucket="bucket", Prefix=prefix, Delimiter="/", EncodingType="url")

    recorded({f"list-multiparts-{at}": listed(prefix) for at, prefix in prefixes.items()})
    recorded({"list-multiparts-no-encoding": raw(s3, fetch, parse, "list_multipart_uploads", Prefix="test/foo")})

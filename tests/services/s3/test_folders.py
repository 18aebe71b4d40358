"""Buckets bound to folders: objects appear as files, and nothing is written outside or twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from emulator.errors import AwsError

Call = Callable[..., dict[str, Any]]


@pytest.fixture
def call(aws: Any, running: Any) -> Call:
    """Operations of our own, which boto3's model of S3 does not have."""

    def call(operation: str, **params: Any) -> dict[str, Any]:
        answer: dict[str, Any] = running.emulator.call("s3", operation, params, account=aws.account)
        return answer

    return call


@pytest.fixture
def idle(aws: Any) -> Callable[[], dict[str, Any]]:
    """Wait until the account has nothing in hand."""
    return lambda: aws("stepwell").wait_until(NothingPending=True, TimeoutSeconds=10)


@pytest.fixture
def folder(s3: Any, call: Call, tmp_path: Path) -> Path:
    """A folder that the bucket `bucket` is bound to."""
    call("PutBucketFolder", Bucket="bucket", Folder=str(tmp_path / "drop"))
    return tmp_path / "drop"


@pytest.mark.parametrize("body", [b"", b"small", b"large" * 50_000], ids=["empty", "small", "large"])
def test_an_object_appears_as_a_file(s3: Any, folder: Path, idle: Any, body: bytes) -> None:
    s3.put_object(Bucket="bucket", Key="in/a b.txt", Body=body)
    idle()

    assert (folder / "in" / "a b.txt").read_bytes() == body


def test_the_file_follows_its_object(s3: Any, folder: Path, idle: Any) -> None:
    s3.put_object(Bucket="bucket", Key="k", Body=b"1")
    s3.put_object(Bucket="bucket", Key="k", Body=b"2")
    s3.copy_object(Bucket="bucket", Key="copy", CopySource="bucket/k")
    idle()
    assert ((folder / "k").read_bytes(), (folder / "copy").read_bytes()) == (b"2", b"2")

    s3.delete_object(Bucket="bucket", Key="k")
    idle()

    assert not (folder / "k").exists()


def test_a_file_that_has_the_objects_bytes_is_not_written_again(s3: Any, folder: Path, idle: Any) -> None:
    folder.mkdir()
    (folder / "k").write_bytes(b"same")
    before = (folder / "k").stat()

    s3.put_object(Bucket="bucket", Key="k", Body=b"same")
    idle()

    after = (folder / "k").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_large_file_is_compared_to_its_end(s3: Any, folder: Path, idle: Any) -> None:
    body = bytes(5 * 1024 * 1024)
    folder.mkdir()
    for name, there in (("same", body), ("other", body[:-1] + b"x")):
        (folder / name).write_bytes(there)
    before = {path.name: path.stat().st_ino for path in folder.iterdir()}

    for name in before:
        s3.put_object(Bucket="bucket", Key=name, Body=body)
    idle()

    assert (folder / "same").stat().st_ino == before["same"]
    assert (folder / "other").stat().st_ino != before["other"]
    assert (folder / "other").read_bytes() == body


@pytest.mark.parametrize("key", ["../escaped", "/absolute", "a/../../escaped", "folder/"])
def test_a_key_that_is_no_file_name_is_recorded_and_not_written(
    s3: Any, folder: Path, call: Call, idle: Any, key: str
) -> None:
    s3.put_object(Bucket="bucket", Key=key, Body=b"x")
    idle()

    (unwritten,) = call("GetBucketFolder", Bucket="bucket")["Unwritten"]
    assert unwritten["Key"] == key
    assert unwritten["Reason"]
    assert [path for path in folder.parent.rglob("*") if path.is_file()] == []
    s3.delete_object(Bucket="bucket", Key=key)
    idle()
    assert call("GetBucketFolder", Bucket="bucket")["Unwritten"] == []


def test_a_link_out_of_the_folder_is_not_followed(s3: Any, folder: Path, call: Call, idle: Any) -> None:
    outside = folder.parent / "outside"
    outside.mkdir()
    folder.mkdir()
    (folder / "link").symlink_to(outside)

    s3.put_object(Bucket="bucket", Key="link/x", Body=b"x")
    idle()

    assert list(outside.iterdir()) == []
    assert [each["Key"] for each in call("GetBucketFolder", Bucket="bucket")["Unwritten"]] == ["link/x"]


def test_objects_that_were_there_before_appear_when_a_bucket_is_bound(
    s3: Any, call: Call, idle: Any, tmp_path: Path
) -> None:
    s3.put_object(Bucket="bucket", Key="k", Body=b"x")

    call("PutBucketFolder", Bucket="bucket", Folder=str(tmp_path))
    idle()

    assert (tmp_path / "k").read_bytes() == b"x"


def test_bound_buckets_are_listed_until_they_are_unbound(s3: Any, folder: Path, call: Call, aws: Any) -> None:
    bound = {"Account": aws.account, "Bucket": "bucket", "Region": "us-east-1", "Folder": str(folder)}

    assert call("ListBucketFolders")["Folders"] == [bound]
    assert bound in call("ListBucketFolders", AllAccounts=True)["Folders"]
    call("DeleteBucketFolder", Bucket="bucket")

    assert call("ListBucketFolders")["Folders"] == []
    assert call("GetBucketFolder", Bucket="bucket") == {}


def test_a_folder_is_an_absolute_path(s3: Any, call: Call) -> None:
    with pytest.raises(AwsError, match="InvalidArgument"):
        call("PutBucketFolder", Bucket="bucket", Folder="relative")


def test_a_multipart_object_appears_whole(s3: Any, folder: Path, idle: Any) -> None:
    id = s3.create_multipart_upload(Bucket="bucket", Key="k")["UploadId"]
    bodies = [b"1" * 5 * 1024 * 1024, b"2"]
    parts = [
        {
            "PartNumber": number,
            "ETag": s3.upload_part(Bucket="bucket", Key="k", UploadId=id, PartNumber=number, Body=body)["ETag"],
        }
        for number, body in enumerate(bodies, 1)
    ]
    s3.complete_multipart_upload(Bucket="bucket", Key="k", UploadId=id, MultipartUpload={"Parts": parts})
    idle()

    assert (folder / "k").read_bytes() == b"".join(bodies)


def test_a_file_that_cannot_be_written_is_tried_again_then_recorded(
    aws: Any, s3: Any, folder: Path, call: Call, idle: Any
) -> None:
    s3.put_object(Bucket="bucket", Key="a", Body=b"file")
    idle()

    s3.put_object(Bucket="bucket", Key="a/b", Body=b"the folder a would be")
    aws("stepwell").wait_until(NothingPending=True, TimeoutSeconds=3600)

    (unwritten,) = call("GetBucketFolder", Bucket="bucket")["Unwritten"]
    assert unwritten["Key"] == "a/b"
    assert (folder / "a").read_bytes() == b"file"
    s3.delete_object(Bucket="bucket", Key="a")
    s3.put_object(Bucket="bucket", Key="a/b", Body=b"now it can be")
    idle()
    assert (folder / "a" / "b").read_bytes() == b"now it can be"
    assert "Unwritten" not in {name for name, value in call("GetBucketFolder", Bucket="bucket").items() if value}


def test_a_version_that_is_current_again_is_a_file_again(s3: Any, folder: Path, idle: Any) -> None:
    s3.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="bucket", Key="k", Body=b"1")
    second = s3.put_object(Bucket="bucket", Key="k", Body=b"2")["VersionId"]
    marker = s3.delete_object(Bucket="bucket", Key="k")["VersionId"]
    idle()
    assert not (folder / "k").exists()

    s3.delete_object(Bucket="bucket", Key="k", VersionId=marker)
    idle()
    assert (folder / "k").read_bytes() == b"2"
    s3.delete_object(Bucket="bucket", Key="k", VersionId=second)
    idle()

    assert (folder / "k").read_bytes() == b"1"

"""Objects: put, read whole and in part, under conditions, overwritten, deleted."""

from __future__ import annotations

import base64
import hashlib
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

LARGE = bytes(range(256)) * 1024


def status(answer: dict[str, Any]) -> int:
    return int(answer["ResponseMetadata"]["HTTPStatusCode"])


@pytest.mark.parametrize("body", [b"", b"hello", LARGE], ids=["empty", "small", "large"])
def test_an_object_comes_back_as_it_was_put(s3: Any, body: bytes) -> None:
    put = s3.put_object(Bucket="bucket", Key="k", Body=body)

    got = s3.get_object(Bucket="bucket", Key="k")

    assert got["Body"].read() == body
    assert got["ETag"] == put["ETag"] == f'"{hashlib.md5(body).hexdigest()}"'
    assert (got["ContentLength"], got["ContentType"]) == (len(body), "binary/octet-stream")


def test_headers_and_metadata_are_kept(s3: Any) -> None:
    kept = {
        "CacheControl": "no-cache",
        "ContentDisposition": 'attachment; filename="x"',
        "ContentEncoding": "gzip",
        "ContentLanguage": "de",
        "ContentType": "text/plain",
        "Expires": datetime(2030, 1, 1, tzinfo=UTC),
        "Metadata": {"color": "green"},
        "StorageClass": "STANDARD_IA",
        "WebsiteRedirectLocation": "/other",
    }
    s3.put_object(Bucket="bucket", Key="k", Body=b"x", **kept)

    head = s3.head_object(Bucket="bucket", Key="k")

    assert {name: head[name] for name in kept} == kept
    assert head["AcceptRanges"] == "bytes"


def test_the_answers_headers_can_be_overridden(s3: Any) -> None:
    s3.put_object(Bucket="bucket", Key="k", Body=b"x", ContentType="text/plain")

    got = s3.get_object(Bucket="bucket", Key="k", ResponseContentType="text/csv", ResponseContentDisposition="inline")

    assert (got["ContentType"], got["ContentDisposition"]) == ("text/csv", "inline")


@pytest.mark.parametrize("size", [10, 200_000])
def test_a_range_is_answered_with_206(s3: Any, size: int) -> None:
    body = LARGE[:size]
    s3.put_object(Bucket="bucket", Key="k", Body=body)

    got = s3.get_object(Bucket="bucket", Key="k", Range="bytes=2-5")

    assert got["Body"].read() == body[2:6]
    assert (status(got), got["ContentRange"]) == (206, f"bytes 2-5/{size}")


def test_a_range_past_the_end_is_not_satisfiable(s3: Any) -> None:
    s3.put_object(Bucket="bucket", Key="k", Body=b"12345678")

    with pytest.raises(ClientError) as caught:
        s3.get_object(Bucket="bucket", Key="k", Range="bytes=1024-4096")

    assert caught.value.response["Error"] == {
        "Code": "InvalidRange",
        "Message": "The requested range is not satisfiable",
        "ActualObjectSize": "8",
        "RangeRequested": "bytes=1024-4096",
    }


def test_a_missing_object_is_named_in_the_error(s3: Any) -> None:
    with pytest.raises(s3.exceptions.NoSuchKey) as caught:
        s3.get_object(Bucket="bucket", Key="a b/ä")
    with pytest.raises(ClientError) as head:
        s3.head_object(Bucket="bucket", Key="k")

    assert caught.value.response["Error"]["Key"] == "a b/ä"
    assert head.value.response["Error"]["Code"] == "404"


@pytest.mark.parametrize("key", ["a/b c+d%2F", "ä€😀", "a//b", "/a", "..", "a/", "a?b&c=d#e", "~*'()"])
def test_any_key_comes_back_as_it_was_given(s3: Any, key: str) -> None:
    s3.put_object(Bucket="bucket", Key=key, Body=b"x")

    assert s3.get_object(Bucket="bucket", Key=key)["Body"].read() == b"x"
    assert [each["Key"] for each in s3.list_objects_v2(Bucket="bucket")["Contents"]] == [key]


def test_reads_are_conditional(s3: Any) -> None:
    etag = s3.put_object(Bucket="bucket", Key="k", Body=b"x")["ETag"]
    modified = s3.head_object(Bucket="bucket", Key="k")["LastModified"]

    assert status(s3.get_object(Bucket="bucket", Key="k", IfMatch=etag)) == 200
    with pytest.raises(ClientError) as unchanged:
        s3.get_object(Bucket="bucket", Key="k", IfNoneMatch=etag)
    with pytest.raises(ClientError) as since:
        s3.head_object(Bucket="bucket", Key="k", IfModifiedSince=modified)
    with pytest.raises(ClientError) as other:
        s3.get_object(Bucket="bucket", Key="k", IfMatch='"other"')
    with pytest.raises(ClientError) as old:
        s3.get_object(Bucket="bucket", Key="k", IfUnmodifiedSince=modified - timedelta(days=1))

    assert [each.value.response["Error"]["Code"] for each in (unchanged, since, other, old)] == [
        "304",
        "304",
        "PreconditionFailed",
        "PreconditionFailed",
    ]


def test_writes_are_conditional(s3: Any) -> None:
    etag = s3.put_object(Bucket="bucket", Key="k", Body=b"1", IfNoneMatch="*")["ETag"]

    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.put_object(Bucket="bucket", Key="k", Body=b"2", IfNoneMatch="*")
    s3.put_object(Bucket="bucket", Key="k", Body=b"3", IfMatch=etag)
    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.put_object(Bucket="bucket", Key="k", Body=b"4", IfMatch=etag)
    with pytest.raises(s3.exceptions.NoSuchKey):
        s3.put_object(Bucket="bucket", Key="none", Body=b"5", IfMatch=etag)

    assert s3.get_object(Bucket="bucket", Key="k")["Body"].read() == b"3"


@pytest.mark.parametrize("algorithm", ["CRC32", "SHA1", "SHA256"])
def test_a_checksum_is_verified_kept_and_shown(s3: Any, algorithm: str) -> None:
    put = s3.put_object(Bucket="bucket", Key="k", Body=LARGE, ChecksumAlgorithm=algorithm)

    head = s3.head_object(Bucket="bucket", Key="k", ChecksumMode="ENABLED")

    member = f"Checksum{algorithm}"
    assert put[member] == head[member]
    assert head["ChecksumType"] == "FULL_OBJECT"
    assert member not in s3.head_object(Bucket="bucket", Key="k")


def test_a_wrong_checksum_leaves_the_object_as_it_was(s3: Any) -> None:
    s3.put_object(Bucket="bucket", Key="k", Body=b"old")
    wrong = base64.b64encode(zlib.crc32(b"other").to_bytes(4, "big")).decode()

    with pytest.raises(ClientError) as caught:
        s3.put_object(Bucket="bucket", Key="k", Body=b"new", ChecksumCRC32=wrong)

    assert caught.value.response["Error"]["Code"] == "BadDigest"
    assert s3.get_object(Bucket="bucket", Key="k")["Body"].read() == b"old"


def test_a_wrong_content_md5_is_a_bad_digest(s3: Any) -> None:
    with pytest.raises(ClientError, match="BadDigest"):
        s3.put_object(Bucket="bucket", Key="k", Body=b"x", ContentMD5=base64.b64encode(bytes(16)).decode())
    with pytest.raises(ClientError, match="InvalidDigest"):
        s3.put_object(Bucket="bucket", Key="k", Body=b"x", ContentMD5="no")


def test_a_deleted_object_is_gone_and_deleting_it_again_is_no_error(s3: Any) -> None:
    s3.put_object(Bucket="bucket", Key="k", Body=LARGE)

    assert status(s3.delete_object(Bucket="bucket", Key="k")) == 204
    assert status(s3.delete_object(Bucket="bucket", Key="k")) == 204

    with pytest.raises(s3.exceptions.NoSuchKey):
        s3.get_object(Bucket="bucket", Key="k")


def test_a_delete_on_condition_leaves_another_object_alone(s3: Any) -> None:
    etag = s3.put_object(Bucket="bucket", Key="k", Body=b"x")["ETag"]

    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.delete_object(Bucket="bucket", Key="k", IfMatch='"other"')
    s3.delete_object(Bucket="bucket", Key="k", IfMatch=etag)

    assert "Contents" not in s3.list_objects_v2(Bucket="bucket")


def test_many_objects_are_deleted_at_once(s3: Any) -> None:
    for key in ("a", "b"):
        s3.put_object(Bucket="bucket", Key=key, Body=b"x")

    answer = s3.delete_objects(Bucket="bucket", Delete={"Objects": [{"Key": "a"}, {"Key": "b"}, {"Key": "none"}]})

    assert answer["Deleted"] == [{"Key": "a"}, {"Key": "b"}, {"Key": "none"}]
    quiet = s3.delete_objects(Bucket="bucket", Delete={"Objects": [{"Key": "a"}], "Quiet": True})
    assert "Deleted" not in quiet


def test_what_cannot_be_deleted_is_told_beside_the_rest(s3: Any) -> None:
    s3.put_object(Bucket="bucket", Key="a", Body=b"x")

    answer = s3.delete_objects(Bucket="bucket", Delete={"Objects": [{"Key": "a", "ETag": '"other"'}, {"Key": "b"}]})

    assert answer["Deleted"] == [{"Key": "b"}]
    assert answer["Errors"][0]["Code"] == "PreconditionFailed"


def test_a_file_of_the_blobs_goes_with_its_object(s3: Any, running: Any) -> None:
    blobs = running.config.data / "blobs"
    before = len(list(blobs.glob("??/*")))

    s3.put_object(Bucket="bucket", Key="k", Body=LARGE)
    s3.put_object(Bucket="bucket", Key="k", Body=LARGE + b"2")
    between = len(list(blobs.glob("??/*")))
    s3.delete_object(Bucket="bucket", Key="k")

    assert between == before + 1
    assert len(list(blobs.glob("??/*"))) == before


def test_tags_are_put_counted_shown_and_deleted(s3: Any) -> None:
    s3.put_object(Bucket="bucket", Key="k", Body=b"x", Tagging="b=2&a=1")

    assert s3.head_object(Bucket="bucket", Key="k")["TagCount"] == 2
    assert s3.get_object_tagging(Bucket="bucket", Key="k")["TagSet"] == [
        {"Key": "a", "Value": "1"},
        {"Key": "b", "Value": "2"},
    ]
    s3.put_object_tagging(Bucket="bucket", Key="k", Tagging={"TagSet": [{"Key": "c", "Value": ""}]})
    assert s3.get_object_tagging(Bucket="bucket", Key="k")["TagSet"] == [{"Key": "c", "Value": ""}]
    s3.delete_object_tagging(Bucket="bucket", Key="k")
    assert s3.get_object_tagging(Bucket="bucket", Key="k")["TagSet"] == []
    assert "TagCount" not in s3.head_object(Bucket="bucket", Key="k")


def test_attributes_are_told_as_asked(s3: Any) -> None:
    s3.put_object(Bucket="bucket", Key="k", Body=b"x", ChecksumAlgorithm="SHA1")

    answer = s3.get_object_attributes(
        Bucket="bucket", Key="k", ObjectAttributes=["ETag", "Checksum", "ObjectSize", "StorageClass", "ObjectParts"]
    )

    assert answer["ETag"] == hashlib.md5(b"x").hexdigest()
    assert answer["Checksum"]["ChecksumSHA1"] == base64.b64encode(hashlib.sha1(b"x").digest()).decode()
    assert (answer["ObjectSize"], answer["StorageClass"]) == (1, "STANDARD")
    assert "ObjectParts" not in answer


def test_encryption_with_ones_own_key_is_a_loud_501(s3: Any) -> None:
    with pytest.raises(ClientError) as caught:
        s3.put_object(Bucket="bucket", Key="k", Body=b"x", SSECustomerAlgorithm="AES256", SSECustomerKey="0" * 32)

    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501


def test_many_writers_of_one_key_leave_one_body(s3: Any, running: Any) -> None:
    blobs = running.config.data / "blobs"
    before = len(list(blobs.glob("??/*")))
    bodies = [bytes([number]) * 100_000 for number in range(16)]

    with ThreadPoolExecutor(8) as pool:
        etags = list(pool.map(lambda body: s3.put_object(Bucket="bucket", Key="k", Body=body)["ETag"], bodies))

    got = s3.get_object(Bucket="bucket", Key="k")
    assert got["Body"].read() in bodies
    assert got["ETag"] in etags
    assert len(list(blobs.glob("??/*"))) == before + 1

"""Copies of objects."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from botocore.exceptions import ClientError

LARGE = b"large" * 50_000


def test_a_copy_has_body_headers_and_tags_of_its_source(s3: Any) -> None:
    s3.put_object(Bucket="bucket", Key="a b+ä", Body=b"x", ContentType="text/plain", Metadata={"m": "1"}, Tagging="t=1")

    answer = s3.copy_object(Bucket="bucket", Key="copy", CopySource={"Bucket": "bucket", "Key": "a b+ä"})

    got = s3.get_object(Bucket="bucket", Key="copy")
    assert got["Body"].read() == b"x"
    assert (got["ContentType"], got["Metadata"], got["TagCount"]) == ("text/plain", {"m": "1"}, 1)
    assert answer["CopyObjectResult"]["ETag"] == got["ETag"]


def test_a_copy_with_replace_has_its_own(s3: Any) -> None:
    s3.put_object(Bucket="bucket", Key="a", Body=b"x", ContentType="text/plain", Metadata={"m": "1"}, Tagging="t=1")

    s3.copy_object(
        Bucket="bucket",
        Key="a",
        CopySource="bucket/a",
        MetadataDirective="REPLACE",
        Metadata={"n": "2"},
        TaggingDirective="REPLACE",
    )

    head = s3.head_object(Bucket="bucket", Key="a")
    assert (head["ContentType"], head["Metadata"]) == ("binary/octet-stream", {"n": "2"})
    assert "TagCount" not in head


def test_a_copy_outlives_its_source(s3: Any) -> None:
    s3.put_object(Bucket="bucket", Key="a", Body=LARGE)
    s3.copy_object(Bucket="bucket", Key="b", CopySource="bucket/a")
    s3.copy_object(Bucket="bucket", Key="c", CopySource="bucket/b")

    s3.delete_object(Bucket="bucket", Key="a")
    s3.put_object(Bucket="bucket", Key="b", Body=b"other")

    assert s3.get_object(Bucket="bucket", Key="c")["Body"].read() == LARGE


def test_the_shared_body_goes_with_the_last_copy(s3: Any, running: Any) -> None:
    blobs = running.config.data / "blobs"
    before = len(list(blobs.glob("??/*")))
    s3.put_object(Bucket="bucket", Key="a", Body=LARGE)
    for key in ("b", "c"):
        s3.copy_object(Bucket="bucket", Key=key, CopySource="bucket/a")

    for key, left in (("b", 1), ("a", 1), ("c", 0)):
        s3.delete_object(Bucket="bucket", Key=key)
        assert len(list(blobs.glob("??/*"))) == before + left


def test_a_copy_onto_itself_must_change_something(s3: Any) -> None:
    s3.put_object(Bucket="bucket", Key="a", Body=LARGE)

    with pytest.raises(ClientError, match="This copy request is illegal"):
        s3.copy_object(Bucket="bucket", Key="a", CopySource="bucket/a")
    s3.copy_object(Bucket="bucket", Key="a", CopySource="bucket/a", StorageClass="STANDARD_IA")

    got = s3.get_object(Bucket="bucket", Key="a")
    assert (got["StorageClass"], got["Body"].read()) == ("STANDARD_IA", LARGE)


def test_a_missing_source_is_named(s3: Any) -> None:
    with pytest.raises(s3.exceptions.NoSuchKey) as caught:
        s3.copy_object(Bucket="bucket", Key="b", CopySource="bucket/none")
    with pytest.raises(ClientError, match="NoSuchBucket"):
        s3.copy_object(Bucket="bucket", Key="b", CopySource="nowhere/none")
    with pytest.raises(ClientError, match="Invalid copy source object key"):
        s3.copy_object(Bucket="bucket", Key="b", CopySource="bucket")

    assert caught.value.response["Error"]["Key"] == "none"


def test_a_copy_is_conditional_on_its_source(s3: Any) -> None:
    etag = s3.put_object(Bucket="bucket", Key="a", Body=b"x")["ETag"]

    s3.copy_object(Bucket="bucket", Key="b", CopySource="bucket/a", CopySourceIfMatch=etag)
    with pytest.raises(ClientError) as caught:
        s3.copy_object(Bucket="bucket", Key="b", CopySource="bucket/a", CopySourceIfNoneMatch=etag)

    assert caught.value.response["Error"]["Condition"] == "x-amz-copy-source-If-None-Match"


def test_a_copy_can_have_another_checksum(s3: Any) -> None:
    s3.put_object(Bucket="bucket", Key="a", Body=b"x")

    answer = s3.copy_object(Bucket="bucket", Key="b", CopySource="bucket/a", ChecksumAlgorithm="SHA256")

    expected = base64.b64encode(hashlib.sha256(b"x").digest()).decode()
    assert answer["CopyObjectResult"]["ChecksumSHA256"] == expected

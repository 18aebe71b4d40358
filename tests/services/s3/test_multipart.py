"""Multipart uploads."""

from __future__ import annotations

import hashlib
import zlib
from base64 import b64encode
from typing import Any

import pytest
from botocore.exceptions import ClientError

FIRST = b"0123456789abcdef" * (5 * 1024 * 1024 // 16)
LAST = b"the end"


def begin(s3: Any, key: str = "k", **params: Any) -> str:
    return str(s3.create_multipart_upload(Bucket="bucket", Key=key, **params)["UploadId"])


def upload(s3: Any, id: str, bodies: list[bytes], key: str = "k", **params: Any) -> list[dict[str, Any]]:
    parts = []
    for number, body in enumerate(bodies, 1):
        answer = s3.upload_part(Bucket="bucket", Key=key, UploadId=id, PartNumber=number, Body=body, **params)
        sums = {name: value for name, value in answer.items() if name.startswith("Checksum")}
        parts.append({"PartNumber": number, "ETag": answer["ETag"], **sums})
    return parts


def complete(s3: Any, id: str, parts: list[dict[str, Any]], key: str = "k", **params: Any) -> Any:
    return s3.complete_multipart_upload(
        Bucket="bucket", Key=key, UploadId=id, MultipartUpload={"Parts": parts}, **params
    )


def plain(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"PartNumber": part["PartNumber"], "ETag": part["ETag"]} for part in parts]


def test_the_parts_become_one_object(s3: Any) -> None:
    id = begin(s3, ContentType="text/plain", Metadata={"m": "1"}, Tagging="t=1")
    parts = upload(s3, id, [FIRST, LAST])

    answer = complete(s3, id, plain(parts))

    got = s3.get_object(Bucket="bucket", Key="k")
    digests = b"".join(hashlib.md5(body).digest() for body in (FIRST, LAST))
    assert got["ETag"] == answer["ETag"] == f'"{hashlib.md5(digests).hexdigest()}-2"'
    assert got["Body"].read() == FIRST + LAST
    assert (got["ContentType"], got["Metadata"], got["TagCount"]) == ("text/plain", {"m": "1"}, 1)


def test_a_range_may_reach_over_two_parts(s3: Any) -> None:
    id = begin(s3)
    complete(s3, id, plain(upload(s3, id, [FIRST, LAST])))

    got = s3.get_object(Bucket="bucket", Key="k", Range=f"bytes={len(FIRST) - 2}-{len(FIRST) + 2}")

    assert got["Body"].read() == FIRST[-2:] + LAST[:3]


def test_one_part_can_be_read_by_its_number(s3: Any) -> None:
    id = begin(s3)
    complete(s3, id, plain(upload(s3, id, [FIRST, LAST])))

    got = s3.get_object(Bucket="bucket", Key="k", PartNumber=2)
    with pytest.raises(ClientError) as caught:
        s3.get_object(Bucket="bucket", Key="k", PartNumber=3)

    assert (got["Body"].read(), got["PartsCount"]) == (LAST, 2)
    assert got["ContentRange"] == f"bytes {len(FIRST)}-{len(FIRST) + len(LAST) - 1}/{len(FIRST) + len(LAST)}"
    assert caught.value.response["Error"]["Code"] == "InvalidPartNumber"


def test_a_composite_checksum_is_that_of_the_parts(s3: Any) -> None:
    id = begin(s3, ChecksumAlgorithm="SHA256")
    parts = upload(s3, id, [FIRST, LAST], ChecksumAlgorithm="SHA256")

    answer = complete(s3, id, parts)

    digests = b"".join(hashlib.sha256(body).digest() for body in (FIRST, LAST))
    assert answer["ChecksumSHA256"] == f"{b64encode(hashlib.sha256(digests).digest()).decode()}-2"
    assert answer["ChecksumType"] == "COMPOSITE"


def test_a_full_object_checksum_is_that_of_the_whole(s3: Any) -> None:
    id = begin(s3, ChecksumAlgorithm="CRC32", ChecksumType="FULL_OBJECT")
    parts = upload(s3, id, [FIRST, LAST], ChecksumAlgorithm="CRC32")

    answer = complete(s3, id, parts)

    assert answer["ChecksumCRC32"] == b64encode(zlib.crc32(FIRST + LAST).to_bytes(4, "big")).decode()


def test_a_composite_upload_is_completed_with_every_parts_checksum(s3: Any) -> None:
    id = begin(s3, ChecksumAlgorithm="CRC32")
    parts = upload(s3, id, [LAST], ChecksumAlgorithm="CRC32")

    with pytest.raises(ClientError, match="It was missing for part 1 in the request"):
        complete(s3, id, plain(parts))


def test_a_single_small_part_gets_the_checksum_that_aws_computes(s3: Any) -> None:
    id = begin(s3)
    parts = upload(s3, id, [b"test"])

    answer = complete(s3, id, plain(parts))

    assert (answer["ChecksumCRC64NVME"], answer["ChecksumType"]) == ("+bu+zv66sUM=", "FULL_OBJECT")


def test_parts_are_checked_when_the_upload_is_completed(s3: Any) -> None:
    id = begin(s3)
    parts = plain(upload(s3, id, [b"small", LAST]))

    for wanted, code in (
        (parts, "EntityTooSmall"),
        (parts[::-1], "InvalidPartOrder"),
        ([{"PartNumber": 3, "ETag": parts[0]["ETag"]}], "InvalidPart"),
        ([{"PartNumber": 1, "ETag": parts[1]["ETag"]}], "InvalidPart"),
    ):
        with pytest.raises(ClientError) as caught:
            complete(s3, id, wanted)
        assert caught.value.response["Error"]["Code"] == code

    assert "Contents" not in s3.list_objects_v2(Bucket="bucket")


def test_an_upload_that_is_over_is_none(s3: Any) -> None:
    id = begin(s3)
    parts = plain(upload(s3, id, [LAST]))
    complete(s3, id, parts)

    with pytest.raises(ClientError) as caught:
        complete(s3, id, parts)

    assert caught.value.response["Error"]["Code"] == "NoSuchUpload"
    assert caught.value.response["Error"]["UploadId"] == id


def test_an_aborted_upload_leaves_nothing(s3: Any, running: Any) -> None:
    before = len(list((running.config.data / "blobs").glob("??/*")))
    id = begin(s3)
    upload(s3, id, [FIRST])

    s3.abort_multipart_upload(Bucket="bucket", Key="k", UploadId=id)

    assert len(list((running.config.data / "blobs").glob("??/*"))) == before
    with pytest.raises(ClientError, match="NoSuchUpload"):
        s3.list_parts(Bucket="bucket", Key="k", UploadId=id)


def test_a_part_put_again_replaces_the_first(s3: Any) -> None:
    id = begin(s3)
    upload(s3, id, [b"old"])
    parts = plain(upload(s3, id, [b"new"]))

    complete(s3, id, parts)

    assert s3.get_object(Bucket="bucket", Key="k")["Body"].read() == b"new"


def test_parts_are_listed_page_by_page(s3: Any) -> None:
    id = begin(s3)
    upload(s3, id, [b"1", b"22", b"333"])

    first = s3.list_parts(Bucket="bucket", Key="k", UploadId=id, MaxParts=2)
    second = s3.list_parts(
        Bucket="bucket", Key="k", UploadId=id, MaxParts=2, PartNumberMarker=first["NextPartNumberMarker"]
    )

    assert [part["Size"] for part in first["Parts"] + second["Parts"]] == [1, 2, 3]
    assert (first["IsTruncated"], second["IsTruncated"]) == (True, False)


def test_uploads_are_listed_with_prefixes_and_pages(s3: Any) -> None:
    for key in ("a/1", "a/1", "a/2", "b"):
        begin(s3, key)

    rolled = s3.list_multipart_uploads(Bucket="bucket", Delimiter="/")
    pages = s3.get_paginator("list_multipart_uploads").paginate(Bucket="bucket", PaginationConfig={"PageSize": 1})
    paged = [each["Key"] for page in pages for each in page.get("Uploads", [])]

    assert [each["Prefix"] for each in rolled["CommonPrefixes"]] == ["a/"]
    assert [each["Key"] for each in rolled["Uploads"]] == ["b"]
    assert paged == ["a/1", "a/1", "a/2", "b"]


def test_a_part_can_be_copied_from_an_object(s3: Any) -> None:
    s3.put_object(Bucket="bucket", Key="source", Body=b"0123456789")
    id = begin(s3)

    answer = s3.upload_part_copy(
        Bucket="bucket",
        Key="k",
        UploadId=id,
        PartNumber=1,
        CopySource="bucket/source",
        CopySourceRange="bytes=2-4",
    )
    complete(s3, id, [{"PartNumber": 1, "ETag": answer["CopyPartResult"]["ETag"]}])

    assert s3.get_object(Bucket="bucket", Key="k")["Body"].read() == b"234"


def test_a_copy_of_a_multipart_object_is_one_piece(s3: Any) -> None:
    id = begin(s3)
    complete(s3, id, plain(upload(s3, id, [FIRST, LAST])))

    s3.copy_object(Bucket="bucket", Key="copy", CopySource="bucket/k")
    s3.delete_object(Bucket="bucket", Key="k")

    got = s3.get_object(Bucket="bucket", Key="copy")
    assert got["Body"].read() == FIRST + LAST
    assert got["ETag"] == f'"{hashlib.md5(FIRST + LAST).hexdigest()}"'


def test_a_conditional_completion_conflicts_with_a_write_in_between(s3: Any) -> None:
    etag = s3.put_object(Bucket="bucket", Key="k", Body=b"1")["ETag"]
    id = begin(s3)
    parts = plain(upload(s3, id, [LAST]))
    s3.put_object(Bucket="bucket", Key="k", Body=b"1")

    with pytest.raises(ClientError) as conflict:
        complete(s3, id, parts, IfMatch=etag)
    with pytest.raises(ClientError) as failed:
        complete(s3, id, parts, IfNoneMatch="*")

    assert conflict.value.response["Error"]["Code"] == "ConditionalRequestConflict"
    assert failed.value.response["Error"]["Code"] == "PreconditionFailed"


def test_a_wrong_size_of_the_whole_is_refused(s3: Any) -> None:
    id = begin(s3)
    parts = plain(upload(s3, id, [b"test"]))

    with pytest.raises(ClientError, match="header value 5 does not match what was computed: 4"):
        complete(s3, id, parts, MpuObjectSize=5)


def test_a_bucket_is_deleted_with_its_uploads(s3: Any) -> None:
    upload(s3, begin(s3), [b"part"])

    s3.delete_bucket(Bucket="bucket")

    s3.create_bucket(Bucket="bucket")
    assert "Uploads" not in s3.list_multipart_uploads(Bucket="bucket")

"""Multipart uploads, held against what AWS answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
LARGE = b"a" * (5 * 1024 * 1024 + 1)


class Upload:
    """An upload to one key of the bucket."""

    def __init__(self, s3: Any, key: str, **params: Any) -> None:
        self.s3 = s3
        self.begun = s3.create_multipart_upload(Bucket="bucket", Key=key, **params)
        self.which = {"Bucket": "bucket", "Key": key, "UploadId": self.begun["UploadId"]}
        self.parts: list[dict[str, Any]] = []

    def part(self, number: int, body: bytes | str, **params: Any) -> Any:
        answer = self.s3.upload_part(**self.which, PartNumber=number, Body=body, **params)
        self.parts.append({"PartNumber": number, "ETag": answer["ETag"]})
        return answer

    def copied(self, number: int, source: str, **params: Any) -> Any:
        return self.s3.upload_part_copy(**self.which, PartNumber=number, CopySource=source, **params)

    def listed(self, **params: Any) -> Any:
        return self.s3.list_parts(**self.which, **params)

    def complete(self, *parts: dict[str, Any], **params: Any) -> Any:
        chosen = {"Parts": list(parts) or self.parts}
        return self.s3.complete_multipart_upload(**self.which, MultipartUpload=chosen, **params)


@pytest.mark.recording("s3", "test_complete_multipart_parts_order")
def test_parts_are_named_in_ascending_order(s3: Any, recorded: Any, error_of: Any) -> None:
    upload = Upload(s3, "test-order-parts")
    negative = error_of(upload.part, -1, "data")
    for number in (1, 2, 3):
        upload.part(number, LARGE)
    unordered = error_of(upload.complete, *reversed(upload.parts))
    ordered = upload.complete()
    by_two = Upload(s3, "key-sequence-with-step-2")
    for number in (1, 3, 5):
        by_two.part(number, LARGE)

    # Of a part of more than 64 KiB no CRC64NVME is computed here.
    checksum = {"ChecksumCRC64NVME": "Y8LhTZLfnr0=", "ChecksumType": "FULL_OBJECT"}
    recorded(
        {
            "upload-part-negative-part-number": negative,
            "complete-multipart-unordered": unordered,
            "complete-multipart-ordered": {**ordered, **checksum},
            "complete-multipart-with-step-2": {**by_two.complete(), **checksum},
        }
    )


@pytest.mark.recording("s3", "test_multipart_complete_multipart_too_small")
def test_all_parts_but_the_last_are_large(s3: Any, recorded: Any, error_of: Any) -> None:
    upload = Upload(s3, "test.file")

    recorded(
        upload_part1=upload.part(1, "data"),
        upload_part2=upload.part(2, "data"),
        complete_exc_no_parts=error_of(s3.complete_multipart_upload, **upload.which, MultipartUpload={"Parts": []}),
        complete_exc_too_small=error_of(upload.complete),
    )


@pytest.mark.recording("s3", "test_multipart_complete_multipart_wrong_part")
def test_parts_are_those_that_were_uploaded(s3: Any, recorded: Any, error_of: Any) -> None:
    upload = Upload(s3, "test.file")
    etag = upload.part(1, "data")["ETag"]
    empty = "d41d8cd98f00b204e9800998ecf8427e"

    recorded(
        complete_exc_wrong_part_number=error_of(upload.complete, {"PartNumber": 2, "ETag": etag}),
        complete_exc_wrong_etag=error_of(upload.complete, {"PartNumber": 1, "ETag": empty}),
    )


@pytest.mark.recording("s3", "test_multipart_key_validation")
def test_an_upload_belongs_to_its_key(s3: Any, recorded: Any, error_of: Any) -> None:
    upload = Upload(s3, "test-upload-part")
    upload.part(1, "data")
    wrong = {**upload.which, "Key": "wrong-key-name"}

    recorded(
        upload_part_wrong_key_name=error_of(s3.upload_part, **wrong, PartNumber=1, Body="data"),
        complete_multipart_wrong_key_name=error_of(
            s3.complete_multipart_upload, **wrong, MultipartUpload={"Parts": upload.parts}
        ),
        list_parts_wrong_key_name=error_of(s3.list_parts, **wrong),
        abort_multipart_wrong_key_name=error_of(s3.abort_multipart_upload, **wrong),
    )


@pytest.mark.recording("s3", "test_multipart_no_such_upload")
def test_an_upload_that_is_none(s3: Any, recorded: Any, error_of: Any) -> None:
    which = {"Bucket": "bucket", "Key": "fakekey", "UploadId": "fakeid"}
    parts = {"Parts": [{"PartNumber": 1, "ETag": "etag"}]}

    recorded(
        upload_exc=error_of(s3.upload_part, **which, PartNumber=1, Body="data"),
        complete_exc=error_of(s3.complete_multipart_upload, **which, MultipartUpload=parts),
        abort_exc=error_of(s3.abort_multipart_upload, **which),
    )


@pytest.mark.recording("s3", "test_multipart_with_unicode_character_location")
def test_the_location_of_an_upload_is_escaped(s3: Any, recorded: Any) -> None:
    upload = Upload(s3, "test-unicode_—_file")
    upload.part(1, "upload-part-1")

    recorded(create_multipart=upload.begun, complete_multipart=upload.complete())


@pytest.mark.recording("s3", "test_set_external_hostname", "test_multipart_copy_object_etag")
def test_a_copy_of_an_upload_is_no_upload(s3: Any, recorded: Any) -> None:
    upload = Upload(s3, "test.file")
    upload.part(1, "test content 123")
    completed = upload.complete()

    recorded["test_set_external_hostname"](multipart_upload=completed, get_object=completed)
    source = "bucket/test.file"
    copy = s3.copy_object(Bucket="bucket", Key="copied.file", CopySource=source)
    in_place = s3.copy_object(Bucket="bucket", Key="test.file", CopySource=source, MetadataDirective="REPLACE")
    recorded["test_multipart_copy_object_etag"](
        multipart_upload=completed,
        copy_object=copy,
        copy_object_in_place=in_place,
        head_obj=s3.head_object(Bucket="bucket", Key="test.file", ChecksumMode="ENABLED"),
    )


@pytest.mark.recording("s3", "test_get_object_part")
def test_a_part_of_an_upload_is_read(s3: Any, recorded: Any, error_of: Any) -> None:
    upload = Upload(s3, "test.file")
    upload.part(1, b"x" * 5242896)
    upload.part(2, "test content 123")
    s3.put_object(Bucket="bucket", Key="test.put", Body="test-123")
    recorded.only.unknown("2848839dc84e13fa00a0944e760e233b-2")

    def get(key: str = "test.file", **params: Any) -> Any:
        return s3.get_object(Bucket="bucket", Key=key, **params)

    recorded(
        # Of a part of more than 64 KiB no CRC64NVME is computed here.
        multipart_upload={
            **upload.complete(),
            "ChecksumCRC64NVME": "44QnbGeotHE=",
            "ChecksumType": "FULL_OBJECT",
        },
        head_object_part=s3.head_object(Bucket="bucket", Key="test.file", PartNumber=2),
        get_object_part=get(PartNumber=2),
        get_object_part_with_checksum=get(PartNumber=2, ChecksumMode="ENABLED"),
        part_doesnt_exist=error_of(get, PartNumber=10),
        part_with_range=error_of(get, PartNumber=2, Range="bytes=0-8"),
        part_no_multipart=error_of(get, "test.put", PartNumber=2),
        get_obj_no_multipart=get("test.put", PartNumber=1, ChecksumMode="ENABLED"),
    )


@pytest.mark.recording("s3", "test_get_object_attributes")
def test_attributes_of_uploads(s3: Any, recorded: Any) -> None:
    recorded.only.unknown(
        "e92499db864217242396e8ef766079a9",
        "WC+ANw==",
        "e747540af6911dbc890f8d3e0b48549b-1",
        "5389a7fb9c7e4b97c90255e2ee5e57f7-2",
    )
    s3.put_object(Bucket="bucket", Key="data.txt", Body="7 bytes")
    one = Upload(s3, "one")
    one.part(1, "x" * 65)
    one.complete()
    two = Upload(s3, "two")
    two.part(1, b"x" * 5242900)
    two.part(2, "x" * 65)
    two.complete()

    def attributes(key: str, *names: str) -> Any:
        asked = ["StorageClass", "ETag", "ObjectSize", *names]
        return s3.get_object_attributes(Bucket="bucket", Key=key, ObjectAttributes=asked)

    recorded(
        {
            "object-attrs": attributes("data.txt", "ObjectParts", "Checksum"),
            "object-attrs-multiparts-1-part": attributes("one", "ObjectParts"),
            "object-attrs-multiparts-2-parts": attributes("two", "ObjectParts"),
            # Of a part of more than 64 KiB no CRC64NVME is computed here.
            "object-attrs-multiparts-2-parts-checksum": {
                **attributes("two"),
                "Checksum": {"ChecksumCRC64NVME": "VV86k746S6o=", "ChecksumType": "FULL_OBJECT"},
            },
        }
    )


@pytest.mark.recording("s3", "TestS3ListParts::test_list_parts_empty_part_number_marker")
def test_an_empty_marker_is_the_beginning(s3: Any, fetch: Any, signer: Any, recorded: Any) -> None:
    upload = Upload(s3, "test-list-part-empty-marker")
    upload.part(1, "data")

    def listed(parameter: str) -> Any:
        client = signer()
        client.meta.events.register("before-sign.s3.ListParts", lambda request, **_: add(request, parameter))
        return client.list_parts(**upload.which)

    def add(request: Any, parameter: str) -> None:
        request.url += f"&{parameter}="

    recorded(list_parts_empty_marker=listed("part-number-marker"), list_parts_empty_max_parts=listed("max-parts"))


@pytest.mark.recording("s3", "test_list_parts_via_object_attrs_pagination")
def test_parts_are_listed_when_the_upload_is_complete(s3: Any, recorded: Any) -> None:
    upload = Upload(s3, "test-object-attrs-pagination", ChecksumAlgorithm="SHA256")
    for number in (1, 2):
        answer = upload.part(number, LARGE, ChecksumAlgorithm="SHA256")
        upload.parts[-1]["ChecksumSHA256"] = answer["ChecksumSHA256"]

    def parts(**params: Any) -> Any:
        where = {"Bucket": "bucket", "Key": "test-object-attrs-pagination"}
        return s3.get_object_attributes(**where, ObjectAttributes=["ObjectParts"], **params)

    recorded(
        {
            "list-parts": upload.listed(),
            "complete-mpu": upload.complete(),
            "get-object-attrs-all": parts(),
            "get-object-attrs-1": parts(),
            "get-object-attrs-next": parts(MaxParts=1, PartNumberMarker=1),
            "get-object-attrs-wrong-part": parts(MaxParts=1, PartNumberMarker=10),
        }
    )


@pytest.fixture
def ten(s3: Any) -> Any:
    """A client whose bucket has an object of ten bytes."""
    s3.put_object(Bucket="bucket", Key="source", Body="0123456789")
    return s3


@pytest.mark.recording("s3", "test_upload_part_copy_range")
def test_a_part_is_a_range_of_an_object(ten: Any, recorded: Any, error_of: Any) -> None:
    upload = Upload(ten, "test-upload-part-copy")
    written = ten.put_object(Bucket="bucket", Key="source", Body="0123456789")

    def copied(range: str, number: int = 1) -> Any:
        return upload.copied(number, "bucket/source", CopySourceRange=range)

    recorded(
        {
            "put-src-object": written,
            "create-multipart": upload.begun,
            "upload-part-copy-1": copied("bytes=0-8", 1),
            "upload-part-copy-2": copied("bytes=1-1", 2),
            "upload-part-copy-3": copied("bytes=0-0", 3),
            "list-parts": upload.listed(),
            "upload-part-copy-wrong-format": error_of(copied, "0-8"),
        }
    )
    refused = ("1-0", "-1-", "0--1", "0-1,3-4,7-9", "-", "-0", "0-100", "100-200", "1-", "-2", "-15")
    recorded({f"upload-part-copy-range-exc-{text}": error_of(copied, f"bytes={text}") for text in refused})


@pytest.mark.recording(
    "s3",
    "test_upload_part_copy_with_copy_source_if_match_failed",
    "test_upload_part_copy_with_copy_source_if_none_match_failed",
    "test_upload_part_copy_with_copy_source_if_unmodified_since_match_failed",
    "test_upload_part_copy_with_if_modified_since_failed",
)
def test_a_source_that_is_not_as_asked_is_no_part(ten: Any, aws: Any, recorded: Any, error_of: Any) -> None:
    upload = Upload(ten, "destination_file.txt")
    aws.advance(100)
    head = ten.head_object(Bucket="bucket", Key="source")

    def refused(**conditions: Any) -> dict[str, Any]:
        return dict(error_of(upload.copied, 1, "bucket/source", **conditions))

    recorded["test_upload_part_copy_with_copy_source_if_match_failed"](
        upload_part_copy_source_if_match=refused(CopySourceIfMatch='"etag"')
    )
    recorded["test_upload_part_copy_with_copy_source_if_none_match_failed"](
        upload_part_copy_source_if_none_match=refused(CopySourceIfNoneMatch=head["ETag"])
    )
    recorded["test_upload_part_copy_with_copy_source_if_unmodified_since_match_failed"](
        upload_part_copy_source_unmodified_since_match=refused(CopySourceIfUnmodifiedSince=LONG_AGO)
    )
    recorded["test_upload_part_copy_with_if_modified_since_failed"](
        upload_part_copy_source_modified_since_match=refused(CopySourceIfModifiedSince=head["LastModified"])
    )


@pytest.mark.recording(
    "s3",
    "test_upload_part_copy_with_copy_source_if_match_and_if_unmodified_since_match",
    "test_upload_part_copy_with_copy_source_if_match_none_success",
    "test_upload_part_copy_with_copy_source_if_match_success",
    "test_upload_part_copy_with_copy_source_if_modified_since_success",
)
def test_a_source_that_is_as_asked_is_a_part(ten: Any, recorded: Any) -> None:
    etag = ten.head_object(Bucket="bucket", Key="source")["ETag"]
    before = "test_upload_part_copy_with_copy_source_if_"
    situations = {
        "match_and_if_unmodified_since_match": ("", {"Match": etag, "UnmodifiedSince": LONG_AGO}),
        "match_none_success": ("-if-none-match", {"NoneMatch": '"etag"'}),
        "match_success": ("-if-match", {"Match": etag}),
        "modified_since_success": ("-if-modified-since", {"ModifiedSince": LONG_AGO - timedelta(days=1)}),
    }

    for situation, (suffix, conditions) in situations.items():
        upload = Upload(ten, "destination_file.txt")
        given = {f"CopySourceIf{name}": value for name, value in conditions.items()}
        copied = upload.copied(1, "bucket/source", **given)
        recorded[before + situation]({f"upload-part-copy{suffix}": copied, "list-parts": upload.listed()})


@pytest.mark.recording("s3", "test_multipart_size_validation")
def test_an_upload_has_the_size_that_is_said(s3: Any, recorded: Any, error_of: Any) -> None:
    upload = Upload(s3, "test-multipart-size")
    part = upload.part(1, "aaaa")
    which = {"Bucket": "bucket", "Key": "test-multipart-size"}

    recorded(
        create_mpu=upload.begun,
        upload_part=part,
        complete_multipart_wrong_size=error_of(upload.complete, MpuObjectSize=5),
        complete_multipart_good_size=upload.complete(MpuObjectSize=4),
        get_object_attrs=s3.get_object_attributes(**which, ObjectAttributes=["Checksum", "ETag"]),
    )


@pytest.mark.recording("s3", "test_s3_multipart_upload_sse")
def test_an_upload_is_encrypted_as_asked(s3: Any, recorded: Any) -> None:
    # The ETag of an encrypted part is no MD5 on AWS; here it is.
    recorded.only.unknown("1a9f0234d9c670a8c2f8b1ceda267641", "93a0cb8ec20934211e19adabef9a6407-1")
    upload = Upload(
        s3,
        "test-sse-field-multipart",
        BucketKeyEnabled=True,
        SSEKMSKeyId="134f2428-cec1-4b25-a1ae-9048164dba47",
        ServerSideEncryption="aws:kms",
    )
    part = upload.part(1, "test-sse")
    completed = upload.complete()
    for name in ("ChecksumCRC64NVME", "ChecksumType"):  # recorded before answers told them
        completed.pop(name)

    recorded(
        {
            "multi-sse-create-multipart": upload.begun,
            "multi-sse-upload-part": part,
            "multi-sse-compete-multipart": completed,
            "get-obj": s3.get_object(Bucket="bucket", Key="test-sse-field-multipart"),
        }
    )

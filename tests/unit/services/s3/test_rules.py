"""Ranges, names, tags, kept headers and file names."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from emulator.errors import AwsError
from emulator.services.s3.model import headers, tags
from emulator.services.s3.model.folders import why_no_file
from emulator.services.s3.model.names import check_bucket_name, check_key, location_of
from emulator.services.s3.model.ranges import find_range, require_copy_range


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("bytes=0-8", (0, 9)),
        ("bytes=1-1", (1, 1)),
        ("bytes=1-0", None),
        ("bytes=1-", (1, 9)),
        ("bytes=-1-", None),
        ("bytes=-2", (8, 2)),
        ("bytes=-15", (0, 10)),
        ("bytes=0-100", (0, 10)),
        ("bytes=0--1", None),
        ("bytes=0-1,3-4,7-9", None),
        ("bytes=-", None),
        ("items=0-1", None),
    ],
)
def test_a_range_of_ten_bytes_is_read_as_aws_reads_it(header: str | None, expected: tuple[int, int] | None) -> None:
    assert find_range(header, 10) == expected


@pytest.mark.parametrize("header", ["bytes=-0", "bytes=100-200", "bytes=10-"])
def test_a_range_of_nothing_is_not_satisfiable(header: str) -> None:
    with pytest.raises(AwsError) as caught:
        find_range(header, 10)

    assert caught.value.status == 416
    assert caught.value.fields == {"ActualObjectSize": 10, "RangeRequested": header}


def test_a_range_to_copy_has_both_ends_within_the_source() -> None:
    assert require_copy_range("bytes=0-9", 10) == (0, 10)
    for header in ("0-8", "bytes=1-0", "bytes=-2", "bytes=1-", "bytes=0-10"):
        with pytest.raises(AwsError, match="InvalidArgument"):
            require_copy_range(header, 10)
    with pytest.raises(AwsError, match="InvalidRequest"):
        require_copy_range("bytes=10-12", 10)


@pytest.mark.parametrize("name", ["abc", "a-b.c1", "0" * 63, "my.bucket-1"])
def test_good_bucket_names_pass(name: str) -> None:
    check_bucket_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "ab",
        "a" * 64,
        "Upper",
        "a_b",
        "-ab",
        "ab-",
        "a..b",
        "192.168.5.4",
        "xn--a",
        "a-s3alias",
        "sthree-x",
        "a\n",
        ".ab",
    ],
)
def test_bad_bucket_names_are_refused(name: str) -> None:
    with pytest.raises(AwsError, match="InvalidBucketName"):
        check_bucket_name(name)


def test_a_key_has_at_most_1024_bytes() -> None:
    check_key("ä" * 512)
    with pytest.raises(AwsError, match="KeyTooLongError"):
        check_key("ä" * 513)
    with pytest.raises(AwsError, match="InvalidArgument"):
        check_key("a\0b")


@pytest.mark.parametrize(
    ("constraint", "region", "expected"),
    [
        (None, "us-east-1", "us-east-1"),
        ("eu-west-1", "us-east-1", "eu-west-1"),
        ("EU", "us-east-1", "eu-west-1"),
        ("eu-central-1", "eu-central-1", "eu-central-1"),
    ],
)
def test_a_bucket_lies_where_its_location_constraint_says(constraint: str | None, region: str, expected: str) -> None:
    assert location_of(constraint, region) == expected


@pytest.mark.parametrize(
    ("constraint", "region", "code"),
    [
        ("us-east-1", "us-east-1", "InvalidLocationConstraint"),
        ("foo", "us-east-1", "InvalidLocationConstraint"),
        (None, "us-east-2", "IllegalLocationConstraintException"),
        ("us-west-1", "us-east-2", "IllegalLocationConstraintException"),
    ],
)
def test_a_wrong_location_constraint_is_refused(constraint: str | None, region: str, code: str) -> None:
    with pytest.raises(AwsError) as caught:
        location_of(constraint, region)

    assert caught.value.code == code


def test_tags_come_as_a_query_string() -> None:
    assert tags.parse_header("a=1&b=x%20y&c") == {"a": "1", "b": "x y", "c": ""}
    assert tags.parse_header(None) == {}


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ([("k", "1"), ("k", "2")], "Cannot provide multiple Tags with the same key"),
        ([("k,k", "1")], "The TagKey you have provided is invalid"),
        ([("k", "1,2")], "The TagValue you have provided is invalid"),
        ([("aws:k", "1")], "Your TagKey cannot be prefixed with aws:"),
        ([(str(n), "") for n in range(11)], "Object tags cannot be greater than 10"),
    ],
)
def test_bad_tags_are_refused(pairs: list[tuple[str, str]], message: str) -> None:
    with pytest.raises(AwsError) as caught:
        tags.object_tags({"TagSet": [{"Key": key, "Value": value} for key, value in pairs]})

    assert caught.value.message == message


def test_a_tag_without_value_is_malformed() -> None:
    with pytest.raises(AwsError, match="MalformedXML"):
        tags.object_tags({"TagSet": [{"Key": "k"}]})


def test_kept_headers_come_back_as_they_were() -> None:
    given = {"ContentType": "text/plain", "Expires": datetime(2026, 1, 1, tzinfo=UTC), "Metadata": {"a": "b"}}

    assert headers.load(headers.dump(dict(given))) == given


def test_an_object_without_headers_is_of_the_default_type_and_class() -> None:
    text = headers.dump({})

    assert headers.load(text) == {"ContentType": "binary/octet-stream"}
    assert headers.storage_class(text) == "STANDARD"


def test_an_unknown_storage_class_is_refused() -> None:
    with pytest.raises(AwsError, match="InvalidStorageClass"):
        headers.dump({"StorageClass": "COLD"})


def test_metadata_past_two_kilobytes_is_refused() -> None:
    headers.check_metadata({"a": "x" * 2047})
    with pytest.raises(AwsError, match="MetadataTooLarge"):
        headers.check_metadata({"a": "x" * 2048})


@pytest.mark.parametrize("key", ["a", "a/b.txt", "ä/ö", "..a", "a b", "a\\b"])
def test_plain_keys_can_be_files(key: str) -> None:
    assert why_no_file(key) is None


@pytest.mark.parametrize(
    "key",
    ["/etc/passwd", "../a", "a/../../b", "a/./b", "a//b", "folder/", "a\0b", "x" * 256, "a/.stepwell-abc", ".."],
)
def test_keys_that_would_leave_the_folder_or_name_no_file_are_told_apart(key: str) -> None:
    assert why_no_file(key) is not None

"""Listings: order, prefixes, pages, both versions of the operation."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

KEYS = ["a/1", "a/2", "b", "c d/1", "c d/2", "é", "\uffff", "😀"]


@pytest.fixture
def filled(s3: Any) -> Any:
    for key in reversed(KEYS):
        s3.put_object(Bucket="bucket", Key=key, Body=b"x")
    return s3


def test_keys_are_listed_in_the_order_of_their_utf_8_bytes(filled: Any) -> None:
    answer = filled.list_objects_v2(Bucket="bucket")

    assert [each["Key"] for each in answer["Contents"]] == KEYS
    assert (answer["KeyCount"], answer["IsTruncated"]) == (len(KEYS), False)


def test_common_prefixes_are_rolled_up(filled: Any) -> None:
    answer = filled.list_objects_v2(Bucket="bucket", Delimiter="/")

    assert [each["Prefix"] for each in answer["CommonPrefixes"]] == ["a/", "c d/"]
    assert [each["Key"] for each in answer["Contents"]] == ["b", "é", "\uffff", "😀"]
    assert answer["KeyCount"] == 6


@pytest.mark.parametrize("operation", ["list_objects", "list_objects_v2"])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_show_every_entry_once(filled: Any, operation: str, size: int) -> None:
    pages = filled.get_paginator(operation).paginate(
        Bucket="bucket", Delimiter="/", PaginationConfig={"PageSize": size}
    )

    shown = [
        entry
        for page in pages
        for entry in [each["Prefix"] for each in page.get("CommonPrefixes", [])]
        + [each["Key"] for each in page.get("Contents", [])]
    ]

    assert sorted(shown) == ["a/", "b", "c d/", "é", "\uffff", "😀"]


def test_a_prefix_and_a_start_select_keys(filled: Any) -> None:
    prefixed = filled.list_objects_v2(Bucket="bucket", Prefix="c ")
    started = filled.list_objects_v2(Bucket="bucket", StartAfter="b", MaxKeys=2)

    assert [each["Key"] for each in prefixed["Contents"]] == ["c d/1", "c d/2"]
    assert [each["Key"] for each in started["Contents"]] == ["c d/1", "c d/2"]
    assert (started["StartAfter"], started["IsTruncated"], started["MaxKeys"]) == ("b", True, 2)


def test_the_owner_is_shown_where_asked_for(filled: Any) -> None:
    plain = filled.list_objects_v2(Bucket="bucket", MaxKeys=1)["Contents"][0]
    owned = filled.list_objects_v2(Bucket="bucket", MaxKeys=1, FetchOwner=True)["Contents"][0]

    assert "Owner" not in plain
    assert owned["Owner"] == filled.list_objects(Bucket="bucket", MaxKeys=1)["Contents"][0]["Owner"]


def test_the_first_version_tells_a_next_marker_only_with_a_delimiter(filled: Any) -> None:
    plain = filled.list_objects(Bucket="bucket", MaxKeys=1)
    delimited = filled.list_objects(Bucket="bucket", MaxKeys=1, Delimiter="/")

    assert "NextMarker" not in plain
    assert plain["IsTruncated"]
    assert delimited["NextMarker"] == "a/"


def test_a_page_of_nothing_is_empty(filled: Any) -> None:
    answer = filled.list_objects_v2(Bucket="bucket", MaxKeys=0)

    assert (answer["KeyCount"], answer["IsTruncated"]) == (0, False)


@pytest.mark.parametrize(
    ("params", "argument"),
    [({"EncodingType": "value"}, "encoding-type"), ({"ContinuationToken": "no"}, "continuation-token")],
)
def test_wrong_arguments_are_named(s3: Any, params: dict[str, str], argument: str) -> None:
    with pytest.raises(ClientError) as caught:
        s3.list_objects_v2(Bucket="bucket", **params)

    assert caught.value.response["Error"]["Code"] == "InvalidArgument"
    assert caught.value.response["Error"]["ArgumentName"] == argument

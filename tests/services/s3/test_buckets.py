"""Buckets: created, listed, located, tagged, deleted."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError


def error(caught: Any) -> dict[str, Any]:
    return dict(caught.value.response["Error"])


def test_a_bucket_is_listed_after_it_was_created(aws: Any) -> None:
    s3 = aws("s3")

    created = s3.create_bucket(Bucket="one")

    assert created["Location"] == "/one"
    (shown,) = s3.list_buckets()["Buckets"]
    assert (shown["Name"], shown["BucketRegion"]) == ("one", "us-east-1")


def test_buckets_are_listed_page_by_page_and_by_prefix(aws: Any) -> None:
    s3 = aws("s3")
    for name in ("aa1", "aa2", "aa3", "bb1"):
        s3.create_bucket(Bucket=name)

    first = s3.list_buckets(MaxBuckets=2, Prefix="aa")
    second = s3.list_buckets(MaxBuckets=2, Prefix="aa", ContinuationToken=first["ContinuationToken"])

    assert [each["Name"] for each in first["Buckets"] + second["Buckets"]] == ["aa1", "aa2", "aa3"]
    assert "ContinuationToken" not in second


def test_accounts_do_not_see_each_others_buckets(aws: Any, running: Any) -> None:
    aws("s3").create_bucket(Bucket="mine")

    assert running.client("s3", "999999999999").list_buckets()["Buckets"] == []


def test_creating_ones_own_bucket_again_is_an_error_outside_us_east_1_only(aws: Any) -> None:
    aws("s3").create_bucket(Bucket="here")
    aws("s3").create_bucket(Bucket="here")
    there = {"LocationConstraint": "eu-west-1"}
    aws("s3", "eu-west-1").create_bucket(Bucket="there", CreateBucketConfiguration=there)

    with pytest.raises(ClientError) as caught:
        aws("s3", "eu-west-1").create_bucket(Bucket="there", CreateBucketConfiguration=there)

    assert error(caught)["Code"] == "BucketAlreadyOwnedByYou"
    assert error(caught)["BucketName"] == "there"


def test_the_location_of_a_bucket_is_its_region(aws: Any) -> None:
    s3 = aws("s3")
    s3.create_bucket(Bucket="east")
    s3.create_bucket(Bucket="west", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})

    assert s3.get_bucket_location(Bucket="east")["LocationConstraint"] is None
    assert s3.get_bucket_location(Bucket="west")["LocationConstraint"] == "us-west-2"
    assert s3.head_bucket(Bucket="west")["BucketRegion"] == "us-west-2"


def test_a_bucket_that_is_not_there_is_named_in_the_error(aws: Any) -> None:
    s3 = aws("s3")

    with pytest.raises(s3.exceptions.NoSuchBucket) as caught:
        s3.list_objects_v2(Bucket="nowhere")
    with pytest.raises(ClientError) as head:
        s3.head_bucket(Bucket="nowhere")

    assert error(caught) == {
        "Code": "NoSuchBucket",
        "Message": "The specified bucket does not exist",
        "BucketName": "nowhere",
    }
    assert error(head)["Code"] == "404"


def test_a_bucket_is_deleted_once_it_is_empty(aws: Any) -> None:
    s3 = aws("s3")
    s3.create_bucket(Bucket="full")
    s3.put_object(Bucket="full", Key="k", Body=b"x")

    with pytest.raises(ClientError, match="BucketNotEmpty"):
        s3.delete_bucket(Bucket="full")
    s3.delete_object(Bucket="full", Key="k")
    s3.delete_bucket(Bucket="full")

    with pytest.raises(s3.exceptions.NoSuchBucket):
        s3.get_bucket_location(Bucket="full")


def test_an_expected_owner_that_is_another_is_denied(aws: Any) -> None:
    s3 = aws("s3")
    s3.create_bucket(Bucket="mine")

    s3.get_bucket_location(Bucket="mine", ExpectedBucketOwner=aws.account)
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.get_bucket_location(Bucket="mine", ExpectedBucketOwner="999999999999")
    with pytest.raises(ClientError, match="InvalidBucketOwnerAWSAccountID"):
        s3.get_bucket_location(Bucket="mine", ExpectedBucketOwner="me")


def test_tags_of_a_bucket_are_put_shown_and_deleted(aws: Any) -> None:
    s3 = aws("s3")
    s3.create_bucket(Bucket="tagged")

    s3.put_bucket_tagging(Bucket="tagged", Tagging={"TagSet": [{"Key": "a", "Value": "1"}]})

    assert s3.get_bucket_tagging(Bucket="tagged")["TagSet"] == [{"Key": "a", "Value": "1"}]
    s3.delete_bucket_tagging(Bucket="tagged")
    with pytest.raises(ClientError, match="NoSuchTagSet"):
        s3.get_bucket_tagging(Bucket="tagged")


def test_a_bucket_can_be_created_with_tags(aws: Any) -> None:
    s3 = aws("s3")
    tags = [{"Key": "a", "Value": "1"}]

    s3.create_bucket(Bucket="tagged", CreateBucketConfiguration={"Tags": tags})

    assert s3.get_bucket_tagging(Bucket="tagged")["TagSet"] == tags
    with pytest.raises(ClientError, match="BucketAlreadyOwnedByYou"):
        s3.create_bucket(Bucket="tagged", CreateBucketConfiguration={"Tags": tags})
    with pytest.raises(ClientError, match="This prefix is reserved for system tags"):
        s3.create_bucket(Bucket="other", CreateBucketConfiguration={"Tags": [{"Key": "aws:a", "Value": "1"}]})

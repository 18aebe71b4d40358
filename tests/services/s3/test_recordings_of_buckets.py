"""Buckets, held against what AWS answered."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.recording("s3", "test_bucket_availability")
def test_settings_of_a_bucket_that_is_not_there(aws: Any, recorded: Any, error_of: Any) -> None:
    s3 = aws("s3")

    recorded(
        bucket_lifecycle=error_of(s3.get_bucket_lifecycle_configuration, Bucket="test-bucket"),
        bucket_replication=error_of(s3.get_bucket_replication, Bucket="test-bucket"),
    )


@pytest.mark.recording("s3", "test_bucket_does_not_exist")
def test_a_bucket_that_is_not_there_is_not_there_by_its_host_either(
    aws: Any, signer: Any, to_host: Any, recorded: Any, error_of: Any
) -> None:
    by_host = to_host(signer(), "missing-bucket.s3.localhost.localstack.cloud")

    recorded(
        list_object=error_of(aws("s3").list_objects, Bucket="missing-bucket"),
        list_object_vhost=error_of(by_host.list_objects, Bucket="missing-bucket"),
    )


@pytest.mark.recording(
    "s3",
    "test_delete_bucket_no_such_bucket",
    "test_delete_non_existing_keys_in_non_existing_bucket",
    "test_get_bucket_notification_configuration_no_such_bucket",
)
def test_what_is_asked_of_a_bucket_that_is_not_there(aws: Any, recorded: Any, error_of: Any) -> None:
    s3 = aws("s3")
    name = "does-not-exist-localstack-test"
    keys = {"Objects": [{"Key": "dummy1"}, {"Key": "dummy2"}]}

    deleted = error_of(s3.delete_bucket, Bucket=name)
    keys_deleted = error_of(s3.delete_objects, Bucket=name, Delete=keys)
    configuration = error_of(s3.get_bucket_notification_configuration, Bucket=name)

    recorded["test_delete_bucket_no_such_bucket"](expected_error=deleted)
    recorded["test_delete_non_existing_keys_in_non_existing_bucket"](error_non_existent_bucket=keys_deleted)
    recorded["test_get_bucket_notification_configuration_no_such_bucket"](expected_error=configuration)


def create(aws: Any, region: str, location: str | None) -> tuple[Any, dict[str, Any]]:
    """CreateBucket of one region, with its parameters."""
    params: dict[str, Any] = {"Bucket": f"bucket-{region}"}
    if location is not None:
        params["CreateBucketConfiguration"] = {"LocationConstraint": location}
    return aws("s3", region=region).create_bucket, params


@pytest.mark.recording("s3", "test_create_bucket_with_eu_location_constraint_raises")
def test_the_old_name_of_europe_is_none_elsewhere(aws: Any, recorded: Any, error_of: Any) -> None:
    call, params = create(aws, "us-west-2", "EU")

    recorded(eu_location_constraint_error=error_of(call, **params))


@pytest.mark.parametrize(
    ("region", "location"), [("eu-west-1", "bar"), ("us-east-1", "foo"), ("us-east-1", "us-east-1")]
)
@pytest.mark.recording("s3", "test_create_bucket_with_invalid_location_constraint")
def test_a_bucket_lies_in_a_region_that_is_one(
    aws: Any, recorded: Any, error_of: Any, region: str, location: str
) -> None:
    call, params = create(aws, region, location)

    error = error_of(call, **params)

    recorded[f"{region}-{location}"]({f"{region}-location-constraint-{location}-error": error})


@pytest.mark.recording("s3", "test_different_location_constraint")
def test_a_bucket_lies_where_the_endpoint_does(aws: Any, recorded: Any, error_of: Any) -> None:
    east, other = aws("s3"), aws("s3", region="us-east-2")
    east.create_bucket(Bucket="east")
    other.create_bucket(Bucket="other", CreateBucketConfiguration={"LocationConstraint": "us-east-2"})

    def refused(region: str, location: str | None) -> dict[str, Any]:
        call, params = create(aws, region, location)
        return dict(error_of(call, **params))

    missing = error_of(east.get_bucket_location, Bucket="missing")
    recorded(
        {
            "get-bucket-location-bucket-us-east-1": east.get_bucket_location(Bucket="east"),
            "create-bucket-constraint-us-east-1": refused("us-east-1", "us-east-1"),
            "create-bucket-constraint-us-east-1-with-None": create_without_location(east),
            "get-bucket-location-bucket-us-east-2": other.get_bucket_location(Bucket="other"),
            "create-bucket-us-east-2-no-constraint-exc": refused("us-east-2", None),
            "create-bucket-constraint-us-east-2-with-None": error_of(create_without_location, other),
            "create-bucket-us-east-2-constraint-to-us-west-1": refused("us-east-2", "us-west-1"),
            "create-bucket-us-west-1-constraint-to-us-east-2": refused("us-west-1", "us-east-2"),
            "create-bucket-us-west-1-constraint-to-us-east-1": refused("us-west-1", "us-east-1"),
            "get-bucket-location-non-existent-bucket": missing,
        }
    )


def create_without_location(s3: Any) -> Any:
    """A configuration that says nothing."""
    return s3.create_bucket(Bucket="nowhere", CreateBucketConfiguration={})


@pytest.mark.recording("s3", "test_region_header_exists_outside_us_east_1")
def test_a_bucket_tells_its_region(aws: Any, recorded: Any) -> None:
    s3 = aws("s3", region="eu-central-1")
    s3.create_bucket(Bucket="far", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})

    head, listed = s3.head_bucket(Bucket="far"), s3.list_objects_v2(Bucket="far")

    assert head["ResponseMetadata"]["HTTPHeaders"]["x-amz-bucket-region"] == "eu-central-1"
    recorded(head_bucket=head, list_objects_v2=listed)


@pytest.mark.recording(
    "s3", "test_list_buckets_when_continuation_token_is_empty", "test_list_buckets_with_continuation_token"
)
def test_buckets_are_listed_page_by_page(aws: Any, recorded: Any) -> None:
    s3 = aws("s3")
    for name in ("one", "three", "two"):
        s3.create_bucket(Bucket=f"bucket-{name}")

    first = s3.list_buckets(MaxBuckets=1, ContinuationToken="")
    second = s3.list_buckets(MaxBuckets=1, ContinuationToken=first["ContinuationToken"])

    assert [answer["Buckets"][0]["Name"] for answer in (first, second)] == ["bucket-one", "bucket-three"]
    recorded["test_list_buckets_when_continuation_token_is_empty"](list_objects_with_empty_continuation_token=first)
    recorded["test_list_buckets_with_continuation_token"](list_objects_with_continuation=second)


@pytest.mark.recording("s3", "test_bucket_operation_between_regions")
def test_settings_are_seen_from_every_region(aws: Any, s3: Any, recorded: Any) -> None:
    website = {"IndexDocument": {"Suffix": "index.html"}}
    rules = {"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]}
    far = aws("s3", region="us-west-2")

    recorded(
        {
            "put-website-config-region-1": s3.put_bucket_website(Bucket="bucket", WebsiteConfiguration=website),
            "put-cors-config-region-1": s3.put_bucket_cors(Bucket="bucket", CORSConfiguration=rules),
            "get-website-config-region-2": far.get_bucket_website(Bucket="bucket"),
            "get-cors-config-region-2": far.get_bucket_cors(Bucket="bucket"),
        }
    )

"""Settings of a bucket that are kept and shown, and what a new bucket has."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

POLICY = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*"}]})


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("get_bucket_policy", "NoSuchBucketPolicy"),
        ("get_bucket_cors", "NoSuchCORSConfiguration"),
        ("get_bucket_lifecycle_configuration", "NoSuchLifecycleConfiguration"),
        ("get_bucket_website", "NoSuchWebsiteConfiguration"),
        ("get_bucket_replication", "ReplicationConfigurationNotFoundError"),
        ("get_object_lock_configuration", "ObjectLockConfigurationNotFoundError"),
    ],
)
def test_what_a_new_bucket_has_not_is_told(s3: Any, operation: str, code: str) -> None:
    with pytest.raises(ClientError) as caught:
        getattr(s3, operation)(Bucket="bucket")

    assert caught.value.response["Error"]["Code"] == code
    assert caught.value.response["Error"]["BucketName"] == "bucket"


def test_what_a_new_bucket_has_is_shown(s3: Any) -> None:
    rule = s3.get_bucket_encryption(Bucket="bucket")["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert all(s3.get_public_access_block(Bucket="bucket")["PublicAccessBlockConfiguration"].values())
    ownership = s3.get_bucket_ownership_controls(Bucket="bucket")["OwnershipControls"]
    assert ownership == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert s3.get_bucket_request_payment(Bucket="bucket")["Payer"] == "BucketOwner"
    assert "Status" not in s3.get_bucket_accelerate_configuration(Bucket="bucket")
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket="bucket")
    (grant,) = s3.get_bucket_acl(Bucket="bucket")["Grants"]
    assert grant["Permission"] == "FULL_CONTROL"


def test_a_policy_is_shown_until_it_is_deleted(s3: Any) -> None:
    put = s3.put_bucket_policy(Bucket="bucket", Policy=POLICY)

    assert put["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert s3.get_bucket_policy(Bucket="bucket")["Policy"] == POLICY
    s3.delete_bucket_policy(Bucket="bucket")
    with pytest.raises(ClientError, match="NoSuchBucketPolicy"):
        s3.get_bucket_policy(Bucket="bucket")


def test_a_policy_that_is_no_policy_is_malformed(s3: Any) -> None:
    for policy in ("no json", "{}"):
        with pytest.raises(ClientError, match="MalformedPolicy"):
            s3.put_bucket_policy(Bucket="bucket", Policy=policy)


def test_lifecycle_rules_are_shown_with_their_dates(s3: Any) -> None:
    rule = {
        "ID": "r",
        "Status": "Enabled",
        "Filter": {"Prefix": "x"},
        "Expiration": {"Date": datetime(2030, 1, 1, tzinfo=UTC)},
    }

    s3.put_bucket_lifecycle_configuration(Bucket="bucket", LifecycleConfiguration={"Rules": [rule]})

    assert s3.get_bucket_lifecycle_configuration(Bucket="bucket")["Rules"] == [rule]


def test_cors_rules_name_known_methods(s3: Any) -> None:
    rule = {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}
    s3.put_bucket_cors(Bucket="bucket", CORSConfiguration={"CORSRules": [rule]})

    with pytest.raises(ClientError, match="Unsupported method is MYMETHOD"):
        s3.put_bucket_cors(Bucket="bucket", CORSConfiguration={"CORSRules": [{**rule, "AllowedMethods": ["MYMETHOD"]}]})

    assert s3.get_bucket_cors(Bucket="bucket")["CORSRules"] == [rule]


def test_a_public_access_block_that_is_deleted_is_gone(s3: Any) -> None:
    s3.put_public_access_block(Bucket="bucket", PublicAccessBlockConfiguration={"BlockPublicAcls": True})
    shown = s3.get_public_access_block(Bucket="bucket")["PublicAccessBlockConfiguration"]
    s3.delete_public_access_block(Bucket="bucket")

    assert (shown["BlockPublicAcls"], shown["BlockPublicPolicy"]) == (True, False)
    with pytest.raises(ClientError, match="NoSuchPublicAccessBlockConfiguration"):
        s3.get_public_access_block(Bucket="bucket")


def test_settings_go_with_their_bucket(s3: Any) -> None:
    s3.put_bucket_policy(Bucket="bucket", Policy=POLICY)
    s3.delete_bucket(Bucket="bucket")
    s3.create_bucket(Bucket="bucket")

    with pytest.raises(ClientError, match="NoSuchBucketPolicy"):
        s3.get_bucket_policy(Bucket="bucket")

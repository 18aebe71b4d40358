"""Settings of a bucket, held against what AWS answered."""

from __future__ import annotations

import json
from typing import Any

import pytest

OWNERS = ("0000", "0000000000020", "abcd", "aa000000000$")
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*"}
    ],
}
RULES = {"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]}


@pytest.fixture
def policed(s3: Any) -> Any:
    s3.put_bucket_policy(Bucket="bucket", Policy=json.dumps(POLICY))
    return s3


@pytest.mark.recording("s3", "test_bucket_policy_crud", "test_put_bucket_policy", "test_delete_bucket_policy")
def test_a_policy_lives_and_dies(s3: Any, recorded: Any, error_of: Any) -> None:
    before = error_of(s3.get_bucket_policy, Bucket="bucket")
    written = s3.put_bucket_policy(Bucket="bucket", Policy=json.dumps(POLICY))
    shown = s3.get_bucket_policy(Bucket="bucket")
    deleted = s3.delete_bucket_policy(Bucket="bucket")
    after = error_of(s3.get_bucket_policy, Bucket="bucket")
    again = s3.delete_bucket_policy(Bucket="bucket")

    recorded["test_bucket_policy_crud"](
        get_bucket_default_policy=before,
        put_bucket_policy=written,
        get_bucket_policy=shown,
        delete_bucket_policy=deleted,
        get_bucket_policy_after_delete=after,
        delete_bucket_policy_after_delete=again,
    )
    recorded["test_put_bucket_policy"](put_bucket_policy=written, get_bucket_policy=shown)
    recorded["test_delete_bucket_policy"](delete_bucket_policy=deleted, get_bucket_policy_no_such_bucket_policy=after)


@pytest.mark.recording("s3", "test_get_bucket_policy", "test_delete_bucket_policy_expected_bucket_owner")
def test_a_policy_is_for_the_expected_owner(aws: Any, s3: Any, recorded: Any, error_of: Any) -> None:
    missing = error_of(s3.get_bucket_policy, Bucket="bucket")
    s3.put_bucket_policy(Bucket="bucket", Policy=json.dumps(POLICY))

    def asked(owner: str) -> dict[str, Any]:
        return {"Bucket": "bucket", "ExpectedBucketOwner": owner}

    recorded["test_get_bucket_policy"](
        {
            "get-bucket-policy-no-such-bucket-policy": missing,
            "get-bucket-policy": s3.get_bucket_policy(Bucket="bucket"),
            "get-bucket-policy-with-expected-bucket-owner": s3.get_bucket_policy(**asked(aws.account)),
            "get-bucket-policy-with-expected-bucket-owner-error": error_of(
                s3.get_bucket_policy, **asked("000000000002")
            ),
        }
    )
    recorded["test_delete_bucket_policy_expected_bucket_owner"](
        {
            "delete-bucket-policy-with-expected-bucket-owner-error": error_of(
                s3.delete_bucket_policy, **asked("000000000002")
            ),
            "delete-bucket-policy-invalid-bucket-owner": error_of(s3.delete_bucket_policy, **asked("invalid")),
            "delete-bucket-policy-with-expected-bucket-owner": s3.delete_bucket_policy(**asked(aws.account)),
        }
    )


@pytest.mark.parametrize("owner", OWNERS)
@pytest.mark.recording("s3", "test_get_bucket_policy_invalid_account_id", "test_put_bucket_policy_invalid_account_id")
def test_an_expected_owner_is_an_account(policed: Any, recorded: Any, error_of: Any, owner: str) -> None:
    asked = {"Bucket": "bucket", "ExpectedBucketOwner": owner}

    got = error_of(policed.get_bucket_policy, **asked)
    written = error_of(policed.put_bucket_policy, Policy=json.dumps(POLICY), **asked)

    recorded[f"test_get_bucket_policy_invalid_account_id[{owner}]"](get_bucket_policy_invalid_bucket_owner=got)
    recorded[f"test_put_bucket_policy_invalid_account_id[{owner}]"](put_bucket_policy_invalid_bucket_owner=written)


@pytest.mark.recording("s3", "test_get_cors", "test_delete_cors")
def test_cors_rules_live_and_die(s3: Any, recorded: Any, error_of: Any) -> None:
    missing = error_of(s3.get_bucket_cors, Bucket="bucket")
    deleted_before = s3.delete_bucket_cors(Bucket="bucket")
    written = s3.put_bucket_cors(Bucket="bucket", CORSConfiguration=RULES)
    shown = s3.get_bucket_cors(Bucket="bucket")
    deleted = s3.delete_bucket_cors(Bucket="bucket")

    recorded["test_get_cors"](get_cors_no_set=missing, get_cors_after_set=shown)
    recorded["test_delete_cors"](
        delete_cors_before_set=deleted_before,
        put_cors=written,
        get_cors=shown,
        delete_cors=deleted,
        get_cors_deleted=error_of(s3.get_bucket_cors, Bucket="bucket"),
    )


@pytest.mark.recording("s3", "test_put_cors")
def test_cors_rules_are_shown_as_they_were_put(s3: Any, recorded: Any) -> None:
    rule = {
        "AllowedOrigins": ["https://test.com", "https://app.test.com", "http://test.com:80"],
        "AllowedMethods": ["GET", "PUT", "HEAD"],
        "MaxAgeSeconds": 3000,
        "AllowedHeaders": ["x-amz-expected-bucket-owner", "x-amz-server-side-encryption-customer-algorithm"],
    }

    recorded(
        put_cors=s3.put_bucket_cors(Bucket="bucket", CORSConfiguration={"CORSRules": [rule]}),
        get_cors=s3.get_bucket_cors(Bucket="bucket"),
    )


@pytest.mark.recording("s3", "test_put_cors_invalid_rules")
def test_cors_rules_are_checked(s3: Any, recorded: Any, error_of: Any) -> None:
    unknown = {"CORSRules": [{"AllowedMethods": ["MYMETHOD"], "AllowedOrigins": ["*"]}]}

    recorded(
        put_cors_exc=error_of(s3.put_bucket_cors, Bucket="bucket", CORSConfiguration=unknown),
        put_cors_exc_empty=error_of(s3.put_bucket_cors, Bucket="bucket", CORSConfiguration={"CORSRules": []}),
    )


@pytest.mark.recording("s3", "test_crud_public_access_block")
def test_a_public_access_block_lives_and_dies(s3: Any, recorded: Any, error_of: Any) -> None:
    nothing = dict.fromkeys(
        ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), False
    )

    recorded(
        get_default_public_access_block=s3.get_public_access_block(Bucket="bucket"),
        put_public_access_block=s3.put_public_access_block(Bucket="bucket", PublicAccessBlockConfiguration=nothing),
        get_public_access_block=s3.get_public_access_block(Bucket="bucket"),
        delete_public_access_block=s3.delete_public_access_block(Bucket="bucket"),
        get_public_access_block_after_delete=error_of(s3.get_public_access_block, Bucket="bucket"),
        idempotent_delete_public_access_block=s3.delete_public_access_block(Bucket="bucket"),
    )


@pytest.mark.recording("s3", "test_bucket_ownership_controls_exc")
def test_ownership_controls_are_checked(s3: Any, recorded: Any, error_of: Any) -> None:
    def refused(*rules: dict[str, str]) -> dict[str, Any]:
        controls = {"Rules": list(rules)}
        return dict(error_of(s3.put_bucket_ownership_controls, Bucket="bucket", OwnershipControls=controls))

    recorded(
        default_ownership=s3.get_bucket_ownership_controls(Bucket="bucket"),
        put_ownership_multiple_rules=refused(
            {"ObjectOwnership": "BucketOwnerPreferred"}, {"ObjectOwnership": "ObjectWriter"}
        ),
        put_ownership_wrong_value=refused({"ObjectOwnership": "RandomValue"}),
        put_ownership_empty_rule=refused(),
        ownership_wrong_value_at_creation=error_of(s3.create_bucket, Bucket="another", ObjectOwnership="RandomValue"),
        ownership_non_value_at_creation=error_of(s3.create_bucket, Bucket="another", ObjectOwnership=""),
    )


@pytest.mark.recording("s3", "test_s3_default_bucket_encryption_exc")
def test_encryption_by_default_is_checked(s3: Any, recorded: Any, error_of: Any) -> None:
    aes = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": True}
    with_key = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256", "KMSMasterKeyID": "randomkeyid"}}

    def refused(bucket: str, *rules: dict[str, Any]) -> dict[str, Any]:
        configuration = {"Rules": list(rules)}
        return dict(error_of(s3.put_bucket_encryption, Bucket=bucket, ServerSideEncryptionConfiguration=configuration))

    recorded(
        get_bucket_enc_no_bucket=error_of(s3.get_bucket_encryption, Bucket="missing"),
        delete_bucket_enc_no_bucket=error_of(s3.delete_bucket_encryption, Bucket="missing"),
        put_bucket_enc_no_bucket=refused("missing", aes),
        put_bucket_encryption_no_rules=refused("bucket"),
        put_bucket_encryption_two_rules=refused("bucket", aes, aes),
        put_bucket_encryption_kms_with_aes=refused("bucket", with_key),
    )


KEY = "134f2428-cec1-4b25-a1ae-9048164dba47"


@pytest.mark.recording("s3", "test_s3_bucket_encryption_sse_kms")
def test_a_bucket_encrypts_with_its_key(s3: Any, recorded: Any) -> None:
    def encrypt(**more: Any) -> Any:
        default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
        rule = {"ApplyServerSideEncryptionByDefault": default, **more}
        return s3.put_bucket_encryption(Bucket="bucket", ServerSideEncryptionConfiguration={"Rules": [rule]})

    where = {"Bucket": "bucket", "Key": "test-encrypted"}
    # The ETag of an encrypted object is no MD5 on AWS; here it is.
    recorded.only.unknown("88206b4eb968f907bf407d28fb04ceff")
    with_bucket_key = encrypt(BucketKeyEnabled=True)
    shown = s3.get_bucket_encryption(Bucket="bucket")
    written = s3.put_object(Body=b"test-encrypted", **where)
    recorded(
        {
            "put-bucket-enc": with_bucket_key,
            "get-bucket-enc": shown,
            "put-object-encrypted": written,
            "head-object-encrypted": s3.head_object(**where),
            "get-object-encrypted": s3.get_object(**where),
            "put-bucket-enc-bucket-key-disabled": encrypt(BucketKeyEnabled=False),
        }
    )
    recorded.only.unknown("7dfb290d8f2cc85b35a86adf9bceb32a")
    recorded({"put-object-encrypted-bucket-key-disabled": s3.put_object(Body=b"test-encrypted", **where)})


@pytest.mark.recording("s3", "test_s3_bucket_encryption_sse_kms_aws_managed_key")
def test_a_bucket_encrypts_with_the_key_that_aws_manages(s3: Any, recorded: Any) -> None:
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": True}
    where = {"Bucket": "bucket", "Key": "test-encrypted"}
    recorded.only.unknown("ec9f92ff18167a8c0cbff69597b6abf1")
    recorded.only.apart("managed-kms-key")  # an answer of KMS, which is not served

    recorded(
        put_bucket_enc=s3.put_bucket_encryption(Bucket="bucket", ServerSideEncryptionConfiguration={"Rules": [rule]}),
        get_bucket_enc=s3.get_bucket_encryption(Bucket="bucket"),
        put_object_encrypted=s3.put_object(Body=b"test-encrypted", **where),
        head_object_encrypted=s3.head_object(**where),
        get_object_encrypted=s3.get_object(**where),
    )


@pytest.mark.recording("s3", "test_bucket_acceleration_configuration_crud")
def test_acceleration_is_switched(s3: Any, recorded: Any) -> None:
    def switch(status: str) -> Any:
        return s3.put_bucket_accelerate_configuration(Bucket="bucket", AccelerateConfiguration={"Status": status})

    recorded(
        get_bucket_default_accelerate_config=s3.get_bucket_accelerate_configuration(Bucket="bucket"),
        put_bucket_accelerate_config_enabled=switch("Enabled"),
        get_bucket_accelerate_config_enabled=s3.get_bucket_accelerate_configuration(Bucket="bucket"),
        put_bucket_accelerate_config_disabled=switch("Suspended"),
        get_bucket_accelerate_config_disabled=s3.get_bucket_accelerate_configuration(Bucket="bucket"),
    )


@pytest.mark.recording("s3", "test_s3_request_payer_exceptions")
def test_who_pays_is_checked(s3: Any, recorded: Any, error_of: Any) -> None:
    def refused(bucket: str, payer: str) -> dict[str, Any]:
        configuration = {"Payer": payer}
        return dict(error_of(s3.put_bucket_request_payment, Bucket=bucket, RequestPaymentConfiguration=configuration))

    recorded(wrong_payer_type=refused("bucket", "Random"), wrong_bucket_name=refused("missing", "Requester"))


@pytest.mark.recording("s3", "test_validate_website_configuration")
def test_a_website_is_checked(s3: Any, recorded: Any, error_of: Any) -> None:
    index = {"IndexDocument": {"Suffix": "index.html"}}
    condition = {"KeyPrefixEquals": "prefix"}
    refused = [
        {"IndexDocument": {"Suffix": "/index.html"}},
        {"IndexDocument": {"Suffix": ""}},
        {**index, "RedirectAllRequestsTo": {"HostName": "example.com"}},
        {"ErrorDocument": {"Key": "error.html"}},
        {"RedirectAllRequestsTo": {"HostName": "example.com", "Protocol": "ftp"}},
        {
            **index,
            "RoutingRules": [
                {"Condition": condition, "Redirect": {"ReplaceKeyPrefixWith": "a", "ReplaceKeyWith": "b"}}
            ],
        },
        {**index, "RoutingRules": [{"Condition": {}, "Redirect": {"ReplaceKeyPrefixWith": "a"}}]},
        {**index, "RoutingRules": []},
    ]

    recorded(
        {
            f"invalid-website-conf-{at}": error_of(
                s3.put_bucket_website, Bucket="bucket", WebsiteConfiguration=configuration
            )
            for at, configuration in enumerate(refused)
        }
    )


LOG_DELIVERY = {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/s3/LogDelivery"}


@pytest.mark.recording("s3", "test_put_bucket_logging", "test_put_bucket_logging_accept_wrong_grants")
def test_logging_goes_to_a_bucket(s3: Any, recorded: Any) -> None:
    s3.create_bucket(Bucket="logs")
    grants = [{"Grantee": LOG_DELIVERY, "Permission": right} for right in ("WRITE", "READ_ACP")]

    def log(**more: Any) -> Any:
        enabled = {"TargetBucket": "logs", "TargetPrefix": "log", **more}
        return s3.put_bucket_logging(Bucket="bucket", BucketLoggingStatus={"LoggingEnabled": enabled})

    recorded["test_put_bucket_logging"](
        get_bucket_logging_default=s3.get_bucket_logging(Bucket="bucket"),
        get_bucket_default_acl=s3.get_bucket_acl(Bucket="bucket"),
        put_bucket_logging=log(),
        get_bucket_logging=s3.get_bucket_logging(Bucket="bucket"),
        put_bucket_logging_delete=s3.put_bucket_logging(Bucket="bucket", BucketLoggingStatus={}),
    )
    recorded["test_put_bucket_logging_accept_wrong_grants"](
        put_bucket_logging=log(TargetGrants=grants), get_bucket_logging=s3.get_bucket_logging(Bucket="bucket")
    )


@pytest.mark.recording("s3", "test_put_bucket_logging_cross_locations")
def test_logs_stay_in_their_region(aws: Any, s3: Any, recorded: Any, error_of: Any) -> None:
    for region in ("us-east-2", "us-west-2"):
        place = {"LocationConstraint": region}
        aws("s3", region=region).create_bucket(Bucket=f"in-{region}", CreateBucketConfiguration=place)

    def refused(source: str) -> dict[str, Any]:
        status = {"LoggingEnabled": {"TargetBucket": "in-us-west-2", "TargetPrefix": "log"}}
        return dict(error_of(s3.put_bucket_logging, Bucket=source, BucketLoggingStatus=status))

    recorded(
        {
            "put-bucket-logging-cross-us-east-1": refused("bucket"),
            "put-bucket-logging-different-regions": refused("in-us-east-2"),
        }
    )

"""Routing: what a request asks for, by all the ways AWS clients say it."""

import pytest

from emulator.wire.codec import decode
from emulator.wire.credentials import Credential, find_credential
from emulator.wire.http import Request
from emulator.wire.routing import Match, UnknownOperation, UnservedService, as_s3, identify

SERVICES = frozenset(
    "sqs sns events stepfunctions lambda s3 logs sts iam scheduler pipes cloudwatch apigateway".split()  # noqa: SIM905
)


def signed(service: str, region: str = "us-east-1") -> dict[str, str]:
    scope = f"123456789012/20261120/{region}/{service}/aws4_request"
    return {
        "host": "localhost:4566",
        "authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=00",
    }


def require_match(request: Request) -> Match:
    match = identify(request, SERVICES)
    assert match is not None
    return match


def test_a_target_header_names_the_operation() -> None:
    headers = signed("states", "eu-west-1") | {"x-amz-target": "AWSStepFunctions.StartExecution"}

    match = require_match(Request("POST", "/", headers, b"{}"))

    assert (match.service, match.operation.name) == ("stepfunctions", "StartExecution")
    assert (match.region, match.access_key) == ("eu-west-1", "123456789012")


def test_an_unsigned_target_is_enough() -> None:
    match = require_match(Request("POST", "/", {"x-amz-target": "AmazonSQS.ListQueues"}, b"{}"))

    assert match.operation.name == "ListQueues"
    assert match.region is None
    assert match.access_key is None


def test_a_query_action_goes_to_the_service_of_the_scope() -> None:
    headers = signed("sns") | {"content-type": "application/x-www-form-urlencoded"}

    match = require_match(Request("POST", "/", headers, b"Action=ListTopics&Version=2010-03-31"))

    assert (match.service, match.operation.name, match.operation.protocol) == ("sns", "ListTopics", "query")


def test_an_unsigned_query_action_goes_by_its_version() -> None:
    match = require_match(Request("GET", "/?Action=GetCallerIdentity&Version=2011-06-15", {"host": "x"}, b""))

    assert (match.service, match.operation.name) == ("sts", "GetCallerIdentity")


def test_the_path_of_a_query_call_is_its_queue() -> None:
    headers = signed("sqs") | {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
    request = Request("POST", "/000000000000/orders", headers, b"Action=SendMessage&Version=2012-11-05&MessageBody=hi")

    params = decode(require_match(request), request)

    assert params == {"queue_url": "http://localhost:4566/000000000000/orders", "message_body": "hi"}


def test_the_queue_url_in_a_query_call_counts_more_than_its_path() -> None:
    headers = signed("sqs") | {"content-type": "application/x-www-form-urlencoded"}
    body = b"Action=PurgeQueue&Version=2012-11-05&QueueUrl=http%3A%2F%2Fa%2F1%2Fq"
    request = Request("POST", "/000000000000/orders", headers, body)

    assert decode(require_match(request), request) == {"queue_url": "http://a/1/q"}


def test_a_smithy_rpc_path_names_the_operation() -> None:
    target = "/service/GraniteServiceVersion20100801/operation/ListMetrics"

    match = require_match(Request("POST", target, {"smithy-protocol": "rpc-v2-cbor"}, b"\xa0"))

    assert (match.service, match.operation.protocol) == ("cloudwatch", "smithy-rpc-v2-cbor")


@pytest.mark.parametrize(
    ("method", "target", "operation", "params"),
    [
        ("GET", "/", "ListBuckets", {}),
        ("PUT", "/b", "CreateBucket", {"Bucket": "b"}),
        ("PUT", "/b/", "CreateBucket", {"Bucket": "b"}),
        ("GET", "/b?list-type=2&prefix=a", "ListObjectsV2", {"Bucket": "b"}),
        ("GET", "/b?prefix=a", "ListObjects", {"Bucket": "b"}),
        ("GET", "/b?versioning", "GetBucketVersioning", {"Bucket": "b"}),
        ("PUT", "/b?notification", "PutBucketNotificationConfiguration", {"Bucket": "b"}),
        ("GET", "/b?uploads", "ListMultipartUploads", {"Bucket": "b"}),
        ("PUT", "/b/a/b%20c", "PutObject", {"Bucket": "b", "Key": "a/b c"}),
        ("PUT", "/b/folder/", "PutObject", {"Bucket": "b", "Key": "folder/"}),
        ("PUT", "/b//a//b", "PutObject", {"Bucket": "b", "Key": "/a//b"}),
        ("PUT", "/b/k?partNumber=1&uploadId=u", "UploadPart", {"Bucket": "b", "Key": "k"}),
        ("POST", "/b/k?uploads", "CreateMultipartUpload", {"Bucket": "b", "Key": "k"}),
        ("POST", "/b/k?uploadId=u", "CompleteMultipartUpload", {"Bucket": "b", "Key": "k"}),
        ("DELETE", "/b/k?uploadId=u", "AbortMultipartUpload", {"Bucket": "b", "Key": "k"}),
        ("DELETE", "/b/k?versionId=v", "DeleteObject", {"Bucket": "b", "Key": "k"}),
        ("GET", "/b/k?uploadId=u", "ListParts", {"Bucket": "b", "Key": "k"}),
        ("GET", "/b/k?x-id=GetObject", "GetObject", {"Bucket": "b", "Key": "k"}),
        ("GET", "/b/k?tagging", "GetObjectTagging", {"Bucket": "b", "Key": "k"}),
        ("POST", "/b?delete", "DeleteObjects", {"Bucket": "b"}),
        ("HEAD", "/b/k", "HeadObject", {"Bucket": "b", "Key": "k"}),
        ("HEAD", "/b", "HeadBucket", {"Bucket": "b"}),
    ],
)
def test_s3_tells_operations_of_one_path_by_query(
    method: str, target: str, operation: str, params: dict[str, str]
) -> None:
    match = require_match(Request(method, target, signed("s3"), b""))

    assert (match.operation.name, match.path_params) == (operation, params)


def test_a_copy_source_makes_a_put_a_copy() -> None:
    headers = signed("s3") | {"x-amz-copy-source": "b/other"}

    copied = require_match(Request("PUT", "/b/k", headers, b""))
    part = require_match(Request("PUT", "/b/k?partNumber=1&uploadId=u", headers, b""))

    assert (copied.operation.name, part.operation.name) == ("CopyObject", "UploadPartCopy")


@pytest.mark.parametrize(
    "host",
    [
        "b.s3.localhost:4566",
        "b.localhost:4566",
        "b.s3.us-east-1.localhost.localstack.cloud",
        "b.s3.amazonaws.com",
    ],
)
def test_the_bucket_may_be_in_the_host(host: str) -> None:
    headers = signed("s3") | {"host": host}

    got = require_match(Request("GET", "/a/k", headers, b""))
    listed = require_match(Request("GET", "/?list-type=2", headers, b""))

    assert (got.operation.name, got.path_params) == ("GetObject", {"Bucket": "b", "Key": "a/k"})
    assert (listed.operation.name, listed.path_params) == ("ListObjectsV2", {"Bucket": "b"})


def test_the_host_s3_is_no_bucket() -> None:
    match = require_match(Request("GET", "/b/k", signed("s3") | {"host": "s3.localhost:4566"}, b""))

    assert match.path_params == {"Bucket": "b", "Key": "k"}


def test_a_presigned_url_is_signed() -> None:
    query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test%2F20261120%2Fus-west-2%2Fs3%2Faws4_request"

    match = require_match(Request("GET", f"/b/k?{query}&X-Amz-Expires=60", {"host": "localhost:4566"}, b""))

    assert (match.operation.name, match.region, match.access_key) == ("GetObject", "us-west-2", "test")


@pytest.mark.parametrize(
    ("method", "target", "service", "operation"),
    [
        ("POST", "/2015-03-31/functions/f/invocations", "lambda", "Invoke"),
        ("GET", "/2015-03-31/functions/", "lambda", "ListFunctions"),
        ("GET", "/2015-03-31/functions", "lambda", "ListFunctions"),
        ("GET", "/2018-10-31/layers?find=LayerVersion&Arn=x", "lambda", "GetLayerVersionByArn"),
        ("POST", "/schedules/s", "scheduler", "CreateSchedule"),
        ("GET", "/v1/pipes/p", "pipes", "DescribePipe"),
    ],
)
def test_an_unsigned_rest_path_tells_the_service(method: str, target: str, service: str, operation: str) -> None:
    match = require_match(Request(method, target, {"host": "localhost:4566"}, b""))

    assert (match.service, match.operation.name) == (service, operation)


@pytest.mark.parametrize("target", ["/", "/_stepwell/health", "/index.html", "/bucket/key", "/api/things?Action=x"])
def test_what_is_not_an_aws_call_is_nothing(target: str) -> None:
    assert identify(Request("GET", target, {"host": "localhost:4566", "accept": "*/*"}, b""), SERVICES) is None


@pytest.mark.parametrize("host", ["u.lambda-url.us-east-1.localhost", "a.execute-api.localhost:4566"])
def test_a_function_url_and_an_api_stage_are_no_aws_calls(host: str) -> None:
    assert identify(Request("GET", "/x", signed("lambda") | {"host": host}, b""), SERVICES) is None


@pytest.mark.parametrize(
    ("method", "target", "host", "operation"),
    [
        ("GET", "/bucket/key", "localhost:4566", "GetObject"),
        ("GET", "/", "bucket.s3.localhost.localstack.cloud:4566", "ListObjects"),
    ],
)
def test_a_bare_path_may_still_be_read_as_s3(method: str, target: str, host: str, operation: str) -> None:
    match = as_s3(Request(method, target, {"host": host}, b""))

    assert match is not None
    assert match.operation.name == operation


def test_the_path_of_a_function_url_is_not_read_as_s3() -> None:
    assert as_s3(Request("POST", "/bucket", {"host": "u.lambda-url.us-east-1.localhost"}, b"")) is None


@pytest.mark.parametrize(
    ("service", "headers", "target", "code", "status", "protocol"),
    [
        ("sqs", {"x-amz-target": "AmazonSQS.Nope"}, "/", "UnknownOperationException", 404, "json"),
        ("sns", {"content-type": "application/x-www-form-urlencoded"}, "/", "InvalidAction", 400, "query"),
        ("lambda", {}, "/2015-03-31/nothing", "UnknownOperationException", 404, "rest-json"),
        ("s3", {}, "/b/k", "MethodNotAllowed", 405, "rest-xml"),
    ],
)
def test_an_unknown_operation_is_refused_as_its_service_does(
    service: str, headers: dict[str, str], target: str, code: str, status: int, protocol: str
) -> None:
    request = Request("PATCH", target, signed(service) | headers, b"Action=Nope&Version=2010-03-31")

    with pytest.raises(UnknownOperation) as refused:
        identify(request, SERVICES)

    assert (refused.value.code, refused.value.status, refused.value.protocol) == (code, status, protocol)


@pytest.mark.parametrize(
    ("service", "headers", "target", "named"),
    [
        ("kinesis", {"x-amz-target": "Kinesis_20131202.PutRecord"}, "/", "kinesis:PutRecord"),
        ("firehose", {"x-amz-target": "Firehose_20150804.PutRecord"}, "/", "Firehose_20150804:PutRecord"),
        ("batch", {}, "/v1/submitjob", "batch:GET /v1/submitjob"),
        ("cloudformation", {}, "/?Action=ListStacks&Version=2010-05-15", "cloudformation:ListStacks"),
    ],
)
def test_a_service_we_do_not_serve_is_named_in_a_501(
    service: str, headers: dict[str, str], target: str, named: str
) -> None:
    with pytest.raises(UnservedService) as refused:
        identify(Request("GET", target, signed(service) | headers, b""), SERVICES)

    assert refused.value.status == 501
    assert named in refused.value.message


def test_a_credential_is_read_from_any_of_its_places() -> None:
    header = signed("sqs")
    old = {"authorization": "AWS AKIAOLD:signature"}

    assert find_credential(header, "") == Credential("123456789012", "us-east-1", "sqs")
    assert find_credential(old, "") == Credential("AKIAOLD", None, "s3")
    assert find_credential({}, "AWSAccessKeyId=A&Signature=s&Expires=1") == Credential("A", None, "s3")
    assert find_credential({}, "a=b") is None


def test_an_sts_scope_with_slashes_in_the_key_is_split_from_the_right() -> None:
    assert find_credential({}, "X-Amz-Credential=a%2Fb%2F1%2Fr%2Fs3%2Faws4_request") == Credential("a/b", "r", "s3")

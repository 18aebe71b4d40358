"""How errors of APIs are named in a workflow."""

import re

import pytest

from emulator.errors import AwsError, not_implemented
from emulator.services.stepfunctions.integrations.naming import optimized_failure, sdk_failure, sdk_member


@pytest.mark.parametrize(
    ("service", "code", "error", "shown"),
    [
        (
            "stepfunctions",
            "StateMachineDoesNotExist",
            "StepFunctions.StateMachineDoesNotExistException",
            "AWSStepFunctions; Status Code: 400; Error Code: StateMachineDoesNotExist",
        ),
        ("sns", "NotFound", "SNS.NotFoundException", "AmazonSNS; Status Code: 404; Error Code: NotFound"),
        (
            "sqs",
            "QueueDoesNotExist",
            "SQS.QueueDoesNotExistException",
            "AmazonSQS; Status Code: 400; Error Code: AWS.SimpleQueueService.NonExistentQueue",
        ),
        ("sqs", "Odd", "SQS.AmazonSQSException", "AmazonSQS; Status Code: 400; Error Code: Odd"),
        # No operation of SQS lists these: its SDK has no class for them.
        (
            "sqs",
            "InvalidParameterValueException",
            "SQS.AmazonSQSException",
            "AmazonSQS; Status Code: 400; Error Code: InvalidParameterValue",
        ),
        (
            "sqs",
            "MissingRequiredParameterException",
            "SQS.AmazonSQSException",
            "AmazonSQS; Status Code: 400; Error Code: MissingParameter",
        ),
        (
            "lambda",
            "TooManyRequestsException",
            "Lambda.TooManyRequestsException",
            "AWSLambda; Status Code: 429; Error Code: TooManyRequestsException",
        ),
    ],
)
def test_an_optimized_integration_names_the_exception_of_its_sdk(
    service: str, code: str, error: str, shown: str
) -> None:
    failed = optimized_failure(service, AwsError(code, "Text"))

    assert failed.error == error
    assert failed.cause is not None
    assert failed.cause.startswith(f"Text (Service: {shown}; Request ID: ")
    assert failed.cause.endswith("; Proxy: null)")


def test_the_sdk_names_the_exception_of_the_java_sdk() -> None:
    failed = sdk_failure("sfn", "stepfunctions", AwsError("InvalidToken", "Invalid Token: 'Invalid token'"))

    assert failed.error == "Sfn.InvalidTokenException"
    assert failed.cause is not None
    assert failed.cause.startswith("Invalid Token: 'Invalid token' (Service: Sfn, Status Code: 400, Request ID: ")


@pytest.mark.parametrize(
    ("service", "code", "error"),
    [
        ("s3", "NoSuchKey", "S3.NoSuchKeyException"),
        ("sqs", "QueueDoesNotExist", "Sqs.QueueDoesNotExistException"),
        ("lambda", "ResourceNotFoundException", "Lambda.ResourceNotFoundException"),
        ("lambda", "KMSDisabledException", "Lambda.KmsDisabledException"),
        ("lambda", "EC2ThrottledException", "Lambda.Ec2ThrottledException"),
        ("rds", "DBInstanceAlreadyExists", "Rds.DbInstanceAlreadyExistsException"),
        ("sqs", "MissingParameter", "Sqs.SqsException"),
    ],
)
def test_the_sdk_names_every_word_of_an_exception(service: str, code: str, error: str) -> None:
    assert sdk_failure(service, service, AwsError(code, "Text")).error == error


def test_an_error_of_s3_has_the_second_id_of_its_request() -> None:
    failed = sdk_failure("s3", "s3", AwsError("NoSuchKey", "The specified key does not exist."))

    assert failed.cause is not None
    assert re.fullmatch(
        r"The specified key does not exist\. \(Service: S3, Status Code: 404, Request ID: [0-9a-f-]{36},"
        r" Extended Request ID: [A-Za-z0-9+/=]{76}\) \(SDK Attempt Count: 1\)",
        failed.cause,
    )


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("MD5OfBody", "Md5OfBody"),
        ("DBInstanceIdentifier", "DbInstanceIdentifier"),
        ("SSEKMSKeyId", "SsekmsKeyId"),
        ("ETag", "ETag"),
        ("ACL", "Acl"),
        ("GrantReadACP", "GrantReadACP"),
        ("nextToken", "NextToken"),
    ],
)
def test_the_sdk_names_members_in_pascal_case(name: str, shown: str) -> None:
    assert sdk_member(name) == shown


def test_an_error_that_no_model_has_is_the_service_s_own_exception() -> None:
    assert sdk_failure("s3", "s3", AwsError("Odd", "Text")).error == "S3.S3Exception"
    assert sdk_failure("dynamodb", "dynamodb", AwsError("Odd", "Text")).error == "DynamoDb.DynamoDbException"


def test_what_is_not_emulated_is_a_mistake_of_the_definition() -> None:
    failed = sdk_failure("rekognition", "rekognition", not_implemented("rekognition", "DetectFaces"))

    assert failed.error == "States.Runtime"
    assert failed.cause == (
        "Stepwell does not emulate rekognition:DetectFaces. "
        "A mock configuration can answer for it (workflows/mocks.json, or SFN_MOCK_CONFIG)."
    )

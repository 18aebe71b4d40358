"""How an API's error is named in a workflow: by the optimized integrations' SDK, and by the newer one."""

from __future__ import annotations

import re

from emulator import ids
from emulator.errors import AwsError
from emulator.services.stepfunctions.integrations.task import RUNTIME, Failed
from emulator.wire import models

# Prefix of the error, product name in the cause, and the exception of what the model does not name.
_OPTIMIZED = {
    "dynamodb": ("DynamoDB", "AmazonDynamoDBv2", "AmazonDynamoDBException"),
    "events": ("EventBridge", "AmazonCloudWatchEvents", "AmazonCloudWatchEventsException"),
    "lambda": ("Lambda", "AWSLambda", "AWSLambdaException"),
    "sns": ("SNS", "AmazonSNS", "AmazonSNSException"),
    "sqs": ("SQS", "AmazonSQS", "AmazonSQSException"),
    "stepfunctions": ("StepFunctions", "AWSStepFunctions", "AWSStepFunctionsException"),
    "s3": ("S3", "Amazon S3", "AmazonS3Exception"),
}
_CAPITALS = re.compile("[A-Z]+(?![a-z])")
_WORD_ENDS = re.compile(r"(?<=[a-z])(?=[A-Z][a-zA-Z0-9])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[0-9])(?=[a-zA-Z])")
_SDK_NAMES = {
    "apigateway": "ApiGateway",
    "cloudwatchlogs": "CloudWatchLogs",
    "dynamodb": "DynamoDb",
    "eventbridge": "EventBridge",
    "secretsmanager": "SecretsManager",
}


def optimized_failure(service: str, error: AwsError) -> Failed:
    """`StepFunctions.StateMachineDoesNotExistException`, its cause with service, status, code and request.

    `service` is botocore's name. Errors of the definition and of what is not emulated are States.Runtime.
    """
    if error.code == RUNTIME or error.status == 501:
        return Failed(RUNTIME, error.message)
    prefix, product, other = _OPTIMIZED.get(service, (service.capitalize(), service, f"{service}Exception"))
    shape, status = _modelled(service, error) or (other, error.status or 400)
    name = shape if shape.endswith("Exception") else f"{shape}Exception"
    cause = (
        f"{error.message} (Service: {product}; Status Code: {error.status or status}; Error Code: {error.code}; "
        f"Request ID: {ids.new_uuid()}; Proxy: null)"
    )
    return Failed(f"{prefix}.{name}", cause)


def sdk_failure(sdk_name: str, service: str, error: AwsError) -> Failed:
    """`Sfn.InvalidTokenException` and a cause in the words of the Java SDK, which AWS uses.

    `sdk_name` is the service as the resource has it (`sfn`), `service` botocore's name (`stepfunctions`).
    """
    if error.code == RUNTIME or error.status == 501:
        return Failed(RUNTIME, error.message)
    prefix = _SDK_NAMES.get(sdk_name, sdk_name[:1].upper() + sdk_name[1:])
    shape, status = _modelled(service, error) or (f"{prefix}Exception", error.status or 400)
    cause = (
        f"{error.message} (Service: {prefix}, Status Code: {error.status or status}, "
        f"Request ID: {ids.new_uuid()}) (SDK Attempt Count: 1)"
    )
    return Failed(f"{prefix}.{_sdk_exception(shape)}", cause)


def sdk_member(name: str) -> str:
    """A member as a workflow has it: `Md5OfBody`, `DbInstances`, `ETag`, as the SDK for Java names it, in Pascal case.

    The capitals at its beginning are one word, but the last of them where it begins the next word.
    """
    found = _CAPITALS.match(name)
    end = 1 if found is None else found.end()
    return name[:1].upper() + name[1:end].lower() + name[end:]


def _sdk_exception(name: str) -> str:
    """An error's shape as the SDK for Java names its class: every word in Pascal case, Exception at its end."""
    words = _WORD_ENDS.sub(" ", name.removesuffix("Fault")).split()
    found = "".join(word[:1].upper() + word[1:].lower() for word in words)
    return found if found.endswith("Exception") else f"{found}Exception"


def _modelled(service: str, error: AwsError) -> tuple[str, int] | None:
    """The error's shape and status where the service's model has it."""
    try:
        described = models.service(service)
    except models.UnknownServiceError:
        return None
    shape = described.over(described.protocol).error_codes.get(error.code)
    if shape is None:
        return None
    status = shape.traits.get("error", {}).get("httpStatusCode", 400)
    return shape.name, int(status)

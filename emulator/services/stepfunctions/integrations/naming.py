"""How an API's error is named in a workflow: by the optimized integrations' SDK, and by the newer one."""

from __future__ import annotations

import re
from functools import cache

from emulator import ids
from emulator.errors import AwsError
from emulator.languages.asl.failures import RUNTIME
from emulator.services.stepfunctions.integrations.task import CAN_BE_MOCKED, Failed
from emulator.wire import models
from emulator.wire.http import host_id
from emulator.wire.models import Shape

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


def capital(name: str) -> str:
    """A name with its first letter in upper case: APIs name operations and members so, resource ARNs do not."""
    return name[:1].upper() + name[1:]


def optimized_failure(service: str, error: AwsError) -> Failed:
    """`StepFunctions.StateMachineDoesNotExistException`, its cause with service, status, code and request.

    `service` is botocore's name. Errors of the definition and of what is not emulated are States.Runtime.
    """
    if (own := _find_own(error)) is not None:
        return own
    prefix, product, other = _OPTIMIZED.get(service, (service.capitalize(), service, f"{service}Exception"))
    shape = _find_shape(service, error)
    name = _exception(service, shape) or other
    code = error.code if shape is None else shape.traits.get("error", {}).get("code", error.code)
    cause = (
        f"{error.message} (Service: {product}; Status Code: {_status(shape, error)}; Error Code: {code}; "
        f"Request ID: {ids.new_uuid()}; Proxy: null)"
    )
    return Failed(f"{prefix}.{name if name.endswith('Exception') else f'{name}Exception'}", cause)


def sdk_failure(sdk_name: str, service: str, error: AwsError) -> Failed:
    """`Sfn.InvalidTokenException` and a cause in the words of the Java SDK, which AWS uses.

    `sdk_name` is the service as the resource has it (`sfn`), `service` botocore's name (`stepfunctions`).
    """
    if (own := _find_own(error)) is not None:
        return own
    prefix = _SDK_NAMES.get(sdk_name, capital(sdk_name))
    shape = _find_shape(service, error)
    name = _exception(service, shape) or f"{prefix}Exception"
    request_id = ids.new_uuid()
    # S3 alone has a second id of a request; the SDK adds it where there is one.
    extended = f", Extended Request ID: {host_id(request_id)}" if service == "s3" else ""
    cause = (
        f"{error.message} (Service: {prefix}, Status Code: {_status(shape, error)}, "
        f"Request ID: {request_id}{extended}) (SDK Attempt Count: 1)"
    )
    return Failed(f"{prefix}.{_sdk_exception(name)}", cause)


def _find_own(error: AwsError) -> Failed | None:
    """A mistake of the definition, and what is not emulated: those are errors of no service."""
    if error.status == 501:
        return Failed(RUNTIME, f"{error.message} {CAN_BE_MOCKED}")
    return Failed(RUNTIME, error.message) if error.code == RUNTIME else None


@cache
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


def _find_shape(service: str, error: AwsError) -> Shape | None:
    """The error's shape where the service's model has it."""
    try:
        described = models.service(service)
    except models.UnknownServiceError:
        return None
    return described.over(described.protocol).error_codes.get(error.code)


def _exception(service: str, shape: Shape | None) -> str | None:
    """An error's own name, where an SDK has a class for it: the operations of the service list it."""
    return shape.name if shape is not None and shape.name in _raised(service) else None


@cache
def _raised(service: str) -> frozenset[str]:
    operations = models.service(service).operations.values()
    return frozenset(error["shape"] for operation in operations for error in operation.raw.get("errors", ()))


def _status(shape: Shape | None, error: AwsError) -> int:
    modelled = 400 if shape is None else shape.traits.get("error", {}).get("httpStatusCode", 400)
    return int(error.status or modelled)

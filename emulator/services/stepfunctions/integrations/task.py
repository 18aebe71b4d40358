"""One attempt of a task as its integration sees it, and how AWS dresses answers and failures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from emulator import ids
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.languages.asl.effects import RunTask
from emulator.services.stepfunctions.model import Execution

ANSWER = "stepfunctions.answer"


@dataclass(frozen=True, slots=True)
class Failed:
    """A task that failed, as a workflow sees it."""

    error: str
    cause: str | None


@dataclass(frozen=True, slots=True)
class Task:
    """`service` and `action` are those of the resource ARN (`lambda`, `invoke`), `form` is `sync`, `sync:2`,
    `waitForTaskToken` or empty. `error_prefix` names the service in errors (`SQS.AmazonSQSException`)."""

    id: str
    attempt: int
    resource: str
    service: str
    action: str
    form: str
    parameters: Any
    token_wait: bool
    execution: Execution

    @staticmethod
    def of(execution: Execution, effect: RunTask) -> Task:
        """The task of a RunTask effect."""
        service, action, form = _parts(effect.resource)
        return Task(
            effect.task_id,
            effect.attempt,
            effect.resource,
            service,
            action,
            form,
            effect.parameters,
            effect.token_wait,
            execution,
        )

    def reply_payload(self, **more: Any) -> dict[str, Any]:
        """The payload of a Reply that brings the answer back to this attempt."""
        task = {
            "id": self.id,
            "attempt": self.attempt,
            "service": self.service,
            "form": self.form,
            "resource": self.resource,
            "token_wait": self.token_wait,
            **more,
        }
        return {"execution": self.execution.id, "task": task}

    def failure(self, error: AwsError) -> Failed:
        """An API's error as the optimized or SDK integration names it (recordings of each)."""
        if error.status == 501:
            return Failed("States.Runtime", error.message)
        if self.service == "aws-sdk":
            return sdk_failure(self.action, error)
        return optimized_failure(self.service, error)


def _parts(resource: str) -> tuple[str, str, str]:
    """Service, action and form of a resource ARN."""
    if not resource.startswith("arn:aws:states:::"):
        parts = resource.split(":")
        return (parts[2] if len(parts) > 2 else "", "", "")
    rest = resource.removeprefix("arn:aws:states:::")
    if rest.startswith("aws-sdk:"):
        action, _, form = rest.removeprefix("aws-sdk:").partition(".")
        return "aws-sdk", action, form
    service, _, action = rest.partition(":")
    action, _, form = action.partition(".")
    return service, action, form


_ERROR_PREFIXES = {
    "dynamodb": ("DynamoDB", "AmazonDynamoDBv2"),
    "events": ("EventBridge", "AmazonCloudWatchEvents"),
    "lambda": ("Lambda", "AWSLambda"),
    "sns": ("SNS", "AmazonSNS"),
    "sqs": ("SQS", "AmazonSQS"),
    "states": ("StepFunctions", "AWSStepFunctions"),
}
_SDK_NAMES = {"sfn": "Sfn", "dynamodb": "DynamoDb", "s3": "S3", "sqs": "Sqs", "sns": "Sns", "lambda": "Lambda"}


def optimized_failure(service: str, error: AwsError) -> Failed:
    """`SQS.QueueDoesNotExistException` and a cause that names service, status, code and request."""
    prefix, product = _ERROR_PREFIXES.get(service, (service.capitalize(), service))
    code = error.code.rsplit(".", 1)[-1]
    cause = (
        f"{error.message} (Service: {product}; Status Code: {error.status or 400}; Error Code: {error.code}; "
        f"Request ID: {ids.new_uuid()}; Proxy: null)"
    )
    return Failed(f"{prefix}.{_exception(code)}", cause)


def sdk_failure(action: str, error: AwsError) -> Failed:
    """`Sfn.InvalidTokenException` and the cause in the words of the Java SDK, which AWS uses."""
    service = action.partition(":")[0]
    name = _SDK_NAMES.get(service, service[:1].upper() + service[1:])
    cause = (
        f"{error.message} (Service: {name}, Status Code: {error.status or 400}, Request ID: {ids.new_uuid()}) "
        "(SDK Attempt Count: 1)"
    )
    return Failed(f"{name}.{_exception(error.code.rsplit('.', 1)[-1])}", cause)


def _exception(code: str) -> str:
    return code if code.endswith("Exception") else f"{code}Exception"


def dressed(ctx: Context, answer: dict[str, Any], content_type: str, length: int) -> dict[str, Any]:
    """An optimized integration's answer with the metadata of the HTTP answer, as AWS shows it."""
    request_id = ctx.request_id or ids.new_uuid()
    date = f"{ctx.now:%a, %d %b %Y %H:%M:%S} GMT"
    headers = {
        "connection": "keep-alive",
        "Content-Length": str(length),
        "Content-Type": content_type,
        "Date": date,
        "x-amzn-RequestId": request_id,
    }
    return {
        **answer,
        "SdkHttpMetadata": {
            "AllHttpHeaders": {name: [value] for name, value in headers.items()},
            "HttpHeaders": headers,
            "HttpStatusCode": 200,
        },
        "SdkResponseMetadata": {"RequestId": request_id},
    }


def plain(value: Any) -> Any:
    """A result of ours as JSON: moments as milliseconds, bytes as text."""
    if isinstance(value, dict):
        return {name: plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [plain(member) for member in value]
    if isinstance(value, datetime):
        return int(value.timestamp() * 1000)
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return value



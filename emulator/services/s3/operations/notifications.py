"""The notification configuration of a bucket."""

from __future__ import annotations

import json
from typing import Any

from emulator.arns import find_arn
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.s3.model.errors import invalid_argument
from emulator.services.s3.model.notifications import KINDS, normalized, test_event
from emulator.services.s3.operations.happenings import deliver, where_of
from emulator.services.s3.operations.lookup import Bucket, forget_bucket, require_bucket
from emulator.services.s3.operations.statements import SQL


def put_bucket_notification_configuration(
    ctx: Context,
    *,
    bucket: str,
    notification_configuration: dict[str, Any],
    expected_bucket_owner: str | None = None,
    skip_destination_validation: bool | None = None,
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    configuration = normalized(notification_configuration)
    if not skip_destination_validation:
        _try_destinations(ctx, found, configuration)
    text = json.dumps(configuration, separators=(",", ":")) if configuration else None
    ctx.tx.execute(SQL.put_notifications, id=found.id, notifications=text)
    forget_bucket(ctx, bucket)
    return {}


def get_bucket_notification_configuration(
    ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None
) -> dict[str, Any]:
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    shown: dict[str, Any] = {} if found.configuration is None else json.loads(found.configuration)
    return shown


def _try_destinations(ctx: Context, bucket: Bucket, configuration: dict[str, Any]) -> None:
    """Raise InvalidArgument for a destination that is not there; the others hear of the test.

    (S3 User Guide, "Supported destinations": the test message goes to queues and topics.)
    """
    text = json.dumps(test_event(where_of(ctx, bucket)), separators=(",", ":"))
    for kind, (member, _, service) in KINDS.items():
        for arn in dict.fromkeys(entry[member] for entry in configuration.get(kind, ())):
            _require_destination(ctx, service, arn)
            if service != "lambda":
                deliver(ctx, bucket, arn, text)


def _require_destination(ctx: Context, service: str, text: str) -> None:
    arn = find_arn(text)
    assert arn is not None  # `normalized` has read it
    try:
        if service == "sqs":
            params = {"QueueName": arn.resource, "QueueOwnerAWSAccountId": arn.account}
            ctx.call_arn(arn, "sqs", "GetQueueUrl", params)
        elif service == "sns":
            ctx.call_arn(arn, "sns", "GetTopicAttributes", {"TopicArn": text})
        else:
            ctx.call_arn(arn, "lambda", "GetFunctionConfiguration", {"FunctionName": text})
    except AwsError as error:
        what = {"sqs": "queue", "sns": "topic", "lambda": "Lambda"}[service]
        reason = f"The destination {what} does not exist" if error.status != 501 else error.message
        raise invalid_argument("Unable to validate the following destination configurations", text, reason) from None

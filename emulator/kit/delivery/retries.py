"""When a failed delivery is tried again, and what its dead-letter message says."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from emulator.clock import from_micros
from emulator.errors import AwsError

if TYPE_CHECKING:
    from emulator.kit.delivery import Delivery

# The target or the permission is not there: EventBridge does not retry these (EventBridge User Guide,
# "How EventBridge retries delivering events").
NO_RESOURCE = {
    "AWS.SimpleQueueService.NonExistentQueue",
    "ExecutionDoesNotExist",
    "NotFound",
    "NotFoundException",
    "QueueDoesNotExist",
    "ResourceNotFoundException",
    "StateMachineDoesNotExist",
}
NO_PERMISSIONS = {"AccessDenied", "AccessDeniedException", "AuthorizationError"}
INVALID = {
    "INVALID_JSON",
    "INVALID_PARAMETER",
    "InvalidExecutionInput",
    "InvalidParameter",
    "InvalidParameterException",
    "InvalidParameterValue",
    "InvalidParameterValueException",
    "MissingRequiredParameterException",
    "ValidationException",
}
# A bus refused to pass on what came from a third account; an operation that this house does not have; an HTTP endpoint
# said that the request is wrong, or is none of this machine's.
HOPELESS = {"THIRD_ACCOUNT_HOP_DETECTED", "NotImplementedException", "SDK_CLIENT_ERROR", "NotLocal"}
FINAL = NO_RESOURCE | NO_PERMISSIONS | INVALID | HOPELESS

# SNS to SQS and Lambda: 3 at once, 2 after 1 s, 10 growing from 1 to 20 s, then every 20 s (SNS Developer Guide,
# "Message delivery retries").
_SNS_SECONDS = (0, 0, 0, 1, 1, 1, 2, 3, 5, 7, 9, 12, 15, 18, 20)


def next_try(delivery: Delivery, attempts: int, now: int, error: AwsError) -> datetime | None:
    """The moment of the next attempt after `attempts` failed ones; None where the sender gives up.

    `now` is microseconds of the account's time. EventBridge backs off exponentially up to a minute.
    """
    if error.code in FINAL or attempts > delivery.attempts_max:
        return None
    if delivery.source_service == "sns":
        seconds = _SNS_SECONDS[attempts - 1] if attempts <= len(_SNS_SECONDS) else 20
    else:
        seconds = min(60, 2 ** min(attempts - 1, 6))
    due = now + seconds * 1_000_000
    if due - delivery.since > delivery.age_max_seconds * 1_000_000:
        return None
    return from_micros(due)


def error_code(error: AwsError) -> str:
    """EventBridge's name for what went wrong, as its dead-letter messages carry it."""
    if error.code in ("INVALID_JSON", "THIRD_ACCOUNT_HOP_DETECTED", "SDK_CLIENT_ERROR", "CONNECTION_FAILURE"):
        return error.code
    if error.code in NO_RESOURCE:
        return "NO_RESOURCE"
    if error.code in NO_PERMISSIONS:
        return "NO_PERMISSIONS"
    return "INVALID_PARAMETER" if error.code in INVALID else "ERROR_FROM_TARGET"


def dead_letter_attributes(delivery: Delivery, retries: int, error: AwsError) -> dict[str, Any]:
    """The message attributes of a dead-letter message; SNS and Lambda send the message as it was, with its own."""
    if delivery.source_service not in ("events", "scheduler"):
        own: dict[str, Any] = delivery.parameters.get("MessageAttributes") or {}
        return own
    attributes = {
        "RULE_ARN": delivery.source_arn,
        "TARGET_ARN": delivery.target_arn,
        "ERROR_CODE": error_code(error),
        "ERROR_MESSAGE": error.message,
    }
    if error.code not in FINAL:
        exhausted = "MaximumRetryAttempts" if retries >= delivery.attempts_max else "MaximumEventAgeInSeconds"
        attributes |= {"RETRY_ATTEMPTS": str(retries), "EXHAUSTED_RETRY_CONDITION": exhausted}
    return {name: {"DataType": "String", "StringValue": text} for name, text in attributes.items() if text}

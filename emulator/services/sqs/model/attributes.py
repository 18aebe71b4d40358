"""The attributes of a queue: which there are, which values they take, how they read when nobody set them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from emulator.arns import find_arn
from emulator.errors import AwsError
from emulator.services.sqs.limits import (
    KMS_REUSE_SECONDS,
    MAX_RECEIVE_COUNT,
    NUMBERS,
    SOURCE_QUEUES_MOST,
    Range,
)
from emulator.services.sqs.model.errors import invalid_attribute, invalid_parameter, unknown_attribute

COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesDelayed",
    "ApproximateNumberOfMessagesNotVisible",
)
COMPUTED = frozenset({*COUNTS, "CreatedTimestamp", "LastModifiedTimestamp", "QueueArn"})
FIFO_CHOICES = {
    "ContentBasedDeduplication": ("false", "true"),
    "DeduplicationScope": ("queue", "messageGroup"),
    "FifoThroughputLimit": ("perQueue", "perMessageGroupId"),
}
_DOCUMENTS = frozenset({"Policy", "RedrivePolicy", "RedriveAllowPolicy"})
_FREE = frozenset({"KmsMasterKeyId"})
SETTABLE = frozenset(
    {
        *NUMBERS,
        *FIFO_CHOICES,
        *_DOCUMENTS,
        *_FREE,
        "KmsDataKeyReusePeriodSeconds",
        "SqsManagedSseEnabled",
        "FifoQueue",
    }
)
KNOWN = SETTABLE | COMPUTED | {"All"}


def checked(given: Mapping[str, str], *, fifo: bool, creating: bool) -> dict[str, str]:
    """The attributes as they are kept; an empty text stands for "back to the default".

    Errors: InvalidAttributeName, InvalidAttributeValue, InvalidParameterValue (policies).
    """
    kept = {}
    for name, value in given.items():
        if name not in SETTABLE or (name in FIFO_CHOICES and not fifo):
            raise unknown_attribute(name)
        if name == "FifoQueue":
            if not fifo or not creating:
                raise unknown_attribute(name)
            continue
        kept[name] = _checked_value(name, value)
    if kept.get("SqsManagedSseEnabled") == "true" and kept.get("KmsMasterKeyId"):
        raise AwsError(
            "InvalidAttributeName",
            "You can use one type of server-side encryption (SSE) at one time. "
            "You can either enable KMS SSE or SQS SSE.",
        )
    return kept


def _checked_value(name: str, value: str) -> str:
    if name in NUMBERS:
        return _whole(name, value, NUMBERS[name])
    if name == "KmsDataKeyReusePeriodSeconds":
        return _whole(name, value, KMS_REUSE_SECONDS)
    if name in FIFO_CHOICES or name == "SqsManagedSseEnabled":
        choices = FIFO_CHOICES.get(name, ("false", "true"))
        found = value.lower() if choices[0] == "false" else value
        if found not in choices:
            raise invalid_attribute(name)
        return found
    if name == "RedrivePolicy" and value:
        return redrive_policy(value)
    if name == "RedriveAllowPolicy" and value:
        return redrive_allow_policy(value)
    if name == "Policy" and value:
        _require_object(name, value)
    return value


def _whole(name: str, value: str, bounds: Range) -> str:
    if not (value.isascii() and value.isdigit()) or not bounds.least <= int(value) <= bounds.most:
        raise invalid_attribute(name)
    return str(int(value))


def _require_object(name: str, value: str) -> dict[str, Any]:
    try:
        found = json.loads(value)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise invalid_attribute(name)
    return found


def redrive_policy(text: str) -> str:
    """A RedrivePolicy in the form we keep: `maxReceiveCount` is a number. Error: InvalidParameterValue."""
    try:
        policy = json.loads(text)
    except ValueError:
        policy = None
    if not isinstance(policy, dict):
        raise _bad_redrive(text, "Redrive policy is not a valid JSON map.")
    for name in ("deadLetterTargetArn", "maxReceiveCount"):
        if name not in policy:
            raise _bad_redrive(text, f"Redrive policy does not contain mandatory attribute: {name}.")
    count = policy["maxReceiveCount"]
    whole = str(count).isascii() and str(count).isdigit() and not isinstance(count, bool)
    if not whole or not MAX_RECEIVE_COUNT.least <= int(count) <= MAX_RECEIVE_COUNT.most:
        raise _bad_redrive(
            text,
            f"Invalid value for maxReceiveCount: {count}, valid values are from 1 to 1000 both inclusive.",
        )
    arn = policy["deadLetterTargetArn"]
    found = find_arn(arn) if isinstance(arn, str) else None
    if found is None or found.service != "sqs":
        raise _bad_redrive(text, "Invalid value for deadLetterTargetArn.")
    return json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": int(count)}, separators=(",", ":"))


def _bad_redrive(text: str, reason: str) -> AwsError:
    return invalid_parameter(text, "RedrivePolicy", reason)


def redrive_allow_policy(text: str) -> str:
    """A RedriveAllowPolicy, checked. Errors: InvalidAttributeValue, InvalidParameterValue."""
    policy = _require_object("RedriveAllowPolicy", text)
    permission = policy.get("redrivePermission")
    sources = policy.get("sourceQueueArns")
    if permission not in ("allowAll", "denyAll", "byQueue"):
        raise invalid_parameter(text, "RedriveAllowPolicy", "Invalid value for redrivePermission.")
    if (permission == "byQueue") != bool(sources):
        raise invalid_parameter(
            text, "RedriveAllowPolicy", "sourceQueueArns is required with byQueue, and only allowed with it."
        )
    if sources and (not isinstance(sources, list) or len(sources) > SOURCE_QUEUES_MOST):
        raise invalid_parameter(text, "RedriveAllowPolicy", "At most 10 sourceQueueArns may be given.")
    return json.dumps(policy, separators=(",", ":"))


def allows_source(policy: str | None, source_arn: str) -> bool:
    """Whether a dead-letter queue with this RedriveAllowPolicy takes messages of the source queue."""
    if not policy:
        return True
    parsed = json.loads(policy)
    if parsed["redrivePermission"] == "byQueue":
        return source_arn in parsed["sourceQueueArns"]
    return bool(parsed["redrivePermission"] == "allowAll")


def merged(before: Mapping[str, str], changes: Mapping[str, str]) -> dict[str, str]:
    """What is kept after a change: an empty text takes away, and one kind of encryption ends the other."""
    after = {**before, **changes}
    if changes.get("KmsMasterKeyId"):
        after["SqsManagedSseEnabled"] = "false"
    elif changes.get("SqsManagedSseEnabled") == "true":
        after.pop("KmsMasterKeyId", None)
        after.pop("KmsDataKeyReusePeriodSeconds", None)
    return {name: value for name, value in after.items() if value != ""}


def effective(kept: Mapping[str, str], *, fifo: bool) -> dict[str, str]:
    """Every attribute that has a value, defaults included, without the computed ones."""
    shown = {name: str(bounds.default) for name, bounds in NUMBERS.items()}
    shown["SqsManagedSseEnabled"] = "true"
    if fifo:
        shown["FifoQueue"] = "true"
        shown |= {name: choices[0] for name, choices in FIFO_CHOICES.items()}
    if kept.get("KmsMasterKeyId"):
        shown["KmsDataKeyReusePeriodSeconds"] = str(KMS_REUSE_SECONDS.default)
    return shown | dict(kept)


def first_difference(existing: Mapping[str, str], wanted: Mapping[str, str]) -> str | None:
    """The first attribute that CreateQueue asks for and the queue of that name has not."""
    return next((name for name, value in wanted.items() if existing.get(name, "") != value), None)

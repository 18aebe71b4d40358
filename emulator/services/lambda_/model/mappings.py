"""Event source mappings: how one is set, what it hands to its function, and what the function's answer means."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypedDict

from emulator.arns import Arn, find_arn
from emulator.languages.patterns import InvalidPattern, Pattern, compile
from emulator.services.lambda_ import limits
from emulator.services.lambda_.model.errors import invalid
from emulator.storage import Row

POLL = "lambda.poll"
POLLED = "lambda.polled"
PARTIAL = "ReportBatchItemFailures"

Settings = dict[str, Any]


class Given(TypedDict, total=False):
    """What a mapping is made with and can be changed in, as it is called in Python."""

    batch_size: int
    maximum_batching_window_in_seconds: int
    filter_criteria: Settings
    scaling_config: Settings
    function_response_types: list[str]
    destination_config: Settings
    parallelization_factor: int
    tumbling_window_in_seconds: int
    maximum_record_age_in_seconds: int
    bisect_batch_on_function_error: bool
    maximum_retry_attempts: int
    provisioned_poller_config: Settings


SETTINGS = (
    *("BatchSize", "MaximumBatchingWindowInSeconds", "FilterCriteria"),
    *("ScalingConfig", "FunctionResponseTypes"),
)
"""What a mapping of a queue has, in the order in which it is kept."""

STREAM_MEMBERS = (
    *("DestinationConfig", "ParallelizationFactor", "TumblingWindowInSeconds"),
    *("MaximumRecordAgeInSeconds", "BisectBatchOnFunctionError", "MaximumRetryAttempts"),
)
"""What only sources other than queues have, in the order in which it is refused."""


def wake_key(account: str, region: str, uuid: str) -> str:
    """What the mapping's poll sleeps under beside its queue: settings changed, or a batch ended."""
    return f"lambda:mapping:{account}/{region}/{uuid}"


def require_settings(settings: Settings, *, fifo: bool) -> None:
    """Whether a mapping of a queue can be set so. Errors: InvalidParameterValueException.

    Quotas: Lambda Developer Guide, "Using Lambda with Amazon SQS". The texts for FIFO queues are ours.
    """
    size, window = batch_size(settings), window_seconds(settings)
    if fifo and size > limits.FIFO_BATCH_SIZE:
        raise invalid(f"The batch size of a FIFO queue must be at most {limits.FIFO_BATCH_SIZE}.")
    if fifo and window:
        raise invalid("Batching window is not supported for FIFO queues.")
    if size > limits.RECEIVE_MOST and not window:
        raise invalid("Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10")
    filters = (settings.get("FilterCriteria") or {}).get("Filters") or []
    if len(filters) > limits.MAPPING_FILTERS:
        raise invalid(f"A mapping has at most {limits.MAPPING_FILTERS} filters.")
    try:
        patterns_of(json.dumps(filters))
    except InvalidPattern as error:
        raise invalid("Invalid filter pattern definition.") from error


def batch_size(settings: Settings) -> int:
    """The most records of a batch."""
    return int(settings.get("BatchSize") or limits.BATCH_SIZE)


def window_seconds(settings: Settings) -> int:
    """How long the first record of a batch waits for others."""
    return int(settings.get("MaximumBatchingWindowInSeconds") or 0)


def concurrency(settings: Settings) -> int:
    """How many batches may be at the function at a time."""
    return int((settings.get("ScalingConfig") or {}).get("MaximumConcurrency") or limits.MAPPING_CONCURRENCY)


def reports_items(settings: Settings) -> bool:
    """Whether the function says which messages of a batch failed."""
    return PARTIAL in (settings.get("FunctionResponseTypes") or ())


def shown(row: Row, account: str, region: str) -> Settings:
    """The mapping as AWS shows it (shape recorded), without the time of its last change."""
    settings: Settings = json.loads(row["settings"])
    optional = {name: settings[name] for name in ("FilterCriteria", "ScalingConfig") if settings.get(name)}
    return {
        "UUID": row["uuid"],
        "BatchSize": batch_size(settings),
        "MaximumBatchingWindowInSeconds": window_seconds(settings),
        "EventSourceArn": row["source"],
        "EventSourceMappingArn": f"arn:aws:lambda:{region}:{account}:event-source-mapping:{row['uuid']}",
        "FunctionArn": row["function_arn"],
        "FunctionResponseTypes": settings.get("FunctionResponseTypes") or [],
        "State": row["state"],
        "StateTransitionReason": "USER_INITIATED",
        **optional,
    }


@lru_cache(maxsize=256)
def patterns_of(filters: str) -> tuple[Pattern, ...]:
    """The patterns of a list of filters, given as JSON text. Raises InvalidPattern."""
    return tuple(compile(one["Pattern"]) for one in json.loads(filters) if one.get("Pattern"))


def wanted(record: Mapping[str, Any], patterns: Sequence[Pattern]) -> bool:
    """Whether one of the patterns matches the record, its body taken as JSON where it is JSON; none want all."""
    if not patterns:
        return True
    try:
        seen = {**record, "body": json.loads(record["body"])}
    except (ValueError, RecursionError):
        seen = dict(record)
    return any(pattern.matches(seen) for pattern in patterns)


def record_of(message: Mapping[str, Any], source: Arn) -> dict[str, Any]:
    """A received message as a function sees it (shape and order recorded)."""
    record = {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes") or {},
        "messageAttributes": {
            name: _attribute(value) for name, value in (message.get("MessageAttributes") or {}).items()
        },
    }
    if "MD5OfMessageAttributes" in message:
        record["md5OfMessageAttributes"] = message["MD5OfMessageAttributes"]
    return record | {
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": str(source),
        "awsRegion": source.region,
    }


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    if "StringValue" in value:
        shown["stringValue"] = value["StringValue"]
    if "BinaryValue" in value:
        shown["binaryValue"] = base64.b64encode(value["BinaryValue"]).decode()
    return shown | {"stringListValues": [], "binaryListValues": [], "dataType": value["DataType"]}


def dump(record: Mapping[str, Any]) -> str:
    """A record as JSON text."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def event_of(records: Sequence[str]) -> bytes:
    """The event that hands records to a function."""
    return f'{{"Records":[{",".join(records)}]}}'.encode(errors="surrogatepass")


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages at a function: by message id, the receipt handles that delete them; `queue` is their queue's ARN."""

    mapping: str
    function_arn: str
    queue: str
    partial: bool
    receipts: dict[str, str]

    @property
    def source(self) -> Arn:
        """The queue's ARN, taken apart."""
        found = find_arn(self.queue)
        assert found is not None
        return found


def fitting(sizes: Sequence[int], most: int) -> int:
    """How many of the first records make a batch: at most `most`, and at least one however large it is."""
    total = 0
    for count, size in enumerate(sizes[:most]):
        total += size + 1
        if count and total > limits.SYNC_PAYLOAD_BYTES - 64:
            return count
    return min(len(sizes), most)


def failed_items(payload: str, sent: Sequence[str]) -> set[str]:
    """The message ids that a function's answer names as failed; all of them where the answer cannot be understood.

    Lambda Developer Guide, "Implementing partial batch responses": no answer, and one without failures, are success.
    """
    every = set(sent)
    try:
        answer = json.loads(payload or "null")
    except ValueError:
        return every
    if answer is None:
        return set()
    if not isinstance(answer, dict):
        return every
    failures = answer.get("batchItemFailures")
    if failures is None:
        return set()
    if not isinstance(failures, list):
        return every
    named = {str(item.get("itemIdentifier")) if isinstance(item, dict) else "" for item in failures}
    return named if named <= every else every

"""Quotas of SQS, as data (AWS: "Amazon SQS quotas", SetQueueAttributes)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Range:
    """A whole-numbered attribute: its default and its bounds, both inclusive."""

    default: int
    least: int
    most: int


NUMBERS = {
    "DelaySeconds": Range(0, 0, 900),
    "MaximumMessageSize": Range(1_048_576, 1_024, 1_048_576),
    "MessageRetentionPeriod": Range(345_600, 60, 1_209_600),
    "ReceiveMessageWaitTimeSeconds": Range(0, 0, 20),
    "VisibilityTimeout": Range(30, 0, 43_200),
}
KMS_REUSE_SECONDS = Range(300, 60, 86_400)
MAX_RECEIVE_COUNT = Range(10, 1, 1_000)
SOURCE_QUEUES_MOST = 10

BATCH_ENTRIES_MOST = 10
BATCH_BYTES_MOST = 1_048_576
ATTRIBUTES_MOST = 10
ATTRIBUTE_NAME_MOST = 256
RECEIVE_MOST = 10
LIST_MOST = 1_000
TAGS_MOST = 50
DEDUPLICATION_SECONDS = 300
PURGE_SECONDS = 60
MOVES_PER_SECOND_MOST = 500
MOVE_TASKS_LISTED_MOST = 10

FIFO_WINDOW = 20_000
"""How far from its head a FIFO queue is searched for a message group that is free."""

COUNT_EXACT_MOST = 20_000
"""Up to here messages are counted whenever somebody asks; above, once in `COUNT_KEPT_SECONDS`."""

COUNT_KEPT_SECONDS = 5

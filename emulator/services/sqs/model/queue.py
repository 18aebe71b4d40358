"""A queue as the operations see it: its name, its URL, its settings as numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from emulator.errors import AwsError
from emulator.services.sqs.model.attributes import effective
from emulator.services.sqs.model.errors import invalid_value

_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}", re.ASCII)
_FIFO_NAME = re.compile(r"[A-Za-z0-9_-]{1,75}\.fifo", re.ASCII)
_PATH = re.compile(r"/(?:queue/[a-z0-9-]+/)?(\d{12})/([^/]+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue. Times are microseconds; `dead_letter` is the ARN of its dead-letter queue, if it has one.

    `content` is the number under which its messages are kept: after a purge another one, so that it is empty at once.
    """

    id: int
    content: int
    account: str
    region: str
    name: str
    arn: str
    wake_key: str
    attributes: dict[str, str]
    fifo: bool
    created: int
    modified: int
    visibility_seconds: int
    delay_seconds: int
    wait_seconds: int
    size_most: int
    retention: int
    dead_letter: str | None
    receives_most: int
    content_based: bool
    scope_is_group: bool


def queue_arn(account: str, region: str, name: str) -> str:
    """The ARN of a queue."""
    return f"arn:aws:sqs:{region}:{account}:{name}"


def queue_of(
    id: int,
    account: str,
    region: str,
    name: str,
    attributes: Mapping[str, str],
    created: int,
    modified: int,
    purges: int = 0,
) -> Queue:
    """The queue with these kept attributes, its settings read from them; `purges` counts the purges until now."""
    arn = queue_arn(account, region, name)
    fifo = name.endswith(".fifo")
    shown = effective(attributes, fifo=fifo)
    redrive = json.loads(shown["RedrivePolicy"]) if "RedrivePolicy" in shown else {}
    return Queue(
        id=id,
        content=purges << 40 | id,
        account=account,
        region=region,
        name=name,
        arn=arn,
        wake_key=f"sqs:{arn}",
        attributes=dict(attributes),
        fifo=fifo,
        created=created,
        modified=modified,
        visibility_seconds=int(shown["VisibilityTimeout"]),
        delay_seconds=int(shown["DelaySeconds"]),
        wait_seconds=int(shown["ReceiveMessageWaitTimeSeconds"]),
        size_most=int(shown["MaximumMessageSize"]),
        retention=int(shown["MessageRetentionPeriod"]) * 1_000_000,
        dead_letter=redrive.get("deadLetterTargetArn"),
        receives_most=redrive.get("maxReceiveCount", 0),
        content_based=shown.get("ContentBasedDeduplication") == "true",
        scope_is_group=shown.get("DeduplicationScope") == "messageGroup",
    )


def require_name(name: str, *, fifo: bool) -> None:
    """Raise InvalidParameterValue where no queue of this kind can have the name."""
    if fifo and not _FIFO_NAME.fullmatch(name):
        raise invalid_value(
            "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, "
            "must end with .fifo suffix and be 1 to 80 in length."
        )
    if not fifo and not _NAME.fullmatch(name):
        raise invalid_value("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")


@lru_cache(maxsize=4096)
def require_url(url: str) -> tuple[str, str]:
    """(account, name) that a queue URL names, whatever its host. Error: InvalidAddress."""
    found = _PATH.fullmatch(urlsplit(url).path) if "/" in url else None
    if found is None:
        raise AwsError("InvalidAddress", f"The address {url} is not valid for this endpoint.")
    return found.group(1), found.group(2)

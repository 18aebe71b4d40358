"""[queues.NAME], the attributes of CreateQueue, and [buses.NAME], the properties of CreateEventBus."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from emulator.errors import AwsError
from emulator.project import checking
from emulator.project.documents import Document
from emulator.project.names import Names, UnknownNameError
from emulator.project.problems import UnusableError
from emulator.project.resources import Calls, Resource, Wanted

QUEUE = "queue"
BUS = "bus"


def texts(table: dict[str, Any]) -> dict[str, str]:
    """Attributes as AWS wants them: every value a text, a table as JSON."""
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in table.items()}


def read_queue(document: Document, name: str, table: dict[str, Any], names: Names, wanted: Wanted, data: Path) -> None:
    """Ask for a queue; the deadLetterTargetArn of its RedrivePolicy may be a plain name."""
    policy = table.get("RedrivePolicy")
    if isinstance(policy, dict) and isinstance(policy.get("deadLetterTargetArn"), str):
        try:
            table = {
                **table,
                "RedrivePolicy": {**policy, "deadLetterTargetArn": names.arn(policy["deadLetterTargetArn"])},
            }
        except UnknownNameError as error:
            raise UnusableError(document.problem(str(error), ("queues", name, "RedrivePolicy"))) from None
    wanted.add(QUEUE, name, document, texts(table), ("queues", name))


async def apply_queue(calls: Calls, resource: Resource) -> None:
    """Create the queue, or set its attributes. Raises AwsError."""
    attributes = dict(resource.body)
    try:
        await calls("sqs", "CreateQueue", {"QueueName": resource.name, "Attributes": attributes})
    except AwsError as error:
        if error.code not in ("QueueNameExists", "QueueAlreadyExists"):
            raise
        url = await _url(calls, resource.name)
        await calls("sqs", "SetQueueAttributes", {"QueueUrl": url, "Attributes": attributes})


async def _url(calls: Calls, name: str) -> str:
    return str((await calls("sqs", "GetQueueUrl", {"QueueName": name}))["QueueUrl"])


async def remove_queue(calls: Calls, name: str) -> None:
    """Delete the queue with its messages."""
    await calls("sqs", "DeleteQueue", {"QueueUrl": await _url(calls, name)})


def read_bus(document: Document, name: str, table: dict[str, Any], names: Names, wanted: Wanted, data: Path) -> None:
    """Ask for an event bus."""
    problems = checking.check(document, "events", "CreateEventBus", {"Name": name, **table}, ("buses", name))
    if problems:
        raise UnusableError(*problems)
    wanted.add(BUS, name, document, table, ("buses", name))


async def apply_bus(calls: Calls, resource: Resource) -> None:
    """Create the bus, or update it. Raises AwsError."""
    body = {"Name": resource.name, **resource.body}
    try:
        await calls("events", "CreateEventBus", body)
    except AwsError as error:
        if error.code != "ResourceAlreadyExistsException":
            raise
        body.pop("Tags", None)
        await calls("events", "UpdateEventBus", body)


async def remove_bus(calls: Calls, name: str) -> None:
    """Delete the bus."""
    await calls("events", "DeleteEventBus", {"Name": name})

"""[topics.NAME]: the attributes of CreateTopic, and `subscriptions` to queues, functions and addresses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from emulator.errors import AwsError
from emulator.project.documents import Document
from emulator.project.names import Names, UnknownNameError
from emulator.project.problems import UnusableError
from emulator.project.queues import texts
from emulator.project.resources import Calls, Resource, Wanted, list_all

TOPIC = "topic"
SUBSCRIPTION = "subscription"


def read(document: Document, name: str, table: dict[str, Any], names: Names, wanted: Wanted, data: Path) -> None:
    """Ask for a topic and its subscriptions: texts, or tables of `to` and subscription attributes."""
    rest = {key: value for key, value in table.items() if key != "subscriptions"}
    wanted.add(TOPIC, name, document, texts(rest), ("topics", name))
    subscriptions = table.get("subscriptions", [])
    if not isinstance(subscriptions, list):
        raise UnusableError(document.problem("subscriptions is not a list", ("topics", name, "subscriptions")))
    for subscription in subscriptions:
        given = {"to": subscription} if isinstance(subscription, str) else dict(subscription)
        to = given.pop("to", None)
        protocol, endpoint = _endpoint(document, name, to, names)
        body = {
            "TopicArn": names.arn(f"topic/{name}"),
            "Protocol": protocol,
            "Endpoint": endpoint,
            "Attributes": texts(given),
        }
        wanted.add(SUBSCRIPTION, f"{name} -> {to}", document, body, ("topics", name, "subscriptions"))


def _endpoint(document: Document, topic: str, to: Any, names: Names) -> tuple[str, str]:
    """Protocol and endpoint of what a subscription is to: a queue, a function, mailto: or a URL."""
    try:
        text = str(to)
        if text.startswith("mailto:"):
            return "email", text.removeprefix("mailto:")
        if text.startswith(("http://", "https://")):
            return text.partition(":")[0], text
        arn = names.arn(text)
        service = arn.split(":")[2]
        if service in ("sqs", "lambda"):
            return service, arn
        reason = f"a topic does not deliver to {text}: write queue/NAME, function/NAME, mailto:ADDRESS or a URL"
    except UnknownNameError as error:
        reason = str(error)
    raise UnusableError(document.problem(reason, ("topics", topic, "subscriptions")))


async def apply_topic(calls: Calls, resource: Resource) -> None:
    """Create the topic, or set its attributes. Raises AwsError."""
    attributes = dict(resource.body)
    try:
        await calls("sns", "CreateTopic", {"Name": resource.name, "Attributes": attributes})
    except AwsError as error:
        arn = await _find_topic(calls, resource.name)
        if error.code not in ("InvalidParameter", "InvalidParameterException") or arn is None:
            raise
        for name, value in attributes.items():
            params = {"TopicArn": arn, "AttributeName": name, "AttributeValue": value}
            await calls("sns", "SetTopicAttributes", params)


async def _find_topic(calls: Calls, name: str) -> str | None:
    topics = await list_all(calls, "sns", "ListTopics", "Topics", {})
    return next((topic["TopicArn"] for topic in topics if topic["TopicArn"].endswith(f":{name}")), None)


async def remove_topic(calls: Calls, name: str) -> None:
    """Delete the topic; its subscriptions go with it."""
    arn = await _find_topic(calls, name)
    if arn is not None:
        await calls("sns", "DeleteTopic", {"TopicArn": arn})


async def apply_subscription(calls: Calls, resource: Resource) -> None:
    """Subscribe; an address is confirmed on the spot. Raises AwsError."""
    body = resource.body
    known = await _find_subscription(calls, body["TopicArn"], body["Endpoint"])
    if known is None or not known.startswith("arn:"):
        await calls("sns", "Subscribe", dict(body))
        return
    for name, value in body["Attributes"].items():  # Subscribe refuses other attributes than it has
        params = {"SubscriptionArn": known, "AttributeName": name, "AttributeValue": value}
        await calls("sns", "SetSubscriptionAttributes", params)


async def _find_subscription(calls: Calls, topic: str, endpoint: str) -> str | None:
    known = await _subscriptions(calls, topic)
    return next((found["SubscriptionArn"] for found in known if found["Endpoint"] == endpoint), None)


async def _subscriptions(calls: Calls, topic: str) -> list[dict[str, str]]:
    return await list_all(calls, "sns", "ListSubscriptionsByTopic", "Subscriptions", {"TopicArn": topic})


async def remove_subscription(calls: Calls, name: str) -> None:
    """Unsubscribe."""
    topic, _, to = name.partition(" -> ")
    arn = await _find_topic(calls, topic)
    if arn is None:
        return
    endpoint = to.removeprefix("mailto:").rpartition("/")[2] if not to.startswith("http") else to
    for subscription in await _subscriptions(calls, arn):
        shown = subscription["Endpoint"]
        if (shown == endpoint or shown.endswith(f":{endpoint}")) and subscription["SubscriptionArn"].startswith("arn:"):
            await calls("sns", "Unsubscribe", {"SubscriptionArn": subscription["SubscriptionArn"]})

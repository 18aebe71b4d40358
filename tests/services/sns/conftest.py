"""A topic client, queues to subscribe, and what AWS answered in named situations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def sns(aws: Any) -> Any:
    return aws("sns")


@pytest.fixture
def sqs(aws: Any) -> Any:
    return aws("sqs")


@pytest.fixture
def topic(sns: Any) -> Callable[..., str]:
    """Create a topic and give its ARN: `topic("name", DisplayName="x")`."""

    def create(name: str = "topic", /, **attributes: str) -> str:
        if name.endswith(".fifo"):
            attributes["FifoTopic"] = "true"
        arn: str = sns.create_topic(Name=name, Attributes=attributes)["TopicArn"]
        return arn

    return create


@pytest.fixture
def queue(sqs: Any) -> Callable[..., tuple[str, str]]:
    """Create a queue and give its URL and ARN."""

    def create(name: str = "queue", /, **attributes: str) -> tuple[str, str]:
        if name.endswith(".fifo"):
            attributes["FifoQueue"] = "true"
        url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return url, answer["Attributes"]["QueueArn"]

    return create


@pytest.fixture
def received(aws: Any, sqs: Any) -> Callable[[str], list[dict[str, Any]]]:
    """The messages that a queue has once every delivery of this moment is done."""

    def receive(url: str) -> list[dict[str, Any]]:
        aws.advance(0.001)
        found: list[dict[str, Any]] = []
        while True:
            answer = sqs.receive_message(
                QueueUrl=url,
                MaxNumberOfMessages=10,
                MessageAttributeNames=["All"],
                MessageSystemAttributeNames=["All"],
            )
            if not answer.get("Messages"):
                return found
            found += answer["Messages"]

    return receive


@pytest.fixture
def subscribe(sns: Any) -> Callable[..., dict[str, Any]]:
    """Subscribe a queue to a topic and give the subscription's attributes, as a response."""

    def subscribe(topic_arn: str, queue_arn: str, **attributes: str) -> dict[str, Any]:
        answer = sns.subscribe(
            TopicArn=topic_arn,
            Protocol="sqs",
            Endpoint=queue_arn,
            Attributes=attributes,
            ReturnSubscriptionArn=True,
        )
        shown: dict[str, Any] = sns.get_subscription_attributes(SubscriptionArn=answer["SubscriptionArn"])
        return shown

    return subscribe


@pytest.fixture
def messages(sqs: Any, received: Any) -> Callable[..., dict[str, Any]]:
    """One receive as a response, its messages without system attributes and deleted afterwards."""

    def messages(url: str, *, system: bool = False) -> dict[str, Any]:
        found = received(url)
        for message in found:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            if not system:
                del message["Attributes"]
        return {"Messages": found} if found else {}

    return messages

"""A queue client, and what AWS answered in named situations."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

_HELP = runpy.run_path(str(Path(__file__).with_name("recorded.py")))


@pytest.fixture
def sqs(aws: Any) -> Any:
    return aws("sqs")


@pytest.fixture(scope="session")
def recorded() -> Any:
    """`recorded.agree(situation, name=answer, ...)`; skipped where there are no recordings."""
    return _HELP["Recordings"]("sqs")


@pytest.fixture
def error_of() -> Callable[..., dict[str, Any]]:
    return _HELP["error_of"]


@pytest.fixture
def queue(sqs: Any) -> Callable[..., str]:
    """Create a queue and give its URL: `queue("name", DelaySeconds=5)`."""

    def create(name: str = "queue", /, **attributes: Any) -> str:
        texts = {key: str(value) for key, value in attributes.items()}
        if name.endswith(".fifo"):
            texts["FifoQueue"] = "true"
        url: str = sqs.create_queue(QueueName=name, Attributes=texts)["QueueUrl"]
        return url

    return create


@pytest.fixture
def arn_of(sqs: Any) -> Callable[[str], str]:
    def find(url: str) -> str:
        answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        arn: str = answer["Attributes"]["QueueArn"]
        return arn

    return find


@pytest.fixture
def bodies(sqs: Any) -> Callable[..., list[str]]:
    """The bodies of the messages that one receive gives."""

    def receive(url: str, **params: Any) -> list[str]:
        answer = sqs.receive_message(QueueUrl=url, **{"MaxNumberOfMessages": 10, **params})
        return [message["Body"] for message in answer.get("Messages", [])]

    return receive

"""A queue client; a test of what AWS answered runs once with today's protocol, once with that of old clients."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.config import Config

import emulator.wire

QUERY = Path(emulator.wire.__file__).parent / "extras" / "sqs.query.json"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.definition.get_closest_marker("recording") and "protocol" in metafunc.fixturenames:
        metafunc.parametrize("protocol", ["sqs", "sqs_query"])


@pytest.fixture
def protocol() -> str:
    return "sqs"


@pytest.fixture(scope="session")
def query_session(tmp_path_factory: pytest.TempPathFactory) -> boto3.Session:
    """Clients of this session know SQS by the query protocol alone, as the SDKs of before 2023 do."""
    folder = tmp_path_factory.mktemp("models") / "sqs" / "2012-11-05"
    folder.mkdir(parents=True)
    overlay = json.loads(QUERY.read_text(encoding="utf-8"))
    overlay["merge"]["metadata"]["protocols"] = ["query"]
    (folder / "service-2.sdk-extras.json").write_text(json.dumps(overlay), encoding="utf-8")
    inner = botocore.session.Session()
    inner.get_component("data_loader").search_paths.insert(0, str(folder.parents[1]))
    return boto3.Session(botocore_session=inner)


@pytest.fixture
def sqs(aws: Any, protocol: str, request: pytest.FixtureRequest) -> Any:
    if protocol == "sqs":
        return aws("sqs")
    return request.getfixturevalue("query_session").client(
        "sqs",
        endpoint_url=aws.running.url,
        region_name="us-east-1",
        aws_access_key_id=aws.account,
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )


@pytest.fixture
def recorded(recorded: Any, protocol: str) -> Any:
    """Of what was recorded twice, `[sqs...]` is the situation in the test's own protocol."""
    if protocol == "sqs_query":
        recorded.renamed = lambda situation: situation.replace("[sqs", "[sqs_query")
        # What an SDK reads from a header that only answers to the JSON protocol have.
        recorded.unchecked |= {"QueryErrorCode"}
    return recorded


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

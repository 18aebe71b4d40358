"""State machines of a test: made of a few states, run to their end, their history at hand."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from tests.services.stepfunctions.maps import Maps

ROLE = "arn:aws:iam::000000000000:role/workflows"


class Workflows:
    """The Step Functions of a test's account."""

    def __init__(self, aws: Any) -> None:
        self.aws = aws
        self.client = aws("stepfunctions")
        self._names = (f"machine-{number}" for number in itertools.count(1))

    def machine(self, states: dict[str, Any], kind: str = "STANDARD", **fields: Any) -> str:
        """Create a machine of these states that starts at the first one; its ARN."""
        definition = {"StartAt": next(iter(states)), "States": states, **fields}
        created = self.client.create_state_machine(
            name=next(self._names), definition=json.dumps(definition), roleArn=ROLE, type=kind
        )
        return created["stateMachineArn"]

    def start(self, machine: str, given: Any = None, **params: Any) -> str:
        """Start an execution; its ARN."""
        text = json.dumps({} if given is None else given)
        return self.client.start_execution(stateMachineArn=machine, input=text, **params)["executionArn"]

    def end(self, execution: str, seconds: float = 10**8) -> dict[str, Any]:
        """Wait for the end of an execution, its waiting skipped; DescribeExecution."""
        assert self.aws("stepwell").wait_until(ExecutionArn=execution, TimeoutSeconds=seconds)["Reached"]
        return self.client.describe_execution(executionArn=execution)

    def run(self, states: dict[str, Any], given: Any = None, **fields: Any) -> dict[str, Any]:
        """Run a machine of these states to its end; DescribeExecution."""
        return self.end(self.start(self.machine(states, **fields), given))

    def output(self, states: dict[str, Any], given: Any = None, **fields: Any) -> Any:
        """What a run of these states gives; it must succeed."""
        ended = self.run(states, given, **fields)
        assert ended["status"] == "SUCCEEDED", ended
        return json.loads(ended["output"])

    def history(self, execution: str, **params: Any) -> list[dict[str, Any]]:
        """Every event of an execution."""
        pages = self.client.get_paginator("get_execution_history").paginate(executionArn=execution, **params)
        return [event for page in pages for event in page["events"]]

    def types(self, execution: str) -> list[str]:
        return [event["type"] for event in self.history(execution)]

    def settle(self) -> None:
        """Let everything be done that can be done without time passing."""
        self.aws.advance(0)


@pytest.fixture
def workflows(aws: Any) -> Workflows:
    return Workflows(aws)


@pytest.fixture
def queue(aws: Any) -> Any:
    """A queue: `url`, `arn`, and `receive()`, which gives the bodies of what is there."""
    return Queue(aws("sqs"))


class Queue:
    def __init__(self, sqs: Any) -> None:
        self._sqs = sqs
        self.url = sqs.create_queue(QueueName="work")["QueueUrl"]
        shown = sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["QueueArn"])
        self.arn = shown["Attributes"]["QueueArn"]

    def receive(self) -> list[str]:
        got = self._sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10, WaitTimeSeconds=5)
        for message in got.get("Messages", []):
            self._sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return [message["Body"] for message in got.get("Messages", [])]


@pytest.fixture
def late(aws: Any) -> Any:
    """A queue that is not there before `create()`: `url`, and `task()`, a state that sends to it."""
    return Late(aws("sqs"), aws.account)


class Late:
    def __init__(self, sqs: Any, account: str) -> None:
        self._sqs = sqs
        self.url = f"{sqs.meta.endpoint_url}/{account}/late"

    def create(self) -> None:
        self._sqs.create_queue(QueueName="late")

    def task(self, body: str = "x", **fields: Any) -> dict[str, Any]:
        """`body` as it is, or a path or an intrinsic function."""
        name = "MessageBody.$" if body.startswith(("$", "States.")) else "MessageBody"
        parameters = {"QueueUrl": self.url, name: body}
        resource = "arn:aws:states:::sqs:sendMessage"
        return {"Type": "Task", "Resource": resource, "Parameters": parameters, "End": True, **fields}


@pytest.fixture
def bucket(aws: Any) -> Any:
    """A bucket of the test's own: `name`, `put(key, text)`, `get(key)`, and `reader(key)`, the ItemReader of a key."""
    return Bucket(aws("s3"), f"bucket-{aws.account}")


class Bucket:
    def __init__(self, s3: Any, name: str) -> None:
        self.s3, self.name = s3, name
        s3.create_bucket(Bucket=name)

    def put(self, key: str, text: str) -> None:
        self.s3.put_object(Bucket=self.name, Key=key, Body=text.encode())

    def get(self, key: str) -> str:
        return self.s3.get_object(Bucket=self.name, Key=key)["Body"].read().decode()

    def reader(self, key: str, **config: Any) -> dict[str, Any]:
        parameters = {"Bucket": self.name, "Key": key}
        return {"Resource": "arn:aws:states:::s3:getObject", "Parameters": parameters, "ReaderConfig": config}


@pytest.fixture
def maps(workflows: Workflows) -> Maps:
    """Map Runs of the test's account."""
    return Maps(workflows)

"""What becomes of invocations whose process dies under them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator.testing import Running

ACCOUNT = "123456789012"
HANGING = """
import time
import boto3


def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl=event["queue"], MessageBody="began")
    time.sleep(600)
"""


class House:
    """An emulator that can be stopped and started again on its data."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self.running = Running(data).start()

    def __call__(self, service: str) -> Any:
        return self.running.client(service, ACCOUNT)

    def restart(self) -> None:
        self.running.stop()
        self.running = Running(self._data).start()

    def receive(self, name: str) -> str:
        url = self("sqs").get_queue_url(QueueName=name)["QueueUrl"]
        (message,) = self("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"]
        text: str = message["Body"]
        return text


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    for name in ("began", "failed"):
        made("sqs").create_queue(QueueName=name)
    yield made
    made.running.stop()


def _create(house: House, zipped: Any) -> str:
    made = house("lambda").create_function(
        FunctionName="f",
        Runtime="python3.12",
        Handler="index.handler",
        Role="arn:aws:iam::123456789012:role/r",
        Code={"ZipFile": zipped(index=HANGING)},
        Timeout=700,
    )
    return str(made["FunctionArn"])


def test_an_event_whose_function_was_lost_counts_as_failed(house, zipped):
    _create(house, zipped)
    house("lambda").put_function_event_invoke_config(
        FunctionName="f",
        MaximumRetryAttempts=0,
        DestinationConfig={"OnFailure": {"Destination": f"arn:aws:sqs:us-east-1:{ACCOUNT}:failed"}},
    )
    queue = house("sqs").get_queue_url(QueueName="began")["QueueUrl"]
    payload = json.dumps({"queue": queue}).encode()
    house("lambda").invoke(FunctionName="f", InvocationType="Event", Payload=payload)
    assert house.receive("began") == "began"

    house.restart()

    record = json.loads(house.receive("failed"))
    assert record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == 1
    assert "responsePayload" not in record


def test_a_workflow_hears_that_its_function_was_lost(house, zipped):
    arn = _create(house, zipped)
    queue = house("sqs").get_queue_url(QueueName="began")["QueueUrl"]
    definition = {"StartAt": "Call", "States": {"Call": {"Type": "Task", "Resource": arn, "End": True}}}
    machine = house("stepfunctions").create_state_machine(
        name="m", definition=json.dumps(definition), roleArn="arn:aws:iam::123456789012:role/r"
    )["stateMachineArn"]
    execution = house("stepfunctions").start_execution(stateMachineArn=machine, input=json.dumps({"queue": queue}))[
        "executionArn"
    ]
    assert house.receive("began") == "began"

    house.restart()

    house("stepwell").wait_until(ExecutionArn=execution, TimeoutSeconds=20, Skip=False)
    found = house("stepfunctions").describe_execution(executionArn=execution)
    assert (found["status"], found["error"]) == ("FAILED", "Lambda.ServiceException")

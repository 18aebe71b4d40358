"""What becomes of event source mappings when their process ends under them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator.testing import Running

ACCOUNT = "123456789012"
# Hangs with the first message it gets, and tells the queue "began" of each.
SOURCE = """
import time
import boto3


def handler(event, context):
    sqs = boto3.client("sqs")
    (record,) = event["Records"]
    count = record["attributes"]["ApproximateReceiveCount"]
    url = sqs.get_queue_url(QueueName="began")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody=f"{record['body']} {count}")
    if record["body"] == "hang" and count == "1":
        time.sleep(20)
"""


class House:
    """An emulator with a mapping of the queue "work", that can be stopped and started again on its data."""

    def __init__(self, data: Path, code: bytes) -> None:
        self._data = data
        self.running = Running(data).start()
        for name in ("work", "began"):
            self("sqs").create_queue(QueueName=name)
        self("lambda").create_function(
            FunctionName="f",
            Runtime="python3.12",
            Handler="index.handler",
            Role=f"arn:aws:iam::{ACCOUNT}:role/r",
            Code={"ZipFile": code},
            Timeout=30,
        )
        self("lambda").create_event_source_mapping(
            EventSourceArn=f"arn:aws:sqs:us-east-1:{ACCOUNT}:work", FunctionName="f", BatchSize=1
        )

    def __call__(self, service: str) -> Any:
        return self.running.client(service, ACCOUNT)

    def restart(self) -> None:
        self.running.stop()
        self.running = Running(self._data).start()

    def url(self, name: str) -> str:
        return str(self("sqs").get_queue_url(QueueName=name)["QueueUrl"])

    def send(self, text: str) -> None:
        self("sqs").send_message(QueueUrl=self.url("work"), MessageBody=text)

    def began(self) -> str:
        sqs, url = self("sqs"), self.url("began")
        (message,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"]
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return str(message["Body"])


@pytest.fixture
def house(tmp_path: Path, zipped: Any) -> Iterator[House]:
    made = House(tmp_path, zipped(index=SOURCE))
    yield made
    made.running.stop()


def test_a_message_whose_function_was_lost_comes_again_after_its_visibility_timeout(house):
    house.send("hang")
    assert house.began() == "hang 1"

    house.restart()

    house("stepwell").wait_until(NothingPending=True, TimeoutSeconds=0)
    house("stepwell").advance_clock(Seconds=31)
    assert house.began() == "hang 2"


def test_a_sleeping_mapping_hears_of_messages_after_a_restart(house):
    house("stepwell").wait_until(NothingPending=True, TimeoutSeconds=0)

    house.restart()

    house("stepwell").wait_until(NothingPending=True, TimeoutSeconds=0)
    house.send("a")
    assert house.began() == "a 1"

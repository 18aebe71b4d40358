"""Whatever the disk holds at any instant, a house started on it owes nobody anything and does nothing twice."""

import asyncio
import json
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator import config as configuration
from emulator.app import Emulator
from emulator.clock import FrozenClock

pytestmark = pytest.mark.slow

ROLE = "arn:aws:iam::000000000000:role/law"
MACHINES = {
    "passes": {"Say": {"Next": "End"}, "End": {"Type": "Succeed"}},
    "waits": {"Hold": {"Type": "Wait", "Seconds": 60, "Next": "Say"}, "Say": {"End": True}},
    "forks": {
        "Fork": {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": "Say", "States": {"Say": {"End": True}}},
                {"StartAt": "Hold", "States": {"Hold": {"Type": "Wait", "Seconds": 5, "End": True}}},
            ],
            "End": True,
        }
    },
    "maps": {
        "Each": {
            "Type": "Map",
            "ItemSelector": {"name.$": "States.Format('{}-{}', $.name, $$.Map.Item.Value)"},
            "ItemsPath": "$.items",
            "MaxConcurrency": 2,
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Hold",
                "States": {"Hold": {"Type": "Wait", "Seconds": 5, "Next": "Say"}, "Say": {"End": True}},
            },
            "End": True,
        }
    },
}
ITEMS = 3  # of a distributed Map: each one is told
OPERATIONS = ("send", "event", "publish", *MACHINES)
batches = st.lists(st.lists(st.sampled_from(OPERATIONS), min_size=1, max_size=4), min_size=1, max_size=6)


class Camera:
    """Copies the data folder at one instant of the store, with what was acknowledged until then."""

    def __init__(self, data: Path, image: Path, hits: int) -> None:
        self.acknowledged: set[str] = set()
        self.known: frozenset[str] = frozenset()
        self._data = data
        self._image = image
        self._left = hits

    def point(self, _name: str) -> None:
        self._left -= 1
        if self._left == 0:
            self.shoot()

    def shoot(self) -> None:
        """Take the picture, unless there is one."""
        if not self._image.exists():
            self.known = frozenset(self.acknowledged)
            shutil.copytree(self._data, self._image, ignore=shutil.ignore_patterns("lock"))


def house(data: Path) -> Emulator:
    return Emulator(configuration.read({"data": data, "port": 0}, {}), FrozenClock())


async def set_up(emulator: Emulator) -> None:
    """A queue to which everything leads: directly, by a rule, by a topic, by executions."""
    url = (await emulator.call_async("sqs", "CreateQueue", {"QueueName": "told"}))["QueueUrl"]
    queue = "arn:aws:sqs:us-east-1:000000000000:told"
    await emulator.call_async("events", "PutRule", {"Name": "told", "EventPattern": '{"source": ["law"]}'})
    target = {"Id": "told", "Arn": queue, "InputPath": "$.detail.name"}
    await emulator.call_async("events", "PutTargets", {"Rule": "told", "Targets": [target]})
    topic = (await emulator.call_async("sns", "CreateTopic", {"Name": "told"}))["TopicArn"]
    subscription = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": queue}
    await emulator.call_async("sns", "Subscribe", {**subscription, "Attributes": {"RawMessageDelivery": "true"}})
    say = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Parameters": {"QueueUrl": url, "MessageBody.$": "$.name"},
    }
    for name, states in MACHINES.items():
        definition = json.dumps({"StartAt": next(iter(states)), "States": states}).replace(
            '"Say": {', f'"Say": {{{json.dumps(say)[1:-1]}, '
        )
        params = {"name": name, "roleArn": ROLE, "definition": definition}
        await emulator.call_async("stepfunctions", "CreateStateMachine", params)


async def perform(emulator: Emulator, camera: Camera, operation: str, name: str) -> None:
    """One operation; it is acknowledged when this returns."""
    if operation == "send":
        params = {"QueueUrl": f"{emulator.house.endpoint}/000000000000/told", "MessageBody": name}
        await emulator.call_async("sqs", "SendMessage", params)
    elif operation == "event":
        entry = {"Source": "law", "DetailType": "law", "Detail": json.dumps({"name": name})}
        await emulator.call_async("events", "PutEvents", {"Entries": [entry]})
    elif operation == "publish":
        params = {"TopicArn": "arn:aws:sns:us-east-1:000000000000:told", "Message": name}
        await emulator.call_async("sns", "Publish", params)
    else:
        machine = f"arn:aws:states:us-east-1:000000000000:stateMachine:{operation}"
        given = {"name": name, "items": list(range(ITEMS))}
        params = {"stateMachineArn": machine, "name": name, "input": json.dumps(given)}
        await emulator.call_async("stepfunctions", "StartExecution", params)
    camera.acknowledged |= {f"{name}-{item}" for item in range(ITEMS)} if operation == "maps" else {name}


async def run(data: Path, camera: Camera, wanted: list[list[str]]) -> None:
    """The operations, each batch at once; the camera shoots on the way, at the latest when all are acknowledged."""
    emulator = house(data)
    await emulator.start()
    try:
        await set_up(emulator)
        emulator.house.store.points = camera.point
        for number, batch in enumerate(wanted):
            names = [f"{operation}-{number}-{index}" for index, operation in enumerate(batch)]
            await asyncio.gather(*(perform(emulator, camera, *pair) for pair in zip(batch, names, strict=True)))
        camera.shoot()
        emulator.house.store.points = None
    finally:
        await emulator.stop()


async def told(image: Path) -> tuple[list[str], set[str]]:
    """What a house started on the image has told in the end, a day later, and how its executions ended."""
    emulator = house(image)
    await emulator.start()
    try:
        await emulator.call_async("stepwell", "AdvanceClock", {"Seconds": 86_400})
        statuses = set()
        for name in MACHINES:
            machine = f"arn:aws:states:us-east-1:000000000000:stateMachine:{name}"
            shown = await emulator.call_async("stepfunctions", "ListExecutions", {"stateMachineArn": machine})
            statuses |= {execution["status"] for execution in shown["executions"]}
        return await drained(emulator), statuses
    finally:
        await emulator.stop()


async def drained(emulator: Emulator) -> list[str]:
    url = f"{emulator.house.endpoint}/000000000000/told"
    bodies: list[str] = []
    receive: dict[str, Any] = {"QueueUrl": url, "MaxNumberOfMessages": 10}
    while messages := (await emulator.call_async("sqs", "ReceiveMessage", receive)).get("Messages"):
        bodies += [_text(message["Body"]) for message in messages]
    return bodies


def _text(body: str) -> str:
    return str(json.loads(body)) if body.startswith('"') else body


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(wanted=batches, hits=st.integers(1, 60))
def test_what_was_acknowledged_is_told_once_and_nothing_twice(wanted: list[list[str]], hits: int) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        camera = Camera(folder / "data", folder / "image", hits)

        asyncio.run(run(folder / "data", camera, wanted))
        found, statuses = asyncio.run(told(folder / "image"))

        times = Counter(found)
        assert camera.known <= set(times)
        assert {name for name, number in times.items() if number > 1} == set()
        assert statuses <= {"SUCCEEDED"}
    finally:
        shutil.rmtree(folder)

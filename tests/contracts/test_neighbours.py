"""Several processes on one store: who does what, who takes over, and that nobody does what is no longer his."""

from __future__ import annotations

import io
import json
import statistics
import time
import uuid
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import botocore.exceptions
import pytest

from emulator.kit.directory import Directory
from emulator.kit.service import Item
from emulator.kit.work import Work
from emulator.neighbours import BEAT
from emulator.services import SERVICES
from emulator.storage import Store, open_postgres
from emulator.testing import Running
from tests.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.postgres]

ROLE = "arn:aws:iam::000000000000:role/r"
ECHO = "def handler(event, context):\n    return event\n"


@pytest.fixture
def house(postgres_dsn: str, tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """house(roles): one more process of one house, on PostgreSQL and a broker between threads."""
    started: list[Running] = []
    broker = f"memory://{uuid.uuid4().hex}"

    def start(roles: str) -> Running:
        settings = {"store": postgres_dsn, "broker": broker, "roles": roles}
        started.append(Running(tmp_path / "data", **settings).start())
        return started[-1]

    yield start
    for running in reversed(started):
        running.stop()


@pytest.fixture
def beside(postgres_dsn: str) -> Iterator[Store]:
    """The store of the house as one more process sees it."""
    store = open_postgres(postgres_dsn, pool=1)
    yield store
    store.close()


def create_function(client: Any) -> str:
    """The ARN of a function that answers what it is given."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("index.py", ECHO)
    settings = {"Runtime": "python3.12", "Handler": "index.handler", "Role": ROLE}
    made = client.create_function(FunctionName="echo", Code={"ZipFile": archive.getvalue()}, **settings)
    return str(made["FunctionArn"])


def start_wait(states: Any, seconds: int) -> str:
    """The ARN of an execution that waits."""
    definition = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": seconds, "End": True}}}
    made = states.create_state_machine(name="wait", roleArn=ROLE, definition=json.dumps(definition))
    return str(states.start_execution(stateMachineArn=made["stateMachineArn"])["executionArn"])


def claimed(store: Store, process: Work) -> list[Item]:
    """What there is to do, whenever it is due, claimed by a process; something will be there within seconds."""
    return until(lambda: store.run(lambda tx: process.claim_due(tx, "000000000000", 1 << 60, 10)))


def test_an_invocation_crosses_to_another_process_and_back_without_waiting_for_a_beat(house):
    gateway = house("gateway")
    house("functions")
    client = gateway.client("lambda")
    create_function(client)
    client.invoke(FunctionName="echo", Payload=b"0")

    taken = []
    for number in range(20):
        began = time.monotonic()
        answer = client.invoke(FunctionName="echo", Payload=str(number).encode())
        taken.append(time.monotonic() - began)
        assert json.loads(answer["Payload"].read()) == number

    assert statistics.median(taken) < BEAT / 10


def test_time_advanced_at_the_gateway_has_the_others_do_what_becomes_due_on_the_way(house):
    gateway = house("gateway")
    house("runner")
    house("router,functions")
    states = gateway.client("stepfunctions")
    execution = start_wait(states, 600)

    gateway.client("stepwell").advance_clock(Seconds=3600)

    shown = states.describe_execution(executionArn=execution)
    assert shown["status"] == "SUCCEEDED"
    assert shown["stopDate"] - shown["startDate"] < timedelta(seconds=605)


def test_functions_that_end_at_once_in_several_processes_are_each_heard_once(house):
    gateway = house("gateway")
    for roles in ("runner", "runner", "router", "functions", "functions"):
        house(roles)
    task = {"Type": "Task", "Resource": create_function(gateway.client("lambda")), "End": True}
    each = {"Type": "Map", "ItemProcessor": {"StartAt": "Task", "States": {"Task": task}}, "End": True}
    states = gateway.client("stepfunctions")
    definition = json.dumps({"StartAt": "Each", "States": {"Each": each}})
    machine = states.create_state_machine(name="each", roleArn=ROLE, definition=definition)["stateMachineArn"]
    items = json.dumps([*range(40)])

    started = [states.start_execution(stateMachineArn=machine, input=items)["executionArn"] for _ in range(3)]
    for execution in started:
        gateway.client("stepwell").wait_until(ExecutionArn=execution, Skip=False, TimeoutSeconds=60)

    ended = [states.describe_execution(executionArn=execution) for execution in started]
    assert [execution["status"] for execution in ended] == ["SUCCEEDED"] * 3
    assert [json.loads(execution["output"]) for execution in ended] == [[*range(40)]] * 3


def test_time_is_not_skipped_in_a_house_of_several_processes(house):
    gateway = house("gateway")
    execution = start_wait(gateway.client("stepfunctions"), 600)

    with pytest.raises(botocore.exceptions.ClientError, match="SkippingNotSupportedException"):
        gateway.client("stepwell").wait_until(ExecutionArn=execution)


def test_what_a_lost_process_had_claimed_is_done_by_another_and_not_by_it(house, beside):
    running = house("gateway,runner,router,functions")
    states = running.client("stepfunctions")
    execution = start_wait(states, 600)
    lost = Work("lost", frozenset({"runner"}), Directory(SERVICES))

    (item,) = claimed(beside, lost)
    running.client("stepwell").advance_clock(Seconds=601)

    assert states.describe_execution(executionArn=execution)["status"] == "SUCCEEDED"
    assert not beside.run(lambda tx: lost.remove(tx, item))


def test_what_another_process_took_over_can_be_neither_started_nor_postponed(house, beside):
    running = house("gateway")
    start_wait(running.client("stepfunctions"), 600)
    lost = Work("lost", frozenset({"runner"}), Directory(SERVICES))
    heir = Work("heir", frozenset({"runner"}), Directory(SERVICES))
    items = claimed(beside, lost)

    beside.run(lambda tx: heir.take_over(tx, "lost"))
    taken = beside.run(lambda tx: heir.claim_due(tx, "000000000000", 1 << 60, 10))

    assert [item.id for item in taken] == [item.id for item in items] != []
    assert not beside.run(lambda tx: lost.start(tx, items[0]))
    assert beside.run(lambda tx: heir.start(tx, items[0]))

"""The house of several processes as docker-compose.yml says it: the demo's scenarios, while some of it dies."""

from __future__ import annotations

import io
import json
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import time
import uuid
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from emulator.cli import scenarios
from emulator.cli.stage import Stage
from emulator.cli.story import Story
from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = {"gateway": 1, "router": 1, "runner": 2, "functions": 2}
POSTGRES = os.environ.get("STEPWELL_TEST_POSTGRES_SERVER", "postgresql://postgres@127.0.0.1:5432/")
RABBITMQ = os.environ.get("STEPWELL_TEST_RABBITMQ_SERVER", "amqp://guest:guest@127.0.0.1:5672/")

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.rabbitmq, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """A PostgreSQL database of this module's own."""
    psycopg = pytest.importorskip("psycopg")
    try:
        connection = psycopg.connect(f"{POSTGRES}postgres", autocommit=True)
    except psycopg.OperationalError as error:
        pytest.skip(f"no PostgreSQL server: {error}")
    name = f"stepwell_roles_{uuid.uuid4().hex[:12]}"
    with connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield f"{POSTGRES}{name}"
    with psycopg.connect(f"{POSTGRES}postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def broker() -> Iterator[str]:
    """A RabbitMQ virtual host of this module's own; the usual one where we may not make one."""
    kombu = pytest.importorskip("kombu")
    try:
        with kombu.Connection(RABBITMQ, connect_timeout=5) as connection:
            connection.connect()
    except OSError as error:
        pytest.skip(f"no RabbitMQ server: {error}")
    name = f"stepwell-{uuid.uuid4().hex[:12]}"
    if not _rabbitmqctl("add_vhost", name):
        yield RABBITMQ
        return
    _rabbitmqctl("set_permissions", "-p", name, "guest", ".*", ".*", ".*")
    yield f"{RABBITMQ.rstrip('/')}/{name}"
    _rabbitmqctl("delete_vhost", name)


def _rabbitmqctl(*arguments: str) -> bool:
    command = shutil.which("rabbitmqctl")
    return command is not None and subprocess.run([command, "-q", *arguments], capture_output=True).returncode == 0


class Composed(Stage):
    """docker-compose.yml as processes of this machine: its commands and environment, other hosts and folders."""

    def __init__(self, database: str, broker: str) -> None:
        super().__init__(ROOT)
        self._services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
        self._elsewhere = {"postgres": database, "rabbitmq": broker, "gateway": self.url}
        self.processes: dict[str, list[subprocess.Popen[bytes]]] = {}

    def start(self) -> int:
        """Start every process that does not run, as Docker would; the gateway's process id."""
        for role, number in PROCESSES.items():
            known = self.processes.get(role, [])
            self.processes[role] = [
                known[index] if known and known[index].poll() is None else self._launch(role, index)
                for index in range(number)
            ]
        self._await("gateway", 0, "stepwell stop")
        for role, number in PROCESSES.items():
            for index in range(number if role != "gateway" else 0):
                self._await(role, index, "Stepwell serves as")
        return self.processes["gateway"][0].pid

    def kill(self) -> None:
        """SIGKILL to one runner and one function host."""
        for role in ("runner", "functions"):
            self.processes[role][0].kill()
            self.processes[role][0].wait()

    def end(self) -> None:
        """End every process cleanly."""
        running = [process for found in self.processes.values() for process in found]
        for process in running:
            process.terminate()
        for process in running:
            process.wait(20)
        shutil.rmtree(self.folder)

    def log(self) -> str:
        """What every process complained of."""
        return "\n".join(f"{file.name}: {file.read_text()}" for file in sorted(self.folder.glob("*.err")))

    def _launch(self, role: str, index: int) -> subprocess.Popen[bytes]:
        service = self._services[role]
        command = [self._here(word) for word in shlex.split(service["command"])]
        assert command[0] == "stepwell"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("STEPWELL_")}
        given = {name: self._here(value) for name, value in service["environment"].items()}
        mounted = any(mount.endswith(":/project:ro") for mount in service["volumes"])
        folder = ROOT if mounted else self.folder / f"{role}{index}"
        folder.mkdir(exist_ok=True)
        with self._file(role, index, "out").open("wb") as out, self._file(role, index, "err").open("wb") as err:
            return subprocess.Popen(
                [sys.executable, "-m", "emulator", *command[1:]],
                stdout=out,
                stderr=err,
                stdin=subprocess.DEVNULL,
                cwd=folder,
                env={**inherited, "PYTHONPATH": str(ROOT), **given, "STEPWELL_PORT": str(self.port)},
            )

    def _here(self, text: str) -> str:
        """A word of the compose file as it must be on this machine."""
        if text == "0.0.0.0":
            return "127.0.0.1"
        if text == "/data":
            return str(self.data)
        return self._elsewhere.get(urlsplit(text).hostname or "", text)

    def _await(self, role: str, index: int, text: str) -> None:
        def is_told() -> bool:
            assert self.processes[role][index].poll() is None, self.log()
            return text in self._file(role, index, "out").read_text()

        until(is_told, 30, self.log)

    def _file(self, role: str, index: int, kind: str) -> Path:
        return self.folder / f"{role}{index}.{kind}"


class PatientStory(Story):
    """What is told takes longer here: what a dead process had in hand is noticed after some seconds."""

    def until(self, holds: Callable[[], bool], patience: float) -> bool:
        return super().until(holds, patience + 25)


@pytest.fixture(scope="module")
def stage(database: str, broker: str) -> Iterator[Composed]:
    composed = Composed(database, broker)
    composed.start()
    yield composed
    composed.end()


def test_the_hosts_of_the_compose_file_are_its_services() -> None:
    document = yaml.safe_load((ROOT / "docker-compose.yml").read_text())

    named = [
        urlsplit(value).hostname
        for service in document["services"].values()
        for value in service["environment"].values()
        if "://" in value
    ]

    assert set(named) == {"postgres", "rabbitmq", "gateway"}
    assert set(PROCESSES) <= set(document["services"])


def test_the_scenarios_of_the_demo_hold_and_one_of_them_kills_a_runner_and_a_function_host(stage: Composed) -> None:
    story = PatientStory(stage)

    verdicts = [scenario(stage, story) for scenario in scenarios.SCENARIOS]

    assert [problem for verdict in verdicts for problem in verdict.failed] == [], stage.log()
    assert all(verdict.held for verdict in verdicts)


def test_every_execution_ends_right_while_a_runner_and_a_function_host_die(stage: Composed) -> None:
    number = 60
    machine, url = _pipeline(stage)
    states = stage.aws("stepfunctions")
    names = [f"run-{index}" for index in range(number)]

    for name in names:
        states.start_execution(stateMachineArn=machine, name=name, input=json.dumps({"name": name}))
        if name == names[number // 2]:
            stage.kill()
    ended = until(lambda: _ended(states, machine, number), 60, stage.log)
    told = _received(stage.aws("sqs"), url)

    assert {execution["status"] for execution in ended} == {"SUCCEEDED"}, stage.log()
    assert sorted(told) == sorted(names)


def test_an_invocation_crosses_the_broker_in_milliseconds(stage: Composed) -> None:
    client = stage.aws("lambda")

    taken = []
    for _ in range(20):
        began = time.monotonic()
        client.invoke(FunctionName="price-row", Payload=b'{"sku": "cup", "quantity": "1", "unit_price": "2"}')
        taken.append(time.monotonic() - began)

    assert statistics.median(taken) < 0.2  # a beat, after which a lost hint is made good, is ten times as long


def _pipeline(stage: Composed) -> tuple[str, str]:
    """A machine with two function tasks whose end a rule tells a topic, and that a queue: its ARN, the queue's URL."""
    sqs, sns, events = stage.aws("sqs"), stage.aws("sns"), stage.aws("events")
    url = sqs.create_queue(QueueName="told")["QueueUrl"]
    queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    topic = sns.create_topic(Name="told")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes={"RawMessageDelivery": "true"})
    machine = _machine(stage)
    pattern = {"source": ["aws.states"], "detail": {"status": ["SUCCEEDED"], "stateMachineArn": [machine]}}
    events.put_rule(Name="told", EventPattern=json.dumps(pattern))
    target = {"Id": "topic", "Arn": topic, "InputPath": "$.detail.name"}
    answer = events.put_targets(Rule="told", Targets=[target])
    assert answer["FailedEntryCount"] == 0
    return machine, url


def _machine(stage: Composed) -> str:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        source = "import time\n\n\ndef handler(event, context):\n    time.sleep(0.05)\n    return event\n"
        written.writestr("index.py", source)
    function = stage.aws("lambda").create_function(
        FunctionName="slow",
        Runtime="python3.12",
        Handler="index.handler",
        Role="arn:aws:iam::000000000000:role/functions",
        Code={"ZipFile": archive.getvalue()},
    )["FunctionArn"]
    lost = {"ErrorEquals": ["Lambda.ServiceException"], "IntervalSeconds": 1, "MaxAttempts": 5}
    first = {"Type": "Task", "Resource": function, "Retry": [lost], "Next": "Second"}
    second = {"Type": "Task", "Resource": function, "Retry": [lost], "End": True}
    return str(
        stage.aws("stepfunctions").create_state_machine(
            name="pipeline",
            roleArn="arn:aws:iam::000000000000:role/states",
            definition=json.dumps({"StartAt": "First", "States": {"First": first, "Second": second}}),
        )["stateMachineArn"]
    )


def _ended(states: Any, machine: str, number: int) -> list[dict[str, Any]]:
    """That many executions, once none of them runs any more."""
    found = states.list_executions(stateMachineArn=machine)["executions"]
    return found if len(found) == number and all(execution["status"] != "RUNNING" for execution in found) else []


def _received(sqs: Any, url: str) -> list[str]:
    """The bodies of all messages, taken out of the queue."""
    bodies = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=2).get("Messages"):
        for message in messages:
            bodies.append(json.loads(message["Body"]))
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return bodies

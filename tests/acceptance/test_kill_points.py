"""kill -9 at every instant that matters, and at fifty that chance picks: what was acknowledged is there, once."""

from __future__ import annotations

import itertools
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import botocore.exceptions
import pytest
from botocore.config import Config

from emulator.cli.client import Client
from tests.acceptance.channels import CHANNELS, World
from tests.waiting import until

HERE = Path(__file__).resolve().parent
WORK = (
    "run stepfunctions.advance",
    "run stepfunctions.timer",
    "run stepfunctions.answer",
    "run kit.deliver",
    "run lambda.invoke",
    "finish lambda.invoke",
)
OPERATIONS = (
    "SendMessage",
    "DeleteMessage",
    "StartExecution",
    "PutEvents",
    "PutObject",
    "DeleteObject",
    "Invoke",
    "Publish",
)
COMMITS = [*(f"call {name}" for name in OPERATIONS), *WORK]
POINTS = [
    *(f"{moment}-commit {what}" for what in COMMITS for moment in ("before", "after")),
    *(f"{moment} {name}" for name in ("SendMessage", "StartExecution") for moment in ("answering", "answered")),
    "performing InvokeFunction",
    "performed InvokeFunction",
    "blob-between-file-and-row",
    "blob-between-commit-and-unlink",
]
KILLS = 50
GONE = (botocore.exceptions.HTTPClientError, botocore.exceptions.ConnectionError)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
accounts = itertools.count(200_000_000_001)


class Process:
    """A Stepwell on a folder of its own, killed and started again, always at the same address."""

    def __init__(self, data: Path) -> None:
        self.data = data
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._running: subprocess.Popen[str] | None = None

    def start(self, *armed: str) -> None:
        """Start it and wait until it serves; `armed`, hits and point, from its first moment."""
        command = [sys.executable, str(HERE / "armed.py"), str(self.data), str(self.port), *armed]
        environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
        self._running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        assert self._running.stdout is not None
        with self._running.stdout as told:
            assert told.readline() == "ready\n"

    def arm(self, point: str, hits: int) -> None:
        """Have it kill itself at that many hits of a point from now on."""
        assert self._running is not None
        (self.data / "armed").write_text(f"{hits} {point}")
        self._running.send_signal(signal.SIGUSR1)

    def died(self, seconds: float) -> bool:
        """Whether it has been killed by then."""
        assert self._running is not None
        try:
            return self._running.wait(seconds) == -signal.SIGKILL
        except subprocess.TimeoutExpired:
            return False

    def end(self, number: signal.Signals) -> None:
        """Send it a signal, if it runs, and wait for its end."""
        if self._running is not None and self._running.poll() is None:
            self._running.send_signal(number)
            self._running.wait(20)

    def files(self) -> int:
        """How many bodies lie in files."""
        return sum(path.is_file() for path in (self.data / "blobs").glob("??/*"))


class Load:
    """All channels at once, each in a thread of its own, until the emulator is gone or `stop`."""

    def __init__(self, channels: list[Any]) -> None:
        self.channels = channels
        self.errors: list[Exception] = []
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin, or go on."""
        self._stop.clear()
        self._threads = [threading.Thread(target=self._run, args=(channel,)) for channel in self.channels]
        for thread in self._threads:
            thread.start()

    def wait_for(self, more: int, seconds: float) -> None:
        """Wait until that much more has been acknowledged, and a moment after it."""
        enough = self._acknowledged() + more
        until(lambda: self._acknowledged() >= enough)
        moment = time.monotonic() + seconds
        until(lambda: time.monotonic() >= moment)

    def _acknowledged(self) -> int:
        return sum(len(channel.acknowledged) for channel in self.channels)

    def stop(self) -> None:
        """Wait for the steps in progress."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _run(self, channel: Any) -> None:
        try:
            while not self._stop.is_set():
                channel.step()
        except GONE:
            return
        except Exception as error:
            self.errors.append(error)


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    process = Process(tmp_path_factory.mktemp("killed"))
    process.start()
    yield process
    process.end(signal.SIGTERM)


@pytest.fixture
def load(process: Process) -> Iterator[Load]:
    """Every channel, in an account of the test's own."""
    account = str(next(accounts))

    @cache
    def client(service: str) -> Any:
        settings = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, read_timeout=20)
        return boto3.client(
            service,
            endpoint_url=process.url,
            region_name="us-east-1",
            aws_access_key_id=account,
            aws_secret_access_key="test",
            config=settings,
        )

    world = World(client, account)
    load = Load([channel(world) for channel in CHANNELS])
    yield load
    load.stop()


def problems(process: Process, load: Load) -> list[str]:
    """What is wrong once everything pending has been done, half an hour of the account's time later."""
    account = load.channels[0].world.account
    Client(process.url, account).call("stepwell", "AdvanceClock", {"Seconds": 1800})
    wrong = [text for channel in load.channels for text in channel.problems()]
    return wrong + [f"the load met {error!r}" for error in load.errors]


@pytest.mark.parametrize("point", POINTS)
def test_nothing_is_lost_or_doubled_when_the_process_dies_at(point: str, process: Process, load: Load) -> None:
    process.arm(point, random.Random(point).randint(2, 8))

    load.start()
    died = process.died(20)
    load.stop()
    process.end(signal.SIGTERM)  # where the point was not reached: what the load put must go all the same
    process.start()

    assert problems(process, load) == []
    assert process.files() == 0
    assert died, "the load does not reach the point"


@pytest.mark.parametrize("moment", ["before", "after"])
def test_nothing_is_lost_or_doubled_when_the_process_dies_again_while_it_takes_up_what_was_lost(
    moment: str, process: Process, load: Load
) -> None:
    process.arm("performing InvokeFunction", 5)
    load.start()
    died = [process.died(20)]
    load.stop()

    process.start("1", f"{moment}-commit lose lambda.invoke")
    died.append(process.died(20))
    process.start()

    assert died == [True, True]
    assert problems(process, load) == []


def test_nothing_is_lost_or_doubled_over_fifty_kills_that_chance_picks(process: Process, load: Load) -> None:
    chance = random.Random(20261120)

    for _ in range(KILLS):
        load.start()
        load.wait_for(chance.randint(0, 60), chance.uniform(0, 0.01))
        process.end(signal.SIGKILL)
        load.stop()
        process.start()

    assert problems(process, load) == []
    assert process.files() == 0
    assert all(len(channel.acknowledged) >= 10 for channel in load.channels)

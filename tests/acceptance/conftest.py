"""`stepwell` as people use it: processes of its own, data in a temporary folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from emulator.cli.client import Client
from tests.waiting import until

PATIENCE = 20.0
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "STEPWELL_"))}


def stepwell(*arguments: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """One command, run to its end."""
    command = [sys.executable, "-m", "emulator", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=ENVIRONMENT | environment, capture_output=True, text=True, timeout=60)


class Up:
    """A `stepwell up` that has printed its screen."""

    def __init__(self, project: Path, *flags: object) -> None:
        self.project = project
        self.data = project / ".stepwell"
        self._out = project.parent / f"{project.name}.out"
        self._err = project.parent / f"{project.name}.err"
        command = [sys.executable, "-m", "emulator", "up", "--port", "0", *map(str, flags)]
        with self._out.open("w") as out, self._err.open("w") as err:
            self.process = subprocess.Popen(command, cwd=project, env=ENVIRONMENT, stdout=out, stderr=err)
        until(lambda: self.process.poll() is not None or "stepwell stop" in self.screen)
        assert self.process.poll() is None, self.told
        self.url = self.screen.split("serves AWS at ")[1].split()[0]
        self.client = Client(self.url)

    @property
    def screen(self) -> str:
        return self._out.read_text()

    @property
    def told(self) -> str:
        """What it said on stderr."""
        return self._err.read_text()

    def run(self, *arguments: object) -> str:
        """A command against it, which must succeed; what it printed."""
        done = stepwell(*arguments, cwd=self.project)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def aws(self, service: str) -> Any:
        """A boto3 client of it."""
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id="000000000000",
            aws_secret_access_key="test",
            config=Config(inject_host_prefix=False, retries={"total_max_attempts": 1}),
        )

    def end(self, number: int = signal.SIGTERM) -> int:
        """Ask it to end; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An empty project."""
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.fixture
def up(project: Path) -> Iterator[Callable[..., Up]]:
    """Starts `stepwell up` in the project; all are killed at the end of the test."""
    started: list[Up] = []

    def start(*flags: object) -> Up:
        started.append(Up(project, *flags))
        return started[-1]

    yield start
    for running in started:
        running.process.kill()
        running.process.wait()


@pytest.fixture(name="stepwell")
def run_stepwell() -> Callable[..., subprocess.CompletedProcess[str]]:
    return stepwell

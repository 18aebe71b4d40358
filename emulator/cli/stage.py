"""The emulator as a process of the demo's own: started, killed, started again, ended."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from emulator.cli.client import Client
from emulator.errors import EmulatorError

PATIENCE = 15.0


class Stage:
    """A temporary data folder, a free port, and a `stepwell up PROJECT` on them."""

    def __init__(self, project: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="stepwell-demo-"))
        self.data = self.folder / "data"
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.client = Client(self.url)
        self._project = project
        self._process: subprocess.Popen[bytes] | None = None
        self._sessions: dict[str, Any] = {}

    def bucket(self, name: str) -> Path:
        """The folder of a bucket."""
        return self.data / "buckets" / name

    def aws(self, service: str) -> Any:
        """A boto3 client, made as any program made for LocalStack makes it."""
        if service not in self._sessions:
            from localstack_client import session

            made = session.Session(localstack_host=f"127.0.0.1:{self.port}", region_name="us-east-1")
            self._sessions[service] = made.client(service)
        return self._sessions[service]

    def start(self) -> int:
        """Start the emulator and wait until it has loaded the project; its process id. Raises EmulatorError."""
        told = self.folder / "out.log"
        command = [sys.executable, "-m", "emulator", "up", str(self._project)]
        command += ["--data", str(self.data), "--port", str(self.port)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("STEPWELL_")}
        with told.open("wb") as out, (self.folder / "err.log").open("ab") as err:
            self._process = subprocess.Popen(
                command, stdout=out, stderr=err, stdin=subprocess.DEVNULL, env=environment, start_new_session=True
            )
        until = time.monotonic() + PATIENCE
        while "stepwell stop" not in told.read_text():
            if self._process.poll() is not None or time.monotonic() > until:
                raise EmulatorError(f"The emulator did not start:\n{self.log()}")
            time.sleep(0.01)
        return self._process.pid

    def kill(self) -> None:
        """SIGKILL: no chance to tidy up."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def end(self) -> None:
        """End the emulator cleanly, if it still runs, and remove its folder."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def log(self) -> str:
        """What the emulator complained of so far."""
        file = self.folder / "err.log"
        return file.read_text(errors="replace") if file.exists() else ""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

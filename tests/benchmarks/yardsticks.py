"""What the machine itself can do, measured beside every path: the figures of two machines compare by the ratios."""

from __future__ import annotations

import asyncio
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from wire import Client, many

MIB = 1024 * 1024


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def memory(pid: int) -> float:
    """What a process and its children have in memory (proportional set size), MiB."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    own = next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return own / 1024 + sum(memory(int(child)) for child in children)


def processor(pid: int) -> float:
    """Seconds that the threads of a process and its children have had a processor; noise of others hardly counts."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    own = sum(int(task.read_text().split()[0]) for task in tasks)
    return own / 1e9 + sum(processor(int(child)) for child in children)


class Process:
    """A server of ours that runs while the benchmarks do."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self.port = free_port()
        self._command = [part.format(port=self.port) for part in command]
        self._folder = folder

    async def start(self, request: Callable[[Client], bytes]) -> float:
        """Start it; seconds until the first answer."""
        begin = time.perf_counter()
        self.running = subprocess.Popen(self._command, cwd=self._folder, stdout=subprocess.DEVNULL)
        self.client = Client(self.port)
        while True:
            try:
                await self.client.ask(request(self.client))
                return time.perf_counter() - begin
            except ConnectionError:
                if self.running.poll() is not None:
                    raise RuntimeError(f"{self._command} ended with {self.running.returncode}") from None
                await asyncio.sleep(0.005)

    def stop(self) -> None:
        """End it."""
        self.client.close()
        self.running.terminate()
        self.running.wait(10)


async def hello(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The ASGI application that does nothing: it reads a body and answers."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"{}"})


def serve(port: int) -> None:
    """Serve `hello` until somebody ends the process."""
    import uvicorn

    uvicorn.run(hello, host="127.0.0.1", port=port, log_level="critical", access_log=False, loop="uvloop")


class Yardsticks:
    """The loops by name; each gives a rate per second. `scale` makes all of them shorter."""

    def __init__(self, scale: float) -> None:
        self._scale = scale
        self._server = Process([sys.executable, __file__, "{port}"], Path(__file__).parent)
        self.start_seconds = 0.0
        self.loops: dict[str, Callable[[], Awaitable[float]]] = {
            "hello c1": lambda: self._hello(1, 1_000),
            "hello c16": lambda: self._hello(16, 4_000),
            "python": self._python,
            "sqlite": self._sqlite,
            "file 1 MiB": self._file,
        }

    async def start(self) -> None:
        """Start the server that says hello."""
        self.start_seconds = await self._server.start(lambda client: client.request("POST", "/", "sqs", b"{}"))

    def memory(self) -> float:
        """What the server that says hello has in memory, MiB."""
        return memory(self._server.running.pid)

    async def hello_seconds(self) -> float:
        """Processor time that the server takes to say hello once."""
        count, pid = self._count(5_000), self._server.running.pid
        before = processor(pid)
        await self._hello(16, 5_000)
        return (processor(pid) - before) / count

    def stop(self) -> None:
        """End it."""
        self._server.stop()

    def _count(self, count: int) -> int:
        return max(10, int(count * self._scale))

    async def _hello(self, at_once: int, count: int) -> float:
        client = self._server.client
        request = client.request("POST", "/", "sqs", b"x" * 300)
        done, _, seconds = await many(self._count(count), at_once, lambda _: client.ask(request))
        return len(done) / seconds

    async def _python(self) -> float:
        count, total = self._count(300_000), 0
        begin = time.perf_counter()
        for number in range(count):
            total += number * number
        return count / (time.perf_counter() - begin)

    async def _sqlite(self) -> float:
        count = self._count(5_000)
        with tempfile.TemporaryDirectory() as folder:
            store = sqlite3.connect(Path(folder) / "x.db", isolation_level=None)
            store.execute("PRAGMA journal_mode = WAL")
            store.execute("PRAGMA synchronous = NORMAL")
            store.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT)")
            begin = time.perf_counter()
            for _ in range(count):
                store.execute("BEGIN IMMEDIATE")
                store.execute("INSERT INTO t (body) VALUES (?)", ("x" * 300,))
                store.execute("COMMIT")
            seconds = time.perf_counter() - begin
            store.close()
        return count / seconds

    async def _file(self) -> float:
        count, block = self._count(100), os.urandom(MIB)
        with tempfile.TemporaryDirectory() as folder:
            begin = time.perf_counter()
            for number in range(count):
                path = Path(folder) / "new"
                path.write_bytes(block)
                path.rename(Path(folder) / str(number))
            return count / (time.perf_counter() - begin)


if __name__ == "__main__":
    serve(int(sys.argv[1]))

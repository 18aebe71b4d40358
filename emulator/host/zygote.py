"""The host's end of the zygote: starting it, asking it for workers, hearing how they ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

from emulator.errors import EmulatorError
from emulator.host import runtime
from emulator.host.environment import inherited
from emulator.host.runtime import control

# The runtime is loaded from its own folder under a name of its own: a function sees no other module of ours.
_LAUNCH = """
import sys, importlib.util
spec = importlib.util.spec_from_file_location("stepwell_runtime", sys.argv[1])
module = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = module
spec.loader.exec_module(module)
from stepwell_runtime import zygote
zygote.main(int(sys.argv[2]), int(sys.argv[3]))
"""
_CLOSE_SECONDS = 5.0

Report = Callable[[bytes, int, int, int], None]


class Zygote:
    """A running zygote. `on_report` gets its records, `on_end` is called once when it ends unasked.

    Must be created by the thread that runs the loop, and that thread must outlive it: the kernel signals a
    parent's death when the *thread* that forked ends.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, python: str, on_report: Report, on_end: Callable[[], None]
    ) -> None:
        self._loop = loop
        self._on_report = on_report
        self._on_end = on_end
        self._buffer = b""
        self._preloaded = False
        self._closed: asyncio.Future[None] | None = None
        self._channel, theirs = socket.socketpair()
        try:
            self._process = _spawn(python, theirs)
        except OSError as error:
            self._channel.close()
            raise EmulatorError(f"cannot start {python} to run functions: {error}") from error
        finally:
            theirs.close()
        loop.add_reader(self._channel, self._read)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def fork(self, token: int, frames: int, output: int) -> None:
        """Start a worker on copies of two descriptors: its end of the frames, and where its output goes."""
        with contextlib.suppress(OSError):  # its end is reported by on_end
            socket.send_fds(self._channel, [control.encode_request(control.FORK, token)], [frames, output])

    def preload(self) -> None:
        """Have the AWS SDK imported, once: a worker that needs it starts in 5 ms then rather than in 200."""
        if not self._preloaded:
            self._preloaded = True
            with contextlib.suppress(OSError):
                self._channel.sendall(control.encode_request(control.PRELOAD, 0))

    def kill(self, token: int) -> None:
        """End a worker, and everything it has started, at once; its exit is reported as any other."""
        with contextlib.suppress(OSError):
            self._channel.sendall(control.encode_request(control.KILL, token))

    async def close(self) -> None:
        """End all workers and the zygote; returns when they are gone."""
        self._closed = self._loop.create_future()
        self._on_end = _nothing
        with contextlib.suppress(OSError):
            self._channel.shutdown(socket.SHUT_WR)
        try:
            await asyncio.wait_for(self._closed, _CLOSE_SECONDS)
        except TimeoutError:
            self._process.kill()
        self._release()

    def _read(self) -> None:
        try:
            data = self._channel.recv(4096)
        except ConnectionError:
            data = b""
        if not data:
            self._ended()
            return
        self._buffer += data
        while len(self._buffer) >= control.REPORT_BYTES:
            record, self._buffer = (
                self._buffer[: control.REPORT_BYTES],
                self._buffer[control.REPORT_BYTES :],
            )
            self._on_report(*control.decode_report(record))

    def _ended(self) -> None:
        self._loop.remove_reader(self._channel)
        if self._closed is not None:
            if not self._closed.done():
                self._closed.set_result(None)
            return
        self._release()
        self._on_end()

    def _release(self) -> None:
        self._loop.remove_reader(self._channel)
        self._channel.close()
        self._process.wait()


def _spawn(python: str, channel: socket.socket) -> subprocess.Popen[bytes]:
    init = str(Path(runtime.__file__))
    number = channel.fileno()
    return subprocess.Popen(
        [python, "-I", "-X", "utf8", "-c", _LAUNCH, init, str(number), str(os.getpid())],
        stdin=subprocess.DEVNULL,
        pass_fds=[number],
        env=inherited(),
        start_new_session=True,
    )


def _nothing() -> None:
    pass

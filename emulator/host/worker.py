"""The host's end of one worker process: its socket, its output and what it is doing."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable

from emulator.clock import WallClock
from emulator.host.logs import Log
from emulator.host.model import Function, Invocation
from emulator.host.runtime import frames

_READ_BYTES = 262_144
# A pipe holds 64 KiB: two reads get all that was written before an answer, and no chatterbox holds the loop.
_PIPE_BYTES = 65_536
_PIPE_READS = 2

OnFrame = Callable[["Worker", frames.Frame], None]


class Worker:
    """A process that loads one function and runs its invocations; the attributes are the host's notes."""

    def __init__(
        self,
        token: int,
        function: Function,
        log_stream: str,
        clock: WallClock,
        loop: asyncio.AbstractEventLoop,
        on_frame: OnFrame,
    ) -> None:
        self.token = token
        self.function = function
        self.log_stream = log_stream
        self.log = Log()
        self.invocation: Invocation | None = None
        self.ready = False
        self.init_ms: float | None = None
        self.timer: asyncio.TimerHandle | None = None
        self.began = loop.time()
        self.timed_out = False
        self.ending = False
        self._clock = clock
        self._loop = loop
        self._on_frame = on_frame
        self._frames = frames.Frames()
        self._unsent = b""
        self._socket, self._theirs = socket.socketpair()
        try:
            self._output, self._their_output = os.pipe()
        except OSError:
            self._socket.close()
            self._theirs.close()
            raise

    def open(self, fork: Callable[[int, int, int], None]) -> None:
        """Have the process started by `fork(token, frames, output)` and listen to it."""
        for descriptor in (self._socket.fileno(), self._output):
            os.set_blocking(descriptor, False)
        self._socket.setblocking(False)
        fork(self.token, self._theirs.fileno(), self._their_output)
        self._theirs.close()
        os.close(self._their_output)
        self._loop.add_reader(self._socket, self._read_frames)
        self._loop.add_reader(self._output, self.read_output)

    def close(self) -> None:
        """Stop listening; what it wrote before is read first."""
        self.stop_timer()
        self.read_output()
        self._loop.remove_reader(self._socket)
        self._loop.remove_writer(self._socket)
        self._loop.remove_reader(self._output)
        self._socket.close()
        os.close(self._output)

    def send(self, kind: int, meta: dict[str, object], payload: bytes = b"") -> None:
        """Send one frame; never blocks. A dead worker's exit is reported by the zygote."""
        data = frames.encode(kind, meta, payload)
        if self._unsent:
            self._unsent += data
            return
        self._write(data)

    def start_timer(self, seconds: float, action: Callable[[Worker], None]) -> None:
        """Call `action(self)` after `seconds`, unless stopped."""
        self.began = self._loop.time()
        self.timer = self._loop.call_later(seconds, action, self)

    def stop_timer(self) -> None:
        """Forget the timer."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None

    def rest(self) -> None:
        """Be idle from now on."""
        self.began = self._loop.time()

    def elapsed_ms(self) -> float:
        """Milliseconds since the timer was started or the rest began."""
        return (self._loop.time() - self.began) * 1000

    def read_output(self) -> None:
        """Move what the function has written so far into the log."""
        for _ in range(_PIPE_READS):
            try:
                data = os.read(self._output, _PIPE_BYTES)
            except BlockingIOError:
                return
            if not data:
                self._loop.remove_reader(self._output)
                return
            self.log.write(data, self._clock.micros())
            if len(data) < _PIPE_BYTES:
                return

    def drain(self) -> None:
        """Handle the frames that a process sent before it ended."""
        while self._receive():
            pass

    def _read_frames(self) -> None:
        if self._receive() == b"":
            self._loop.remove_reader(self._socket)

    def _receive(self) -> bytes | None:
        """Read once; None when there is nothing now, empty when there never will be."""
        try:
            data = self._socket.recv(_READ_BYTES)
        except BlockingIOError:
            return None
        except ConnectionError:
            return b""
        self._frames.feed(data)
        while (frame := self._frames.find_next()) is not None:
            self._on_frame(self, frame)
        return data

    def _write(self, data: bytes) -> None:
        with contextlib.suppress(ConnectionError):
            try:
                sent = self._socket.send(data)
            except BlockingIOError:
                sent = 0
            if sent < len(data):
                self._unsent = data[sent:]
                self._loop.add_writer(self._socket, self._write_rest)

    def _write_rest(self) -> None:
        self._loop.remove_writer(self._socket)
        data, self._unsent = self._unsent, b""
        self._write(data)

"""One request and its answer on a connection: the concrete Head."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from emulator.front.answers import Frame, InvalidAnswerError, frame
from emulator.front.bodies import BrokenBodyError, OpenFile, pour
from emulator.front.requests import origin_form, read_headers

if TYPE_CHECKING:
    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

    from emulator.front.exchange import Body, Handler, Sink
    from emulator.front.protocol import Connection

_SMALL = 64 * 1024  # below, head and body are copied together: one buffer, one segment
log = logging.getLogger("stepwell.front")


class Call:
    """See exchange.Head for what the handler may do with it; the rest is the connection's."""

    __slots__ = (
        "answered", "backlog", "complete", "connection", "cycle", "expects", "gone", "headers", "http_1_0",
        "keep_alive", "method", "paused", "pouring", "raw", "sink", "size", "target", "url", "written",
    )  # fmt: skip

    def __init__(
        self,
        connection: Connection,
        method: str,
        url: bytes,
        raw: list[tuple[bytes, bytes]],
        *,
        http_1_0: bool,
        keep_alive: bool,
    ) -> None:
        self.connection = connection
        self.method = method
        self.url = url
        self.raw = raw
        self.http_1_0 = http_1_0
        self.keep_alive = keep_alive
        self.target = url.decode("latin-1") if url.startswith(b"/") else origin_form(url)
        self.headers = headers = read_headers(raw)
        length = headers.get("content-length")
        self.size = None if length is None else int(length)
        self.expects = "expect" in headers and not http_1_0 and headers["expect"].lower() == "100-continue"
        self.sink: Sink | None = None
        self.cycle: RequestResponseCycle | None = None
        self.backlog: list[bytes] | None = None  # its body while it waits behind another call
        self.pouring: asyncio.Task[None] | None = None
        self.complete = False  # all of the request is read
        self.answered = False  # respond was called
        self.written = False  # all of the answer is handed to the transport
        self.gone = False  # nobody is there to answer
        self.paused = False

    # ---- towards the handler ----

    def begin(self, handler: Handler) -> None:
        try:
            self.sink = handler.begin(self)
        except Exception:
            self._failed("begin")

    def data(self, chunk: bytes) -> None:
        if self.answered or self.sink is None:
            return
        try:
            self.sink.data(chunk)
        except Exception:
            self._failed("data")

    def end(self) -> None:
        if self.sink is None:
            return
        try:
            self.sink.end()
        except Exception:
            self._failed("end")

    def lost(self) -> None:
        """The client has gone: stop what is under way and tell the sink, unless the answer was complete."""
        self.gone = True
        if self.pouring is not None:
            self.pouring.cancel()
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.written or self.sink is None:
            return
        try:
            self.sink.abort()
        except Exception:
            log.exception("a handler failed at abort of %s %s", self.method, self.target)

    def _failed(self, where: str) -> None:
        log.exception("a handler failed at %s of %s %s", where, self.method, self.target)
        if not self.answered:
            self.refuse(500, "Internal Server Error")

    # ---- towards the client ----

    def pause(self) -> None:
        """See Head.pause."""
        if not self.gone and not self.answered:
            self.paused = True
            self.connection.flow.pause_reading()

    def resume(self) -> None:
        """See Head.resume."""
        if self.paused:
            self.paused = False
            if not self.gone:
                self.connection.flow.resume_reading()

    def refuse(self, status: int, reason: str) -> None:
        """A plain answer of one line, for what never reached an AWS protocol."""
        self.respond(status, [("Content-Type", "text/plain; charset=utf-8")], reason.encode() + b"\n")

    def respond(self, status: int, headers: list[tuple[str, str]], body: Body) -> None:
        """See Head.respond."""
        if self.gone:
            return
        if self.answered:
            raise RuntimeError(f"{self.method} {self.target} was answered twice")
        self.answered = True
        if self.expects:
            self.keep_alive = False  # the client may send its body or not: nobody can tell what comes next
        if not self.complete:
            self.paused = False
            self.connection.flow.resume_reading()
        try:
            if type(body) is bytes:
                self._send(status, headers, body)
            else:
                self._stream(status, headers, body)
        except (InvalidAnswerError, BrokenBodyError, OSError):
            log.exception("the answer to %s %s cannot be sent", self.method, self.target)
            self._send(500, [("Content-Type", "text/plain; charset=utf-8")], b"Internal Server Error\n")

    def _send(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        head = self._frame(status, headers, len(body))
        transport = self.connection.transport
        if not head.length:
            transport.write(head.head)
        elif len(body) < _SMALL:
            transport.write(head.head + body)
        else:
            transport.writelines([head.head, body])
        self.written = True
        self.connection.settle(self)

    def _write_bare(self, head: Frame) -> None:
        """The answer to a HEAD, a 204, a 304: its body is not looked at."""
        self.connection.transport.write(head.head)
        self.written = True
        self.connection.settle(self)

    def _stream(self, status: int, headers: list[tuple[str, str]], body: Body) -> None:
        if isinstance(body, (bytes, bytearray, memoryview)):
            self._send(status, headers, bytes(body))
            return
        if isinstance(body, AsyncIterator):
            head = self._frame(status, headers, None)
            self._pour(head, body, None)
            return
        head = self._frame(status, headers, body.length)
        if not head.length:
            self._write_bare(head)
            return
        file = OpenFile(body, self.connection.front.pool)
        if (whole := file.cached()) is not None:
            file.close()
            self._send(status, headers, whole)
        else:
            self._pour(head, file.pieces(), file)

    def _frame(self, status: int, headers: list[tuple[str, str]], size: int | None) -> Frame:
        head = frame(self, status, headers, size, self.connection.front.stamp)
        self.keep_alive = head.keep_alive
        return head

    def _pour(self, head: Frame, pieces: AsyncIterator[bytes], file: OpenFile | None) -> None:
        """Write the head now and the body in a task of its own."""
        if head.length == 0:
            self._write_bare(head)
            return
        self.connection.transport.write(head.head)
        self.pouring = asyncio.ensure_future(pour(pieces, head.length, head.chunked, self))
        self.pouring.add_done_callback(lambda task: self._poured(task, file))

    def _poured(self, task: asyncio.Task[None], file: OpenFile | None) -> None:
        if file is not None:
            file.close()
        if task.cancelled() or self.gone:
            return
        error = task.exception()
        if error is None:
            self.written = True
            self.connection.settle(self)
            return
        log.error("the answer to %s %s broke off", self.method, self.target, exc_info=error)
        self.connection.transport.close()  # a client sees the end come before the promised length

    def write(self, parts: list[bytes]) -> None:
        """The Outlet of pour."""
        self.connection.transport.writelines(parts)

    async def drained(self) -> None:
        """Until the connection takes more; at least once round the loop, which belongs to others too."""
        flow = self.connection.flow
        if flow.write_paused:
            await flow.drain()
        else:
            await asyncio.sleep(0)

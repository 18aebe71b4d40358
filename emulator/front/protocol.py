"""One connection: requests in, answers out, in order. AWS calls to the handler, the rest to ASGI."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httptools
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from emulator.front.answers import Stamp
from emulator.front.asgi import find_cycle
from emulator.front.call import Call
from emulator.front.requests import MAX_HEAD, RefusedError, require_small_head, without_upgrade

if TYPE_CHECKING:
    from uvicorn.config import Config
    from uvicorn.server import ServerState

    from emulator.front.exchange import Handler

_LINGER = 2.0  # seconds; RFC 9112 9.6 on closing in stages
_READ = 256 * 1024  # the most that uvloop reads at once
log = logging.getLogger("stepwell.front")


@dataclass(slots=True)
class Front:
    """What all connections of a server share."""

    handler: Handler
    stamp: Stamp
    pool: Callable[[], Executor]
    closed: Callable[[], None]
    stopping: bool = False


class Connection(HttpToolsProtocol):
    """One request is served at a time; what a client pipelines behind it waits, and reading with it.

    There is no idle time-out: a client that keeps a connection for its next call never finds it closed under
    its hands, and the clients are local.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        front: Front,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.front = front
        self.current: Call | None = None  # begun, not yet settled
        self._incoming: Call | None = None  # its body is being parsed
        self._waiting: deque[Call] = deque()
        self._pumping = False
        self._in_head = False
        self._fed = 0
        self._last = False  # no further request is read from this connection
        self._refusal: tuple[int, str] | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self.front.stopping:  # accepted just before
            self.shutdown()

    # ---- bytes in ----

    def data_received(self, data: bytes) -> None:
        left = data
        while left:
            left = self._feed(left)

    def _feed(self, data: bytes) -> bytes:
        """Parse; the answer is what to parse next, which only a declined upgrade leaves."""
        if self._last and self._incoming is None:
            return b""
        self._fed = self._fed + len(data) if self._in_head else len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            return self._decline_upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserCallbackError as error:
            self._callback_failed(error.__context__)
        except httptools.HttpParserError as error:
            self._refuse(400, f"Bad Request: {error}")
        else:
            if self._in_head and self._fed > MAX_HEAD + _READ:
                self._refuse(400, f"Bad Request: the head is larger than {MAX_HEAD} bytes")
        return b""

    def on_message_begin(self) -> None:
        self.url = b""
        self.headers = []
        self._in_head = True

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        self._in_head = False
        if self._fed > MAX_HEAD:
            require_small_head(self.url, self.headers)
        if self._last:
            return
        parser = self.parser
        if parser.should_upgrade():
            return  # parsed again by _decline_upgrade
        version = parser.get_http_version()
        if version not in ("1.1", "1.0"):
            raise RefusedError("only HTTP/1.1 and HTTP/1.0 are spoken here")
        self._incoming = call = Call(
            self,
            parser.get_method().decode("ascii"),
            self.url,
            self.headers,
            http_1_0=version == "1.0",
            keep_alive=parser.should_keep_alive(),
        )
        self._last = not call.keep_alive
        if self.current is None and not self._waiting and not self.flow.write_paused:
            self._begin(call)
        else:
            call.backlog = []
            self._waiting.append(call)
            self.flow.pause_reading()

    def on_body(self, body: bytes) -> None:
        call = self._incoming
        if call is None:
            return
        if call.backlog is None:
            self._deliver(call, body)
        else:
            call.backlog.append(body)

    def on_message_complete(self) -> None:
        call = self._incoming
        if call is None:
            return
        self._incoming = None
        call.complete = True
        call.resume()  # a client that goes away is noticed by reading
        if call.backlog is None:
            self._end(call)

    # ---- one call after the other ----

    def _begin(self, call: Call) -> None:
        self.current = call
        call.begin(self.front.handler)
        if call.sink is None and not call.answered:
            self._begin_asgi(call)
        if call.expects and not call.answered:
            call.expects = False
            if not call.complete:
                self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _deliver(self, call: Call, body: bytes) -> None:
        cycle = call.cycle
        if cycle is None:
            call.data(body)
        elif not cycle.response_complete:
            cycle.body += body
            if len(cycle.body) > HIGH_WATER_LIMIT:
                self.flow.pause_reading()
            cycle.message_event.set()

    def _end(self, call: Call) -> None:
        if call.cycle is not None:
            call.cycle.more_body = False
            call.cycle.message_event.set()
        elif not call.answered:
            call.end()
        self.settle(call)

    def settle(self, call: Call) -> None:
        """Go on to the next request once this one is read and its answer is written."""
        if not call.written or self.current is not call:
            return
        if not call.complete and not call.expects:
            return  # the rest of its body is read and discarded first
        self.current = None
        call.sink = None  # which holds the call: nothing of a request is left to the collector
        if not call.keep_alive:
            self._leave(unread=not call.complete)
        elif self._waiting or self.flow.read_paused or self._refusal is not None:
            self._pump()

    def _pump(self) -> None:
        """Serve what was pipelined. A loop, not a recursion: a thousand may wait."""
        if self._pumping:
            return
        self._pumping = True
        try:
            while self._waiting and self.current is None and self._may_write():
                self._serve(self._waiting.popleft())
        finally:
            self._pumping = False
        if self._waiting or self.transport.is_closing():
            return
        if self._refusal is not None and self.current is None:
            self._send_refusal(*self._refusal)
        elif self.current is None or not self.current.paused:
            self.flow.resume_reading()

    def _serve(self, call: Call) -> None:
        backlog, call.backlog = call.backlog or [], None
        self._begin(call)
        for body in backlog:
            self._deliver(call, body)
        if call.complete:
            self._end(call)

    def _may_write(self) -> bool:
        return not self.flow.write_paused and not self.transport.is_closing()

    # ---- what is not an AWS call ----

    def _begin_asgi(self, call: Call) -> None:
        cycle = find_cycle(self, call)
        if cycle is None:
            call.refuse(400, "Bad Request: the request target is no URL")
            return
        self.cycle = call.cycle = cycle
        self._start_asgi_task(cycle, self.app)

    def on_response_complete(self) -> None:
        call = self.current
        if call is None or call.cycle is None:
            return
        call.keep_alive = call.cycle.keep_alive
        call.written = True
        if not call.complete:
            self.flow.resume_reading()
        self.settle(call)

    # ---- the end ----

    def _leave(self, unread: bool) -> None:
        """Close. While the client still sends, a plain close would make TCP take the answer back (RST)."""
        self._last = True
        self._incoming = None
        if not unread or self.transport.is_closing():
            self.transport.close()
            return
        self.flow.resume_reading()
        self.transport.write_eof()
        self.loop.call_later(_LINGER, self.transport.close)

    def shutdown(self) -> None:
        """The server stops: close when idle, else after the answer due; what waits behind it never began."""
        self._last = True
        if self._incoming is not self.current:
            self._incoming = None
        self._waiting.clear()
        call = self.current
        if call is None:
            self.transport.close()
            return
        call.keep_alive = False
        if call.cycle is not None:
            call.cycle.keep_alive = False

    def connection_lost(self, exc: Exception | None) -> None:
        self._last = True
        self._waiting.clear()
        call, self.current, self._incoming = self.current, None, None
        if call is not None:
            call.lost()
        super().connection_lost(exc)
        self.front.closed()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._waiting:
            self._pump()

    def _decline_upgrade(self, rest: bytes) -> bytes:
        """The request to be parsed again, as nothing but HTTP/1.1 is spoken here.

        The parser took the body for the other protocol's first bytes, which would lose what Java's HttpClient
        posts while it offers `h2c`.
        """
        method = self.parser.get_method()
        if method == b"CONNECT":
            self._refuse(400, "Bad Request: this is no proxy")
            return b""
        return without_upgrade(method, self.url, self.parser.get_http_version(), self.headers) + rest

    def _callback_failed(self, cause: BaseException | None) -> None:
        if isinstance(cause, RefusedError):
            self._refuse(400, f"Bad Request: {cause}")
        else:
            log.error("a request could not be taken", exc_info=cause)
            self._refuse(500, "Internal Server Error")

    def _refuse(self, status: int, reason: str) -> None:
        """Nothing more can be read from here: what came before is answered, then this, then the end."""
        self._last = True
        self._in_head = False
        broken, self._incoming = self._incoming, None
        if broken is not None and broken is self.current:
            answered = broken.answered or (broken.cycle is not None and broken.cycle.response_started)
            self.current = None
            broken.lost()
            if answered:
                self.transport.close()
                return
        elif broken is not None and broken in self._waiting:
            self._waiting.remove(broken)
        if self.current is None and not self._waiting:
            self._send_refusal(status, reason)
        else:
            self._refusal = (status, reason)
            self.flow.pause_reading()

    def _send_refusal(self, status: int, reason: str) -> None:
        self._refusal = None
        Call(self, "GET", b"/", [], http_1_0=False, keep_alive=False).refuse(status, reason)
        self._leave(unread=True)

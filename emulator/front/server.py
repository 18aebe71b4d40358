"""The listening socket: start, port, stop. It runs inside a loop that somebody else started."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor

from uvicorn.config import Config
from uvicorn.server import ServerState

from emulator.clock import SystemClock, WallClock
from emulator.errors import EmulatorError
from emulator.front.answers import Stamp
from emulator.front.bridge import Bridge, WSGIApp
from emulator.front.exchange import Handler
from emulator.front.protocol import Connection, Front

log = logging.getLogger("stepwell.front")
GRACE = 5.0  # seconds that answers under way may take when the server stops
_BACKLOG = 2048
_WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}


class Server:
    """AWS calls to `handler`, all else to the WSGI application that `wsgi` makes when first needed."""

    def __init__(
        self,
        handler: Handler,
        wsgi: Callable[[], WSGIApp],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        on_ready: Callable[[str], None] | None = None,
        clock: WallClock | None = None,
    ) -> None:
        """`port` 0 takes a free one; `on_ready` is told the URL once connections are accepted."""
        self._handler = handler
        self._bridge = Bridge(wsgi)
        self._host = host
        self._port = port
        self._on_ready = on_ready
        self._state = ServerState()
        self._front = Front(handler, Stamp(clock or SystemClock()), self._files, self._closed)
        self._pool: ThreadPoolExecutor | None = None
        self._listener: asyncio.AbstractServer | None = None
        self._empty: asyncio.Event | None = None

    @property
    def port(self) -> int:
        """The port listened on; what was asked for before `start`."""
        return self._port

    @property
    def url(self) -> str:
        """Where a client on this machine reaches the server."""
        host = _WILDCARDS.get(self._host, self._host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self._port}"

    async def start(self) -> None:
        """Listen. Errors: EmulatorError when the address cannot be had."""
        config = Config(
            app=self._bridge, http=Connection, ws="none", lifespan="off", interface="asgi3", loop="none",
            log_config=None, access_log=False, proxy_headers=False, timeout_keep_alive=0,
        )  # fmt: skip
        config.load()
        loop = asyncio.get_running_loop()

        def connect() -> Connection:
            return Connection(config, self._state, {}, loop, front=self._front)

        try:
            listener = await loop.create_server(connect, self._host, self._port, backlog=_BACKLOG)
        except (OSError, OverflowError) as error:
            raise EmulatorError(f"Cannot listen on {self._host}:{self._port}: {_reason(error)}.") from error
        self._listener = listener
        self._port = listener.sockets[0].getsockname()[1]
        if self._on_ready is not None:
            self._on_ready(self.url)

    async def stop(self, grace: float = GRACE) -> None:
        """Accept no more, let the handler answer what is parked, wait up to `grace` seconds, then cut."""
        if self._listener is None:
            return
        self._listener.close()
        self._empty = asyncio.Event()
        self._front.stopping = True
        try:
            self._handler.stopping()
        except Exception:
            log.exception("a handler failed at stopping")
        for connection in list(self._state.connections):
            connection.shutdown()
        if not await self._emptied(grace):
            for connection in list(self._state.connections):
                connection.transport.abort()
            await self._emptied(min(grace, 1.0))
        self._listener = None
        self._bridge.stop()
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    async def _emptied(self, within: float) -> bool:
        """Whether all connections are closed and all ASGI calls have ended within so many seconds."""
        assert self._empty is not None
        try:
            async with asyncio.timeout(within):
                while self._state.connections:
                    self._empty.clear()
                    await self._empty.wait()
                if self._state.tasks:
                    await asyncio.wait(self._state.tasks)
        except TimeoutError:
            return False
        return True

    def _closed(self) -> None:
        if self._empty is not None and not self._state.connections:
            self._empty.set()

    def _files(self) -> Executor:
        """The threads that wait for the disk, made when the first byte is not in the page cache."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(4, "front-files")
        return self._pool


def _reason(error: OSError | OverflowError) -> str:
    if isinstance(error, OverflowError):
        return "a port is a number from 0 to 65535"
    if error.errno == errno.EADDRINUSE:
        return "the port is in use"
    return os.strerror(error.errno).lower() if error.errno and error.errno > 0 else str(error)

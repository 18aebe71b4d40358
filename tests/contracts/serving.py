"""A front on a port of its own, clients that write bytes, and a handler that keeps what it is sent."""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvloop

from emulator.front.exchange import Head
from emulator.front.server import Server

TEXT = [("Content-Type", "text/plain")]
LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {
    "uvloop": uvloop.new_event_loop,
    "asyncio": asyncio.SelectorEventLoop,
}


def on_loop(test: Callable[..., Awaitable[None]]) -> Any:
    """Run an async test on each kind of loop, for thirty seconds at most."""
    own = inspect.signature(test)

    @pytest.mark.parametrize("loop_kind", LOOPS)
    @functools.wraps(test)
    def run(loop_kind: str, **fixtures: Any) -> None:
        async def bounded() -> None:
            async with asyncio.timeout(30):
                await test(**fixtures)

        with asyncio.Runner(loop_factory=LOOPS[loop_kind]) as runner:
            runner.run(bounded())

    extra = inspect.Parameter("loop_kind", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    run.__signature__ = own.replace(parameters=[extra, *own.parameters.values()])
    return run


class Received:
    """One call as the handler saw it; a Sink."""

    def __init__(self, head: Head, handler: Echo) -> None:
        self.head = head
        self.handler = handler
        self.chunks: list[bytes] = []
        self.ended = False
        self.aborted = False

    @property
    def body(self) -> bytes:
        return b"".join(self.chunks)

    def data(self, chunk: bytes) -> None:
        self.chunks.append(chunk)
        self.handler.on_data(self, chunk)
        self.handler.changed.set()

    def end(self) -> None:
        self.ended = True
        self.handler.on_end(self)
        self.handler.changed.set()

    def abort(self) -> None:
        self.aborted = True
        self.handler.changed.set()


def echo(call: Received) -> None:
    call.head.respond(200, TEXT, call.body)


def park(call: Received) -> None:
    """Leave the call unanswered."""


@dataclass(frozen=True)
class Part:
    """A FileRange."""

    path: Path
    offset: int
    length: int


class Echo:
    """A handler that keeps what it is sent; paths under /web and /_stepwell are not AWS calls."""

    def __init__(
        self,
        on_end: Callable[[Received], None] = echo,
        on_begin: Callable[[Received], None] = park,
        on_data: Callable[[Received, bytes], None] = lambda call, chunk: None,
        on_stop: Callable[[Echo], None] = lambda handler: None,
    ) -> None:
        self.on_end, self.on_begin, self.on_data, self.on_stop = on_end, on_begin, on_data, on_stop
        self.calls: list[Received] = []
        self.changed = asyncio.Event()

    def begin(self, head: Head) -> Received | None:
        if head.target.startswith(("/web", "/_stepwell")):
            return None
        call = Received(head, self)
        self.calls.append(call)
        self.on_begin(call)
        self.changed.set()
        return call

    def stopping(self) -> None:
        self.on_stop(self)

    async def until(self, holds: Callable[[], bool]) -> None:
        while not holds():
            self.changed.clear()
            await self.changed.wait()


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Client:
    """A client that writes bytes and reads answers."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def send(self, text: str, body: bytes = b"") -> None:
        self.writer.write(text.replace("\n", "\r\n").encode("latin-1") + body)

    async def head(self) -> tuple[int, dict[str, str]]:
        lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = [line.split(": ", 1) for line in lines[1:] if line]
        return int(lines[0].split()[1]), {name.lower(): value for name, value in pairs}

    async def answer(self, bodyless: bool = False) -> Answer:
        status, headers = await self.head()
        if bodyless or status in (204, 304):
            return Answer(status, headers, b"")
        if "content-length" in headers:
            return Answer(status, headers, await self.reader.readexactly(int(headers["content-length"])))
        if headers.get("transfer-encoding") == "chunked":
            return Answer(status, headers, b"".join([chunk async for chunk in self.chunks()]))
        return Answer(status, headers, await self.reader.read())

    async def chunks(self) -> AsyncIterator[bytes]:
        while size := int(await self.reader.readline(), 16):
            yield (await self.reader.readexactly(size + 2))[:-2]
        await self.reader.readline()

    async def call(self, text: str, body: bytes = b"", *, bodyless: bool = False) -> Answer:
        self.send(text, body)
        return await self.answer(bodyless)

    async def post(self, body: bytes = b"", target: str = "/") -> Answer:
        return await self.call(f"POST {target} HTTP/1.1\nHost: h\nContent-Length: {len(body)}\n\n", body)

    async def rest(self) -> bytes:
        """What still comes until the server closes."""
        return await self.reader.read()

    async def close(self) -> None:
        self.writer.close()
        await self.writer.wait_closed()


def no_wsgi() -> Any:
    raise AssertionError("nothing here is for Flask")


class Place:
    """A running server and its clients."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.clients: list[Client] = []

    async def client(self) -> Client:
        client = Client(*await asyncio.open_connection("127.0.0.1", self.server.port))
        self.clients.append(client)
        return client


@asynccontextmanager
async def serving(handler: Echo, wsgi: Callable[[], Any] = no_wsgi) -> AsyncIterator[Place]:
    server = Server(handler, wsgi)
    await server.start()
    place = Place(server)
    try:
        yield place
    finally:
        for client in place.clients:
            client.writer.transport.abort()
        await server.stop()

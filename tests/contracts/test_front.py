"""What a client sees of the front, over real sockets, on either event loop."""

from __future__ import annotations

import asyncio
import functools
import inspect
import itertools
import json
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvloop

from emulator.errors import EmulatorError
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


@on_loop
async def test_a_call_reaches_the_handler_as_it_was_sent() -> None:
    handler = Echo()
    async with serving(handler) as place:
        client = await place.client()

        answer = await client.call(
            "POST /q%20x?a=%2F&b HTTP/1.1\nHost: h\nX-Amz-Target: A.B\nx-two: 1\nX-Two:  2 \nContent-Length: 3\n\n",
            b"abc",
        )

        head = handler.calls[0].head
        assert (head.method, head.target, head.size) == ("POST", "/q%20x?a=%2F&b", 3)
        assert head.headers == {"host": "h", "x-amz-target": "A.B", "x-two": "1, 2", "content-length": "3"}
        assert (answer.status, answer.body) == (200, b"abc")


@on_loop
async def test_an_answer_carries_the_standard_headers() -> None:
    async with serving(Echo()) as place:
        client = await place.client()

        answer = await client.post(b"x")

        assert answer.headers["server"] == "stepwell"
        assert answer.headers["date"].endswith(" GMT")
        assert answer.headers["content-length"] == "1"
        assert "connection" not in answer.headers


@on_loop
async def test_a_chunked_body_arrives_without_its_framing() -> None:
    handler = Echo()
    async with serving(handler) as place:
        client = await place.client()

        answer = await client.call(
            "PUT /k HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\n5\nhello\n6;x=y\n world\n0\nX-Trailer: t\n\n"
        )

        assert answer.body == b"hello world"
        assert handler.calls[0].head.size is None
        assert (await client.post(b"next")).body == b"next"


@on_loop
async def test_the_first_bytes_of_a_body_do_not_wait_for_the_last() -> None:
    handler = Echo()
    async with serving(handler) as place:
        client = await place.client()

        client.send("PUT /k HTTP/1.1\nHost: h\nContent-Length: 6\n\n", b"abc")
        await handler.until(lambda: bool(handler.calls) and handler.calls[0].body == b"abc")

        assert not handler.calls[0].ended
        client.send("", b"def")
        assert (await client.answer()).body == b"abcdef"


@on_loop
async def test_a_head_cut_anywhere_is_put_together() -> None:
    request = b"POST /path HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nok"
    async with serving(Echo()) as place:
        client = await place.client()
        other = await place.client()

        for cut in range(1, len(request)):
            client.writer.write(request[:cut])
            await other.post()
            client.writer.write(request[cut:])

            assert (await client.answer()).body == b"ok"


@on_loop
async def test_connection_close_closes_after_the_answer() -> None:
    async with serving(Echo()) as place:
        client = await place.client()

        answer = await client.call("GET / HTTP/1.1\nHost: h\nConnection: close\n\n")

        assert answer.headers["connection"] == "close"
        assert await client.rest() == b""


@on_loop
async def test_the_handler_may_close_the_connection() -> None:
    handler = Echo(lambda call: call.head.respond(200, [("Connection", "close")], b"bye"))
    async with serving(handler) as place:
        client = await place.client()

        answer = await client.post()

        assert (answer.headers["connection"], answer.body) == ("close", b"bye")
        assert await client.rest() == b""


@on_loop
async def test_http_1_0_closes_unless_asked_to_stay() -> None:
    async with serving(Echo()) as place:
        staying, leaving = await place.client(), await place.client()

        stays = await staying.call("GET / HTTP/1.0\nConnection: keep-alive\n\n")
        leaves = await leaving.call("GET / HTTP/1.0\n\n")

        assert stays.headers["connection"] == "keep-alive"
        assert (await staying.post(b"2")).body == b"2"
        assert leaves.headers["connection"] == "close"
        assert await leaving.rest() == b""


@on_loop
async def test_pipelined_calls_are_served_in_order() -> None:
    handler = Echo(lambda call: park(call) if call.head.target == "/poll" else echo(call))
    async with serving(handler) as place:
        client = await place.client()

        client.send("GET /poll HTTP/1.1\nHost: h\n\nPOST /send HTTP/1.1\nHost: h\nContent-Length: 4\n\nsent")
        await handler.until(lambda: bool(handler.calls) and handler.calls[0].ended)

        assert len(handler.calls) == 1
        handler.calls[0].head.respond(200, TEXT, b"polled")
        assert (await client.answer()).body == b"polled"
        assert (await client.answer()).body == b"sent"


@on_loop
async def test_a_pipelined_body_may_still_be_on_its_way() -> None:
    handler = Echo(lambda call: park(call) if call.head.target == "/poll" else echo(call))
    async with serving(handler) as place:
        client = await place.client()

        client.send("GET /poll HTTP/1.1\nHost: h\n\nPOST /send HTTP/1.1\nHost: h\nContent-Length: 4\n\nse")
        await handler.until(lambda: bool(handler.calls) and handler.calls[0].ended)
        handler.calls[0].head.respond(200, TEXT, b"polled")
        client.send("nt")

        assert (await client.answer()).body == b"polled"
        assert (await client.answer()).body == b"sent"


@on_loop
async def test_thousands_of_pipelined_calls_are_answered() -> None:
    handler = Echo()
    async with serving(handler) as place:
        client = await place.client()

        for number in range(3000):
            client.send(f"POST / HTTP/1.1\nHost: h\nContent-Length: 4\n\n{number:04}")

        assert [(await client.answer()).body for _ in range(3000)] == [b"%04d" % n for n in range(3000)]


@on_loop
async def test_a_client_that_reads_nothing_is_served_nothing_more() -> None:
    handler = Echo(lambda call: call.head.respond(200, TEXT, bytes(1_000_000)))
    async with serving(handler) as place:
        client, other = await place.client(), await place.client()
        client.writer.transport.pause_reading()  # type: ignore[attr-defined]

        client.send("GET / HTTP/1.1\nHost: h\n\n" * 500)
        for _ in range(50):
            await other.post()

        assert len(handler.calls) - 50 < 100
        client.writer.transport.resume_reading()  # type: ignore[attr-defined]
        for _ in range(500):
            assert len((await client.answer()).body) == 1_000_000


@on_loop
async def test_a_head_request_gets_headers_and_no_body() -> None:
    handler = Echo(lambda call: call.head.respond(200, [("Content-Length", "1234"), ("ETag", '"e"')], b""))
    async with serving(handler) as place:
        client = await place.client()

        answer = await client.call("HEAD /b/k HTTP/1.1\nHost: h\n\n", bodyless=True)

        assert (answer.headers["content-length"], answer.headers["etag"]) == ("1234", '"e"')
        again = await client.call("HEAD /b/k HTTP/1.1\nHost: h\n\n", bodyless=True)
        assert again.status == 200


@on_loop
async def test_statuses_without_a_body_send_none() -> None:
    statuses = itertools.cycle([204, 304])
    handler = Echo(lambda call: call.head.respond(next(statuses), [], b"not to be sent"))
    async with serving(handler) as place:
        client = await place.client()

        answers = [await client.post() for _ in range(4)]

        assert [answer.status for answer in answers] == [204, 304, 204, 304]
        assert "content-length" not in answers[0].headers


@on_loop
async def test_expect_100_continue_is_answered_before_the_body() -> None:
    async with serving(Echo()) as place:
        client = await place.client()

        client.send("PUT /k HTTP/1.1\nHost: h\nExpect: 100-continue\nContent-Length: 4\n\n")
        interim, _ = await client.head()
        client.send("body")

        assert interim == 100
        answer = await client.answer()
        assert (answer.status, answer.body) == (200, b"body")
        assert (await client.post(b"next")).body == b"next"


@on_loop
async def test_a_refused_upload_is_not_invited_and_the_connection_ends() -> None:
    handler = Echo(on_begin=lambda call: call.head.respond(403, TEXT, b"denied"))
    async with serving(handler) as place:
        client = await place.client()

        answer = await client.call("PUT /k HTTP/1.1\nHost: h\nExpect: 100-continue\nContent-Length: 4\n\n")

        assert (answer.status, answer.headers["connection"]) == (403, "close")
        assert await client.rest() == b""


@on_loop
async def test_after_an_early_answer_the_rest_of_the_body_is_discarded() -> None:
    handler = Echo(on_data=lambda call, chunk: call.head.respond(400, TEXT, b"no"), on_end=park)
    async with serving(handler) as place:
        client = await place.client()

        client.send("PUT /k HTTP/1.1\nHost: h\nContent-Length: 1000000\n\n", b"x" * 10)
        answer = await client.answer()
        client.send("", b"x" * 999_990)

        assert (answer.status, answer.body) == (400, b"no")
        assert (await client.post(b"again")).status == 400
        assert not handler.calls[0].ended
        assert handler.calls[1].body == b"again"


MALFORMED = {
    "garbage": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "no version": b"GET /\r\n\r\n",
    "space in a name": b"GET / HTTP/1.1\r\nHost : h\r\n\r\n",
    "length not a number": b"POST / HTTP/1.1\r\nContent-Length: five\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "length and chunks": b"PUT / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
    "length beyond all numbers": b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
    "control character": b"GET / HTTP/1.1\r\nX: a\x00b\r\n\r\n",
    "large head": b"GET / HTTP/1.1\r\n" + b"X: %b\r\n" % (b"y" * 70_000) + b"\r\n",
    "endless header": b"GET / HTTP/1.1\r\nX: " + b"y" * 1_000_000,
    "endless target": b"GET /" + b"y" * 1_000_000,
    "proxy": b"CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n\x16\x03\x01",
    "http 2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}


@pytest.mark.parametrize("request_bytes", MALFORMED.values(), ids=MALFORMED)
@on_loop
async def test_a_malformed_request_is_a_400_of_one_line(request_bytes: bytes) -> None:
    async with serving(Echo()) as place:
        client = await place.client()

        client.writer.write(request_bytes)
        answer = await client.answer()

        assert (answer.status, answer.headers["connection"]) == (400, "close")
        assert answer.body.startswith(b"Bad Request: ")
        assert answer.body.count(b"\n") == 1


@on_loop
async def test_a_body_that_breaks_its_framing_is_a_400_and_an_abort() -> None:
    handler = Echo()
    async with serving(handler) as place:
        client = await place.client()

        answer = await client.call("PUT / HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\n2\nab\nzz\n")

        assert answer.status == 400
        assert (handler.calls[0].body, handler.calls[0].ended, handler.calls[0].aborted) == (
            b"ab",
            False,
            True,
        )
        assert await client.rest() == b""


@on_loop
async def test_what_was_asked_before_a_malformed_request_is_answered_first() -> None:
    handler = Echo(park)
    async with serving(handler) as place:
        client = await place.client()

        client.send("GET /poll HTTP/1.1\nHost: h\n\nrubbish rubbish\n\n")
        await handler.until(lambda: bool(handler.calls) and handler.calls[0].ended)
        handler.calls[0].head.respond(200, TEXT, b"polled")

        assert (await client.answer()).body == b"polled"
        assert (await client.answer()).status == 400
        assert await client.rest() == b""


@pytest.mark.parametrize("where", ["on_begin", "on_data", "on_end"])
@on_loop
async def test_a_handler_that_fails_is_a_500_without_a_traceback(where: str, caplog: Any) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("secret")

    handler = Echo(**{where: fail})
    async with serving(handler) as place:
        client = await place.client()

        answers = [await client.post(b"x"), await client.post(b"x")]

        assert [(answer.status, answer.body) for answer in answers] == [(500, b"Internal Server Error\n")] * 2
        assert "secret" in caplog.text


INVALID_HEADERS = {
    "line break": [("X", "a\r\nSet-Cookie: b")],
    "line feed": [("X", "a\nb")],
    "zero": [("X", "a\0b")],
    "break in the name": [("X\r\nY", "a")],
    "space in the name": [("X Y", "a")],
    "no name": [("", "a")],
    "beyond latin-1": [("X", "☃")],
    "break in our own": [("Date", "a\r\nX: b")],
    "length not a number": [("Content-Length", "five")],
    "wrong length": [("Content-Length", "5")],
}


@pytest.mark.parametrize("headers", INVALID_HEADERS.values(), ids=INVALID_HEADERS)
@on_loop
async def test_an_answer_that_is_no_http_becomes_a_500(headers: list[tuple[str, str]], caplog: Any) -> None:
    async with serving(Echo(lambda call: call.head.respond(200, headers, b"ok"))) as place:
        client = await place.client()

        answer = await client.post()

        assert answer.status == 500
        assert answer.headers.keys() == {"server", "date", "content-type", "content-length"}
        assert "cannot be sent" in caplog.text


@on_loop
async def test_a_second_answer_is_an_error_of_the_handler() -> None:
    handler = Echo()
    async with serving(handler) as place:
        client = await place.client()
        await client.post(b"x")

        with pytest.raises(RuntimeError, match="answered twice"):
            handler.calls[0].head.respond(200, TEXT, b"again")

        assert (await client.post(b"y")).body == b"y"


@on_loop
async def test_a_parked_call_is_released_when_its_client_goes_away() -> None:
    handler = Echo(park)
    async with serving(handler) as place:
        client = await place.client()
        client.send("GET /poll HTTP/1.1\nHost: h\n\n")
        await handler.until(lambda: bool(handler.calls) and handler.calls[0].ended)

        await client.close()
        await handler.until(lambda: handler.calls[0].aborted)

        handler.calls[0].head.respond(200, TEXT, b"too late")
        assert handler.calls[0].head.method == "GET"


@on_loop
async def test_an_upload_that_breaks_off_is_aborted() -> None:
    handler = Echo()
    async with serving(handler) as place:
        client = await place.client()
        client.send("PUT /k HTTP/1.1\nHost: h\nContent-Length: 10\n\n", b"half")
        await handler.until(lambda: bool(handler.calls) and handler.calls[0].body == b"half")

        await client.close()
        await handler.until(lambda: handler.calls[0].aborted)

        assert not handler.calls[0].ended


@on_loop
async def test_a_finished_call_is_not_aborted() -> None:
    handler = Echo()
    async with serving(handler) as place:
        client, other = await place.client(), await place.client()
        await client.post(b"x")

        await client.close()
        await other.post()

        assert not handler.calls[0].aborted


@on_loop
async def test_a_paused_upload_stops_coming_until_it_is_resumed() -> None:
    size = 8 * 1024 * 1024
    handler = Echo(
        on_data=lambda call, chunk: call.head.pause() if len(call.chunks) == 1 else None,
        on_end=lambda call: call.head.respond(200, TEXT, str(len(call.body)).encode()),
    )
    async with serving(handler) as place:
        client, other = await place.client(), await place.client()

        client.send(f"PUT /k HTTP/1.1\nHost: h\nContent-Length: {size}\n\n", bytes(size))
        await handler.until(lambda: bool(handler.calls) and bool(handler.calls[0].chunks))
        for _ in range(20):
            await other.post()

        assert len(handler.calls[0].body) <= 512 * 1024
        handler.calls[0].head.resume()
        assert (await client.answer()).body == str(size).encode()


@on_loop
async def test_an_upload_paused_at_its_end_still_notices_that_its_client_goes_away() -> None:
    handler = Echo(park, on_data=lambda call, chunk: call.head.pause())
    async with serving(handler) as place:
        client = await place.client()
        client.send("PUT /k HTTP/1.1\nHost: h\nContent-Length: 2\n\n", b"ab")
        await handler.until(lambda: bool(handler.calls) and handler.calls[0].ended)

        await client.close()

        await handler.until(lambda: handler.calls[0].aborted)


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


@on_loop
async def test_an_iterator_is_sent_chunked() -> None:
    handler = Echo(lambda call: call.head.respond(200, TEXT, pieces(b"a", b"", b"bc")))
    async with serving(handler) as place:
        client = await place.client()

        answers = [await client.post(), await client.post()]

        assert [answer.headers["transfer-encoding"] for answer in answers] == ["chunked"] * 2
        assert [answer.body for answer in answers] == [b"abc"] * 2


@on_loop
async def test_an_iterator_with_a_length_is_sent_as_it_is() -> None:
    headers = [("Content-Length", "3")]
    handler = Echo(lambda call: call.head.respond(200, headers, pieces(b"a", b"bc")))
    async with serving(handler) as place:
        client = await place.client()

        answer = await client.post()

        assert (answer.headers["content-length"], answer.body) == ("3", b"abc")


@on_loop
async def test_http_1_0_reads_an_iterator_to_the_close() -> None:
    async with serving(Echo(lambda call: call.head.respond(200, TEXT, pieces(b"a", b"bc")))) as place:
        client = await place.client()

        answer = await client.call("GET / HTTP/1.0\nConnection: keep-alive\n\n")

        assert "transfer-encoding" not in answer.headers
        assert answer.body == b"abc"


@pytest.mark.parametrize(("length", "sent"), [("2", b"ab"), ("4", b"abc")], ids=["longer", "shorter"])
@on_loop
async def test_a_body_that_breaks_its_promise_ends_the_connection(length: str, sent: bytes, caplog: Any) -> None:
    handler = Echo(lambda call: call.head.respond(200, [("Content-Length", length)], pieces(b"ab", b"c")))
    async with serving(handler) as place:
        client = await place.client()

        client.send("GET / HTTP/1.1\nHost: h\n\n")
        await client.head()

        assert await client.rest() == sent
        assert "broke off" in caplog.text


@on_loop
async def test_an_iterator_that_fails_leaves_the_answer_visibly_unfinished(caplog: Any) -> None:
    async def failing() -> AsyncIterator[bytes]:
        yield b"part"
        raise ZeroDivisionError

    async with serving(Echo(lambda call: call.head.respond(200, TEXT, failing()))) as place:
        client = await place.client()

        client.send("GET / HTTP/1.1\nHost: h\n\n")
        await client.head()

        assert await client.rest() == b"4\r\npart\r\n"
        assert "ZeroDivisionError" in caplog.text


@on_loop
async def test_an_iterator_is_closed_when_its_client_goes_away() -> None:
    closed = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"x" * 1000
        finally:
            closed.set()

    handler = Echo(lambda call: call.head.respond(200, TEXT, endless()))
    async with serving(handler) as place:
        client = await place.client()
        client.send("GET / HTTP/1.1\nHost: h\n\n")
        await client.head()

        await client.close()
        await closed.wait()

        await handler.until(lambda: handler.calls[0].aborted)


@dataclass(frozen=True)
class Part:
    """A FileRange."""

    path: Path
    offset: int
    length: int


@pytest.mark.parametrize(("offset", "length"), [(0, 0), (0, 10), (7, 100_000), (1, 999_999), (999_999, 1)])
@on_loop
async def test_a_part_of_a_file_is_sent(offset: int, length: int, tmp_path: Path) -> None:
    content = bytes(range(250)) * 4000
    file = tmp_path / "blob"
    file.write_bytes(content)
    async with serving(Echo(lambda call: call.head.respond(206, TEXT, Part(file, offset, length)))) as place:
        client = await place.client()

        answers = [await client.post(), await client.post()]

        assert [answer.status for answer in answers] == [206, 206]
        assert [answer.body for answer in answers] == [content[offset : offset + length]] * 2


@on_loop
async def test_a_file_deleted_while_it_is_sent_is_sent_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "blob"
    file.write_bytes(b"z" * 5_000_000)

    def answer_and_delete(call: Received) -> None:
        call.head.respond(200, TEXT, Part(file, 0, 5_000_000))
        file.unlink()

    async with serving(Echo(answer_and_delete)) as place:
        client = await place.client()

        answer = await client.post()

        assert answer.body == b"z" * 5_000_000


@pytest.mark.parametrize("content", [None, b"short"], ids=["missing", "too short"])
@on_loop
async def test_a_file_that_cannot_be_sent_is_a_500(content: bytes | None, tmp_path: Path, caplog: Any) -> None:
    file = tmp_path / "blob"
    if content is not None:
        file.write_bytes(content)
    async with serving(Echo(lambda call: call.head.respond(200, TEXT, Part(file, 0, 10)))) as place:
        client = await place.client()

        answers = [await client.post(), await client.post()]

        assert [answer.status for answer in answers] == [500, 500]
        assert "cannot be sent" in caplog.text


@on_loop
async def test_a_head_of_a_file_does_not_open_it(tmp_path: Path) -> None:
    part = Part(tmp_path / "missing", 0, 4321)
    async with serving(Echo(lambda call: call.head.respond(200, TEXT, part))) as place:
        client = await place.client()

        answer = await client.call("HEAD / HTTP/1.1\nHost: h\n\n", bodyless=True)

        assert (answer.status, answer.headers["content-length"]) == (200, "4321")


@on_loop
async def test_an_upgrade_that_is_not_spoken_is_served_as_it_is() -> None:
    async with serving(Echo()) as place:
        client = await place.client()

        for body in (b"", b"abc", b"", b"d") * 100:
            client.send(
                "POST / HTTP/1.1\nHost: h\nConnection: Upgrade, HTTP2-Settings\nUpgrade: h2c\n"
                f"HTTP2-Settings: AAMAAABkAAQAAP__\nContent-Length: {len(body)}\n\n",
                body,
            )
        answers = [await client.answer() for _ in range(400)]

        assert {answer.status for answer in answers} == {200}
        assert [answer.body for answer in answers] == [b"", b"abc", b"", b"d"] * 100


@on_loop
async def test_a_target_in_absolute_form_is_known_by_its_path() -> None:
    handler = Echo()
    async with serving(handler) as place:
        client = await place.client()

        for target in ("http://s3.localhost/b/k?x=1", "HTTP://h:80?x", "http://h", "*"):
            await client.call(f"OPTIONS {target} HTTP/1.1\nHost: h\n\n")

        assert [call.head.target for call in handler.calls] == ["/b/k?x=1", "/?x", "/", "*"]


@on_loop
async def test_a_port_in_use_is_one_clear_line() -> None:
    async with serving(Echo()) as place:
        second = Server(Echo(), no_wsgi, port=place.server.port)

        with pytest.raises(EmulatorError) as caught:
            await second.start()

        assert str(caught.value) == f"Cannot listen on 127.0.0.1:{place.server.port}: the port is in use."


@on_loop
async def test_a_server_says_when_and_where_it_is_ready() -> None:
    heard: list[str] = []
    server = Server(Echo(), no_wsgi, host="0.0.0.0", on_ready=heard.append)

    await server.start()

    assert heard == [f"http://127.0.0.1:{server.port}"]
    assert server.port > 0
    await server.stop()


@on_loop
async def test_parked_calls_are_answered_before_the_server_stops() -> None:
    def answer_all(handler: Echo) -> None:
        loop = asyncio.get_running_loop()
        for call in handler.calls:
            loop.call_soon(call.head.respond, 200, TEXT, b"nothing")

    handler = Echo(park, on_stop=answer_all)
    server = Server(handler, no_wsgi)
    await server.start()
    place = Place(server)
    parked, idle, half = [await place.client() for _ in range(3)]
    parked.send("GET /poll HTTP/1.1\nHost: h\n\nGET /behind HTTP/1.1\nHost: h\n\n")
    half.send("GET /half")
    await handler.until(lambda: bool(handler.calls) and handler.calls[0].ended)

    await server.stop()

    answer = await parked.answer()
    assert (answer.body, answer.headers["connection"]) == (b"nothing", "close")
    assert [await client.rest() for client in (parked, idle, half)] == [b""] * 3
    assert len(handler.calls) == 1
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", server.port)
    for client in place.clients:
        await client.close()


@on_loop
async def test_a_call_that_nobody_answers_is_cut_when_the_grace_is_over() -> None:
    handler = Echo(park)
    server = Server(handler, no_wsgi)
    await server.start()
    client = await Place(server).client()
    client.send("GET /poll HTTP/1.1\nHost: h\n\n")
    await handler.until(lambda: bool(handler.calls) and handler.calls[0].ended)

    await server.stop(grace=0.01)

    assert handler.calls[0].aborted
    client.writer.transport.abort()


def wsgi_echo(environ: Any, start_response: Any) -> Iterable[bytes]:
    """Tells what it was asked."""
    body = environ["wsgi.input"].read()
    told = {
        "method": environ["REQUEST_METHOD"],
        "path": environ["PATH_INFO"],
        "query": environ["QUERY_STRING"],
        "header": environ.get("HTTP_X_ONE"),
        "body": body.decode(),
    }
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(told).encode()]


@on_loop
async def test_what_is_no_aws_call_goes_to_the_wsgi_application() -> None:
    handler = Echo()
    async with serving(handler, lambda: wsgi_echo) as place:
        client = await place.client()

        answer = await client.call("POST /web/a%20b?q=1 HTTP/1.1\nHost: h\nX-One: 1\nContent-Length: 3\n\n", b"abc")

        told = json.loads(answer.body)
        assert (told["method"], told["path"], told["query"]) == ("POST", "/web/a b", "q=1")
        assert (told["header"], told["body"]) == ("1", "abc")
        assert answer.headers["server"] == "stepwell"
        assert handler.calls == []


@on_loop
async def test_both_kinds_of_calls_share_a_connection_in_order() -> None:
    async with serving(Echo(), lambda: wsgi_echo) as place:
        client = await place.client()

        for number in range(20):
            client.send(f"POST {('/web', '/aws')[number % 2]} HTTP/1.1\nHost: h\nContent-Length: 2\n\n{number:02}")
        answers = [await client.answer() for _ in range(20)]

        assert [
            (answer.body if number % 2 else json.loads(answer.body)["body"].encode())
            for number, answer in enumerate(answers)
        ] == [b"%02d" % number for number in range(20)]


@on_loop
async def test_a_chunked_body_with_100_continue_reaches_the_wsgi_application() -> None:
    async with serving(Echo(), lambda: wsgi_echo) as place:
        client = await place.client()

        client.send("PUT /web HTTP/1.1\nHost: h\nExpect: 100-continue\nTransfer-Encoding: chunked\n\n")
        interim, _ = await client.head()
        client.send("3\nabc\n3\ndef\n0\n\n")

        assert interim == 100
        assert json.loads((await client.answer()).body)["body"] == "abcdef"


@on_loop
async def test_a_large_body_reaches_a_wsgi_application_that_does_not_read_it() -> None:
    def ignoring(environ: Any, start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    async with serving(Echo(), lambda: ignoring) as place:
        client = await place.client()

        client.send("PUT /web HTTP/1.1\nHost: h\nContent-Length: 3000000\n\n", bytes(3_000_000))

        assert (await client.answer()).body == b"ok"
        assert (await client.post(b"next")).body == b"next"


@on_loop
async def test_the_wsgi_application_is_made_once_and_only_when_asked_for() -> None:
    made: list[int] = []

    def make() -> Any:
        made.append(1)
        return wsgi_echo

    async with serving(Echo(), make) as place:
        clients = [await place.client() for _ in range(5)]
        await clients[0].post(b"aws")
        before = list(made)

        answers = await asyncio.gather(*(client.post(b"x", "/web") for client in clients))

        assert before == []
        assert made == [1]
        assert [answer.status for answer in answers] == [200] * 5


@on_loop
async def test_a_wsgi_application_that_fails_is_a_500_without_a_traceback(caplog: Any) -> None:
    def failing(environ: Any, start_response: Any) -> Iterable[bytes]:
        raise ZeroDivisionError("secret")

    made = itertools.count()

    def make() -> Any:
        return failing if next(made) else no_wsgi()

    async with serving(Echo(), make) as place:
        clients = [await place.client() for _ in range(2)]

        answers = [await client.post(b"", "/web") for client in clients]

        assert [(answer.status, answer.body) for answer in answers] == [(500, b"Internal Server Error")] * 2
        assert "secret" in caplog.text


@on_loop
async def test_a_streaming_wsgi_answer_is_chunked() -> None:
    def streaming(environ: Any, start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        return (part for part in (b"a", b"bc"))

    async with serving(Echo(), lambda: streaming) as place:
        client = await place.client()

        answer = await client.post(b"", "/web")

        assert (answer.headers["transfer-encoding"], answer.body) == ("chunked", b"abc")


@on_loop
async def test_flask_calls_the_loop_from_its_threads_while_aws_calls_go_on() -> None:
    loop = asyncio.get_running_loop()

    async def answer() -> dict[str, Any]:
        return {"Account": "000000000000"}

    class OnLoop:
        def call(
            self, service: str, operation: str, params: dict[str, Any], *, account: str = "", region: str = ""
        ) -> dict[str, Any]:
            return asyncio.run_coroutine_threadsafe(answer(), loop).result()

    def make() -> Any:
        from emulator.front.web import make_app

        return make_app(OnLoop())

    async with serving(Echo(), make) as place:
        web, aws = await place.client(), await place.client()

        web.send("GET /web HTTP/1.1\nHost: h\n\n")
        during = await aws.post(b"x")
        missing = await web.answer()

        assert during.body == b"x"
        assert (missing.status, json.loads(missing.body)) == (
            404,
            {"error": "Nothing is served at GET /web."},
        )
        healthy = await web.call("GET /_stepwell/health HTTP/1.1\nHost: h\n\n")
        assert json.loads(healthy.body)["status"] == "ok"


def test_importing_the_front_does_not_import_flask() -> None:
    code = "import sys, emulator.front.server; print(sorted({'flask', 'werkzeug'} & set(sys.modules)))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def resident(field: str) -> int:
    """Memory of this process in bytes: VmRSS now, VmHWM at most since the last reset."""
    status = Path("/proc/self/status")
    if not status.exists():
        pytest.skip("memory is read from /proc")
    line = next(line for line in status.read_text().splitlines() if line.startswith(field))
    return int(line.split()[1]) * 1024


def reset_peak() -> int:
    """Forget the peak; answers memory now."""
    now = resident("VmRSS")
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        pytest.skip("the peak of memory cannot be reset here")
    return now


MIB = 1024 * 1024
SIZES = [256, pytest.param(1024, marks=pytest.mark.slow)]


async def connect(port: int) -> socket.socket:
    plain = socket.socket()
    plain.setblocking(False)
    await asyncio.get_running_loop().sock_connect(plain, ("127.0.0.1", port))
    return plain


@pytest.mark.parametrize("mebibytes", SIZES)
@on_loop
async def test_an_upload_takes_bounded_memory(mebibytes: int) -> None:
    taken = itertools.count()

    def drop(call: Received, chunk: bytes) -> None:
        call.chunks.clear()
        if next(taken) % 10 == 0:
            call.head.pause()
            asyncio.get_running_loop().call_soon(call.head.resume)

    handler = Echo(on_data=drop)
    async with serving(handler) as place:
        loop = asyncio.get_running_loop()
        plain = await connect(place.server.port)
        chunk = bytes(MIB)
        before = reset_peak()

        await loop.sock_sendall(plain, b"PUT /k HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (mebibytes * MIB))
        for _ in range(mebibytes):
            await loop.sock_sendall(plain, chunk)
        answer = await loop.sock_recv(plain, 4096)

        assert answer.startswith(b"HTTP/1.1 200 OK")
        assert resident("VmHWM") - before < 30 * MIB
        plain.close()


@pytest.mark.parametrize("mebibytes", SIZES)
@on_loop
async def test_a_download_takes_bounded_memory(mebibytes: int, tmp_path: Path) -> None:
    file = tmp_path / "large"
    with file.open("wb") as sparse:
        sparse.truncate(mebibytes * MIB)
    async with serving(Echo(lambda call: call.head.respond(200, [], Part(file, 0, mebibytes * MIB)))) as place:
        loop = asyncio.get_running_loop()
        plain = await connect(place.server.port)
        buffer = bytearray(MIB)
        before = reset_peak()

        await loop.sock_sendall(plain, b"GET /k HTTP/1.1\r\n\r\n")
        left = mebibytes * MIB
        while left > 0:
            left -= await loop.sock_recv_into(plain, buffer)

        assert resident("VmHWM") - before < 30 * MIB
        plain.close()


@on_loop
async def test_five_hundred_parked_calls_take_little_memory() -> None:
    handler = Echo(park)
    async with serving(handler) as place:
        loop = asyncio.get_running_loop()
        before = resident("VmRSS")

        clients = [await connect(place.server.port) for _ in range(500)]
        for plain in clients:
            await loop.sock_sendall(plain, b"POST /poll HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}")
        await handler.until(lambda: sum(call.ended for call in handler.calls) == 500)

        assert resident("VmRSS") - before < 10 * MIB
        for plain in clients:
            plain.close()

"""What a client receives: headers, failures, iterators, and parts of files."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.serving import TEXT, Echo, Part, Received, on_loop, serving


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

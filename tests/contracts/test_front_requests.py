"""What the front makes of the bytes that a client sends, over real sockets, on either event loop."""

from __future__ import annotations

import pytest

from tests.contracts.serving import TEXT, Echo, on_loop, park, serving


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

"""How long a connection lives, whose turn it is on it, and what happens when its client goes away."""

from __future__ import annotations

from tests.contracts.serving import TEXT, Echo, echo, on_loop, park, serving


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

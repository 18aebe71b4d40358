"""How the front starts, and how it stops."""

from __future__ import annotations

import asyncio

import pytest

from emulator.errors import EmulatorError
from emulator.front.server import Server
from tests.contracts.serving import TEXT, Echo, Place, no_wsgi, on_loop, park, serving


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

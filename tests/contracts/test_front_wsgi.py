"""What is no AWS call goes to Flask, in threads beside the loop."""

from __future__ import annotations

import asyncio
import itertools
import json
import subprocess
import sys
from collections.abc import Iterable
from typing import Any

from tests.contracts.serving import Echo, no_wsgi, on_loop, serving


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

"""One running emulator for all service tests of a session; each test has an account of its own."""

from __future__ import annotations

import io
import itertools
import os
import queue
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from emulator.kit.context import Context
from emulator.testing import Running
from tests.services import recorded as situations
from tests.services.edges import Edge

_accounts = itertools.count(100_000_000_001)


def _stores() -> list[Any]:
    stores = [pytest.param("sqlite", id="sqlite")]
    if os.environ.get("STEPWELL_TEST_POSTGRES") or os.environ.get("CI"):
        stores.append(pytest.param("postgres", id="postgres", marks=pytest.mark.postgres))
    return stores


@pytest.fixture(scope="session", params=_stores())
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    settings: dict[str, Any] = {}
    if request.param == "postgres":
        settings["store"] = request.getfixturevalue("postgres_url")
    emulator = Running(tmp_path_factory.mktemp("stepwell"), **settings).start()
    yield emulator
    emulator.stop()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A database of this session's own on the local PostgreSQL server."""
    import psycopg

    server = os.environ.get("STEPWELL_TEST_POSTGRES_SERVER", "postgresql://postgres@127.0.0.1:5432/")
    name = f"stepwell_test_{os.getpid()}"
    try:
        connection = psycopg.connect(f"{server}postgres", autocommit=True)
    except psycopg.OperationalError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no PostgreSQL server: {error}")
    with connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield f"{server}{name}"
    with psycopg.connect(f"{server}postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@dataclass(frozen=True)
class Call:
    """A request that an endpoint got."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


class Endpoint:
    """An HTTP server on this machine: its URL, the calls it got, what it answers next (200 when nothing is left)."""

    def __init__(self) -> None:
        self.calls: queue.Queue[Call] = queue.Queue()
        self.answers: queue.Queue[tuple[int, bytes]] = queue.Queue()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def respond(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                headers = {name.title(): value for name, value in self.headers.items()}
                endpoint.calls.put(Call(self.command, self.path, headers, body))
                status, answer = (200, b"") if endpoint.answers.empty() else endpoint.answers.get()
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST = do_PUT = respond  # noqa: N815

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def got(self) -> Call:
        """The next call; waits for it."""
        return self.calls.get(timeout=10)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def http_endpoint() -> Iterator[Endpoint]:
    server = Endpoint()
    yield server
    server.close()


def _zipped(**files: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.py", text)
    return written.getvalue()


@pytest.fixture
def zipped() -> Callable[..., bytes]:
    """zipped(module="its source", ...): an archive."""
    return _zipped


class Clients:
    """boto3 clients of a session, each for the account that has its test: to make one takes longer than most tests."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._made: dict[tuple[str, str], Any] = {}

    def __call__(self, service: str, region: str, account: str) -> Any:
        made = self._made.get((service, region))
        if made is None:
            made = self._made[service, region] = self._running.client(service, account, region)
        made._request_signer._credentials.access_key = account
        return made


class Aws:
    """boto3 clients of one account, and its time.

    `clients`: they are shared with the tests of other accounts, so what changes a client changes one of its `own`.
    """

    def __init__(self, running: Running, account: str, clients: Clients | None = None) -> None:
        self.running = running
        self.account = account
        self._clients = clients

    def __call__(self, service: str, region: str = "us-east-1") -> Any:
        return self.own(service, region) if self._clients is None else self._clients(service, region, self.account)

    def own(self, service: str, region: str = "us-east-1") -> Any:
        """A client of the test's own."""
        return self.running.client(service, self.account, region)

    def advance(self, seconds: float) -> None:
        """Move this account's time forward; what becomes due on the way is done."""
        self("stepwell").advance_clock(Seconds=seconds)

    def function(self, source: str, name: str = "f", **settings: Any) -> str:
        """Create a function of that source, whose handler is index.handler; its ARN."""
        made = self("lambda").create_function(
            FunctionName=name,
            Runtime="python3.12",
            Handler="index.handler",
            Role="arn:aws:iam::000000000000:role/lambda",
            Code={"ZipFile": _zipped(index=source)},
            **settings,
        )
        arn: str = made["FunctionArn"]
        return arn

    def inside(self, unit: Callable[[Context], Any]) -> Any:
        """What `unit` gives inside a transaction of the emulator's own, as a call of this account."""
        return self.running.inside(unit, self.account)


@pytest.fixture(scope="session")
def clients(running: Running) -> Clients:
    return Clients(running)


@pytest.fixture
def aws(running: Running, clients: Clients) -> Callable[..., Any]:
    return Aws(running, str(next(_accounts)), clients)


@pytest.fixture
def edge(running: Running, aws: Any) -> Iterator[Edge]:
    """Requests as bytes, for what no client would send."""
    found = Edge(running, aws.account)
    yield found
    found.close()


@pytest.fixture
def recorded(request: pytest.FixtureRequest) -> Iterator[Any]:
    """`recorded.agree(situation, name=answer, ...)` for what the test's markers name; skipped without recordings.

    A situation is compared as a whole, in as many calls as one likes, unless the test takes `recorded(situation)` to
    compare it by itself.
    """
    markers = list(request.node.iter_markers("recording"))
    assert markers, "a test that looks at recordings says by a marker at which"
    service, *named = markers[0].args
    recordings = situations.Recordings(service, [*named, *(name for other in markers[1:] for name in other.args[1:])])
    yield recordings
    recordings.require_whole()


@pytest.fixture
def error_of() -> Callable[..., dict[str, Any]]:
    """The error that a call of a boto3 client ends with: `error_of(client.operation, Param=...)`."""
    return situations.error_of


@pytest.fixture
def refusal(error_of: Callable[..., dict[str, Any]]) -> Callable[..., tuple[str, str]]:
    """Code and message of the error that a call of a boto3 client ends with: `refusal(client.operation, Param=...)`."""

    def find(call: Any, /, *args: Any, **params: Any) -> tuple[str, str]:
        error = error_of(call, *args, **params)["Error"]
        return error["Code"], error["Message"]

    return find


@pytest.fixture
def refusal_and_status(error_of: Callable[..., dict[str, Any]]) -> Callable[..., tuple[str, str, int]]:
    """As `refusal`; with the HTTP status of the answer."""

    def find(call: Any, /, *args: Any, **params: Any) -> tuple[str, str, int]:
        answer = error_of(call, *args, **params)
        return answer["Error"]["Code"], answer["Error"]["Message"], answer["ResponseMetadata"]["HTTPStatusCode"]

    return find

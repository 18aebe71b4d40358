"""A load client of the AWS wire: connections that are kept, one request at a time on each."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httptools

TARGETS = {
    "sqs": ("AmazonSQS", "1.0"),
    "states": ("AWSStepFunctions", "1.0"),
    "events": ("AWSEvents", "1.1"),
}
ACCOUNT, REGION = "000000000000", "us-east-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/bench"


class Wrong(Exception):
    """It answered, but not what it should have."""


def require(holds: object, reason: str) -> None:
    """Raise Wrong with the reason where something that must hold does not."""
    if not holds:
        raise Wrong(reason)


class Connection(asyncio.Protocol):
    """One connection; httptools calls the methods that begin with on_."""

    def __init__(self) -> None:
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._begin()

    def _begin(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._body: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError(f"the connection was lost: {error}"))

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, chunk: bytes) -> None:
        self._body.append(chunk)

    def on_message_complete(self) -> None:
        status, body = self._parser.get_status_code(), b"".join(self._body)
        if status >= 200 and self._answer is not None:
            self._answer.set_result((status, body))

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send a whole request; status and body of its answer."""
        self._begin()
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)  # type: ignore[attr-defined]
        return await self._answer

    def close(self) -> None:
        """End it."""
        self._transport.abort()  # type: ignore[attr-defined]


class Client:
    """As many connections as requests are under way at once."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._idle: list[Connection] = []

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send a whole request on a free connection."""
        if self._idle:
            connection = self._idle.pop()
        else:
            loop = asyncio.get_running_loop()
            _, connection = await loop.create_connection(Connection, "127.0.0.1", self.port)
        answer = await connection.ask(request)
        self._idle.append(connection)
        return answer

    def close(self) -> None:
        """End the connections."""
        for connection in self._idle:
            connection.close()
        self._idle.clear()

    async def call(self, service: str, operation: str, **params: Any) -> Any:
        """An operation of a service that speaks JSON. Raises Wrong for an error."""
        target, version = TARGETS[service]
        kind = f"X-Amz-Target: {target}.{operation}\r\nContent-Type: application/x-amz-json-{version}\r\n"
        status, body = await self.ask(self.request("POST", "/", service, json.dumps(params).encode(), kind))
        require(status == 200, f"{service}.{operation} answered {status}: {body[:300]!r}")
        return json.loads(body) if body else {}

    async def rest(self, service: str, method: str, path: str, body: bytes = b"") -> bytes:
        """A REST request; the body of its answer. Raises Wrong for an error."""
        kind = "X-Amz-Content-SHA256: UNSIGNED-PAYLOAD\r\n" if service == "s3" else ""
        status, answer = await self.ask(self.request(method, path, service, body, kind))
        require(200 <= status < 300, f"{method} {path} answered {status}: {answer[:300]!r}")
        return answer

    def request(self, method: str, path: str, service: str, body: bytes = b"", more: str = "") -> bytes:
        """A request as bytes; `more` are whole header lines."""
        scope = f"{ACCOUNT}/20260101/{REGION}/{service}/aws4_request"
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Authorization: AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0\r\n"
            f"{more}Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


async def many(count: int, at_once: int, act: Callable[[int], Awaitable[Any]]) -> tuple[list[Any], list[float], float]:
    """Do something `count` times, `at_once` of them at a time: results, seconds of each, seconds of all."""
    numbers = iter(range(count))
    results: list[Any] = [None] * count
    each: list[float] = []

    async def work() -> None:
        for number in numbers:
            begin = time.perf_counter()
            results[number] = await act(number)
            each.append(time.perf_counter() - begin)

    begin = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(at_once)))
    return results, each, time.perf_counter() - begin

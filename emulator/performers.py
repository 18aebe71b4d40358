"""Who does what work asks of the world outside the store: functions in the host, files and sockets in a few threads."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Thread
from typing import Any

from emulator.host import Host
from emulator.kit.effects import Block, HttpAnswer, HttpRequest, InvokeFunction, RemoveFile, RetireFunctions, WriteFile
from emulator.kit.runner import Performer

CALLS = 64  # HTTP requests at a time
CHUNK = 65_536  # bytes


def make(loop: asyncio.AbstractEventLoop, host: Host | None) -> dict[type, Performer]:
    """The performers of a process; each answers on `loop`, exactly once."""
    pool, calls = Pool(loop), Calls(loop)
    performers: dict[type, Performer] = {
        WriteFile: lambda effect, done: pool.perform(write_file, effect, done),
        RemoveFile: lambda effect, done: pool.perform(remove_file, effect, done),
        Block: lambda effect, done: pool.perform(lambda block: block.how(), effect, done),
        HttpRequest: calls.perform,
    }
    if host is not None:
        performers[InvokeFunction] = lambda effect, done: host.invoke(
            effect.function,
            effect.payload,
            request_id=effect.request_id,
            client_context=effect.client_context,
            trace_id=effect.trace_id,
            done=done,
        )
        performers[RetireFunctions] = lambda effect, done: retire(loop, host, effect, done)
    return performers


def retire(loop: asyncio.AbstractEventLoop, host: Host, effect: RetireFunctions, done: Callable[[Any], None]) -> None:
    """Tell the host what it need not keep."""
    for key in effect.keys:
        host.retire(key)
    loop.call_soon(done, None)


class Pool:
    """A few threads for what blocks; an OSError is an outcome like any other, and whatever else happens is one."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._threads: ThreadPoolExecutor | None = None

    def perform(self, how: Callable[[Any], Any], effect: Any, done: Callable[[Any], None]) -> None:
        """Do `how(effect)` in a thread; `done` hears its result on the loop."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(4, thread_name_prefix="stepwell-io")

        self._threads.submit(lambda: tell(self._loop, done, outcome_of(how, effect)))


class Calls:
    """HTTP requests, each in a thread of its own: a slow endpoint keeps no file waiting, nor the end of the process."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._running = 0
        self._waiting: deque[tuple[HttpRequest, Callable[[Any], None]]] = deque()

    def perform(self, effect: HttpRequest, done: Callable[[Any], None]) -> None:
        """Make the request once there is room; `done` hears the outcome on the loop."""
        if self._running == CALLS:
            self._waiting.append((effect, done))
            return
        self._running += 1

        def over(outcome: Any) -> None:
            self._running -= 1
            if self._waiting:
                self.perform(*self._waiting.popleft())
            done(outcome)

        work = Thread(target=lambda: tell(self._loop, over, outcome_of(request, effect)), daemon=True)
        work.start()


def outcome_of(how: Callable[[Any], Any], effect: Any) -> Any:
    """What `how(effect)` gives, or the error it ends with, as an OSError."""
    try:
        return how(effect)
    except OSError as error:
        return error
    except Exception as error:  # http.client and urllib raise more than OSErrors
        return OSError(f"{type(error).__name__}: {error}")


def tell(loop: asyncio.AbstractEventLoop, done: Callable[[Any], None], outcome: Any) -> None:
    """Let the loop hear an outcome, if there still is one."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(done, outcome)


def write_file(effect: WriteFile) -> None:
    """Write beside the target, then rename: a reader never sees half a file."""
    folder = effect.path.parent
    folder.mkdir(parents=True, exist_ok=True)
    file = NamedTemporaryFile(dir=folder, prefix=".stepwell-", delete=False)  # noqa: SIM115 (closed below)
    try:
        with file:
            if isinstance(effect.source, Path):
                with effect.source.open("rb") as source:
                    shutil.copyfileobj(source, file)
            else:
                file.write(effect.source)
        os.replace(file.name, effect.path)
    except BaseException:
        Path(file.name).unlink(missing_ok=True)
        raise


def remove_file(effect: RemoveFile) -> None:
    """Remove the file, if it is there."""
    effect.path.unlink(missing_ok=True)


def request(effect: HttpRequest) -> HttpAnswer:
    """One HTTP request; an answer of any status is an answer. Raises OSError for a URL that is not of HTTP.

    It goes where its URL says and nowhere else: through no proxy, and no redirect is followed.
    """
    import urllib.error  # 25 ms that only who sends needs
    import urllib.request

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    if not effect.url.startswith(("http://", "https://")):
        raise OSError(f"{effect.url} is not a URL of HTTP")
    wanted = urllib.request.Request(effect.url, data=effect.body or None, headers=effect.headers, method=effect.method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), Stay)
    until = time.monotonic() + effect.timeout_seconds
    try:
        answer = opener.open(wanted, timeout=effect.timeout_seconds)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return HttpAnswer(answer.status, answer.reason, tuple(answer.headers.items()), read(answer, until))


def read(answer: Any, until: float) -> bytes:
    """The body of an answer; raises TimeoutError where it is not over at `until` (of `time.monotonic`)."""
    body = bytearray()
    while part := answer.read1(CHUNK):
        body += part
        if time.monotonic() > until:
            raise TimeoutError("timed out")
    return bytes(body)

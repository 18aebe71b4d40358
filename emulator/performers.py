"""Who does what work asks of the world outside the store: functions in the host, files and sockets in a small pool."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from emulator.host import Host
from emulator.kit.effects import HttpAnswer, HttpRequest, InvokeFunction, RemoveFile, WriteFile
from emulator.kit.runner import Performer


def make(loop: asyncio.AbstractEventLoop, host: Host | None) -> dict[type, Performer]:
    """The performers of a process; each answers on `loop`, exactly once."""
    pool = Pool(loop)
    performers: dict[type, Performer] = {
        WriteFile: lambda effect, done: pool.perform(write_file, effect, done),
        RemoveFile: lambda effect, done: pool.perform(remove_file, effect, done),
        HttpRequest: lambda effect, done: pool.perform(request, effect, done),
    }
    if host is not None:
        performers[InvokeFunction] = lambda effect, done: host.invoke(
            effect.function,
            effect.payload,
            request_id=effect.request_id,
            client_context=effect.client_context,
            done=done,
        )
    return performers


class Pool:
    """A few threads for what blocks; an OSError is an outcome like any other, and whatever else happens is one."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._threads: ThreadPoolExecutor | None = None

    def perform(self, how: Callable[[Any], Any], effect: Any, done: Callable[[Any], None]) -> None:
        """Do `how(effect)` in a thread; `done` hears its result on the loop."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(4, thread_name_prefix="stepwell-io")

        def work() -> None:
            try:
                outcome = how(effect)
            except OSError as error:
                outcome = error
            except Exception as error:  # http.client and urllib raise more than OSErrors
                outcome = OSError(f"{type(error).__name__}: {error}")
            if not self._loop.is_closed():
                self._loop.call_soon_threadsafe(done, outcome)

        self._threads.submit(work)


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
    """One HTTP request; an answer of any status is an answer. Raises OSError for a URL that is not of HTTP."""
    import urllib.error  # 25 ms that only who sends needs
    import urllib.request

    if not effect.url.startswith(("http://", "https://")):
        raise OSError(f"{effect.url} is not a URL of HTTP")
    wanted = urllib.request.Request(effect.url, data=effect.body or None, headers=effect.headers, method=effect.method)
    try:
        with urllib.request.urlopen(wanted, timeout=effect.timeout_seconds) as answer:
            return HttpAnswer(answer.status, dict(answer.headers.items()), answer.read())
    except urllib.error.HTTPError as error:
        return HttpAnswer(error.code, dict(error.headers.items()), error.read())

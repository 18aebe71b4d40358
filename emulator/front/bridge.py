"""The WSGI application behind the front: made at its first request, run in a small pool of threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from a2wsgi import WSGIMiddleware

WSGIApp = Callable[[Any, Any], Iterable[bytes]]  # environ, start_response (PEP 3333)
THREADS = 8


class Bridge:
    """An ASGI application that calls a WSGI one. Flask takes 100 ms to import: only who asks for it pays."""

    def __init__(self, make: Callable[[], WSGIApp]) -> None:
        self._make = make
        self._made: asyncio.Future[WSGIMiddleware] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self._made is None or (self._made.done() and self._made.exception() is not None):
            self._made = asyncio.ensure_future(self._build())
        bridge = await asyncio.shield(self._made)
        await bridge(scope, receive, send)

    async def _build(self) -> WSGIMiddleware:
        """In a thread, so that AWS calls go on during the import. The first caller builds for all."""
        from a2wsgi import WSGIMiddleware

        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1, "front-build") as builder:
            app = await loop.run_in_executor(builder, self._make)
        return WSGIMiddleware(_with_chunked_bodies(app), workers=THREADS)

    def stop(self) -> None:
        """Let go of the threads; a request that still runs is not waited for."""
        if self._made is None or not self._made.done():
            return
        if not self._made.cancelled() and self._made.exception() is None:
            self._made.result().executor.shutdown(wait=False, cancel_futures=True)


def _with_chunked_bodies(app: WSGIApp) -> WSGIApp:
    """Without a Content-Length werkzeug reads nothing unless told that the input ends by itself."""

    def call(environ: Any, start_response: Any) -> Iterable[bytes]:
        environ["wsgi.input_terminated"] = True
        return app(environ, start_response)

    return call

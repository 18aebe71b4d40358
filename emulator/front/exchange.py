"""What the front and the one who answers say to each other: a head, a sink, an answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol


class FileRange(Protocol):
    """A part of a file, as `storage.blobs` gives it: `length` bytes of `path` from `offset` on."""

    @property
    def path(self) -> object: ...
    @property
    def offset(self) -> int: ...
    @property
    def length(self) -> int: ...


Body = bytes | FileRange | AsyncIterator[bytes]


class Head(Protocol):
    """One request as known when its headers are complete, and the way to answer it.

    `target` is the raw `path?query` as sent. Names in `headers` are lower-case, values decoded as latin-1;
    a repeated header is joined by `, ` (RFC 9110 section 5.3), a repeated `cookie` by `; `. `size` is the
    Content-Length, None when the body is chunked or when the header is absent.
    """

    method: str
    target: str
    headers: dict[str, str]
    size: int | None

    def respond(self, status: int, headers: list[tuple[str, str]], body: Body) -> None:
        """Answer, exactly once, on the loop's thread, now or at any later time.

        bytes are sent with their length, a FileRange is streamed with its length, an AsyncIterator is sent
        chunked (or with the Content-Length in `headers`, which it must then keep). HEAD, 204 and 304 send no
        body; a HEAD keeps the Content-Length in `headers`. `Server`, `Date`, `Connection` and
        `Transfer-Encoding` are the front's; `Connection: close` in `headers` closes after the answer.
        A header that is no valid HTTP becomes a 500. Once the client has gone, the answer is discarded.
        Errors: RuntimeError for a second answer. After an answer that comes before `end()`, the sink hears
        nothing more but a possible `abort()`; the rest of the request is read and discarded.
        """
        ...

    def pause(self) -> None:
        """Stop reading the request's body; what one read had already brought (256 KiB) still comes."""
        ...

    def resume(self) -> None:
        """Read on."""
        ...


class Sink(Protocol):
    """Where a request's body goes. All three are called on the loop's thread and must not block."""

    def data(self, chunk: bytes) -> None:
        """The next bytes of the body, chunked framing removed."""
        ...

    def end(self) -> None:
        """The body is complete."""
        ...

    def abort(self) -> None:
        """The client went away before it had its whole answer; nothing is called after this."""
        ...


class Handler(Protocol):
    """Who answers AWS calls."""

    def begin(self, head: Head) -> Sink | None:
        """Take the request (a sink for its body) or leave it to the WSGI application (None)."""
        ...

    def stopping(self) -> None:
        """The server stops: answer what is parked. Called once, before connections are closed."""
        ...

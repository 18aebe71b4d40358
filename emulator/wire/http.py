"""What the wire knows of HTTP: one request, one answer, and the two kinds of body that are not in memory."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha512
from typing import NamedTuple, Protocol, TypeAlias

FORM = "application/x-www-form-urlencoded"
"""The content type of a form, which the query protocol sends."""

Stream: TypeAlias = object
"""The value of a streaming output member; the wire hands it on untouched in `Response.body`."""


class Body(Protocol):
    """A large request body that the front has spooled."""

    @property
    def size(self) -> int: ...

    def read(self) -> bytes: ...


class Request(NamedTuple):
    """`target` is the raw `path?query` as received; the names of `headers` are in lower case.

    A body that came as `aws-chunked` has been decoded by the front, and its trailers are among the headers.
    """

    method: str
    target: str
    headers: dict[str, str]
    body: bytes | Body


class Response(NamedTuple):
    """An answer. Content-Length is among `headers` only where the output has it as a member (S3's GetObject
    and HeadObject, whose answer has no body); otherwise the front adds it.
    """

    status: int
    headers: list[tuple[str, str]]
    body: bytes | Stream


def host_id(request_id: str) -> str:
    """The second id of a request to S3, x-amz-id-2; here it follows from the first."""
    return b64encode(sha512(request_id.encode()).digest()[:57]).decode()

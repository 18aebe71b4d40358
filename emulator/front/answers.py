"""The head of an answer as bytes: status line, framing, standard headers. Pure but for the clock given."""

from __future__ import annotations

import re
from email.utils import formatdate
from http import HTTPStatus
from typing import NamedTuple, Protocol

from emulator.clock import WallClock

SERVER = "stepwell"
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+\Z")
_CONTROL = bytes([*range(9), *range(10, 32), 127])  # all but the tab, which a value may hold (RFC 9110 5.5)
_PHRASES = {status.value: status.phrase for status in HTTPStatus}
_USUAL = frozenset({"Content-Type", "x-amzn-RequestId"})  # names that come with nearly every answer
_FRAMING = frozenset({"content-length", "transfer-encoding", "connection"})


class InvalidAnswerError(ValueError):
    """The answer cannot be said in HTTP: a control character or a name that is no token."""


class Frame(NamedTuple):
    """The head, and how its body is to be sent.

    `length` is the number of body bytes promised (None: not promised), 0 when no body may follow.
    """

    head: bytes
    length: int | None
    chunked: bool
    keep_alive: bool


class Stamp:
    """The standard headers; the date is written once per second, and so is each status line with them."""

    __slots__ = ("_clock", "_second", "_starts", "date")

    def __init__(self, clock: WallClock) -> None:
        self._clock = clock
        self._second = -1
        self._starts: dict[int, bytes] = {}
        self.date = ""

    def fresh(self) -> Stamp:
        """Self, brought up to the second."""
        second = self._clock.micros() // 1_000_000
        if second != self._second:
            self._second = second
            self.date = formatdate(second, usegmt=True)
            self._starts.clear()
        return self

    def start(self, status: int) -> bytes:
        """The status line and the standard headers."""
        self.fresh()
        start = self._starts.get(status)
        if start is None:
            text = f"{_status_line(status)}Server: {SERVER}\r\nDate: {self.date}\r\n"
            start = self._starts[status] = text.encode("ascii")
        return start


def _status_line(status: int) -> str:
    return f"HTTP/1.1 {status} {_PHRASES.get(status, '')}\r\n"


class Asked(Protocol):
    """What of the request decides the framing of its answer."""

    @property
    def method(self) -> str: ...
    @property
    def http_1_0(self) -> bool: ...
    @property
    def keep_alive(self) -> bool: ...


def frame(asked: Asked, status: int, headers: list[tuple[str, str]], size: int | None, stamp: Stamp) -> Frame:
    """The head of an answer whose body has `size` bytes (None: unknown), framed by RFC 9112 section 6.

    Errors: InvalidAnswerError.
    """
    lines: list[str] = []
    given: dict[str, str] = {}
    for name, value in headers:
        if len(name) in (4, 6, 10, 14, 17) and (low := name.lower()) in _OURS:
            given[low] = value
        elif name not in _USUAL and _TOKEN.match(name) is None:
            raise InvalidAnswerError(f"{name!r} is no name of a header")
        else:
            lines.append(f"{name}: {value}\r\n")
    if size is not None and not given and _is_usual(asked, status):
        lines.append(f"Content-Length: {size}\r\n")
        return Frame(_encode(status, lines, given, stamp), size, False, True)
    length, chunked, keep_alive = _framing(asked, status, given, size)
    shown = _shown_length(asked, status, given, size, length)
    if shown is not None:
        lines.append(f"Content-Length: {shown}\r\n")
    if chunked:
        lines.append("Transfer-Encoding: chunked\r\n")
    if not keep_alive:
        lines.append("Connection: close\r\n")
    elif asked.http_1_0:
        lines.append("Connection: keep-alive\r\n")
    for name in given.keys() & {"date", "server"}:
        lines.append(f"{name.capitalize()}: {given[name]}\r\n")
    return Frame(_encode(status, lines, given, stamp), length, chunked, keep_alive)


_OURS = _FRAMING | {"date", "server"}


def _is_usual(asked: Asked, status: int) -> bool:
    """Whether an answer whose size is known needs no more than its Content-Length: nearly all are such."""
    return asked.keep_alive and not asked.http_1_0 and asked.method != "HEAD" and status not in (204, 304)


def _framing(asked: Asked, status: int, given: dict[str, str], size: int | None) -> tuple[int | None, bool, bool]:
    """Body bytes to follow, whether chunked, whether the connection lives on."""
    keep_alive = asked.keep_alive and "close" not in given.get("connection", "").lower()
    if asked.method == "HEAD" or status in (204, 304):
        return 0, False, keep_alive
    if size is not None:
        if "content-length" in given and _digits(given["content-length"]) != size:
            raise InvalidAnswerError(f"Content-Length {given['content-length']} for a body of {size} bytes")
        return size, False, keep_alive
    if "content-length" in given:
        return _digits(given["content-length"]), False, keep_alive
    if asked.http_1_0:
        return None, False, False
    return None, True, keep_alive


def _shown_length(asked: Asked, status: int, given: dict[str, str], size: int | None, length: int | None) -> int | None:
    """The Content-Length to send: none with 204, the one that a GET would have for HEAD and 304."""
    if status == 204:
        return None
    if asked.method == "HEAD" or status == 304:
        if "content-length" in given:
            return _digits(given["content-length"])
        return None if status == 304 else size
    return length


def _digits(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise InvalidAnswerError(f"{text!r} is no Content-Length")
    return int(text)


def _encode(status: int, lines: list[str], given: dict[str, str], stamp: Stamp) -> bytes:
    """Each line ends in the only CR and LF it may hold, so their number tells whether one was smuggled in."""
    try:
        head = "".join(lines).encode("latin-1")
    except UnicodeEncodeError as error:
        raise InvalidAnswerError("a header holds a character beyond latin-1") from error
    if len(head.translate(None, _CONTROL)) != len(head) - 2 * len(lines):
        raise InvalidAnswerError("a header holds a control character")
    if not given:
        return b"%b%b\r\n" % (stamp.start(status), head)
    stamp.fresh()
    standard = "" if "server" in given else f"Server: {SERVER}\r\n"
    standard += "" if "date" in given else f"Date: {stamp.date}\r\n"
    return b"%b%b\r\n" % (f"{_status_line(status)}{standard}".encode("ascii"), head)

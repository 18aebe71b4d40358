"""The bytes of an answer's head."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from emulator.clock import FrozenClock
from emulator.front.answers import Frame, InvalidAnswerError, Stamp, frame

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CLOSE = "Connection: close"
STANDARD = "Server: stepwell\r\nDate: Fri, 20 Nov 2026 12:00:00 GMT\r\n"


@dataclass
class Asked:
    method: str = "GET"
    http_1_0: bool = False
    keep_alive: bool = True


def framed(
    asked: Asked, status: int = 200, headers: list[tuple[str, str]] | None = None, size: int | None = None
) -> Frame:
    return frame(asked, status, headers or [], size, Stamp(FrozenClock(NOON)))


def lines(answer: Frame) -> list[str]:
    """All but the status line and the standard headers."""
    return [
        line
        for line in answer.head.decode("latin-1").split("\r\n")[1:]
        if line and not line.startswith(("Server: stepwell", "Date: Fri"))
    ]


def test_a_head_is_status_standard_headers_given_headers_and_length() -> None:
    answer = framed(Asked(), 404, [("X-One", "1"), ("x-two", "ü\t2")], 5)

    assert answer == Frame(
        f"HTTP/1.1 404 Not Found\r\n{STANDARD}X-One: 1\r\nx-two: ü\t2\r\nContent-Length: 5\r\n\r\n".encode("latin-1"),
        5,
        False,
        True,
    )


def test_a_status_without_a_name_has_an_empty_one() -> None:
    assert framed(Asked(), 599, size=0).head.startswith(b"HTTP/1.1 599 \r\n")


@pytest.mark.parametrize(
    ("asked", "status", "headers", "size", "expected", "length", "chunked", "keep_alive"),
    [
        (Asked(), 200, [], 0, ["Content-Length: 0"], 0, False, True),
        (Asked(), 200, [("content-length", "3")], 3, ["Content-Length: 3"], 3, False, True),
        (Asked(), 200, [("content-length", "3")], None, ["Content-Length: 3"], 3, False, True),
        (Asked(), 200, [], None, ["Transfer-Encoding: chunked"], None, True, True),
        (Asked(), 200, [("Transfer-Encoding", "x")], 1, ["Content-Length: 1"], 1, False, True),
        (Asked(), 204, [], 7, [], 0, False, True),
        (Asked(), 304, [], 7, [], 0, False, True),
        (Asked(), 304, [("Content-Length", "9")], 0, ["Content-Length: 9"], 0, False, True),
        (Asked("HEAD"), 200, [("Content-Length", "9")], 0, ["Content-Length: 9"], 0, False, True),
        (Asked("HEAD"), 200, [], 7, ["Content-Length: 7"], 0, False, True),
        (Asked("HEAD"), 200, [], None, [], 0, False, True),
        (Asked(keep_alive=False), 200, [], 1, ["Content-Length: 1", CLOSE], 1, False, False),
        (Asked(), 200, [("connection", "x,Close")], 0, ["Content-Length: 0", CLOSE], 0, False, False),
        (Asked(http_1_0=True), 200, [], 1, ["Content-Length: 1", "Connection: keep-alive"], 1, False, True),
        (Asked(http_1_0=True), 200, [], None, [CLOSE], None, False, False),
    ],
)  # fmt: skip
def test_a_body_is_framed_as_http_says(
    asked: Asked,
    status: int,
    headers: list[tuple[str, str]],
    size: int | None,
    expected: list[str],
    length: int | None,
    chunked: bool,
    keep_alive: bool,
) -> None:
    answer = framed(asked, status, headers, size)

    assert lines(answer) == expected
    assert (answer.length, answer.chunked, answer.keep_alive) == (length, chunked, keep_alive)


def test_a_date_and_a_server_of_the_handler_replace_ours() -> None:
    answer = framed(Asked(), 200, [("date", "then"), ("SERVER", "AmazonS3")], 0)

    head = answer.head.decode()
    assert head.count("Date:") == head.count("Server:") == 1
    assert "Date: then\r\n" in head
    assert "Server: AmazonS3\r\n" in head


@pytest.mark.parametrize(
    "header",
    [
        ("X", "a\r\nY: b"), ("X", "a\n"), ("X", "\ra"), ("X", "\x00"), ("X", "\x7f"), ("X", "€"),
        ("", "a"), ("X:", "a"), ("X Y", "a"), ("X\n", "a"), ("Ä", "a"),
        ("Server", "a\r\nY: b"), ("Content-Length", "-1"), ("Content-Length", "٣"), ("Content-Length", "2"),
    ],
)  # fmt: skip
def test_what_cannot_be_said_in_http_is_refused(header: tuple[str, str]) -> None:
    with pytest.raises(InvalidAnswerError):
        framed(Asked(), 200, [header], 1)


def test_the_date_is_written_anew_each_second() -> None:
    clock = FrozenClock(NOON)
    stamp = Stamp(clock)
    first = stamp.start(200)

    clock.advance(timedelta(milliseconds=999))
    same = stamp.start(200)
    clock.advance(timedelta(milliseconds=1))

    assert same is first
    assert b"\r\nDate: Fri, 20 Nov 2026 12:00:01 GMT\r\n" in stamp.start(200)

"""A function's output, as log events."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from emulator.host import logs
from emulator.host.logs import Log


def texts(log: Log) -> list[str]:
    return [line.text for line in log.take()]


def test_each_newline_ends_an_event() -> None:
    log = Log()

    log.write(b"one\ntwo\n", 5)

    assert [(line.at_us, line.text) for line in log.take()] == [(5, "one\n"), (5, "two\n")]
    assert log.take() == []


def test_a_carriage_return_does_not_end_an_event() -> None:
    log = Log()

    log.write(b"another\rline\n", 1)

    assert texts(log) == ["another\rline\n"]


def test_a_line_may_arrive_in_pieces() -> None:
    log = Log()

    log.write("é".encode()[:1], 1)
    log.write("é".encode()[1:], 2)
    log.write(b"!\n", 3)

    assert texts(log) == ["é!\n"]


def test_the_byte_ff_is_a_newline_within_an_event() -> None:
    log = Log()

    log.write(b"first\xffsecond\n", 1)

    assert texts(log) == ["first\nsecond\n"]


def test_bytes_that_are_not_utf_8_are_replaced() -> None:
    log = Log()

    log.write(b"a\x80b\n", 1)

    assert texts(log) == ["a\ufffdb\n"]


def test_a_line_of_lambdas_own_ends_an_unfinished_one() -> None:
    log = Log()

    log.write(b"no newline", 1)
    log.add("END\n", 2)

    assert texts(log) == ["no newline\n", "END\n"]


def test_what_is_too_much_is_dropped_and_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "BYTES_MAX", 10)
    log = Log()

    log.write(b"12345\n12345\n", 1)
    log.add("END\n", 2)

    assert texts(log) == [
        "12345\n",
        "1234\n",
        "[WARNING] stepwell dropped 2 bytes of this log: more than 10\n",
        "END\n",
    ]


def test_after_a_log_was_taken_there_is_room_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "BYTES_MAX", 6)
    log = Log()
    log.write(b"12345\n", 1)
    log.take()

    log.write(b"67890\n", 2)

    assert texts(log) == ["67890\n"]


def test_a_log_stream_is_named_by_day_version_and_worker() -> None:
    name = logs.log_stream_name("3", datetime(2026, 1, 9, tzinfo=UTC), "ab" * 16)

    assert name == "2026/01/09/[3]" + "ab" * 16

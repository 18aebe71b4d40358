"""What a request's head says."""

from __future__ import annotations

import pytest

from emulator.front.requests import (
    MAX_HEAD,
    RefusedError,
    origin_form,
    read_headers,
    require_small_head,
    without_upgrade,
)


def test_header_values_are_latin_1_without_trailing_blanks() -> None:
    assert read_headers([(b"a", b"\xfc \t"), (b"b", b"")]) == {"a": "ü", "b": ""}


def test_repeated_headers_are_joined() -> None:
    raw = [(b"a", b"1"), (b"cookie", b"x=1"), (b"a", b"2 "), (b"cookie", b"y=2"), (b"a", b"3")]

    assert read_headers(raw) == {"a": "1, 2, 3", "cookie": "x=1; y=2"}


@pytest.mark.parametrize(
    ("sent", "target"),
    [
        (b"http://h/a?b", "/a?b"),
        (b"https://h:1/a", "/a"),
        (b"HTTP://h", "/"),
        (b"http://h?a/b", "/?a/b"),
        (b"*", "*"),
        (b"h:443", "h:443"),
        (b"ftp://h/a", "ftp://h/a"),
        (b"s3/http://x", "s3/http://x"),
    ],
)
def test_an_absolute_target_is_reduced_to_path_and_query(sent: bytes, target: str) -> None:
    assert origin_form(sent) == target


def test_a_declined_upgrade_leaves_the_rest_of_the_head() -> None:
    raw = [(b"connection", b"keep-alive, Upgrade"), (b"upgrade", b"h2c"), (b"host", b"h")]

    head = without_upgrade(b"POST", b"/a?b", "1.1", raw)

    assert head == b"POST /a?b HTTP/1.1\r\nconnection: keep-alive\r\nhost: h\r\n\r\n"


def test_a_head_may_be_large_but_not_too_large() -> None:
    fits = MAX_HEAD - len(b"/") - len(b"a") - 4
    require_small_head(b"/", [(b"a", b"x" * fits)])

    with pytest.raises(RefusedError, match="65536 bytes"):
        require_small_head(b"/", [(b"a", b"x" * (fits + 1))])

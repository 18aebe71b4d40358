"""Long answers, poured into something that only keeps them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from emulator.front.bodies import PIECE, BrokenBodyError, OpenFile, pour


@dataclass(frozen=True)
class Part:
    path: Path
    offset: int
    length: int


class Kept:
    """An outlet that keeps what it is given."""

    def __init__(self) -> None:
        self.sent = b""

    def write(self, parts: list[bytes]) -> None:
        self.sent += b"".join(parts)

    async def drained(self) -> None:
        return


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def poured(length: int | None, chunked: bool, *parts: bytes) -> bytes:
    kept = Kept()
    asyncio.run(pour(pieces(*parts), length, chunked, kept))
    return kept.sent


def no_pool() -> Executor:
    raise AssertionError("the disk need not be waited for")


def test_chunks_carry_their_size_and_end_with_an_empty_one() -> None:
    assert poured(None, True, b"a", b"", b"x" * 16) == b"1\r\na\r\n10\r\n" + b"x" * 16 + b"\r\n0\r\n\r\n"


def test_an_empty_body_is_the_last_chunk_alone() -> None:
    assert poured(None, True) == b"0\r\n\r\n"


def test_a_body_of_known_length_is_sent_bare() -> None:
    assert poured(3, False, b"a", b"bc") == b"abc"
    assert poured(None, False, b"a", b"bc") == b"abc"


@pytest.mark.parametrize(("length", "complaint"), [(2, "longer than 2"), (5, "2 bytes shorter than 5")])
def test_a_broken_promise_is_an_error(length: int, complaint: str) -> None:
    with pytest.raises(BrokenBodyError, match=complaint):
        poured(length, False, b"ab", b"c")


def test_the_iterator_is_closed_whatever_happens() -> None:
    closed: list[bool] = []

    async def watched() -> AsyncIterator[bytes]:
        try:
            yield b"too long"
        finally:
            closed.append(True)

    with pytest.raises(BrokenBodyError):
        asyncio.run(pour(watched(), 1, False, Kept()))

    assert closed == [True]


@pytest.mark.parametrize("without_page_cache", [False, True])
def test_a_file_is_read_in_pieces(without_page_cache: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = bytes(range(256)) * 3000
    (tmp_path / "file").write_bytes(content)
    if without_page_cache:
        monkeypatch.setattr("emulator.front.bodies._NOWAIT", 0)

    async def read() -> list[bytes]:
        with ThreadPoolExecutor(1) as pool:
            file = OpenFile(Part(tmp_path / "file", 5, PIECE * 2 + 7), lambda: pool)
            got = [piece async for piece in file.pieces()]
            file.close()
        return got

    got = asyncio.run(read())

    assert b"".join(got) == content[5 : 5 + PIECE * 2 + 7]
    assert max(map(len, got)) <= PIECE


def test_only_a_small_range_is_had_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(bytes(PIECE))
    file = OpenFile(Part(tmp_path / "file", 0, PIECE), no_pool)

    assert file.cached() is None

    file.close()
    file.close()


def test_a_range_beyond_the_end_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")

    with pytest.raises(BrokenBodyError, match="shorter than 6 bytes"):
        OpenFile(Part(tmp_path / "file", 3, 3), no_pool)
    with pytest.raises(FileNotFoundError):
        OpenFile(Part(tmp_path / "missing", 0, 0), no_pool)

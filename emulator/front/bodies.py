"""Long answers: a part of a file read in pieces, and pieces sent no faster than they are taken."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from emulator.front.exchange import FileRange

PIECE = 256 * 1024
_NOWAIT = getattr(os, "RWF_NOWAIT", 0)  # Linux: read what the page cache holds, else say so


class BrokenBodyError(Exception):
    """The body did not keep the length that its head promised."""


class Outlet(Protocol):
    """Where pieces go: a connection that says when it has had enough."""

    def write(self, parts: list[bytes]) -> None: ...

    async def drained(self) -> None: ...


class OpenFile:
    """A FileRange opened, so that a file deleted or too short is known before the head is sent.

    Errors: OSError when it cannot be opened, BrokenBodyError when it ends before the range does.
    """

    def __init__(self, part: FileRange, pool: Callable[[], Executor]) -> None:
        self._pool = pool
        self._offset = part.offset
        self._left = part.length
        self._fd = os.open(str(part.path), os.O_RDONLY | os.O_CLOEXEC)
        if os.fstat(self._fd).st_size < part.offset + part.length:
            self.close()
            raise BrokenBodyError(f"{part.path} is shorter than {part.offset + part.length} bytes")

    def cached(self) -> bytes | None:
        """The whole range when it is one piece that can be had without waiting for the disk."""
        if self._left > PIECE // 4:
            return None
        piece = self._read_cached(self._left)
        return piece if piece is not None and len(piece) == self._left else None

    async def pieces(self) -> AsyncIterator[bytes]:
        """The range, 256 KiB at a time."""
        while self._left:
            size = min(PIECE, self._left)
            piece = self._read_cached(size)
            if piece is None:
                loop = asyncio.get_running_loop()
                piece = await loop.run_in_executor(self._pool(), os.pread, self._fd, size, self._offset)
            if not piece:
                return
            self._offset += len(piece)
            self._left -= len(piece)
            yield piece

    def close(self) -> None:
        """Once or more often."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _read_cached(self, size: int) -> bytes | None:
        """A read from the page cache alone costs less than a trip to another thread (15 against 80 us)."""
        if not _NOWAIT:
            return None
        buffer = bytearray(size)
        try:
            got = os.preadv(self._fd, [buffer], self._offset, _NOWAIT)
        except OSError:  # not cached, or a file system that cannot say
            return None
        return bytes(memoryview(buffer)[:got]) or None


async def pour(pieces: AsyncIterator[bytes], length: int | None, chunked: bool, outlet: Outlet) -> None:
    """Send all pieces: chunked, or as they are, `length` bytes in all (None: until the connection closes).

    Errors: BrokenBodyError when they are more or fewer; whatever the iterator raises.
    """
    left = length
    try:
        async for piece in pieces:
            if not piece:
                continue
            if left is not None:
                left -= len(piece)
                if left < 0:
                    raise BrokenBodyError(f"the body is longer than {length} bytes")
            outlet.write([b"%x\r\n" % len(piece), piece, b"\r\n"] if chunked else [piece])
            await outlet.drained()
    finally:
        close = getattr(pieces, "aclose", None)
        if close is not None:
            await close()
    if left:
        raise BrokenBodyError(f"the body is {left} bytes shorter than {length}")
    if chunked:
        outlet.write([b"0\r\n\r\n"])

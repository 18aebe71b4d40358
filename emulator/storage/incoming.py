"""A body on its way in: counted and hashed by the chunk, in memory while small, then in a file."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(slots=True)
class Spooled:
    """A body in a file that has no row yet; `Blobs.keep` takes it, once."""

    path: Path
    size: int
    md5hex: str
    kept: bool = False

    def read(self) -> bytes:
        """The whole body."""
        return self.path.read_bytes()

    def discard(self) -> None:
        """Remove the file, unless a committed row has it."""
        if not self.kept:
            self.path.unlink(missing_ok=True)


class Incoming:
    """Write chunks, then `finish()` or `abort()`; `size` and `md5hex` tell what was written.

    More than `limit` bytes go into a file at `new_path()`; `fsync` waits for the disk at its end.
    """

    def __init__(self, new_path: Callable[[], Path], limit: int, *, fsync: bool = False) -> None:
        self.size = 0
        self._fsync = fsync
        self._new_path = new_path
        self._limit = limit
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._memory = bytearray()
        self._path: Path | None = None
        self._descriptor = -1

    @property
    def md5hex(self) -> str:
        """The MD5 of what was written so far, as hexadecimal digits."""
        return self._md5.hexdigest()

    def write(self, chunk: bytes) -> None:
        """Take the next bytes. OSError: the file cannot be written (the disk is full)."""
        self.size += len(chunk)
        self._md5.update(chunk)
        if self._descriptor >= 0:
            _write(self._descriptor, chunk)
            return
        self._memory += chunk
        if len(self._memory) > self._limit:
            self._path = self._new_path()
            self._descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
            _write(self._descriptor, self._memory)
            self._memory = bytearray()

    def finish(self) -> bytes | Spooled:
        """The body: bytes up to the limit, in a file beyond it."""
        if self._path is None:
            return bytes(self._memory)
        if self._fsync:
            os.fsync(self._descriptor)
        self._close()
        return Spooled(self._path, self.size, self.md5hex)

    def abort(self) -> None:
        """Forget what was written."""
        self._close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)
        self._memory = bytearray()

    def _close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _write(descriptor: int, data: bytes | bytearray) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]

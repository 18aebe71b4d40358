"""A body on its way in: counted and hashed by the chunk, in memory while small, then in a file."""

import hashlib
import os
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


class Checksum(Protocol):
    """What hashlib's objects do."""

    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...


class Crc32:
    """CRC-32 as a checksum: four bytes, the highest first."""

    def __init__(self) -> None:
        self._value = 0

    def update(self, data: bytes, /) -> None:
        self._value = zlib.crc32(data, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(4, "big")


CHECKSUMS: Mapping[str, Callable[[], Checksum]] = {
    "crc32": Crc32,
    "md5": lambda: hashlib.md5(usedforsecurity=False),
    "sha1": lambda: hashlib.sha1(usedforsecurity=False),
    "sha256": hashlib.sha256,
}


@dataclass(slots=True)
class Spooled:
    """A body in a file that has no row yet; `Blobs.keep` takes it, once."""

    path: Path
    size: int
    md5hex: str
    checksums: Mapping[str, bytes] = field(default_factory=dict)
    kept: bool = False

    def read(self) -> bytes:
        """The whole body."""
        return self.path.read_bytes()

    def discard(self) -> None:
        """Remove the file, unless a committed row has it."""
        if not self.kept:
            self.path.unlink(missing_ok=True)


class Incoming:
    """Write chunks, then `finish()` or `abort()`; `size`, `md5hex`, `checksums` tell what was written.

    `hashes` are names out of CHECKSUMS, asked for beside MD5; ValueError: there is no such checksum here.
    """

    def __init__(
        self, new_path: Callable[[], Path], limit: int, hashes: Iterable[str] = (), *, fsync: bool = False
    ) -> None:
        self.size = 0
        self._fsync = fsync
        self._new_path = new_path
        self._limit = limit
        self._hashes: dict[str, Checksum] = {}
        for name in {"md5", *hashes}:
            if name not in CHECKSUMS:
                raise ValueError(f"no checksum is called {name!r}")
            self._hashes[name] = CHECKSUMS[name]()
        self._memory = bytearray()
        self._path: Path | None = None
        self._descriptor = -1

    @property
    def md5hex(self) -> str:
        return self._hashes["md5"].digest().hex()

    @property
    def checksums(self) -> dict[str, bytes]:
        return {name: checksum.digest() for name, checksum in self._hashes.items()}

    def write(self, chunk: bytes) -> None:
        """Take the next bytes. OSError: the file cannot be written (the disk is full)."""
        self.size += len(chunk)
        for checksum in self._hashes.values():
            checksum.update(chunk)
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
        return Spooled(self._path, self.size, self.md5hex, self.checksums)

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

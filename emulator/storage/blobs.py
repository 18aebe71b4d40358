"""Bodies: small ones in their row, large ones in a file beside the database."""

import hashlib
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from emulator.clock import SystemClock
from emulator.storage.incoming import Incoming, Spooled
from emulator.storage.port import Store, Transaction
from emulator.storage.queries import Queries

_HERE = Path(__file__).parent
_SQL = Queries.load(_HERE / "blobs.sql")

SCHEMA = ("storage", _HERE / "schema")
"""What `Store.migrate` needs for the table of blobs."""

LARGEST_ROW = 64 * 1024
_CHUNK = 256 * 1024
_ABANDONED_NANOSECONDS = 3600 * 10**9


@dataclass(frozen=True, slots=True)
class Blob:
    """A kept body; `md5hex` is what S3 calls its ETag."""

    id: int
    size: int
    md5hex: str


class FileRange:
    """`length` bytes of a file from `offset`, open: it can be read even after its blob was dropped."""

    __slots__ = ("_descriptor", "length", "offset", "path")

    def __init__(self, path: Path, offset: int, length: int) -> None:
        self._descriptor = -1
        self.path = path
        self.offset = offset
        self.length = length
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)

    def chunks(self, size: int = _CHUNK) -> Iterator[bytes]:
        """The bytes in pieces of at most `size`; closes the file at the end. May run in any thread."""
        at, end = self.offset, self.offset + self.length
        while at < end:
            chunk = os.pread(self._descriptor, min(size, end - at), at)
            if not chunk:
                raise OSError(f"{self.path} ended at {at} instead of {end}")
            at += len(chunk)
            yield chunk
        self.close()

    def read(self) -> bytes:
        """All of the bytes; closes the file."""
        return b"".join(self.chunks())

    def close(self) -> None:
        """Let go of the file; a second call does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __del__(self) -> None:
        self.close()


class Blobs:
    """The bodies of one data folder.

    A file is written first and its row after it, so a row never exists without its file; a file without row
    is garbage of a crash, see `collect`. Processes that share a database share the folder, or set
    `largest_row` so high that all bodies lie in rows. `fsync` waits for the disk, as synchronous=FULL does.
    """

    def __init__(self, data_dir: Path, store: Store, *, largest_row: int = LARGEST_ROW, fsync: bool = False) -> None:
        self._folder = data_dir / "blobs"
        self._store = store
        self._largest_row = largest_row
        self._fsync = fsync

    def receive(self) -> Incoming:
        """A body to be written chunk by chunk."""
        return Incoming(self._new_path, LARGEST_ROW, fsync=self._fsync)

    def keep(self, tx: Transaction, body: bytes | Spooled) -> Blob:
        """Store a body with this transaction; a Spooled only once. OSError: its file cannot be written."""
        if isinstance(body, Spooled) and body.size <= self._largest_row:
            body = body.read()
        if isinstance(body, Spooled):
            spooled = body
            tx.after_commit(lambda: setattr(spooled, "kept", True))
            return self._insert(tx, body.size, body.md5hex, None, body.path)
        md5hex = hashlib.md5(body, usedforsecurity=False).hexdigest()
        if len(body) <= self._largest_row:
            return self._insert(tx, len(body), md5hex, body, None)
        path = self._write(body)
        tx.after_rollback(lambda: path.unlink(missing_ok=True))
        return self._insert(tx, len(body), md5hex, None, path)

    def open(self, tx: Transaction, blob_id: int, offset: int = 0, length: int | None = None) -> bytes | FileRange:
        """The bytes from `offset`, at most `length`, cut at the end of the body. KeyError: no such blob."""
        row = tx.one(_SQL.find_blob, id=blob_id)
        if row is None:
            raise KeyError(f"blob {blob_id}")
        rest = max(0, row["size"] - offset)
        length = rest if length is None else min(length, rest)
        if row["file"] is None:
            return bytes(row["body"][offset : offset + length])
        return FileRange(self._path(row["file"]), offset, length)

    def drop(self, tx: Transaction, blob_id: int) -> None:
        """Forget a body; its file goes after the commit. A blob that is not there is none to drop."""
        row = tx.one(_SQL.delete_blob, id=blob_id)
        if row is not None and row["file"] is not None:
            tx.after_commit(lambda: self._remove(self._path(row["file"])))

    def collect(self) -> int:
        """Remove the files that have no row; how many. To be called at start.

        Where others write too, a file younger than an hour may be waiting for its row and stays.
        """
        present = list(self._folder.glob("??/*"))
        known = {row["file"] for row in self._store.run(lambda tx: tx.all(_SQL.files))}
        garbage = [path for path in present if path.name not in known and self._is_abandoned(path)]
        for path in garbage:
            path.unlink(missing_ok=True)
        return len(garbage)

    def _is_abandoned(self, path: Path) -> bool:
        if self._store.exclusive:
            return True
        age = SystemClock().micros() * 1000 - path.stat().st_mtime_ns
        return age > _ABANDONED_NANOSECONDS

    def _insert(self, tx: Transaction, size: int, md5hex: str, body: bytes | None, path: Path | None) -> Blob:
        if path is not None:
            self._point("blob-between-file-and-row")
        number = tx.number(_SQL.insert_blob, size=size, md5=md5hex, body=body, file=path and path.name)
        assert number is not None
        return Blob(number, size, md5hex)

    def _write(self, body: bytes) -> Path:
        incoming = self.receive()
        try:
            incoming.write(body)
            spooled = incoming.finish()
        except OSError:
            incoming.abort()
            raise
        assert isinstance(spooled, Spooled)
        return spooled.path

    def _remove(self, path: Path) -> None:
        self._point("blob-between-commit-and-unlink")
        path.unlink(missing_ok=True)

    def _new_path(self) -> Path:
        path = self._path(uuid.uuid4().hex)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name

    def _point(self, name: str) -> None:
        if self._store.points is not None:
            self._store.points(name)

"""Folders of buckets: a file that settles there becomes an object, through PutObject as from any other writer."""

from __future__ import annotations

import asyncio
import hashlib
import mimetypes
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emulator.errors import AwsError
from emulator.project.watching import Observing

if TYPE_CHECKING:
    from watchdog.observers.api import ObservedWatch

    from emulator.app import Emulator

SETTLED = 0.25  # seconds of the real world in which neither size nor modification time may change
CHUNK = 1 << 20
PARTIAL = (".part", ".partial", ".crdownload", ".tmp", ".swp", "~")

State = tuple[int, int]


class Drops:
    """The watched folders of an account's buckets. Lives on the emulator's loop."""

    def __init__(self, observing: Observing, emulator: Emulator, account: str, tell: Callable[[str], None]) -> None:
        self._observing = observing
        self._emulator = emulator
        self._account = account
        self._tell = tell
        self._watched: dict[str, tuple[Path, ObservedWatch]] = {}
        self._waiting: dict[tuple[str, Path], tuple[State | None, asyncio.TimerHandle]] = {}
        self._putting: set[asyncio.Future[None]] = set()

    def watch(self, folders: dict[str, Path]) -> None:
        """Watch exactly these, by bucket. What lies in one already is looked at as if it came now."""
        for bucket, (folder, watch) in list(self._watched.items()):
            if folders.get(bucket) != folder:
                self._observing.remove(watch)
                del self._watched[bucket]
        for bucket, folder in folders.items():
            if bucket not in self._watched:
                self._begin(bucket, folder)

    async def close(self) -> None:
        """Look no more; what is being put is finished."""
        for _, timer in self._waiting.values():
            timer.cancel()
        self._waiting.clear()
        if self._putting:
            await asyncio.wait(self._putting)

    def _begin(self, bucket: str, folder: Path) -> None:
        def heard(path: Path) -> None:
            self._touched(bucket, folder, path)

        try:
            self._watched[bucket] = (folder, self._observing.add(folder, heard, recursive=True))
        except OSError as error:
            self._tell(f"the folder {folder} of bucket {bucket} is not watched: {error}")
            return
        for path in sorted(folder.rglob("*")):
            heard(path)

    def _touched(self, bucket: str, folder: Path, path: Path) -> None:
        if path == folder or not counts(path.relative_to(folder)):
            return
        if path.is_dir():  # made or moved here with files in it, maybe before it was watched
            for inner in sorted(path.rglob("*")):
                if inner.is_file():
                    self._touched(bucket, folder, inner)
            return
        self._wait(bucket, path, path.relative_to(folder).as_posix())

    def _wait(self, bucket: str, path: Path, key: str) -> None:
        """Look again when it may have settled."""
        known = self._waiting.pop((bucket, path), None)
        if known is not None:
            known[1].cancel()
        timer = self._observing.loop.call_later(SETTLED, self._look, bucket, path, key)
        self._waiting[bucket, path] = (state_of(path), timer)

    def _look(self, bucket: str, path: Path, key: str) -> None:
        before, _ = self._waiting.pop((bucket, path))
        now = state_of(path)
        if now is None:
            return
        if now != before:
            self._wait(bucket, path, key)
            return
        task = asyncio.ensure_future(self._put(bucket, path, key, now))
        self._putting.add(task)
        task.add_done_callback(self._putting.discard)

    async def _put(self, bucket: str, path: Path, key: str, state: State) -> None:
        """PutObject, unless the object is already what the file is: then it came from the bucket itself."""
        try:
            if await self._is_there(bucket, path, key, state[0]):
                return
            body, kind = await asyncio.to_thread(self._read, path), mimetypes.guess_type(path.name)[0]
            if state_of(path) != state:  # changed while it was read: wait until it has settled again
                self._wait(bucket, path, key)
                return
            params = {"Bucket": bucket, "Key": key, "Body": body, "ContentType": kind or "application/octet-stream"}
            await self._call("PutObject", params)
        except (AwsError, OSError) as error:
            self._tell(f"{path} did not become an object: {error}")

    async def _is_there(self, bucket: str, path: Path, key: str, size: int) -> bool:
        try:
            known = await self._call("HeadObject", {"Bucket": bucket, "Key": key})
        except AwsError:
            return False
        if known.get("ContentLength") != size:
            return False
        etag = str(known["ETag"]).strip('"')
        return await asyncio.to_thread(_has_etag, path, etag)

    def _read(self, path: Path) -> Any:
        """The file as a body: in memory while small, else spooled beside the blobs."""
        incoming = self._emulator.house.blobs.receive()
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                incoming.write(chunk)
        return incoming.finish()

    async def _call(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        return await self._emulator.call_async("s3", operation, params, account=self._account)


def counts(path: Path) -> bool:
    """Whether a file (its path from the bucket's folder) is meant to be an object: not hidden, not partial."""
    return not any(part.startswith(".") for part in path.parts) and not path.name.endswith(PARTIAL)


def state_of(path: Path) -> State | None:
    """What must not change while a file settles; None when it is no file (any more)."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return (found.st_size, found.st_mtime_ns) if path.is_file() else None


def _has_etag(path: Path, etag: str) -> bool:
    """Whether the file's content has the ETag of an object: its MD5, or for parts what that says with equal parts."""
    digest, _, parts = etag.partition("-")
    if not parts:
        with path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest() == digest
    return True

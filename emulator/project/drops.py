"""Folders of buckets: a file that settles there becomes an object, through PutObject as from any other writer."""

from __future__ import annotations

import asyncio
import hashlib
import mimetypes
import os
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emulator.errors import AwsError
from emulator.kit.parking import Parked
from emulator.project.watching import Observing

if TYPE_CHECKING:
    from watchdog.observers.api import ObservedWatch

    from emulator.app import Emulator

SETTLED = 0.25  # seconds of the real world in which neither size nor modification time may change
CHUNK = 1 << 20
AT_ONCE = 8  # files that are read and put at the same time
PARTIAL = (".part", ".partial", ".crdownload", ".tmp", ".swp", "~")

CHANGED = "s3:folders"  # whoever binds a bucket to a folder wakes this

State = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Bound:
    """A bucket of an account and the folder that it is bound to."""

    account: str
    region: str
    bucket: str
    folder: Path


class Drops:
    """The folders of every account's buckets, watched. Lives on the emulator's loop."""

    def __init__(self, observing: Observing, emulator: Emulator, tell: Callable[[str], None]) -> None:
        self._observing = observing
        self._emulator = emulator
        self._tell = tell
        self._watched: dict[Bound, ObservedWatch] = {}
        self._waiting: dict[tuple[Bound, Path], tuple[State | None, asyncio.TimerHandle]] = {}
        self._tasks: set[asyncio.Future[None]] = set()
        self._parked: Parked | None = None
        self._turns = asyncio.Semaphore(AT_ONCE)

    def begin(self) -> None:
        """Watch what is bound, now and whenever that changes; what lies there already is looked at like what comes."""
        parking = self._emulator.house.parking
        since = parking.sequence
        self._do(self._refresh())
        self._parked = Parked("", (CHANGED,), lambda expired: self.begin())
        parking.park(self._parked, 86_400.0, since)

    async def close(self) -> None:
        """Look no more; what is being put is finished."""
        if self._parked is not None:
            self._emulator.house.parking.leave(self._parked)
        for _, timer in self._waiting.values():
            timer.cancel()
        self._waiting.clear()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _do(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _refresh(self) -> None:
        answer = await self._emulator.call_async("s3", "ListBucketFolders", {"AllAccounts": True})
        bound = {
            Bound(found["Account"], found["Region"], found["Bucket"], Path(found["Folder"]))
            for found in answer["Folders"]
        }
        for gone in self._watched.keys() - bound:
            self._observing.remove(self._watched.pop(gone))
        for new in bound - self._watched.keys():
            await self._watch(new)

    async def _watch(self, bound: Bound) -> None:
        def heard(path: Path) -> None:
            self._touched(bound, path)

        try:
            bound.folder.mkdir(parents=True, exist_ok=True)
            self._watched[bound] = self._observing.add(bound.folder, heard, recursive=True)
        except OSError as error:
            self._tell(f"the folder {bound.folder} of bucket {bound.bucket} is not watched: {error}")
            return
        for path in await asyncio.to_thread(_files_in, bound.folder):
            heard(path)

    def _touched(self, bound: Bound, path: Path) -> None:
        if path == bound.folder or not counts(path.relative_to(bound.folder)):
            return
        if path.is_dir():  # made or moved here with files in it, maybe before it was watched
            for inner in _files_in(path):
                self._touched(bound, inner)
            return
        self._wait(bound, path)

    def _wait(self, bound: Bound, path: Path) -> None:
        """Look again when it may have settled."""
        known = self._waiting.pop((bound, path), None)
        if known is not None:
            known[1].cancel()
        timer = self._observing.loop.call_later(SETTLED, self._look, bound, path)
        self._waiting[bound, path] = (state_of(path), timer)

    def _look(self, bound: Bound, path: Path) -> None:
        before, _ = self._waiting.pop((bound, path))
        now = state_of(path)
        if now is None:
            return
        if now != before:
            self._wait(bound, path)
            return
        self._do(self._put(bound, path, now))

    async def _put(self, bound: Bound, path: Path, state: State) -> None:
        """PutObject, unless the object is already what the file is: then it came from the bucket itself."""
        named = {"Bucket": bound.bucket, "Key": path.relative_to(bound.folder).as_posix()}
        async with self._turns:
            await self._put_now(bound, path, state, named)

    async def _put_now(self, bound: Bound, path: Path, state: State, named: dict[str, Any]) -> None:
        try:
            if await self._is_there(bound, path, named, state[0]):
                return
            body = await asyncio.to_thread(self._read, path)
            if state_of(path) != state:  # changed while it was read: wait until it has settled again
                self._wait(bound, path)
                return
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            await self._call(bound, "PutObject", {**named, "Body": body, "ContentType": kind, "FromFolder": True})
        except (AwsError, OSError) as error:
            self._tell(f"{path} did not become an object: {error}")

    async def _is_there(self, bound: Bound, path: Path, named: dict[str, Any], size: int) -> bool:
        try:
            known = await self._call(bound, "HeadObject", named)
        except AwsError:
            return False
        if known.get("ContentLength") != size:
            return False
        etag = str(known["ETag"]).strip('"')
        if "-" in etag:  # of an upload in parts, which tells nothing without their sizes
            body = (await self._call(bound, "GetObject", named))["Body"]
            etag = await asyncio.to_thread(_md5, (body,) if isinstance(body, bytes) else body.chunks())
        return await asyncio.to_thread(_md5_of_file, path) == etag

    def _read(self, path: Path) -> Any:
        """The file as a body: in memory while small, else spooled beside the blobs."""
        incoming = self._emulator.house.blobs.receive()
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                incoming.write(chunk)
        return incoming.finish()

    async def _call(self, bound: Bound, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        return await self._emulator.call_async("s3", operation, params, account=bound.account, region=bound.region)


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


def _files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _md5(chunks: Iterable[bytes]) -> str:
    digest = hashlib.md5(usedforsecurity=False)
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def _md5_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()

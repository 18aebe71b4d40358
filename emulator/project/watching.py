"""Files that change, seen through watchdog: one observer for the project's own files and for dropped ones."""

from __future__ import annotations

import asyncio
import logging
import sys
import warnings
from collections.abc import Awaitable, Callable
from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import ObservedWatch

log = logging.getLogger("stepwell.project")
QUIET = 0.08  # seconds without a change before the project is read again
FOLDERS = ("functions", "rules", "workflows")
_CHANGES = ("created", "modified", "moved", "deleted", "closed")

# Where the kernel tells of a file that is closed, we do not ask for every write: a data folder that is the
# project's folder too would wake a thread at each commit, and the interpreter is one.
_WANTED: list[type[FileSystemEvent]] | None = None
if sys.platform == "linux":
    _WANTED = [
        DirCreatedEvent,
        DirDeletedEvent,
        DirMovedEvent,
        FileClosedEvent,
        FileCreatedEvent,
        FileDeletedEvent,
        FileMovedEvent,
    ]


class Observing:
    """Watches of folders; their events arrive on the loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        # A folder made and filled at once is watched twice by watchdog, which warns of it and goes on.
        warnings.filterwarnings("ignore", category=UserWarning, module=r"watchdog\.")
        self._observer = Observer()
        self._observer.daemon = True
        self._observer.start()

    def add(self, folder: Path, heard: Callable[[Path], None], *, recursive: bool) -> ObservedWatch:
        """Have `heard` called with each path below `folder` that changes. Raises OSError."""
        return self._observer.schedule(
            _Handler(self.loop, heard), str(folder), recursive=recursive, event_filter=_WANTED
        )

    def remove(self, watch: ObservedWatch) -> None:
        """Watch a folder no more."""
        self._observer.unschedule(watch)

    def close(self) -> None:
        """Watch nothing any more."""
        self._observer.stop()


class _Handler(FileSystemEventHandler):
    """Passes changes from watchdog's thread to the loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, heard: Callable[[Path], None]) -> None:
        self._loop = loop
        self._heard = heard

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type not in _CHANGES or self._loop.is_closed():
            return
        for path in (event.src_path, event.dest_path):
            if path:
                self._loop.call_soon_threadsafe(self._heard, Path(str(path)))


class Watch:
    """Calls `reload` a moment after the last change to the project's files, never twice at a time.

    `files` are files of the project that lie anywhere.
    """

    def __init__(
        self, observing: Observing, root: Path, reload: Callable[[], Awaitable[None]], files: tuple[Path, ...] = ()
    ) -> None:
        self._observing = observing
        self._root = root.resolve()
        self._reload = reload
        self._files = files
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Future[None] | None = None
        self._watched: dict[str, ObservedWatch] = {}
        observing.add(self._root, self._changed_at_root, recursive=False)
        self._look_for_folders()
        for folder in {file.parent for file in files}:
            if folder.is_dir():
                observing.add(folder, self._changed_beside, recursive=False)

    def close(self) -> None:
        """Reload no more."""
        self._observing.close()
        if self._timer is not None:
            self._timer.cancel()

    def _look_for_folders(self) -> None:
        for name in FOLDERS:
            folder = self._root / name
            if folder.is_dir() and name not in self._watched:
                self._watched[name] = self._observing.add(folder, self._changed, recursive=True)
            elif not folder.is_dir() and name in self._watched:
                self._observing.remove(self._watched.pop(name))

    def _changed_at_root(self, path: Path) -> None:
        """Only our own names count: a project's folder holds much else."""
        if path.parent == self._root and path.name in (*FOLDERS, "stepwell.toml"):
            self._look_for_folders()
            self._changed(path)

    def _changed_beside(self, path: Path) -> None:
        if path in self._files:
            self._changed(path)

    def _changed(self, path: Path) -> None:
        if "__pycache__" in path.parts or path.suffix == ".pyc":
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._observing.loop.call_later(QUIET, self._begin)

    def _begin(self) -> None:
        if self._task is not None and not self._task.done():
            self._timer = self._observing.loop.call_later(QUIET, self._begin)
            return
        self._task = asyncio.ensure_future(self._reload_safely())

    async def _reload_safely(self) -> None:
        try:
            await self._reload()
        except Exception as mistake:  # ours: the project stays as it was, and the next change is looked at again
            log.error("the project could not be reloaded: %s", mistake, exc_info=mistake)

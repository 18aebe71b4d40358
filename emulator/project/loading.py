"""A project brought to life and kept in step with its files: what changed is applied, what went is removed."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emulator.errors import AwsError
from emulator.ids import DEFAULT_ACCOUNT
from emulator.project import reading
from emulator.project.kinds import KINDS, Kind
from emulator.project.problems import Problem, UnusableError
from emulator.project.resources import Key, Resource, Wanted, blame

if TYPE_CHECKING:
    from emulator.app import Emulator
    from emulator.project.drops import Drops
    from emulator.project.watching import Watch

log = logging.getLogger("stepwell.project")


class Project:
    """The files of `root` as resources of the default account in the emulator's region.

    `tell` gets a line for each problem, and for each change that became live while we watch. What the project
    made is noted in `<data>/project.json`, so that a file removed while nobody watched takes its resource along.
    """

    def __init__(self, emulator: Emulator, root: Path, data: Path, tell: Callable[[str], None]) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self._emulator = emulator
        self._data = data
        self._tell = tell
        self._applied: dict[Key, str] = {}
        self._made = self._read_made()
        self._started = False
        self._watch: Watch | None = None
        self._drops: Drops | None = None
        self._turn = asyncio.Lock()

    async def load(self) -> None:
        """Read every file, apply what differs, remove what is gone; problems are told and kept in `problems`."""
        async with self._turn:
            config = self._emulator.config
            before = frozenset(self._made | self._applied.keys())
            try:
                wanted = await asyncio.to_thread(
                    reading.read, self.root, self._data, DEFAULT_ACCOUNT, config.region, before, config.mock_config
                )
            except OSError as error:  # a file went while it was looked at, or may not be read
                self._tell(f"the project cannot be read: {error}")
                return
            for kind in KINDS:
                await self._apply_all(kind, wanted)
            for kind in reversed(KINDS):
                await self._remove_all(kind, wanted)
            self._tell_problems(wanted.problems)
            self._note_made()

    def contents(self) -> str:
        """How many resources of each kind are live, for people."""
        number = Counter(kind for kind, _ in self._applied)
        shown = [(number[kind.name], kind.one if number[kind.name] == 1 else kind.many) for kind in KINDS]
        return ", ".join(f"{count} {name}" for count, name in shown if count) or "empty"

    async def start(self) -> None:
        """Watch, then load: what changes from now on is reloaded, what is dropped in a bucket's folder is put."""
        from emulator.project.drops import Drops
        from emulator.project.watching import Observing, Watch

        try:
            observing = Observing(asyncio.get_running_loop())
            self._watch = Watch(observing, self.root, self.load, self._files())
        except OSError as error:  # the system's limit of watches is reached
            self._tell(f"changes are not noticed, dropped files are not put: {error}")
            await self.load()
            return
        await self.load()
        self._started = True
        self._drops = Drops(observing, self._emulator, self._tell)
        self._drops.begin()

    def _files(self) -> tuple[Path, ...]:
        """What the project reads outside of its folder."""
        file = self._emulator.config.mock_config
        return (Path(file).resolve(),) if file else ()

    async def close(self) -> None:
        """Watch no more; what is being applied is finished first."""
        if self._watch is not None:
            self._watch.close()
        if self._drops is not None:
            await self._drops.close()
        async with self._turn:
            return

    async def _call(self, service: str, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        try:
            return await self._emulator.call_async(service, operation, params, account=DEFAULT_ACCOUNT)
        except AwsError:
            raise
        except Exception as mistake:  # ours, and told as the front tells it; the rest of the project goes on
            log.error("%s:%s failed: %s", service, operation, mistake, exc_info=mistake)
            raise AwsError("InternalFailure", f"Stepwell failed at {service}:{operation}; its log says why.") from None

    async def _apply_all(self, kind: Kind, wanted: Wanted) -> None:
        for resource in [found for found in wanted.resources.values() if found.kind == kind.name]:
            if self._applied.get(resource.key) != resource.fingerprint:
                await self._apply(kind, resource, wanted)

    async def _apply(self, kind: Kind, resource: Resource, wanted: Wanted) -> None:
        try:
            await kind.apply(self._call, resource)
        except UnusableError as error:
            wanted.refuse(resource.key, error)
            return
        except AwsError as error:
            wanted.refuse(resource.key, UnusableError(blame(resource, error)))
            return
        self._applied[resource.key] = resource.fingerprint
        self._made.add(resource.key)
        if self._started:
            self._tell(f"{kind.name} {resource.name} is live")

    async def _remove_all(self, kind: Kind, wanted: Wanted) -> None:
        kept = wanted.resources.keys() | wanted.broken
        for key in sorted(self._made - kept):
            if key[0] != kind.name:
                continue
            try:
                await kind.remove(self._call, key[1])
            except AwsError as error:
                if not _is_gone(error):
                    self._tell(f"{kind.name} {key[1]} stays: {error.code}: {error.message}")
                    continue
            self._made.discard(key)
            self._applied.pop(key, None)
            self._tell(f"{kind.name} {key[1]} is removed")

    def _tell_problems(self, found: list[Problem]) -> None:
        """Each problem once, and each file that has none any more."""
        for problem in found:
            if problem not in self.problems:
                self._tell(problem.text(self.root))
        for file in sorted({problem.file for problem in self.problems} - {problem.file for problem in found}):
            if file.exists():
                self._tell(Problem(file, None, "in order again").text(self.root))
        self.problems = found

    def _read_made(self) -> set[Key]:
        try:
            return {(kind, name) for kind, name in json.loads((self._data / "project.json").read_text())}
        except (OSError, ValueError):
            return set()

    def _note_made(self) -> None:
        if self._made == self._read_made():
            return
        new = self._data / ".project.json.new"
        new.write_text(json.dumps(sorted(self._made)) + "\n")
        os.replace(new, self._data / "project.json")


def _is_gone(error: AwsError) -> bool:
    """Whether a removal failed because somebody else was quicker."""
    words = ("NotFound", "DoesNotExist", "NonExistent", "NoSuch")
    return any(word in error.code for word in words)

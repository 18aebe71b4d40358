"""A Stepwell that can be told to kill itself at a named instant: `python armed.py DATA PORT [HITS POINT]`.

At that many hits of the point it is dead; while it runs, write `<hits> <point>` to DATA/armed and send SIGUSR1. Points:

    before-commit WHAT      the transaction of WHAT is about to be committed
    after-commit WHAT       it is, and nobody was told yet
    answering OPERATION     the answer is about to leave             answered OPERATION     it has just left
    performing EFFECT       an effect was just given to the world    performed EFFECT       its outcome has just come
    blob-between-file-and-row, blob-between-commit-and-unlink

WHAT is `call OPERATION`, or `run`, `finish`, `fail` or `lose` with a kind of work.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from emulator import config as configuration
from emulator.app import Emulator


class Points:
    """Counts the hits of the armed point; notes what the next commit will commit."""

    def __init__(self) -> None:
        self._armed = ""
        self._left = 0
        self._uncommitted: list[str] = []

    def arm(self, text: str) -> None:
        """`<hits> <point>`: count from now on."""
        hits, _, self._armed = text.partition(" ")
        self._left = int(hits)

    def hit(self, name: str) -> None:
        """An instant has come."""
        if name == self._armed:
            self._left -= 1
            if self._left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def note(self, what: str) -> None:
        """Something that the next commit will commit."""
        self._uncommitted.append(what)

    def of_store(self, name: str) -> None:
        """An instant of the store's own; at a commit, once for each thing in it."""
        if not name.endswith("-commit"):
            self.hit(name)
            return
        for what in self._uncommitted:
            self.hit(f"{name} {what}")
        if name == "after-commit":
            self._uncommitted.clear()


def install(emulator: Emulator, points: Points) -> None:
    """Have the parts of a started emulator tell of their instants."""
    emulator.house.store.points = points.of_store
    _wrap_calls(emulator, points)
    _wrap_work(emulator.runner, points)
    performers = dict(emulator.runner._performers)
    emulator.runner._performers = {
        effect: partial(_perform, points, effect.__name__, perform) for effect, perform in performers.items()
    }


def _wrap_calls(emulator: Emulator, points: Points) -> None:
    directory, calls = emulator.house.directory, emulator.calls
    require, begin = directory.require, calls.begin

    def noted(service: str, operation: Any) -> Any:
        points.note(f"call {operation.name}")
        return require(service, operation)

    def begun(call: Any, done: Callable[[Any], None]) -> Any:
        def answered(answer: Any) -> None:
            points.hit(f"answering {call.operation.name}")
            done(answer)
            points.hit(f"answered {call.operation.name}")

        return begin(call, answered)

    directory.require = noted  # type: ignore[method-assign]
    calls.begin = begun  # type: ignore[method-assign]


def _wrap_work(runner: Any, points: Points) -> None:
    for verb in ("run", "finish", "fail", "lose"):
        method = getattr(runner, f"_{verb}")

        def noted(tx: Any, item: Any, *more: Any, verb: str = verb, method: Callable[..., Any] = method) -> Any:
            points.note(f"{verb} {item.kind}")
            return method(tx, item, *more)

        setattr(runner, f"_{verb}", noted)


def _perform(points: Points, name: str, perform: Callable[..., None], effect: Any, done: Callable[[Any], None]) -> None:
    def performed(outcome: Any) -> None:
        points.hit(f"performed {name}")
        done(outcome)

    perform(effect, performed)
    points.hit(f"performing {name}")


async def serve(data: Path, port: int, armed: str) -> None:
    """Serve until SIGTERM, or until the armed point is hit."""
    points, ending = Points(), asyncio.Event()
    if armed:
        points.arm(armed)
    emulator = Emulator(configuration.read({"data": data, "port": port}, {}))
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, ending.set)
    loop.add_signal_handler(signal.SIGUSR1, lambda: points.arm((data / "armed").read_text()))
    await emulator.start()
    install(emulator, points)
    print("ready", flush=True)
    await ending.wait()
    await emulator.stop()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2]), " ".join(sys.argv[3:])))

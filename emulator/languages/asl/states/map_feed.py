"""Makes the inputs of a Map Run's children out of its items, one after the other. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from emulator.languages.asl.environment import Env, MapItem, mixed
from emulator.languages.asl.failures import too_large
from emulator.languages.asl.frames import ROOT, Frame
from emulator.languages.asl.limits import PAYLOAD_LIMIT
from emulator.languages.asl.run import Run
from emulator.languages.asl.states.map import MapState
from emulator.languages.asl.states.map_io import Batch
from emulator.languages.asl.texts import Data, of

if TYPE_CHECKING:
    from emulator.languages.asl.document import Machine


class MapFeed:
    """`machine` is the one that has the Map state, `feed` the plan's (effects.StartMapRun), `arn` the Map Run's."""

    def __init__(self, machine: Machine, feed: dict[str, Any], arn: str, now: datetime, seed: int) -> None:
        state = machine.scopes[feed["scope"]].states[feed["state"]]
        assert isinstance(state, MapState)
        self._state = state
        self._arn = arn
        self._seed = seed
        self._document: Any = None
        self.batch = None if feed["batch"] is None else Batch(feed["batch"])
        if feed["seen"] is not None:
            self._see(machine, feed, now)

    def _see(self, machine: Machine, feed: dict[str, Any], now: datetime) -> None:
        """Make again what the ItemSelector refers to."""
        seen = feed["seen"]
        top = {"context": seen["context"], "last": 0, "next": 1, "draws": 0, "ready": [], "frames": {}}
        self._run = Run(machine, top, now, self._seed, 0)
        self._frame = frame = Frame(ROOT, feed["scope"], feed["state"], Data(seen["input"]), 0)
        frame.entered_time, frame.retries = seen["time"], seen["retries"]
        frame.variables = {name: Data(text) for name, text in seen["variables"].items()}
        self._document = self._state.flow.effective(self._run, frame).value

    def selected(self, item: MapItem) -> Data:
        """What the child, or the batch, of this item is given. Raises StateFailure."""
        if self._state.selector is None:
            return of(item.value)
        # Drawn numbers depend on the item alone: it may be read once more after a crash.
        self._run.seed, self._run.top["draws"] = mixed(self._seed, self._arn, item.index), 0
        return of(self._state.selector(Env(self._run, self._frame, self._document, item)))

    def checked(self, data: Data) -> Data:
        """An input that is not too large. Raises StateFailure."""
        if data.exceeds(PAYLOAD_LIMIT):
            raise too_large(self._state.name, terminal=True)
        return data

"""What the rooms of one process share: the store, the directory, the clocks, the parked requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from emulator.clock import WallClock
from emulator.kit.accounts import Accounts
from emulator.kit.directory import Directory
from emulator.kit.parking import Parking
from emulator.kit.work import Work
from emulator.storage import Store
from emulator.storage.blobs import Blobs

SCHEMA = Path(__file__).with_name("schema")


@dataclass(slots=True)
class House:
    """Assembled once, by the composition root; services see it through their Context.

    `tell` sends a hint to the other processes of the house (kind, body); None where there is only this one.
    `data` is the data folder, `settings` what a service may be told by the configuration.
    """

    store: Store
    blobs: Blobs
    directory: Directory
    wall: WallClock
    accounts: Accounts
    work: Work
    parking: Parking
    data: Path
    endpoint: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    memory: dict[str, dict[str, Any]] = field(default_factory=dict)
    tell: Callable[[str, dict[str, Any]], None] | None = None

    def wake(self, key: str, count: int | None = None) -> None:
        """Call requests parked under `key` again, here and in the other processes."""
        self.parking.wake(key, count)
        if self.tell is not None:
            self.tell("wake", {"key": key})

    def time_changed(self, account: str) -> None:
        """Set the account's timers by its new time, here and in the other processes."""
        if self.work.alarms is not None:
            self.work.alarms.time_changed(account)
        if self.tell is not None:
            self.tell("clock", {"account": account})

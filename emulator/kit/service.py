"""What a service says of itself, and the kinds of work it does when nobody calls."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

from emulator.errors import AwsError
from emulator.kit.results import Done

if TYPE_CHECKING:
    from emulator.kit.context import Context

Role = Literal["gateway", "runner", "router", "functions"]


@dataclass(frozen=True, slots=True)
class Item:
    """One row of `work`: something to be done, for whom, and why.

    `due` is microseconds of the account's time; `payload` is plain JSON; `attempts` counts earlier tries;
    `started`: it was performed outside, and nobody knows with what outcome.
    """

    id: int
    kind: str
    account: str
    region: str
    due: int
    attempts: int
    payload: dict[str, Any]
    trace_id: str
    cause: str
    started: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work: `run` does it inside a transaction, at most once visibly, because its row goes with it.

    `failed` is called in a new transaction when `run` raised an AwsError (without it that is a mistake of ours);
    `finish` receives the outcome of an `Outside`; `lost` is called instead of `run` for an item that was started
    outside when its process died. `name` is `<service>.<verb>`.
    """

    name: str
    role: Role
    run: Callable[[Context, Item], Done]
    finish: Callable[[Context, Item, Any], Done] | None = None
    lost: Callable[[Context, Item], Done] | None = None
    failed: Callable[[Context, Item, AwsError], Done] | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """An AWS service we emulate: `name` is botocore's, `package` the folder that holds it.

    The folder has the names that `tests/architecture` checks; modules are imported when first needed. `work`: it has
    kinds of work; `unheard`: it can tell events that no bus heard (kit/bus).
    """

    name: str
    package: str
    work: bool = False
    unheard: bool = False

    def module(self, name: str) -> ModuleType:
        """One of the service's modules, imported now if it was not yet."""
        return importlib.import_module(f"{self.package}.{name}")

    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of work of this service, none where it has no `work` module."""
        return tuple(self.module("work").KINDS) if self.work else ()

    @property
    def folder(self) -> Path:
        """Where the service's files lie."""
        origin = importlib.import_module(self.package).__file__
        if origin is None:
            raise ImportError(f"{self.package} has no file")
        return Path(origin).parent

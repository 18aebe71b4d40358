"""What an operation or a piece of work may answer other than a plain result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emulator.kit.context import Context


@dataclass(frozen=True, slots=True)
class Wait:
    """An operation that cannot answer yet. The request is parked and called again when one of `keys` is woken.

    `seconds` is wall time: how long the client is kept waiting at most; the first Wait of a request fixes it.
    `again` is called on a wake and, with `ctx.expired` true, at the deadline, when it must answer; without it the
    operation itself is called again. `wake_at` is a moment of the account's time at which to call again as well.
    `skip_until`: while this request is parked, the account's time may jump up to this moment (see kit/alarms).
    """

    keys: tuple[str, ...]
    seconds: float
    again: Callable[[Context], Result] | None = None
    wake_at: datetime | None = None
    skip_until: datetime | None = None


class Pending(Enum):
    """The answer of an operation that was given a `Reply`: the result will come as work of the asker's."""

    PENDING = "pending"


PENDING = Pending.PENDING


@dataclass(frozen=True, slots=True)
class Reply:
    """Where an answer that takes time is sent: a work item of `kind`, its payload `payload` plus the outcome.

    The work item's payload has `result` (the operation's result) or `error` (`{"code", "message"}`) beside
    what `payload` holds; it is written in the transaction in which the answer becomes known. Work that
    carries this as the `reply` of its payload (a function's invocation) keeps the asker's account from being at rest.
    """

    kind: str
    payload: dict[str, Any] = field(default_factory=dict)
    account: str = ""
    region: str = ""


Result = dict[str, Any] | Wait | Pending


@dataclass(frozen=True, slots=True)
class Again:
    """Work that is to be done once more at `due` (the account's time), optionally with another payload."""

    due: datetime
    payload: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Sleep:
    """Work that has nothing to do until one of `keys` is woken, or `wake_at` (the account's time) has come.

    Its row stays. It hears every wake of its keys, beside the requests that wait for them, and is run from its
    beginning; also when the house starts again, since a wake may have been lost with the process that heard it.
    """

    keys: tuple[str, ...]
    wake_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outside:
    """Work that leaves the process: `effect` goes to the performer of its type, the outcome to the kind's `finish`.

    The item is marked as started in the transaction that returns this, and performed after its commit: what was
    started when we died is not silently done again, it goes to the kind's `lost`.
    """

    effect: object


Done = Again | Sleep | Outside | None

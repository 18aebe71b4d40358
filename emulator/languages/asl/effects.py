"""What the engine asks for (imperatives) and what one call of it returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Send `TimerFired(timer_id)` at `at` (aware UTC)."""

    timer_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CancelTimer:
    """The timer is of no interest any more; a `TimerFired` that comes anyway is ignored."""

    timer_id: str


@dataclass(frozen=True, slots=True)
class RunTask:
    """Perform one attempt of a Task state.

    `resource` is the ARN as written, `parameters` the effective input (JSON value), `context` the
    `$$` object of the moment. `token` is set for `.waitForTaskToken`, `.sync` and activities, and is then
    also `context["Task"]["Token"]`. Timeouts are kept by the engine; they are given for information.

    `purpose` is "task", or for a distributed Map "item-reader" or "result-writer". An item reader answers
    with the list of items (`options`: its ReaderConfig). A result writer answers with the result of the
    Map state (`options`: {"MapRunArn", "WriterConfig", "Results": [{"Index", "Input", "Status", and
    "Output" or "Error" and "Cause"}]}, inputs and outputs as JSON text).
    """

    task_id: str
    attempt: int
    state_name: str
    resource: str
    parameters: Any
    timeout_seconds: int | None
    heartbeat_seconds: int | None
    credentials: Any | None
    token_wait: bool
    sync: bool
    context: dict[str, Any]
    token: str | None = None
    purpose: str = "task"
    options: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class CancelTask:
    """Nobody waits for this attempt any more."""

    task_id: str
    attempt: int


Effect = StartTimer | CancelTimer | RunTask | CancelTask


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an execution ended: status SUCCEEDED, FAILED, TIMED_OUT or ABORTED; `output` is JSON text."""

    status: str
    output: str | None = None
    error: str | None = None
    cause: str | None = None


@dataclass(slots=True)
class Step:
    """The result of one call: the new state and what is to be done and recorded in the same transaction."""

    state: dict[str, Any]
    changed: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    history: list[dict[str, Any]] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    outcome: Outcome | None = None
    more: bool = False


def settled(effects: list[Effect]) -> list[Effect]:
    """The effects without what was asked for and given up again in the same step."""
    given_up = {_named(effect) for effect in effects if isinstance(effect, (CancelTimer, CancelTask))}
    if not given_up:
        return effects
    begun = {_named(effect) for effect in effects if isinstance(effect, (StartTimer, RunTask))}
    void = given_up & begun
    return [effect for effect in effects if _named(effect) not in void]


def _named(effect: Effect) -> str:
    return effect.timer_id if isinstance(effect, (StartTimer, CancelTimer)) else effect.task_id

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


@dataclass(frozen=True, slots=True)
class StartMapRun:
    """Run the children of a distributed Map; answered by TaskSucceeded with the state's result, or TaskFailed.

    `items` is the JSON text of the array of items, or of the object whose members they are; None where the plan's
    reader gives them. `plan` is plain JSON:
    {"label", "machine": {"definition": JSON text, "kind": STANDARD | EXPRESS}: what the children run,
    "limits": {"concurrency": 0 for none, "count", "percentage": None where not given},
    "feed": what MapFeed needs, "reader": {"resource", "parameters", "config"} or None,
    "writer": {"resource": "" without an export, "parameters", "config"} or None}.
    """

    task_id: str
    attempt: int
    arn: str
    items: str | None
    plan: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RedriveMapRun:
    """Let a Map Run go on that did not succeed: its unsuccessful children run again. Answered as StartMapRun."""

    task_id: str
    attempt: int
    arn: str


@dataclass(frozen=True, slots=True)
class CancelTask:
    """Nobody waits for this attempt any more."""

    task_id: str
    attempt: int


Effect = StartTimer | CancelTimer | RunTask | CancelTask | StartMapRun | RedriveMapRun


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
    """The effects without what was asked for and given up again in the same step.

    A Map Run stays: the history names it, and a redrive may ask for it again.
    """
    if not effects:
        return effects
    given_up = {_named(effect) for effect in effects if isinstance(effect, (CancelTimer, CancelTask))}
    if not given_up:
        return effects
    begun = {_named(effect) for effect in effects if isinstance(effect, (StartTimer, RunTask))}
    void = given_up & begun
    return [effect for effect in effects if _named(effect) not in void]


def _named(effect: Effect) -> str:
    return effect.timer_id if isinstance(effect, (StartTimer, CancelTimer)) else effect.task_id

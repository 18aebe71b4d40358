"""The events an execution receives, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Continue:
    """The next tick has come: go on where the budget ran out."""


@dataclass(frozen=True, slots=True)
class TimerFired:
    timer_id: str


@dataclass(frozen=True, slots=True)
class TaskStarted:
    """A worker has taken the task. `worker` is the workerName of GetActivityTask, if any."""

    task_id: str
    attempt: int
    worker: str | None = None


@dataclass(frozen=True, slots=True)
class TaskSubmitted:
    """A `.sync` or `.waitForTaskToken` call was accepted; `output` is its answer (JSON value)."""

    task_id: str
    attempt: int
    output: Any


@dataclass(frozen=True, slots=True)
class TaskSucceeded:
    """`output` is the task's result (JSON value)."""

    task_id: str
    attempt: int
    output: Any


@dataclass(frozen=True, slots=True)
class TaskFailed:
    """`unsent`: no request could be made of what the state says, which the cause then names."""

    task_id: str
    attempt: int
    error: str | None
    cause: str | None
    unsent: bool = False


@dataclass(frozen=True, slots=True)
class TaskHeartbeat:
    task_id: str
    attempt: int


@dataclass(frozen=True, slots=True)
class StopRequested:
    error: str | None = None
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class MachineDeleted:
    """The state machine of this name is being deleted: its executions go no further."""

    machine: str


Answer = TaskStarted | TaskSubmitted | TaskSucceeded | TaskFailed | TaskHeartbeat
Event = Continue | TimerFired | Answer | StopRequested | MachineDeleted

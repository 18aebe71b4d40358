"""What goes wrong in a state, and which Retry or Catch it meets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from emulator.languages.asl.limits import RETRY_SECONDS_MAX
from emulator.languages.asl.texts import encodable

if TYPE_CHECKING:
    from emulator.languages.asl.dataflow import Exit
    from emulator.languages.asl.frames import Frame
    from emulator.languages.asl.run import Run

RUNTIME = "States.Runtime"
TIMEOUT = "States.Timeout"
HEARTBEAT = "States.HeartbeatTimeout"
DATA_LIMIT = "States.DataLimitExceeded"
RESULT_PATH = "States.ResultPathMatchFailure"
QUERY = "States.QueryEvaluationError"
THRESHOLD = "States.ExceedToleratedFailureThreshold"
TOO_DEEP = "The data are nested too deeply."


class StateFailure(Exception):
    """A state failed. `terminal` failures meet no Retry and no Catch.

    With `prefixed`, the cause begins with the sentence that names the state and its entry. `location`
    is the field whose JSONata failed ("" when the whole state is meant); None outside of JSONata.
    """

    def __init__(
        self,
        error: str | None,
        cause: str | None,
        *,
        terminal: bool = False,
        prefixed: bool = False,
        location: str | None = None,
        also: str | None = None,
    ) -> None:
        super().__init__(error, cause)
        self.error = None if error is None else encodable(error)
        self.cause = None if cause is None else encodable(cause)
        self.terminal = terminal
        self.prefixed = prefixed
        self.location = location
        self.also = also


def runtime(message: str) -> StateFailure:
    """States.Runtime: the definition does not fit the data. Never retried, never caught."""
    return StateFailure(RUNTIME, message, terminal=True, prefixed=True)


def failure_of(error: StateFailure | RecursionError) -> StateFailure:
    """The failure as a state has it; data that are nested too deeply to be worked on fit no definition."""
    return error if isinstance(error, StateFailure) else runtime(TOO_DEEP)


def query(message: str, location: str) -> StateFailure:
    """States.QueryEvaluationError: a JSONata expression of this field failed."""
    return StateFailure(QUERY, message, prefixed=True, location=location)


def too_large(name: str, *, terminal: bool) -> StateFailure:
    """States.DataLimitExceeded for the state or task of this name."""
    return StateFailure(
        DATA_LIMIT,
        f"The state/task '{name}' returned a result with a size exceeding the maximum number of bytes service limit.",
        terminal=terminal,
    )


def matches(names: Sequence[str], error: str | None, also: str | None = None) -> bool:
    """Does an ErrorEquals list name this error? (ASL specification, "Errors")

    States.ALL matches everything a Retry or Catch may see; States.TaskFailed everything but a timeout.
    `also` is a second name of the same error (a missed heartbeat is a timeout too).
    """
    for name in names:
        if name == "States.ALL" or name == error or (also is not None and name == also):
            return True
        if name == "States.TaskFailed" and error not in (TIMEOUT, HEARTBEAT):
            return True
    return False


@dataclass(frozen=True, slots=True)
class Retrier:
    """One entry of Retry. Times in seconds."""

    errors: tuple[str, ...]
    interval_seconds: float = 1
    max_attempts: int = 3
    backoff_rate: float = 2.0
    max_delay_seconds: float | None = None
    full_jitter: bool = False

    def delay(self, retried: int, chance: float) -> float:
        """Seconds to wait before the retry with this number (0 for the first); `chance` is in [0, 1)."""
        longest = self.max_delay_seconds if self.max_delay_seconds is not None else float(RETRY_SECONDS_MAX)
        try:
            delay = min(self.interval_seconds * self.backoff_rate**retried, longest)
        except OverflowError:
            delay = longest
        return delay * chance if self.full_jitter else delay


@dataclass(frozen=True, slots=True)
class Catcher:
    """One entry of Catch. `exit(run, frame, error_output)` gives the output and the assigned variables."""

    errors: tuple[str, ...]
    next: str
    exit: Callable[[Run, Frame, dict[str, Any]], Exit]


def find_entry(entries: Sequence[Retrier | Catcher], failure: StateFailure) -> int | None:
    """The position of the first entry of a Retry or a Catch that a failure meets."""
    for position, entry in enumerate(entries):
        if matches(entry.errors, failure.error, failure.also):
            return position
    return None

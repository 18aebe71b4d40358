"""One burst: frames run until they wait, end, or the budget is spent. Everything is recorded on the way."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import Any

from emulator.languages.asl import frames as frame_rows
from emulator.languages.asl import history as events
from emulator.languages.asl.document import Machine
from emulator.languages.asl.effects import CancelTask, CancelTimer, Effect, Outcome, StartTimer, Step
from emulator.languages.asl.environment import mixed
from emulator.languages.asl.failures import PAYLOAD_LIMIT, RUNTIME, StateFailure, matches, too_large
from emulator.languages.asl.frames import DONE, READY, ROOT, WAITING, Frame
from emulator.languages.asl.history import WHOLE, History
from emulator.languages.asl.states.state import State
from emulator.languages.asl.texts import Data, of

EXECUTION_TIMER = "execution"


class HistoryFull(Exception):  # noqa: N818 (the fact is the name)
    """The execution has used up its 25,000 events."""


class Run:
    """The working state of one call. Rows are read on first touch and written back at the end."""

    def __init__(
        self, machine: Machine, state: dict[str, Any], now: datetime, seed: int, budget: int
    ) -> None:
        self.machine = machine
        self.top = dict(state)
        self.rows: dict[str, Any] = dict(state["frames"])
        self.stored = state["frames"]
        self.live: dict[str, Frame] = {}
        self.changed: set[str] = set()
        self.removed: set[str] = set()
        self.now = now
        self.seed = seed
        self.budget = budget
        self.history = History(now, state["last"])
        self.effects: list[Effect] = []
        self.ready: deque[str] = deque(state["ready"])
        self.outcome: Outcome | None = None
        self.room = machine.kind == "STANDARD"
        self._draws = 0
        self._now_text = ""

    # -- frames

    def find_frame(self, frame_id: str) -> Frame | None:
        frame = self.live.get(frame_id)
        if frame is None:
            row = self.rows.get(frame_id)
            if row is None:
                return None
            frame = self.live[frame_id] = frame_rows.from_row(frame_id, row)
        return frame

    def require_frame(self, frame_id: str) -> Frame:
        frame = self.find_frame(frame_id)
        if frame is None:
            raise KeyError(frame_id)
        return frame

    def add_frame(self, frame: Frame) -> None:
        self.live[frame.id] = frame
        self.changed.add(frame.id)
        self.ready.append(frame.id)

    def remove_frame(self, frame_id: str) -> None:
        self.live.pop(frame_id, None)
        self.rows.pop(frame_id, None)
        self.changed.discard(frame_id)
        self.removed.add(frame_id)

    def keep_row(self, row_id: str, row: dict[str, Any]) -> None:
        """Store a row beside the frames (the items of a Map)."""
        self.rows[row_id] = row
        self.changed.add(row_id)

    def number(self) -> int:
        """The next number for a task, a timer or a group of children; never used twice."""
        number: int = self.top["next"]
        self.top["next"] = number + 1
        return number

    def state_of(self, frame: Frame) -> State:
        return self.machine.scopes[frame.scope].states[frame.at]

    # -- what expressions see

    @property
    def now_text(self) -> str:
        if not self._now_text:
            self._now_text = f"{self.now:%Y-%m-%dT%H:%M:%S}.{self.now.microsecond // 1000:03d}Z"
        return self._now_text

    def chance(self) -> int:
        self._draws += 1
        return mixed(self.seed, self.history.last, self.top["next"], self._draws)

    def variables(self, frame: Frame) -> dict[str, Any]:
        """The variables in scope; those of an inner scope hide the outer ones."""
        found: dict[str, Any] = {}
        if frame.parent is not None and not self.machine.scopes[frame.scope].isolated:
            found.update(self.variables(self.require_frame(frame.parent)))
        for name, data in frame.variables.items():
            found[name] = data.value
        return found

    def context(self, frame: Frame, item: tuple[int, Any] | None = None) -> dict[str, Any]:
        """The context object (`$$`) as the current state of a frame sees it."""
        context: dict[str, Any] = dict(self.top["context"])
        state = self.state_of(frame)
        entry: dict[str, Any] = {"Name": frame.at, "EnteredTime": frame.entered_time}
        if state.retriable:
            entry["RetryCount"] = sum(frame.retries)
        context["State"] = entry
        if item is None:
            item = self._item(frame)
        if item is not None:
            context["Map"] = {"Item": {"Index": item[0], "Value": item[1]}}
        if frame.work.get("token"):
            context["Task"] = {"Token": frame.work["token"]}
        return context

    def _item(self, frame: Frame) -> tuple[int, Any] | None:
        while frame.parent is not None:
            row = self.rows.get(f"{frame.id.rpartition('.')[0]}.items")
            if row is not None:
                return frame.index, Data(row["items"][frame.index]).value
            frame = self.require_frame(frame.parent)
        return None

    @property
    def region(self) -> str:
        """The region of the execution, out of its ARN."""
        parts = self.top["context"].get("Execution", {}).get("Id", "").split(":")
        return parts[3] if len(parts) > 3 else "us-east-1"

    # -- recording

    def record(self, frame: Frame, kind: str, previous: int, name: str = "", details: Any = None) -> int:
        """Add an event to the history; frames of child executions (distributed Map) have none here."""
        if frame.muted:
            return previous
        if self.room and self.history.last >= events.LIMIT - 1:
            raise HistoryFull
        return self.history.add(kind, previous, name, details)

    def start_timer(self, frame: Frame, seconds: float) -> str:
        return self.start_timer_at(frame, self.now + timedelta(seconds=seconds))

    def start_timer_at(self, frame: Frame, at: datetime) -> str:
        timer_id = f"{frame.id}@{self.number()}"
        self.effects.append(StartTimer(timer_id, at))
        return timer_id

    def cancel_timer(self, timer_id: str | None) -> None:
        if timer_id:
            self.effects.append(CancelTimer(timer_id))

    # -- running

    def go(self) -> None:
        """Run ready frames while there are any and the budget lasts."""
        while self.ready and self.budget > 0 and self.outcome is None:
            frame = self.find_frame(self.ready.popleft())
            if frame is not None and frame.phase == READY:
                self._run_frame(frame)

    def _run_frame(self, frame: Frame) -> None:
        states = self.machine.scopes[frame.scope].states
        self.changed.add(frame.id)
        while frame.phase == READY and self.outcome is None:
            if self.budget <= 0:
                self.ready.appendleft(frame.id)
                return
            self.budget -= 1
            state = states[frame.at]
            if not frame.entered:
                self._enter(frame, state)
            try:
                state.begin(self, frame)
            except StateFailure as failure:
                self.fail_state(frame, state, failure)

    def _enter(self, frame: Frame, state: State) -> None:
        frame.before = frame.prev
        details = {"name": state.name, "input": frame.input.text, "inputDetails": WHOLE}
        frame.prev = self.record(frame, state.entered_type, frame.prev, "stateEnteredEventDetails", details)
        frame.entered = frame.prev or 1
        frame.entered_time = self.now_text

    def resume(self, frame: Frame) -> None:
        """Let a waiting frame run again."""
        frame.phase = READY
        self.changed.add(frame.id)
        self.ready.append(frame.id)

    def leave(
        self, frame: Frame, state: State, output: Data, target: str | None, assigned: dict[str, Any] | None
    ) -> None:
        """Exit a state with its output; `target` None ends the frame."""
        if output.exceeds(PAYLOAD_LIMIT):
            raise too_large(state.name, terminal=True)
        details: dict[str, Any] = {"name": state.name, "output": output.text, "outputDetails": WHOLE}
        if assigned is not None:
            kept = {name: of(value) for name, value in assigned.items()}
            frame.variables = {**frame.variables, **kept}
            details["assignedVariables"] = {name: data.text for name, data in kept.items()}
            details["assignedVariablesDetails"] = WHOLE
        frame.prev = self.record(frame, state.exited_type, frame.prev, "stateExitedEventDetails", details)
        frame.input = output
        frame.entered = 0
        if frame.work or frame.retries:
            frame.work, frame.retries = {}, []
        if target is None:
            self.finish(frame, output)
            return
        frame.at = target
        if frame.phase != READY:
            self.resume(frame)

    def finish(self, frame: Frame, output: Data) -> None:
        """A frame came to its end."""
        frame.phase = DONE
        frame.output = output
        self.changed.add(frame.id)
        if frame.parent is None:
            details = {"output": output.text, "outputDetails": WHOLE}
            self.record(frame, "ExecutionSucceeded", frame.prev, "executionSucceededEventDetails", details)
            self.end(Outcome("SUCCEEDED", output.text))
            return
        parent = self.require_frame(frame.parent)
        self.changed.add(parent.id)
        state = self.state_of(parent)
        try:
            state.child_succeeded(self, parent, frame)
        except StateFailure as failure:
            self.fail_state(parent, state, failure)

    # -- failing

    def fail_state(self, frame: Frame, state: State, failure: StateFailure) -> None:
        """Meet a failure with Retry, then Catch, then the frame's own end."""
        if "group" in frame.work:
            self.drop_children(frame, aborted=True)
        cause = failure.cause
        if failure.prefixed:
            cause = (
                f"An error occurred while executing the state '{state.name}'"
                f" (entered at the event id #{frame.entered}). {cause}"
            )
        if failure.location is not None:
            details = events.failure(failure.error, cause)
            if failure.location:
                details["location"] = failure.location
            details["state"] = state.name
            name = "evaluationFailedEventDetails"
            frame.prev = self.record(frame, "EvaluationFailed", frame.before, name, details)
        if not failure.terminal and self._retry(frame, state, failure):
            return
        if state.failed_type and not (failure.error == RUNTIME and failure.prefixed):
            frame.prev = self.record(frame, state.failed_type, frame.prev)
        if not failure.terminal and self._catch(frame, state, failure, cause):
            return
        self._fail_frame(frame, failure.error, cause, failure.terminal)

    def _retry(self, frame: Frame, state: State, failure: StateFailure) -> bool:
        for position, retrier in enumerate(state.retriers):
            if not matches(retrier.errors, failure.error, failure.also):
                continue
            counts = frame.retries or [0] * len(state.retriers)
            retried = counts[position]
            if retried >= retrier.max_attempts:
                return False
            frame.retries = [*counts[:position], retried + 1, *counts[position + 1 :]]
            chance = (self.chance() >> 203) / (1 << 53) if retrier.full_jitter else 0.0
            frame.work = {"retry": self.start_timer(frame, retrier.delay(retried, chance))}
            frame.phase = WAITING
            return True
        return False

    def _catch(self, frame: Frame, state: State, failure: StateFailure, cause: str | None) -> bool:
        for catcher in state.catchers:
            if not matches(catcher.errors, failure.error, failure.also):
                continue
            error_output = {"Error": failure.error, "Cause": cause}
            try:
                output, assigned = catcher.exit(self, frame, error_output)
                self.leave(frame, state, output, catcher.next, assigned)
            except StateFailure as worse:
                again = StateFailure(
                    worse.error, worse.cause, terminal=True, prefixed=worse.prefixed, location=worse.location
                )
                self.fail_state(frame, state, again)
            return True
        return False

    def _fail_frame(self, frame: Frame, error: str | None, cause: str | None, terminal: bool) -> None:
        frame.phase = DONE
        if frame.parent is None:
            details = events.failure(error, cause)
            self.record(frame, "ExecutionFailed", frame.prev, "executionFailedEventDetails", details)
            self.end(Outcome("FAILED", None, error, cause))
            return
        frame.work = {"error": error, "cause": cause}
        parent = self.require_frame(frame.parent)
        self.changed.add(parent.id)
        state = self.state_of(parent)
        try:
            state.child_failed(self, parent, frame, StateFailure(error, cause, terminal=terminal))
        except StateFailure as failure:
            self.fail_state(parent, state, failure)

    # -- ending

    def drop_children(self, parent: Frame, *, aborted: bool) -> None:
        """Remove the children of a composite state; with `aborted`, those still at work say so."""
        group, count = parent.work.get("group"), parent.work.get("started", 0)
        if group is None:
            return
        for index in range(count):
            child = self.find_frame(f"{group}.{index}")
            if child is not None:
                if child.phase != DONE:
                    self._abort(child, aborted=aborted)
                self.remove_frame(child.id)
        if f"{group}.items" in self.rows:
            self.remove_frame(f"{group}.items")

    def _abort(self, frame: Frame, *, aborted: bool) -> None:
        self.cancel_work(frame)
        state = self.state_of(frame)
        self.drop_children(frame, aborted=aborted)
        if aborted and frame.entered and state.aborted_type:
            frame.prev = self.record(frame, state.aborted_type, frame.prev)
        if aborted and frame.parent is not None:
            parent = self.require_frame(frame.parent)
            self.state_of(parent).child_aborted(self, parent, frame)

    def cancel_work(self, frame: Frame) -> None:
        """Cancel the timers and the task a frame waits for."""
        work = frame.work
        for name in ("timer", "retry", "timeout", "heartbeat"):
            self.cancel_timer(work.get(name))
        if "task" in work:
            self.effects.append(CancelTask(work["task"], work["attempt"]))

    def end(self, outcome: Outcome) -> None:
        """The execution is over: nothing of it stays but its history."""
        self.outcome = outcome
        root = self.find_frame(ROOT)
        if root is not None:
            self.cancel_work(root)
            self.drop_children(root, aborted=False)
        if self.machine.timeout_seconds is not None:
            self.cancel_timer(EXECUTION_TIMER)
        for frame_id in [*self.rows, *self.live]:
            self.remove_frame(frame_id)

    def overflow(self) -> None:
        """End the execution for want of history."""
        root = self.require_frame(ROOT)
        details = events.failure(RUNTIME, events.FULL_CAUSE)
        self.history.add("ExecutionFailed", root.prev, "executionFailedEventDetails", details)
        self.end(Outcome("FAILED", None, RUNTIME, events.FULL_CAUSE))

    def step(self) -> Step:
        """What this burst did, as the caller sees it."""
        top = self.top
        rows = self.rows
        for frame_id in self.changed:
            frame = self.live.get(frame_id)
            if frame is not None:
                rows[frame_id] = frame.row()
        top["frames"] = rows
        top["last"] = self.history.last
        top["ready"] = list(self.ready) if self.outcome is None else []
        if self.outcome is not None:
            top["status"] = self.outcome.status
        return Step(
            state=top,
            changed=self.changed,
            removed={frame_id for frame_id in self.removed if frame_id in self.stored},
            history=self.history.events,
            effects=self.effects,
            outcome=self.outcome,
            more=bool(top["ready"]),
        )

"""One burst: frames run until they wait, end, or the budget is spent. Everything is recorded on the way."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from emulator.languages.asl import history as events
from emulator.languages.asl import redriving
from emulator.languages.asl.assigning import assign
from emulator.languages.asl.document import Machine
from emulator.languages.asl.effects import CancelTimer, Effect, Outcome, StartTimer, Step, settled
from emulator.languages.asl.environment import MapItem, mixed
from emulator.languages.asl.failing import cancel_work, drop_children, fail_state
from emulator.languages.asl.failures import RUNTIME, StateFailure, too_large
from emulator.languages.asl.frames import DONE, READY, ROOT, Frame, from_row
from emulator.languages.asl.history import WHOLE, History, HistoryFull
from emulator.languages.asl.limits import PAYLOAD_LIMIT
from emulator.languages.asl.states.state import State
from emulator.languages.asl.texts import Data
from emulator.languages.asl.timestamps import find_datetime, stamp

EXECUTION_TIMER = "execution"
CHARACTERS_A_TRANSITION = 512  # to read, write and record so many takes as long as a transition does
LONGEST = timedelta(days=365)  # of a Standard execution (AWS: Step Functions quotas)
LAST_DAY = (12, 31)  # what began with a leap year is over on this day of the same year
ALARM = "alarm"  # in the state of an execution whose timer is for the end of its year alone


class Run:
    """The working state of one call. Rows are read on first touch and written back at the end.

    `budget` is spent by transitions, large outputs and variables; `pause` is asked every few transitions whether the
    call has taken its time. `silent`: nobody reads the history, so its events are counted alone. `fallen` is what
    redriving needs to know of the states that fail in this call, by their frames.
    """

    def __init__(
        self,
        machine: Machine,
        state: dict[str, Any],
        now: datetime,
        seed: int,
        budget: int,
        pause: Callable[[], bool] | None = None,
        silent: bool = False,
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
        self.pause = pause
        self.transitions = 0
        self.silent = silent
        self.fallen: dict[str, dict[str, Any]] = {}
        self.history = History(now, state["last"])
        self.effects: list[Effect] = []
        self.ready: deque[str] = deque(state["ready"])
        self.outcome: Outcome | None = None
        self.redrivable = self.room = machine.kind == "STANDARD"
        self.timed = machine.timeout_seconds is not None  # it has its timer
        self._now_text = ""

    # -- frames

    def find_frame(self, frame_id: str) -> Frame | None:
        frame = self.live.get(frame_id)
        if frame is None:
            row = self.rows.get(frame_id)
            if row is None:
                return None
            frame = self.live[frame_id] = from_row(frame_id, row)
        return frame

    def require_frame(self, frame_id: str) -> Frame:
        frame = self.find_frame(frame_id)
        if frame is None:
            raise KeyError(frame_id)
        return frame

    def is_done(self, frame_id: str) -> bool:
        """Has this frame come to its end? Looks at the row where it can: there may be many."""
        live = self.live.get(frame_id)
        if live is not None:
            return live.phase == DONE
        row = self.rows.get(frame_id)
        return row is not None and bool(row["phase"] == DONE)

    def find_output(self, frame_id: str) -> str | None:
        """The JSON text a frame ended with; None when it failed."""
        live = self.live.get(frame_id)
        if live is not None:
            return live.output.text if live.output is not None else None
        text: str | None = (self.rows.get(frame_id) or {}).get("output")
        return text

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
        """Store a row beside the frames (the items of a Map, its outputs)."""
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
            self._now_text = stamp(self.now)
        return self._now_text

    def chance(self) -> int:
        """A number of 256 bits; each draw of an execution gives another one, whatever the seed."""
        self.top["draws"] = draws = self.top["draws"] + 1
        return mixed(self.seed, draws)

    def variables(self, frame: Frame) -> dict[str, Any]:
        """The variables in scope; those of an inner scope hide the outer ones."""
        found: dict[str, Any] = {}
        if frame.parent is not None:
            found.update(self.variables(self.require_frame(frame.parent)))
        return {**found, **{name: data.value for name, data in frame.variables.items()}}

    def context(self, frame: Frame, item: MapItem | None = None) -> dict[str, Any]:
        """The context object (`$$`) as the current state of a frame sees it."""
        context: dict[str, Any] = dict(self.top["context"])
        state = self.state_of(frame)
        entry: dict[str, Any] = {"Name": frame.at, "EnteredTime": frame.entered_time}
        if state.retriable:
            entry["RetryCount"] = sum(frame.retries)
        context["State"] = entry
        item = self._item(frame) if item is None else item
        if item is not None:
            context["Map"] = {"Item": item.shown()}
        if frame.work.get("token"):
            context["Task"] = {"Token": frame.work["token"]}
        return context

    def _item(self, frame: Frame) -> MapItem | None:
        while frame.parent is not None:
            row = self.rows.get(f"{frame.id.rpartition('.')[0]}.items")
            if row is not None:
                return MapItem(frame.index, row["items"][frame.index])
            frame = self.require_frame(frame.parent)
        return None

    @property
    def region(self) -> str:
        """The region of the execution, out of its ARN."""
        arn: str = self.top["context"].get("Execution", {}).get("Id", "")
        return f"{arn}:::us-east-1".split(":")[3]

    # -- recording

    def record(self, frame: Frame, kind: str, previous: int, name: str = "", details: Any = None) -> int:
        """Add an event of a frame to the history; its id. Raises HistoryFull."""
        history = self.history
        event_id = history.last + 1
        if event_id >= events.LIMIT and self.room:
            raise HistoryFull
        history.last = event_id
        if self.silent:
            return event_id
        # History.add, written out: this is done twice for every state.
        event: dict[str, Any] = {"timestamp": self.now, "type": kind, "id": event_id, "previousEventId": previous}
        if name:
            event[name] = details
        history.events.append(event)
        return event_id

    def start_timer(self, frame: Frame, seconds: float) -> str:
        return self.start_timer_at(frame, self.now + timedelta(seconds=seconds))

    def start_timer_at(self, frame: Frame, at: datetime) -> str:
        """Start a timer of a frame; none fires later than the execution may last."""
        at = min(at, self.find_limit(at) or at)
        timer_id = f"{frame.id}@{self.number()}"
        self.effects.append(StartTimer(timer_id, at))
        return timer_id

    def cancel_timer(self, timer_id: str | None) -> None:
        if timer_id:
            self.effects.append(CancelTimer(timer_id))

    def find_limit(self, moment: datetime) -> datetime | None:
        """When a Standard execution is timed out, whatever it says itself; None where `moment` is long before."""
        started: str = self.top["context"].get("Execution", {}).get("StartTime", "")
        if not self.room or (started[:4] == str(moment.year) and (moment.month, moment.day) != LAST_DAY):
            return None
        begun = find_datetime(started)
        return None if begun is None else begun + LONGEST

    def wait_for_long(self) -> None:
        """See to it that the execution ends with its year: something waits for an answer, and no timer ends that.

        The year begins with the execution, not with a redrive: one that has reached "the maximum open time of one
        year" cannot be redriven, and only "the state machine level timeout, if defined, is reset to 0"
        (Step Functions Developer Guide, "Redriving executions").
        """
        if self.machine.timeout_seconds is not None or ALARM in self.top:
            return
        limit = self.find_limit(self.now + LONGEST)
        if limit is not None:
            self.top[ALARM] = True
            self.effects.append(StartTimer(EXECUTION_TIMER, limit))

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
            self.transitions += 1
            state = states[frame.at]
            # An expression of JSONata may take as long as many transitions.
            if not self.transitions & (3 if state.jsonata else 15) and self.pause is not None and self.pause():
                self.budget = 0
            if not frame.entered:
                self._enter(frame, state)
            try:
                state.begin(self, frame)
            except (StateFailure, RecursionError) as failure:
                fail_state(self, frame, state, failure)

    def spend(self, size: int) -> None:
        """Count an output or variables of `size` characters as the transitions that would take as long."""
        self.budget -= size // CHARACTERS_A_TRANSITION

    def _enter(self, frame: Frame, state: State) -> None:
        frame.before = before = frame.prev
        details: dict[str, Any] = {}
        if not self.silent:
            details = {"name": state.name, "input": frame.input.text, "inputDetails": WHOLE}
        frame.prev = entered = self.record(frame, state.entered_type, before, "stateEnteredEventDetails", details)
        frame.entered = entered or 1
        frame.entered_time = self._now_text or self.now_text

    def resume(self, frame: Frame) -> None:
        """Let a waiting frame run again."""
        frame.phase = READY
        self.changed.add(frame.id)
        self.ready.append(frame.id)

    def leave(
        self, frame: Frame, state: State, output: Data, target: str | None, assigned: dict[str, Any] | None
    ) -> None:
        """Exit a state with its output; `target` None ends the frame."""
        size = len(output.text)
        if size >= CHARACTERS_A_TRANSITION:
            if output.exceeds(PAYLOAD_LIMIT):
                raise too_large(state.name, terminal=True)
            self.spend(size)
        details: dict[str, Any] = {}
        if not self.silent:
            details = {"name": state.name, "output": output.text, "outputDetails": WHOLE}
        if assigned is not None:
            details |= assign(self, frame, state.name, assigned)
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
        except (StateFailure, RecursionError) as failure:
            fail_state(self, parent, state, failure)

    # -- ending

    def end(self, outcome: Outcome) -> None:
        """The execution is over: nothing of it stays but its history."""
        self.outcome = outcome
        root = self.find_frame(ROOT)
        if root is not None:
            if outcome.status != "SUCCEEDED" and self.redrivable:
                self.top["resume"] = redriving.kept(self, root)
            cancel_work(self, root)
            drop_children(self, root, aborted=False)
        if self.timed or self.top.pop(ALARM, False):
            self.cancel_timer(EXECUTION_TIMER)
        self.removed.update(self.rows, self.live)
        for kept in (self.rows, self.live, self.changed):
            kept.clear()

    def fail(self, cause: str) -> None:
        """End the execution with States.Runtime, whatever its states would say to that."""
        root = self.require_frame(ROOT)
        self.history.add("ExecutionFailed", root.prev, "executionFailedEventDetails", events.failure(RUNTIME, cause))
        self.end(Outcome("FAILED", None, RUNTIME, cause))

    def step(self) -> Step:
        """What this burst did, as the caller sees it."""
        top, rows = self.top, self.rows
        for frame_id in self.changed:
            frame = self.live.get(frame_id)
            if frame is not None:
                rows[frame_id] = frame.row()
        top["frames"] = rows
        top["last"] = self.history.last
        top["ready"] = list(self.ready) if self.outcome is None else []
        top["status"] = "RUNNING" if self.outcome is None else self.outcome.status
        return Step(
            state=top,
            changed={frame_id for frame_id in self.changed if frame_id in rows},
            removed={frame_id for frame_id in self.removed if frame_id in self.stored},
            history=[] if self.silent else self.history.events,
            effects=settled(self.effects),
            outcome=self.outcome,
            more=bool(top["ready"]),
        )

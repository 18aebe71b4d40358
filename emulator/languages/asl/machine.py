"""The two functions that move an execution: start it, and advance it by one event. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from emulator.languages.asl import answers, redriving
from emulator.languages.asl import history as events
from emulator.languages.asl.document import Machine
from emulator.languages.asl.effects import CancelTask, CancelTimer, Effect, Outcome, StartTimer, Step
from emulator.languages.asl.failing import fail_state
from emulator.languages.asl.failures import TIMEOUT, StateFailure
from emulator.languages.asl.frames import ROOT, WAITING, Frame
from emulator.languages.asl.history import WHOLE, HistoryFull
from emulator.languages.asl.run import EXECUTION_TIMER, Run
from emulator.languages.asl.states.task import TaskState
from emulator.languages.asl.states.wait import WaitState
from emulator.languages.asl.texts import Data, of
from emulator.languages.asl.timestamps import find_datetime, stamp

BUDGET = 500
OUTSIDE = 0  # the event before one that no event of the execution brought about


def start(
    machine: Machine,
    *,
    input: Any,
    context: dict[str, Any],
    now: datetime,
    seed: int,
    budget: int = BUDGET,
    pause: Callable[[], bool] | None = None,
    silent: bool = False,
) -> Step:
    """Begin an execution and run its first burst.

    `input` is JSON text, or any other JSON value than a string. `context` is the context object without
    State, Task and Map: {"Execution": {Id, Input, Name, RoleArn, StartTime}, "StateMachine": {Id, Name}};
    Input is the value of `input`, filled in where absent. `now` is aware UTC; `budget` bounds the state
    transitions of this call, and so does `pause`, which says when it has taken its time. `silent`: nobody reads the
    history, so the Step has none; its events are numbered all the same.
    """
    execution = context.get("Execution", {})
    if not isinstance(input, str):
        data = of(input)
    else:
        data = Data(input, execution["Input"]) if "Input" in execution else Data(input)
    state: dict[str, Any] = {
        "context": _context(context, data),
        "last": 0,
        "next": 1,
        "draws": 0,
        "ready": [],
        "frames": {},
    }
    run = Run(machine, state, now, seed, budget, pause, silent)
    details = {"input": data.text, "inputDetails": WHOLE}
    if "RoleArn" in state["context"]["Execution"]:
        details["roleArn"] = state["context"]["Execution"]["RoleArn"]
    frame = Frame(ROOT, 0, machine.scopes[0].start_at, data, 0)
    run.record(frame, "ExecutionStarted", 0, "executionStartedEventDetails", details)
    run.timed = False  # what ends in its first burst needs no timer
    run.add_frame(frame)
    step = _finished(run)
    if machine.timeout_seconds is not None and step.outcome is None:
        step.effects.insert(0, _limit(run, machine.timeout_seconds))
    return step


def _limit(run: Run, seconds: int) -> StartTimer:
    """The timer of the execution, which fires after a year at the latest."""
    at = run.now + timedelta(seconds=seconds)
    return StartTimer(EXECUTION_TIMER, min(at, run.find_limit(at) or at))


def _context(given: dict[str, Any], data: Data) -> dict[str, Any]:
    execution = given.get("Execution", {})
    if "Input" in execution and "RedriveCount" in execution:
        return given
    execution = {**execution}
    if "Input" not in execution:
        execution["Input"] = data.value
    execution.setdefault("RedriveCount", 0)
    return {**given, "Execution": execution}


def redrive(
    machine: Machine,
    *,
    left: dict[str, Any],
    context: dict[str, Any],
    count: int,
    now: datetime,
    seed: int,
    budget: int = BUDGET,
    pause: Callable[[], bool] | None = None,
) -> Step:
    """Go on from the state in which an execution failed, was stopped or timed out.

    `left` has `resume`, `last`, `next` and `draws` of the last Step's state; `context` as of `start`; `count` is
    the number of this redrive. Branches and iterations that had succeeded keep their results.
    """
    execution = {
        **context["Execution"],
        "RedriveCount": count,
        "RedriveTime": stamp(now),
    }
    top = {"last": left["last"], "next": left["next"], "draws": left["draws"], "ready": [], "frames": {}}
    run = Run(machine, {**top, "context": {**context, "Execution": execution}}, now, seed, budget, pause)
    event = run.history.add("ExecutionRedriven", left["last"], "executionRedrivenEventDetails", {"redriveCount": count})
    if machine.timeout_seconds is not None:
        run.effects.append(_limit(run, machine.timeout_seconds))
    run.live[ROOT] = frame = redriving.resumed(left["resume"], event)
    run.resume(frame)
    return _finished(run)


def advance(
    machine: Machine,
    state: dict[str, Any],
    event: answers.Event,
    *,
    now: datetime,
    seed: int,
    budget: int = BUDGET,
    pause: Callable[[], bool] | None = None,
    silent: bool = False,
) -> Step:
    """Take one event in and run until everything waits again, or the budget is spent.

    `state` is the last Step's and is not changed. An event that nobody waits for (late, twice, of another
    attempt) gives a Step without effects and history. `silent` as of `start`.
    """
    run = Run(machine, state, now, seed, budget, pause, silent)
    if ROOT not in state["frames"]:
        return run.step()
    try:
        limit = run.find_limit(now)
        if limit is not None and now >= limit:
            _time_out(run)
        else:
            _receive(run, event)
    except HistoryFull:
        run.fail(events.FULL_CAUSE)
    step = _finished(run)
    if step.outcome is not None and step.effects:
        step.effects = _but_heard(step.effects, event)
    return step


def _finished(run: Run) -> Step:
    try:
        run.go()
    except HistoryFull:
        run.fail(events.FULL_CAUSE)
    return run.step()


def _but_heard(given: list[Effect], event: answers.Event) -> list[Effect]:
    """The effects without the cancelling of what `event` tells of: a timer that has fired, a task that is over."""
    void: Effect
    if isinstance(event, answers.TimerFired):
        void = CancelTimer(event.timer_id)
    elif isinstance(event, (answers.TaskSucceeded, answers.TaskFailed)):
        void = CancelTask(event.task_id, event.attempt)
    else:
        return given
    return [effect for effect in given if effect != void]


def _receive(run: Run, event: answers.Event) -> None:
    if isinstance(event, answers.TimerFired):
        _timer(run, event.timer_id)
    elif isinstance(event, answers.StopRequested):
        _stop(run, event)
    elif isinstance(event, answers.MachineDeleted):
        # AWS Knowledge Center, "Why is my Step Functions state machine stuck in the DELETING status?"
        run.fail(f"State machine {event.machine} has been deleted.")
    elif not isinstance(event, answers.Continue):
        _answer(run, event)


def _answer(run: Run, event: answers.Answer) -> None:
    frame = run.find_frame(event.task_id.partition("#")[0])
    if frame is None or frame.phase != WAITING:
        return
    work = frame.work
    if work.get("task") != event.task_id or work.get("attempt") != event.attempt:
        return
    state = run.state_of(frame)
    run.changed.add(frame.id)
    try:
        state.answer(run, frame, event)
    except (StateFailure, RecursionError) as failure:
        fail_state(run, frame, state, failure)


def _timer(run: Run, timer_id: str) -> None:
    if timer_id == EXECUTION_TIMER:
        if _is_over(run):
            _time_out(run)
        return
    frame = run.find_frame(timer_id.partition("@")[0])
    if frame is None or frame.phase != WAITING:
        return
    name = next((name for name, value in frame.work.items() if value == timer_id), None)
    if name is None:
        return
    run.changed.add(frame.id)
    state = run.state_of(frame)
    try:
        if name == "retry":
            frame.work = {}
            run.resume(frame)
        elif name == "timer" and isinstance(state, WaitState):
            frame.work = {}
            state.leave(run, frame)
        elif isinstance(state, TaskState):
            state.timed_out(run, frame, name)
    except (StateFailure, RecursionError) as failure:
        fail_state(run, frame, state, failure)


def _is_over(run: Run) -> bool:
    """Whether the time of the machine has passed; it begins anew with a redrive, after which an old timer is late."""
    if run.machine.timeout_seconds is None:
        return False
    redriven = find_datetime(run.top["context"].get("Execution", {}).get("RedriveTime"))
    return redriven is None or run.now >= redriven + timedelta(seconds=run.machine.timeout_seconds)


def _time_out(run: Run) -> None:
    details = events.failure(TIMEOUT, None)
    run.history.add("ExecutionTimedOut", OUTSIDE, "executionTimedOutEventDetails", details)
    run.end(Outcome("TIMED_OUT", None, TIMEOUT))


def _stop(run: Run, event: answers.StopRequested) -> None:
    details = events.failure(event.error, event.cause)
    run.history.add("ExecutionAborted", OUTSIDE, "executionAbortedEventDetails", details)
    run.end(Outcome("ABORTED", None, event.error, event.cause))

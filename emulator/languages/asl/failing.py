"""What happens when a state fails: Retry, Catch, the end of its frame; and what is given up with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.languages.asl import history as events
from emulator.languages.asl import redriving
from emulator.languages.asl.effects import CancelTask, Outcome
from emulator.languages.asl.failures import RUNTIME, StateFailure, failure_of, find_entry
from emulator.languages.asl.frames import DONE, WAITING, Frame, indexes_of, rows_of

if TYPE_CHECKING:
    from emulator.languages.asl.run import Run
    from emulator.languages.asl.states.state import State


def fail_state(run: Run, frame: Frame, state: State, error: StateFailure | RecursionError) -> None:
    """Meet a failure with Retry, then Catch, then the frame's own end."""
    failure = failure_of(error)
    if run.redrivable and ("group" in frame.work or "run" in frame.work) and frame.id not in run.fallen:
        run.fallen[frame.id] = redriving.left(run, frame, failure)
    drop_children(run, frame, aborted=True)
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
        frame.prev = run.record(frame, "EvaluationFailed", frame.before, name, details)
    if not failure.terminal and _retry(run, frame, state, failure):
        run.fallen.clear()
        return
    if state.failed_type and not (failure.error == RUNTIME and failure.prefixed):
        frame.prev = run.record(frame, state.failed_type, frame.prev)
    if not failure.terminal and _catch(run, frame, state, failure, cause):
        run.fallen.clear()
        return
    _fail_frame(run, frame, failure.error, cause, failure.terminal)


def _retry(run: Run, frame: Frame, state: State, failure: StateFailure) -> bool:
    position = find_entry(state.retriers, failure)
    if position is None:
        return False
    retrier = state.retriers[position]
    counts = frame.retries or [0] * len(state.retriers)
    retried = counts[position]
    if retried >= retrier.max_attempts:
        return False
    frame.retries = [*counts[:position], retried + 1, *counts[position + 1 :]]
    chance = (run.chance() >> 203) / (1 << 53) if retrier.full_jitter else 0.0
    frame.work = {"retry": run.start_timer(frame, retrier.delay(retried, chance))}
    frame.phase = WAITING
    return True


def _catch(run: Run, frame: Frame, state: State, failure: StateFailure, cause: str | None) -> bool:
    position = find_entry(state.catchers, failure)
    if position is None:
        return False
    catcher = state.catchers[position]
    try:
        output, assigned = catcher.exit(run, frame, {"Error": failure.error, "Cause": cause})
        run.leave(frame, state, output, catcher.next, assigned)
    except (StateFailure, RecursionError) as error:
        worse = failure_of(error)
        again = StateFailure(worse.error, worse.cause, terminal=True, prefixed=worse.prefixed, location=worse.location)
        fail_state(run, frame, state, again)
    return True


def _fail_frame(run: Run, frame: Frame, error: str | None, cause: str | None, terminal: bool) -> None:
    frame.phase = DONE
    if frame.parent is None:
        details = events.failure(error, cause)
        run.record(frame, "ExecutionFailed", frame.prev, "executionFailedEventDetails", details)
        run.end(Outcome("FAILED", None, error, cause))
        return
    frame.work = {"error": error, "cause": cause}
    parent = run.require_frame(frame.parent)
    run.changed.add(parent.id)
    state = run.state_of(parent)
    try:
        state.child_failed(run, parent, frame, StateFailure(error, cause, terminal=terminal))
    except (StateFailure, RecursionError) as failure:
        fail_state(run, parent, state, failure)


def drop_children(run: Run, parent: Frame, *, aborted: bool) -> None:
    """Remove the children of a composite state; with `aborted`, those still at work say so."""
    work = parent.work
    if "group" not in work:
        return
    for index in indexes_of(work):
        child_id = f"{work['group']}.{index}"
        if not run.is_done(child_id):
            child = run.find_frame(child_id)
            if child is not None:
                _abort(run, child, aborted=aborted)
        run.remove_frame(child_id)
    for name in rows_of(work):
        run.remove_frame(f"{work['group']}.{name}")


def _abort(run: Run, frame: Frame, *, aborted: bool) -> None:
    cancel_work(run, frame)
    state = run.state_of(frame)
    drop_children(run, frame, aborted=aborted)
    if aborted and "run" in frame.work:
        frame.prev = run.record(frame, "MapRunAborted", frame.prev)
    if aborted and frame.entered and state.aborted_type:
        frame.prev = run.record(frame, state.aborted_type, frame.prev)
    if aborted and frame.parent is not None:
        parent = run.require_frame(frame.parent)
        run.state_of(parent).child_aborted(run, parent, frame)


def cancel_work(run: Run, frame: Frame) -> None:
    """Cancel the timers and the task a frame waits for."""
    work = frame.work
    if not work:
        return
    for name in ("timer", "retry", "timeout", "heartbeat"):
        run.cancel_timer(work.get(name))
    if "task" in work:
        run.effects.append(CancelTask(work["task"], work["attempt"]))

"""What of an execution that has not succeeded is kept, so that it can be redriven, and how it goes on from there.

A Parallel or Map that failed keeps the branches and iterations that had succeeded; only the others run again
(Step Functions Developer Guide, "Redrive behavior of individual states").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.languages.asl.failures import DATA_LIMIT, RUNTIME, StateFailure
from emulator.languages.asl.frames import ROOT, WAITING, Frame, from_row, indexes_of, rows_of

if TYPE_CHECKING:
    from emulator.languages.asl.run import Run

LEFT = "left"  # in a frame's work: what its Parallel or Map had reached when it did not end well


def kept(run: Run, root: Frame) -> dict[str, Any]:
    """The frame of the execution as it stood in the state that did not end well, as plain JSON."""
    return _standing(run, root)


def _standing(run: Run, frame: Frame) -> dict[str, Any]:
    """A frame as it stands in its state, which is to begin once more; retries are counted anew."""
    again = Frame(frame.id, frame.scope, frame.at, frame.input, frame.prev)
    again.phase = WAITING
    again.entered, again.before, again.entered_time = frame.entered, frame.before, frame.entered_time
    again.variables = frame.variables
    found = run.fallen[frame.id] if frame.id in run.fallen else left(run, frame)
    if found:
        again.work = {LEFT: found}
    return again.row()


def left(run: Run, frame: Frame, failure: StateFailure | None = None) -> dict[str, Any]:
    """What is kept of the Parallel or Map a frame is in, `failure` being why it ends; empty: it begins anew.

    A state that failed because of States.DataLimitExceeded begins anew, a Map Run because of States.Runtime too
    (Step Functions Developer Guide, "Redriving Map Runs").
    """
    work = frame.work
    if LEFT in work:
        return dict(work[LEFT])  # ended again before it could go on
    if "run" in work:
        anew = failure is not None and failure.error in (DATA_LIMIT, RUNTIME)
        return {} if anew else {"run": work["run"], "redrives": work["redrives"]}
    if "group" not in work or (failure is not None and failure.error == DATA_LIMIT):
        return {}
    rows = {name: run.rows.get(f"{work['group']}.{name}") for name in rows_of(work)}
    children = {}
    for index in indexes_of(work):
        child = run.find_frame(f"{work['group']}.{index}")
        if child is None:
            return {}
        if child.output is not None:
            rows[str(index)] = child.row()
        else:
            children[str(index)] = _standing(run, child)
    return {"work": work, "children": children, "rows": rows} if children else {}


def resumed(row: dict[str, Any], previous: int) -> Frame:
    """The frame that goes on, its next event linked to the event `previous`; its state is not entered again."""
    frame = from_row(ROOT, row)
    frame.prev = previous
    return frame


def resume_children(run: Run, frame: Frame) -> None:
    """Let the children of a Parallel or Map go on that had not succeeded; the others stay as they ended."""
    given = frame.work[LEFT]
    group = run.number()
    frame.work = {**given["work"], "group": group}
    for name, row in given["rows"].items():
        run.keep_row(f"{group}.{name}", {**row, "parent": frame.id} if "phase" in row else row)
    for index in sorted(given["children"], key=int):
        child = from_row(f"{group}.{index}", given["children"][index])
        child.parent, child.index, child.prev = frame.id, int(index), frame.prev
        run.live[child.id] = child
        run.resume(child)

"""Map Runs that are going on: in slices, children are started as there is room, and counted as they end.

A run takes one step with each of its work items: its first one, one for each child that ended, and one that follows
itself while there is something to do at once (`State.going`).
"""

from __future__ import annotations

from typing import Any

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.kit.results import Done
from emulator.kit.service import Item
from emulator.languages.asl import document
from emulator.languages.asl.answers import TaskFailed, TaskSucceeded
from emulator.languages.asl.failures import RUNTIME, THRESHOLD, StateFailure
from emulator.languages.asl.states.map_limits import Limits
from emulator.languages.asl.texts import load
from emulator.services.stepfunctions import limits
from emulator.services.stepfunctions.integrations import items
from emulator.services.stepfunctions.work import drive, endings, map_results, map_rows
from emulator.services.stepfunctions.work.map_children import Children, count_end, recount
from emulator.services.stepfunctions.work.map_feeding import Feeding
from emulator.services.stepfunctions.work.map_rows import DONE, MAP_RUN, RUNNING, STOPPING, WRITING, MapRun
from emulator.services.stepfunctions.work.store import SQL

MAP_ENDED = "stepfunctions.map_ended"
SLICE = 500  # microseconds of the loop for one step (two milliseconds with the commit)
SLICE_OF_A_POOL = 20_000  # where units run in threads of their own


def go(ctx: Context, item: Item) -> Done:
    """One step of a Map Run; the payload says what has happened."""
    run = map_rows.find(ctx, item.payload["run"])
    if run is None:
        return None
    what = item.payload
    if "ended" in what:
        count_end(run, *what["ended"])
    elif "stop" in what:
        run.state.again = False
        _decide(run, "ABORTED")
    elif "redrive" in what:
        run.state.again = run.task == what["redrive"]
    elif "changed" not in what:
        run.state.going = False
    more = _step(ctx, run)
    if more and not run.state.going:
        run.state.going = True
        ctx.add_work(MAP_RUN, {"run": run.id})
    map_rows.keep(ctx, run)
    return None


def _step(ctx: Context, run: MapRun) -> bool:
    """Do what can be done; whether there is more of it."""
    until = ctx.wall + (SLICE if ctx.tx.exclusive else SLICE_OF_A_POOL)
    if run.state.phase == DONE and run.state.again:
        _redriven(ctx, run)
    more, stopping = False, run.state.phase == STOPPING
    with endings.hearing(ctx, run.id) as ended:
        if run.state.phase == RUNNING and _may_start(run):
            more = _fill(ctx, run, until)
        elif stopping:
            more = Children(ctx, run).stop()
    for status, count in ended:
        count_end(run, status, count)
    _look(run)
    if run.state.phase == STOPPING:
        if run.state.executions["running"]:
            return more or not stopping
        run.state.phase = WRITING
    if run.state.phase == WRITING:
        more = _write(ctx, run, until)
    return more or (bool(ended) and run.state.phase == RUNNING)


def _may_start(run: MapRun) -> bool:
    """Is there room for one more child, and may there be one? A run that nobody waits for is about to be stopped."""
    counts = run.state.executions
    return bool(run.task) and counts["running"] < _room(run) and bool(not run.state.read or counts["pendingRedrive"])


def _fill(ctx: Context, run: MapRun, until: int) -> bool:
    """Start or redrive children while there is room and time; whether there is more to start at once."""
    children = Children(ctx, run)
    try:
        if run.feeding is None:
            children.require_machine()
            run.feeding = Feeding(ctx, run, run.id)
        return _started(ctx, run, run.feeding, children, until)
    except StateFailure as failure:
        _decide(run, "FAILED", failure.error, failure.cause)
    except items.UnreadableError as error:
        _decide(run, "FAILED", items.FAILED, str(error))
    except document.InvalidDefinition as error:
        _decide(run, "FAILED", RUNTIME, error.aws_message)
    finally:
        children.flush()
    return False


def _started(ctx: Context, run: MapRun, feeding: Feeding, children: Children, until: int) -> bool:
    state, room, number = run.state, _room(run), 0
    while state.executions["running"] < room and not _exceeded(run):
        number += 1
        if number > limits.CHILDREN_A_SLICE or ctx.wall > until:
            return True
        if state.executions["pendingRedrive"]:
            if not children.redrive(room - state.executions["running"]) and state.executions["pendingRedrive"]:
                recount(ctx, run)
            continue
        if state.read:
            return False
        given = feeding.take(ctx, until)
        if given is None:
            state.read = feeding.over
            return not state.read
        data, count = given
        children.start(data.text, count)
        state.at, state.taken = feeding.place(), state.taken + count
    return False


def _room(run: MapRun) -> int:
    """How many children may be at work at a time."""
    return min(run.concurrency or limits.CHILDREN_MAX, limits.CHILDREN_MAX)


def _exceeded(run: MapRun) -> bool:
    """Have more items failed than are tolerated? A percentage counts once the number of items is known."""
    failed = run.state.items["failed"] + run.state.items["timedOut"]
    count, share = run.tolerated_count, run.tolerated_percentage
    if count is None and share is None:
        return failed > 0
    if count is not None and failed > count:
        return True
    total = run.state.given if run.state.given is not None else run.state.taken if run.state.read else None
    return share is not None and total is not None and failed * 100 > share * total


def _look(run: MapRun) -> None:
    """Decide how the run ends, where that is clear now."""
    state = run.state
    if state.phase != RUNNING:
        return
    if _exceeded(run):
        _decide(run, "FAILED", THRESHOLD, Limits.exceeded().cause)
    elif state.read and not state.executions["running"] and not state.executions["pendingRedrive"]:
        _decide(run, "SUCCEEDED")


def _decide(run: MapRun, status: str, error: str | None = None, cause: str | None = None) -> None:
    state = run.state
    if state.phase == RUNNING or (status == "ABORTED" and state.phase in (STOPPING, WRITING)):
        state.end = {"status": status, "error": error, "cause": cause}
    if state.phase == RUNNING:
        state.phase, run.feeding = STOPPING, None


def _write(ctx: Context, run: MapRun, until: int) -> bool:
    """Export or gather the results, and end; whether there is more to do."""
    end, writer = run.state.end, map_rows.plan_of(ctx, run)["writer"]
    assert end is not None
    exports = writer is not None and writer["resource"]
    if end["status"] == "SUCCEEDED" or (exports and run.state.children):
        try:
            if map_results.step(ctx, run, until):
                return True
        except AwsError as error:
            failed: tuple[str | None, str | None] = (map_results.FAILED, error.message)
        except StateFailure as failure:
            failed = failure.error, failure.cause
        else:
            failed = (None, None)
        if failed[0] is not None and end["status"] == "SUCCEEDED":
            end.update(status="FAILED", error=failed[0], cause=failed[1])
    _end(ctx, run, end)
    return run.state.again


def _end(ctx: Context, run: MapRun, end: dict[str, Any]) -> None:
    run.status, run.state.phase, run.pages = end["status"], DONE, None
    run.stopped = ctx.micros // 1000 * 1000
    if run.state.executions["pendingRedrive"]:
        recount(ctx, run)
    if run.status != "ABORTED":
        ctx.add_work(MAP_ENDED, {"run": run.id})


def _redriven(ctx: Context, run: MapRun) -> None:
    """Go on with a run that has ended: its unsuccessful children wait to run again."""
    state = run.state
    run.status, run.stopped, run.redrives, run.redriven = "RUNNING", None, run.redrives + 1, ctx.micros // 1000 * 1000
    for counts in (state.executions, state.items):
        counts["pendingRedrive"] = counts["failed"] + counts["timedOut"] + counts["aborted"]
        counts["failed"] = counts["timedOut"] = counts["aborted"] = counts["failuresNotRedrivable"] = 0
    if not state.children:
        state.at, state.taken, state.read, state.given = None, 0, False, None
    state.phase, state.end, state.again, state.redriven = RUNNING, None, False, (0, 0)
    state.written = state.result = state.pending = None


def ended(ctx: Context, item: Item) -> Done:
    """Tell the execution that waits for a Map Run how it ended."""
    row = ctx.tx.one(SQL.map_run, id=item.payload["run"])
    if row is None or row["status"] == "RUNNING":
        return None
    state = map_rows.state_of(row)
    end = state.end or {}
    if row["status"] == "SUCCEEDED":
        event: TaskSucceeded | TaskFailed = TaskSucceeded(row["task"], row["attempt"], load(state.result or "null"))
    else:
        event = TaskFailed(row["task"], row["attempt"], end["error"], end["cause"])
    drive.advance(ctx, row["execution"], event)
    return None

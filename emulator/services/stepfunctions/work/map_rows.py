"""Map Runs at rest: their rows, and what is remembered of those that are going on."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from emulator.kit.context import Context
from emulator.languages.asl.effects import RedriveMapRun, StartMapRun
from emulator.languages.asl.texts import dump
from emulator.services.stepfunctions.model import Execution, definition_hash
from emulator.services.stepfunctions.work.store import SQL
from emulator.storage import Row

if TYPE_CHECKING:
    from emulator.services.stepfunctions.work.map_feeding import Feeding
    from emulator.services.stepfunctions.work.map_results import Pages

MAP_RUN = "stepfunctions.map_run"
RUNNING, STOPPING, WRITING, DONE = "running", "stopping", "writing", "done"
STATUSES = {"SUCCEEDED": "succeeded", "FAILED": "failed", "TIMED_OUT": "timedOut", "ABORTED": "aborted"}
_COUNTS = ("running", *STATUSES.values(), "resultsWritten", "failuresNotRedrivable", "pendingRedrive")


@dataclass(slots=True)
class State:
    """How far a Map Run is; plain JSON in its row.

    `phase`: running, stopping (its end is decided, children are still at work), writing (results), done. `going`: a
    work item goes on with it. `children` were started, `taken` items were given to them, of `given` items where that
    is known; `at` is where the next item is read (map_feeding), `read` that there is none. `pending` are the children,
    and their items, that were never started, once they are counted. `end` is its end, once decided: {"status",
    "error", "cause"}. `redriven` is how far a redrive is: a status and a child of it; `again`: one waits for the end.
    `written` is how far the results are exported (map_results).
    """

    phase: str = RUNNING
    going: bool = True
    children: int = 0
    taken: int = 0
    given: int | None = None
    at: dict[str, Any] | None = None
    read: bool = False
    pending: tuple[int, int] | None = None
    end: dict[str, Any] | None = None
    redriven: tuple[int, int] = (0, 0)
    again: bool = False
    written: dict[str, Any] | None = None
    result: str | None = None
    executions: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_COUNTS, 0))
    items: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_COUNTS, 0))

    def count(self, name: str, items: int, executions: int = 1) -> None:
        """Count executions, and the items they have, as of this name; negative numbers take back."""
        self.executions[name] += executions
        self.items[name] += items

    def row(self) -> str:
        return dump({name: getattr(self, name) for name in self.__slots__})


@dataclass(slots=True)
class MapRun:
    """A Map Run that is going on; times are microseconds. `task` is who waits for it, empty where nobody does."""

    id: int
    account: str
    region: str
    execution: int
    execution_arn: str
    task: str
    arn: str
    status: str
    stopped: int | None
    concurrency: int
    tolerated_count: int | None
    tolerated_percentage: float | None
    redrives: int
    redriven: int | None
    state: State
    plan: dict[str, Any] | None = None
    feeding: Feeding | None = None
    pages: Pages | None = None


def add(ctx: Context, execution: Execution, effect: StartMapRun) -> None:
    """A new Map Run of an execution; it begins with its first work item."""
    limits = effect.plan["limits"]
    machine = effect.plan["machine"]
    machine = {**machine, "hash": definition_hash(machine["definition"], machine["kind"])}
    own = {
        "of": execution.definition,
        "machine_name": execution.machine,
        "role_arn": execution.role_arn,
        "logging": execution.logging,
        "mocks": execution.mocks,
        "trace_header": execution.trace_header,
    }
    row = ctx.tx.one(
        SQL.add_map_run,
        account=execution.account,
        region=execution.region,
        execution=execution.id,
        execution_arn=execution.arn,
        machine_arn=execution.machine_arn,
        task=effect.task_id,
        attempt=effect.attempt,
        arn=effect.arn,
        started=ctx.micros // 1000 * 1000,
        concurrency=limits["concurrency"],
        tolerated_count=limits["count"],
        tolerated_percentage=limits["percentage"],
        plan=dump({**effect.plan, "machine": machine, **own}),
        items=effect.items,
        state=State().row(),
    )
    assert row is not None
    _go(ctx, execution, {"run": row["id"]})


def redrive(ctx: Context, execution: Execution, effect: RedriveMapRun) -> None:
    """Ask a Map Run of an earlier attempt to go on."""
    row = ctx.tx.one(SQL.await_map_run, arn=effect.arn, task=effect.task_id, attempt=effect.attempt)
    assert row is not None
    forget(ctx, row["id"])
    _go(ctx, execution, {"run": row["id"], "redrive": effect.task_id})


def stop(ctx: Context, execution: Execution, task: str, attempt: int) -> None:
    """Nobody waits any more for the Map Run that an attempt started, if it did."""
    row = ctx.tx.one(SQL.leave_map_run, execution=execution.id, task=task, attempt=attempt)
    if row is not None:
        forget(ctx, row["id"])
        _go(ctx, execution, {"run": row["id"], "stop": True})


def _go(ctx: Context, execution: Execution, payload: dict[str, Any]) -> None:
    ctx.add_work(MAP_RUN, payload, account=execution.account, region=execution.region)


def find(ctx: Context, id: int) -> MapRun | None:
    """A Map Run, from memory where this process is the only writer, else locked."""
    known = _memory(ctx)
    run = known.pop(id, None) if ctx.tx.exclusive else None
    if run is None:
        row = ctx.tx.one(SQL.map_run if ctx.tx.exclusive else SQL.lock_map_run, id=id)
        run = None if row is None else _of(row)
    return run


def plan_of(ctx: Context, run: MapRun) -> dict[str, Any]:
    """What the engine asked for: large, and read by the steps that start or end something."""
    if run.plan is None:
        row = ctx.tx.one(SQL.map_plan, id=run.id)
        assert row is not None
        run.plan = {**json.loads(row["plan"]), "items": row["items"]}
    return run.plan


def forget(ctx: Context, id: int) -> None:
    """The row of a Map Run was changed: read it anew."""
    _memory(ctx).pop(id, None)


def keep(ctx: Context, run: MapRun) -> None:
    """Write where a Map Run stands."""
    ctx.tx.execute(
        SQL.keep_map_run,
        id=run.id,
        status=run.status,
        stopped=run.stopped,
        redrives=run.redrives,
        redriven=run.redriven,
        state=run.state.row(),
    )
    if ctx.tx.exclusive and run.state.phase != DONE:
        known = _memory(ctx)
        known[run.id] = run
        ctx.tx.after_rollback(lambda: known.pop(run.id, None))


def _memory(ctx: Context) -> dict[int, MapRun]:
    runs: dict[int, MapRun] = ctx.memory("stepfunctions").setdefault("map runs", {})
    return runs


def _of(row: Row) -> MapRun:
    return MapRun(
        row["id"],
        row["account"],
        row["region"],
        row["execution"],
        row["execution_arn"],
        row["task"],
        row["arn"],
        row["status"],
        row["stopped"],
        row["concurrency"],
        row["tolerated_count"],
        row["tolerated_percentage"],
        row["redrives"],
        row["redriven"],
        state_of(row),
    )


def state_of(row: Row) -> State:
    """How far the Map Run of a row is."""
    return State(**json.loads(row["state"]))

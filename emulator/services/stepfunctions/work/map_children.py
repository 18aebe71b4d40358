"""The child executions of a Map Run: started, redriven, stopped, and counted when they end."""

from __future__ import annotations

from collections import deque
from typing import Any

from emulator import ids
from emulator.kit.context import Context
from emulator.languages.asl.environment import mixed
from emulator.languages.asl.intrinsics.unique import uuid_of
from emulator.services.stepfunctions import limits
from emulator.services.stepfunctions.model import Execution, execution_of
from emulator.services.stepfunctions.work import drive, endings, store
from emulator.services.stepfunctions.work.map_rows import STATUSES, MapRun, plan_of
from emulator.services.stepfunctions.work.store import SQL, Live
from emulator.storage import Row

_COLUMNS = (
    *("account", "region", "machine", "machine_arn", "name", "arn", "kind", "definition", "role_arn", "started"),
    *("input", "seed", "version_arn", "alias_arn", "redrives", "logging", "mocks", "trace_header", "map_run", "items"),
)
UNSUCCESSFUL = ("FAILED", "TIMED_OUT", "ABORTED")
AT_ONCE = 10  # children redriven or stopped between two looks at the time


class Children:
    """What happens to the children of a run within one slice; `flush` writes what is left to write."""

    def __init__(self, ctx: Context, run: MapRun) -> None:
        self._ctx = ctx
        self._run = run
        self._ended: list[dict[str, Any]] = []
        self._plan = plan_of(ctx, run)
        self._kind: str = self._plan["machine"]["kind"]
        self._hash: str = self._plan["machine"]["hash"]

    def require_machine(self) -> None:
        """Keep what the children run. Raises InvalidDefinition."""
        definition = self._plan["machine"]["definition"]
        self._ctx.tx.execute(SQL.put_definition, hash=self._hash, kind=self._kind, body=definition)
        store.compiled(self._ctx, self._hash)

    def start(self, text: str, items: int) -> None:
        """Start the next child; one that ends at once is counted, and has no frames."""
        run, ctx = self._run, self._ctx
        execution = self._new(text, items)
        run.state.children += 1
        live = Live(execution, store.compiled(ctx, execution.definition), None, False)
        step = drive.begin(ctx, live)
        row = self._row(execution, drive.ending(ctx, step))
        if step.outcome is None:
            run.state.count("running", items)
        else:
            run.state.count(STATUSES[step.outcome.status], items)
        if step.outcome is not None and execution.kind == "EXPRESS" and execution.logging is None:
            self._ended.append(row)
            return
        self.flush()  # the numbers of children are in the order of their items
        unheard = endings.unheard(ctx, execution, step)
        columns = {**row, **store.first_burst(execution, step), "unheard": unheard, "begun": ctx.micros}
        number = ctx.tx.number(SQL.add_child, **columns)
        assert number is not None
        execution.id = number
        drive.born(ctx, live, step, heard=unheard is None)

    def flush(self) -> None:
        if self._ended:
            self._ctx.tx.many(SQL.add_children, self._ended)
            self._ended = []

    def _new(self, text: str, items: int) -> Execution:
        run, plan = self._run, self._plan
        where, _, run_id = run.arn.rpartition(":")
        # In the order in which they start, so that the index of their ARNs grows at its end.
        name = uuid_of(run.state.children << 96 | mixed(run.arn, run.state.children) >> 160)
        form = ":execution:" if self._kind == "STANDARD" else ":express:"
        arn = f"{where.replace(':mapRun:', form)}:{name}"
        return Execution(
            id=0,
            account=run.account,
            region=run.region,
            machine=f"{plan['machine_name']}/{plan['label']}",
            machine_arn=where.replace(":mapRun:", ":stateMachine:"),
            name=name,
            arn=arn if self._kind == "STANDARD" else f"{arn}:{run_id}",
            kind=self._kind,
            definition=self._hash,
            role_arn=plan["role_arn"],
            started=self._ctx.micros // 1000 * 1000,
            input=text,
            seed=ids.new_seed(),
            reply=None,
            sync=False,
            logging=plan["logging"],
            mocks=plan["mocks"],
            map_run=run.id,
            items=items,
            trace_header=plan.get("trace_header"),
        )

    def _row(self, execution: Execution, ending: dict[str, Any]) -> dict[str, Any]:
        origin = self._ctx.origin
        return {
            **{name: getattr(execution, name) for name in _COLUMNS},
            **ending,
            "revision": "INITIAL",
            "trace_id": origin.trace_id,
            "caused_by": origin.cause,
        }

    # -- redriving

    def redrive(self, room: int) -> bool:
        """Let some of the children that did not succeed run again, at most `room`; False when there are no more."""
        ctx, run = self._ctx, self._run
        most, (at, after) = min(room, AT_ONCE), run.state.redriven
        where = {"run": run.id, "status": UNSUCCESSFUL[at], "count": run.redrives, "after": after}
        rows = ctx.tx.all(SQL.children_to_redrive, **where, most=most)
        for row in rows:
            run.state.redriven = at, row["id"]
            run.state.count("pendingRedrive", -row["items"], -1)
            if self._redrivable(row):
                self._redrive(row)
            else:
                run.state.count(STATUSES[row["status"]], row["items"])
                run.state.count("failuresNotRedrivable", row["items"])
                ctx.tx.execute(SQL.pass_over, id=row["id"], count=run.redrives)
        if len(rows) < most:
            run.state.redriven = at + 1, 0
        return run.state.redriven[0] < len(UNSUCCESSFUL)

    def _redrivable(self, row: Row) -> bool:
        """Express children can always run again (Step Functions Developer Guide, "Redriving Map Runs")."""
        if row["kind"] == "EXPRESS":
            return True
        newest = self._ctx.tx.one(SQL.last_event, execution=row["id"])
        short = newest is None or newest["last"] < limits.REDRIVE_EVENTS_MAX
        since: int = self._ctx.micros - row["stopped"]
        return short and since <= limits.REDRIVE_DAYS * limits.DAY_MICROS

    def _redrive(self, row: Row) -> None:
        ctx, run = self._ctx, self._run
        now = ctx.micros // 1000 * 1000
        ctx.tx.execute(SQL.redrive, id=row["id"], count=run.redrives, now=now, token=None)
        execution = execution_of(row)
        execution.redrives, execution.redriven = run.redrives, now
        run.state.count("running", execution.items)
        if row["resume"] is not None:
            drive.redrive(ctx, execution, row["resume"])
            return
        live = Live(execution, store.compiled(ctx, execution.definition), None, False)
        drive.follow(ctx, live, drive.begin(ctx, live), deque())

    # -- stopping

    def stop(self) -> bool:
        """Stop some of the Standard children at work, Express ones run to their end; False when there are no more."""
        if self._kind == "EXPRESS":
            return False
        rows = self._ctx.tx.all(SQL.children_at_work, run=self._run.id, most=AT_ONCE)
        for row in rows:
            drive.stop(self._ctx, row["id"], None, None)
        return len(rows) == AT_ONCE


def count_end(run: MapRun, status: str, items: int) -> None:
    """A child that was at work has ended."""
    run.state.count("running", -items, -1)
    run.state.count(STATUSES[status], items)


def recount(ctx: Context, run: MapRun) -> None:
    """Count the children anew by their rows: some that were to be redriven were not."""
    for row in ctx.tx.all(SQL.count_children, run=run.id):
        if row["status"] in STATUSES:
            name = STATUSES[row["status"]]
            run.state.executions[name], run.state.items[name] = row["executions"], int(row["items"])
    run.state.executions["pendingRedrive"] = run.state.items["pendingRedrive"] = 0

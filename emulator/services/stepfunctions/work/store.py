"""Executions at rest: their rows, frames and history, and the machines they run, found and compiled."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from emulator.kit.context import Context
from emulator.languages.asl import document
from emulator.languages.asl.effects import Step
from emulator.languages.asl.texts import load
from emulator.services.stepfunctions import limits
from emulator.services.stepfunctions.model import Execution, execution_of
from emulator.services.stepfunctions.work import logs
from emulator.services.stepfunctions.work.segments import pack
from emulator.storage import Queries, Row

SQL = Queries.load(Path(__file__).parent.with_name("queries.sql"))

COMPILED = 256
TOP = ""  # the row that holds what of a state is no frame


@dataclass(slots=True)
class Live:
    """A running execution with its state; `state` is None before its first step."""

    execution: Execution
    machine: document.Machine
    state: dict[str, Any] | None
    stored: bool  # it has rows of frames


@dataclass(slots=True)
class Burst:
    """What one run of an execution changed, over all its steps."""

    changed: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    history: list[dict[str, Any]] = field(default_factory=list)

    def add(self, step: Step) -> None:
        """Count in one more step."""
        self.changed = (self.changed - step.removed) | step.changed
        self.removed = (self.removed - step.changed) | step.removed
        self.history += step.history


def compiled(ctx: Context, hash: str) -> document.Machine:
    """The machine of a definition; the last few hundred are kept compiled."""
    machine = _machines(ctx).get(hash)
    if machine is None:
        row = ctx.tx.one(SQL.definition, hash=hash)
        assert row is not None
        machine = document.compiled(row["body"], row["kind"])
        keep_compiled(ctx, hash, machine)
    return machine


def keep_compiled(ctx: Context, hash: str, machine: document.Machine) -> None:
    """Have the machine of a definition at hand; its hash says what it is, even if the definition is not kept."""
    known = _machines(ctx)
    if hash not in known and len(known) >= COMPILED:
        del known[next(iter(known))]
    known[hash] = machine


def _machines(ctx: Context) -> dict[str, document.Machine]:
    machines: dict[str, document.Machine] = ctx.memory("stepfunctions").setdefault("machines", {})
    return machines


def find_machine(ctx: Context, name: str) -> Row | None:
    """The row of a machine; remembered where this process is the only writer, until it changes."""
    known, key = _known_machines(ctx), (ctx.account, ctx.region, name)
    row = known.get(key) if ctx.tx.exclusive else None
    if row is None:
        row = ctx.tx.one(SQL.find_machine, account=ctx.account, region=ctx.region, name=name)
        if row is not None and ctx.tx.exclusive:
            known[key] = row
            ctx.tx.after_rollback(lambda: known.pop(key, None))
    return row


def _known_machines(ctx: Context) -> dict[tuple[str, str, str], Row]:
    rows: dict[tuple[str, str, str], Row] = ctx.memory("stepfunctions").setdefault("rows", {})
    return rows


def machine_changed(ctx: Context, name: str) -> None:
    """The row of a machine is not what it was."""
    _known_machines(ctx).pop((ctx.account, ctx.region, name), None)


def find_live(ctx: Context, id: int) -> Live | None:
    """A running execution, from memory where this process is the only writer; None where it runs no more."""
    memory = _memory(ctx)
    live = memory.pop(id, None)
    if live is None or not ctx.tx.exclusive:
        live = _load(ctx, id)
    if live is not None:
        ctx.tx.after_rollback(lambda: memory.pop(id, None))
    return live


def expect(ctx: Context, live: Live) -> None:
    """A new execution, about to be committed: its first step need not read it again."""
    if ctx.tx.exclusive:
        memory, id = _memory(ctx), live.execution.id
        memory[id] = live
        ctx.tx.after_rollback(lambda: memory.pop(id, None))


def _load(ctx: Context, id: int) -> Live | None:
    row = ctx.tx.one(SQL.running if ctx.tx.exclusive else SQL.lock_running, id=id)
    if row is None:
        return None
    execution = execution_of(row)
    frames = {frame["frame"]: json.loads(frame["body"]) for frame in ctx.tx.all(SQL.frames, execution=id)}
    top = frames.pop(TOP, None)
    state = None if top is None else {**_with_input(top, execution), "frames": frames}
    return Live(execution, compiled(ctx, execution.definition), state, top is not None)


def keep(ctx: Context, live: Live, burst: Burst) -> None:
    """Write what a burst changed of an execution that goes on."""
    id, state = live.execution.id, live.state
    assert state is not None
    rows = {name: state["frames"][name] for name in burst.changed}
    rows[TOP] = _without_input(state)
    ctx.tx.many(SQL.put_frame, [{"execution": id, "frame": name, "body": dump(body)} for name, body in rows.items()])
    if burst.removed and live.stored:
        ctx.tx.many(SQL.remove_frame, [{"execution": id, "frame": name} for name in burst.removed])
    live.stored = True
    if not ctx.tx.exclusive:
        return
    memory = _memory(ctx)
    memory[id] = live
    if len(memory) > limits.LIVE_EXECUTIONS:
        del memory[next(iter(memory))]


def _without_input(state: dict[str, Any]) -> dict[str, Any]:
    """What of a state is no frame, without what the row of the execution has, and may be large."""
    context = state["context"]
    shown = {name: value for name, value in context["Execution"].items() if name != "Input"}
    top = {name: value for name, value in state.items() if name != "frames"}
    return {**top, "context": {**context, "Execution": shown}}


def _with_input(top: dict[str, Any], execution: Execution) -> dict[str, Any]:
    """`top` as it was before `_without_input`, its members in their order."""
    shown = top["context"]["Execution"]
    shown = {"Id": shown["Id"], "Input": load(execution.input), **shown}
    return {**top, "context": {**top["context"], "Execution": shown}}


def drop(ctx: Context, live: Live) -> None:
    """Forget the frames, tokens and offered tasks of an execution that has ended."""
    if live.stored:  # what waited for an answer was stored
        ctx.tx.execute(SQL.remove_frames, execution=live.execution.id)
        ctx.tx.execute(SQL.remove_tokens, execution=live.execution.id)
        ctx.tx.execute(SQL.withdraw_tasks, execution=live.execution.id)


def first_burst(execution: Execution, step: Step | None) -> dict[str, Any]:
    """The history of an execution that ended in its first burst, as columns of its row; `step` None: not begun."""
    if step is None or step.outcome is None or execution.kind == "EXPRESS":
        return {"burst_last": None, "burst": None}
    return {"burst_last": step.history[-1]["id"], "burst": pack(step.history)}


def write_history(ctx: Context, execution: Execution, events: list[dict[str, Any]]) -> None:
    """Add a segment to the history, and log it; Express executions have a log alone."""
    logs.write(ctx, execution, events)
    if not events or execution.kind == "EXPRESS":
        return
    ctx.tx.execute(
        SQL.add_history,
        execution=execution.id,
        first=events[0]["id"],
        last=events[-1]["id"],
        body=pack(events),
    )


def forget(ctx: Context, id: int) -> None:
    """The row of an execution was changed: read it anew."""
    _memory(ctx).pop(id, None)


def _memory(ctx: Context) -> dict[int, Live]:
    live: dict[int, Live] = ctx.memory("stepfunctions").setdefault("live", {})
    return live


def dump(value: Any) -> str:
    """JSON text of what an execution is."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return json.dumps(value)

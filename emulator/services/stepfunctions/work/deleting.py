"""Machines that are deleted while executions of them run: each ends at its next transition, the machine with the last.

(API reference, DeleteStateMachine.) Express executions run to their end, nobody waits for them.
"""

from __future__ import annotations

from emulator.kit.context import Context
from emulator.services.stepfunctions.model import Execution
from emulator.services.stepfunctions.work.store import SQL, find_machine, machine_changed
from emulator.storage import Row


def delete(ctx: Context, machine: Row) -> None:
    """Delete a machine of the caller's account and region: now, or with its last execution."""
    ctx.tx.execute(SQL.remove_versions, machine=machine["id"])
    ctx.tx.execute(SQL.remove_aliases, machine=machine["id"])
    running = _find_running(ctx, machine["name"]) if machine["kind"] == "STANDARD" else None
    if running is None:
        ctx.tx.execute(SQL.remove_machine, id=machine["id"])
    else:
        # Written, so that a transaction that ends it meanwhile runs again and sees that the machine goes (PostgreSQL).
        ctx.tx.execute(SQL.lock_running, id=running["id"])
        ctx.tx.execute(SQL.delete_later, id=machine["id"])
    machine_changed(ctx, machine["name"])


def is_deleted(ctx: Context, execution: Execution) -> bool:
    """Whether a running execution is to end at its next transition."""
    if execution.map_run is not None or execution.kind == "EXPRESS":
        return False  # a child ends with the execution of its Map Run, Express ones run to their end
    machine = find_machine(_home(ctx, execution), execution.machine)
    return machine is not None and bool(machine["deleting"])


def one_ended(ctx: Context, execution: Execution) -> None:
    """An execution of a machine that is being deleted has ended: the machine goes with the last one."""
    home = _home(ctx, execution)
    machine = find_machine(home, execution.machine)
    if machine is None:
        return
    # Written, so that of two that end at the same time one runs again and sees that the other has ended (PostgreSQL).
    ctx.tx.execute(SQL.delete_later, id=machine["id"])
    if _find_running(home, machine["name"]) is None:
        ctx.tx.execute(SQL.remove_machine, id=machine["id"])
        machine_changed(home, machine["name"])


def _home(ctx: Context, execution: Execution) -> Context:
    """The call, seen from the execution's account and region."""
    if (ctx.account, ctx.region) == (execution.account, execution.region):
        return ctx
    return ctx.elsewhere(execution.account, execution.region)


def _find_running(ctx: Context, name: str) -> Row | None:
    return ctx.tx.one(SQL.find_running, account=ctx.account, region=ctx.region, machine=name)

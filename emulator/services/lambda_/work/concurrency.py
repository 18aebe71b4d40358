"""Reserved and provisioned concurrency: what is running of a function that has a reservation is counted in rows."""

from __future__ import annotations

from emulator.kit.context import Context
from emulator.services.lambda_.operations.lookup import Target
from emulator.services.lambda_.operations.statements import SQL


def enter(ctx: Context, target: Target, item: int) -> bool:
    """Count an invocation as running, if the function's reserved concurrency has room for it.

    What is provisioned for a version is kept for that; the rest of the reservation is for all.
    """
    if target.reserved is None:
        return True
    function = target.function
    place = {"account": function.account, "region": function.region, "name": function.name}
    ctx.tx.execute(SQL.lock_function, **place)  # one process counts at a time
    running = {row["version"]: int(row["running"]) for row in ctx.tx.all(SQL.running, **place)}
    kept = target.provisioned
    if running.get(function.version, 0) >= kept.get(function.version, 0):
        shared = sum(max(0, count - kept.get(version, 0)) for version, count in running.items())
        if shared >= target.reserved - sum(kept.values()):
            return False
    ctx.tx.execute(SQL.add_running, item=item, version=function.version, **place)
    return True


def leave(ctx: Context, target: Target | None, item: int) -> None:
    """An invocation has ended."""
    if target is not None and target.reserved is not None:
        ctx.tx.execute(SQL.remove_running, item=item)

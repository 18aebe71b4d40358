"""Reserved concurrency: how many invocations of a function this process has running."""

from __future__ import annotations

from emulator.kit.context import Context
from emulator.services.lambda_.operations.lookup import Target


def enter(ctx: Context, target: Target, item: int) -> bool:
    """Count an invocation as running, if the function's reserved concurrency has room for it."""
    if target.reserved is None:
        return True
    running = _running(ctx, target.function.name)
    if len(running) >= target.reserved:
        return False
    running.add(item)
    ctx.tx.after_rollback(lambda: running.discard(item))
    return True


def leave(ctx: Context, name: str, item: int) -> None:
    """An invocation of the caller's account and region has ended."""
    running: dict[str, set[int]] = ctx.memory("lambda").get("running", {})
    found = running.get(f"{ctx.account}/{ctx.region}/{name}")
    if found is not None:
        found.discard(item)


def _running(ctx: Context, name: str) -> set[int]:
    running: dict[str, set[int]] = ctx.memory("lambda").setdefault("running", {})
    return running.setdefault(f"{ctx.account}/{ctx.region}/{name}", set())

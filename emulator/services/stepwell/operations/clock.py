"""The emulated time of an account."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from emulator.clock import Mode, from_micros, to_micros
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.kit.results import Result, Wait

LAST = to_micros(datetime(9999, 1, 1, tzinfo=UTC))
PATIENCE = 600.0  # seconds of the real world that an advance may take


def micros_of(seconds: float, name: str) -> int:
    """A duration that a client gave in seconds, in microseconds; at most 8,000 years."""
    if not 0 <= seconds <= 250e9:
        raise AwsError("InvalidParameterException", f"{name} must be from 0 to 250000000000.")
    return int(seconds * 1e6)


def get_clock(ctx: Context) -> dict[str, Any]:
    time = ctx.house.accounts.time(ctx.tx, ctx.account)
    wall = ctx.wall
    scale = {"real": 1.0, "frozen": 0.0}.get(time.mode, time.scale)
    return {
        "Mode": time.mode,
        "Scale": scale,
        "Now": from_micros(time.emulated(wall)),
        "Wall": from_micros(wall),
    }


def set_clock(
    ctx: Context, *, mode: Mode | None = None, scale: float | None = None, now: datetime | None = None
) -> dict[str, Any]:
    """Change mode, pace or time; a time in the past of the account is refused, since nothing can unhappen."""
    if scale is not None and not 0 < scale <= 100_000:
        raise AwsError("InvalidParameterException", "Scale must be over 0 and at most 100000.")
    time, wall = ctx.house.accounts.time(ctx.tx, ctx.account), ctx.wall
    chosen: Mode = mode or ("scaled" if scale is not None else time.mode)
    if scale is not None and chosen != "scaled":
        raise AwsError("InvalidParameterException", "Scale goes with the mode scaled.")
    changed = time.in_mode(chosen, scale or (time.scale if chosen == "scaled" else 1.0), wall)
    if now is not None:
        if to_micros(now) < time.emulated(wall):
            raise AwsError("InvalidParameterException", "The time of an account does not go back.")
        if to_micros(now) > LAST:
            raise AwsError("InvalidParameterException", "Time ends with the year 9999.")
        changed = changed.moved_to(to_micros(now), wall)
    ctx.house.accounts.set(ctx.tx, ctx.account, changed)
    ctx.time_changed()
    return get_clock(ctx)


def advance_clock(ctx: Context, *, seconds: float | None = None, to: datetime | None = None) -> Result:
    """Move time forward; what becomes due on the way is done at its own time, in its order."""
    if (seconds is None) == (to is None):
        raise AwsError("InvalidParameterException", "Give either Seconds or To.")
    target = to_micros(to) if to is not None else ctx.micros + micros_of(seconds or 0, "Seconds")
    if target < ctx.micros:
        raise AwsError("InvalidParameterException", "The time of an account does not go back.")
    if target > LAST:
        raise AwsError("InvalidParameterException", "Time ends with the year 9999.")
    return _advanced(ctx, target)


def _advanced(ctx: Context, target: int) -> Result:
    moment = from_micros(target)
    if ctx.expired or (ctx.micros >= target and ctx.quiet()):
        return get_clock(ctx)
    return Wait(
        (f"idle:{ctx.account}",),
        PATIENCE,
        again=lambda ctx: _advanced(ctx, target),
        wake_at=moment if ctx.micros < target else None,
        skip_until=moment,
    )

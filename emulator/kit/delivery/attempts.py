"""The record of every attempt at a delivery, with its result."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from emulator.errors import AwsError
from emulator.storage import Queries

if TYPE_CHECKING:
    from emulator.kit.context import Context

SQL = Queries.load(Path(__file__).with_name("queries.sql"))

KEPT_MICROS = 3_600_000_000  # how long attempts are remembered, of wall time


def record(ctx: Context, source: str, target: str, attempt: int, outcome: str, error: AwsError | None = None) -> None:
    """Keep an attempt of a `source` at a `target`, both ARNs, with its outcome: delivered, failed, given up, ..."""
    ctx.tx.append(
        SQL.record,
        account=ctx.account,
        region=ctx.region,
        trace_id=ctx.origin.trace_id,
        cause=source,
        target=target,
        at=ctx.micros,
        attempt=attempt,
        outcome=outcome,
        error_code=None if error is None else error.code,
        error_message=None if error is None else error.message,
        wall=ctx.wall,
    )
    ctx.forget("attempts", SQL.forget, KEPT_MICROS)

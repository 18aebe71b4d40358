"""Reserved concurrency, as configured; work/concurrency counts."""

from __future__ import annotations

from typing import Any

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.lambda_ import limits
from emulator.services.lambda_.model.names import Qualified
from emulator.services.lambda_.operations.lookup import forget_target, require_latest, resolve_here
from emulator.services.lambda_.operations.statements import SQL


def put_function_concurrency(
    ctx: Context, *, function_name: str, reserved_concurrent_executions: int
) -> dict[str, Any]:
    """Keep so many of the account's executions for this function, and give it no more.

    Errors: ResourceNotFoundException, InvalidParameterValueException where too few are left for the others.
    """
    wanted = resolve_here(ctx, function_name)
    require_latest(ctx, wanted)
    others = ctx.tx.one(SQL.reserved_elsewhere, account=wanted.account, region=wanted.region, name=wanted.name)
    assert others is not None
    left = limits.CONCURRENT_EXECUTIONS - int(others["reserved"]) - reserved_concurrent_executions
    if left < limits.UNRESERVED_MINIMUM:
        raise AwsError(
            "InvalidParameterValueException",
            "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution "
            f"below its minimum value of [{limits.UNRESERVED_MINIMUM}].",
        )
    _put(ctx, wanted, reserved_concurrent_executions)
    return {"ReservedConcurrentExecutions": reserved_concurrent_executions}


def get_function_concurrency(ctx: Context, *, function_name: str) -> dict[str, Any]:
    """What is reserved, nothing where nothing is. Errors: ResourceNotFoundException."""
    reserved = require_latest(ctx, resolve_here(ctx, function_name))["reserved"]
    return {} if reserved is None else {"ReservedConcurrentExecutions": reserved}


def delete_function_concurrency(ctx: Context, *, function_name: str) -> dict[str, Any]:
    """No reservation any more. Errors: ResourceNotFoundException."""
    wanted = resolve_here(ctx, function_name)
    require_latest(ctx, wanted)
    _put(ctx, wanted, None)
    return {}


def _put(ctx: Context, wanted: Qualified, reserved: int | None) -> None:
    ctx.tx.execute(SQL.put_reserved, account=wanted.account, region=wanted.region, name=wanted.name, reserved=reserved)
    forget_target(ctx, wanted)

"""Reserved concurrency, as configured (work/concurrency counts), and what is to become of recursive loops."""

from __future__ import annotations

from typing import Any

from emulator.kit.context import Context
from emulator.services.lambda_ import limits
from emulator.services.lambda_.model.errors import untyped
from emulator.services.lambda_.model.names import Qualified
from emulator.services.lambda_.operations.lookup import find_provisioned, forget_target, require_latest, resolve_here
from emulator.services.lambda_.operations.statements import SQL


def put_function_concurrency(
    ctx: Context, *, function_name: str, reserved_concurrent_executions: int
) -> dict[str, Any]:
    """Keep so many of the account's executions for this function, and give it no more.

    Errors: ResourceNotFoundException, InvalidParameterValueException where too few are left for the others.
    """
    wanted = resolve_here(ctx, function_name)
    require_latest(ctx, wanted)
    provisioned = sum(row["requested"] for row in find_provisioned(ctx, wanted))
    if reserved_concurrent_executions < provisioned:
        raise untyped(
            f" ReservedConcurrentExecutions  {reserved_concurrent_executions} should not be lower than function's "
            f"total provisioned concurrency [{provisioned}]."
        )
    others = ctx.tx.one(SQL.reserved_elsewhere, **wanted.place)
    assert others is not None
    left = limits.CONCURRENT_EXECUTIONS - int(others["reserved"]) - reserved_concurrent_executions
    if left < limits.UNRESERVED_MINIMUM:
        raise untyped(
            "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution "
            f"below its minimum value of [{limits.UNRESERVED_MINIMUM}]."
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


def put_function_recursion_config(ctx: Context, *, function_name: str, recursive_loop: str) -> dict[str, Any]:
    """Keep whether a recursive loop is to be ended; it never is. Errors: ResourceNotFoundException."""
    wanted = resolve_here(ctx, function_name)
    require_latest(ctx, wanted)
    place = wanted.place
    ctx.tx.execute(SQL.put_recursive_loop, recursive_loop=recursive_loop, **place)
    return {"RecursiveLoop": recursive_loop}


def get_function_recursion_config(ctx: Context, *, function_name: str) -> dict[str, Any]:
    """What was put, at first Terminate. Errors: ResourceNotFoundException."""
    return {"RecursiveLoop": require_latest(ctx, resolve_here(ctx, function_name))["recursive_loop"]}


def _put(ctx: Context, wanted: Qualified, reserved: int | None) -> None:
    place = wanted.place
    ctx.tx.execute(SQL.put_reserved, reserved=reserved, **place)
    if reserved is None:
        ctx.tx.execute(SQL.remove_every_running, **place)
    forget_target(ctx, wanted)

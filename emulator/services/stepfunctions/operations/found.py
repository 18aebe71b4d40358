"""Executions found by their ARNs, and shown in lists."""

from __future__ import annotations

from typing import Any

from emulator.clock import from_micros
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.stepfunctions.model import require_arn
from emulator.services.stepfunctions.work.store import SQL
from emulator.storage import Row


def require_execution(ctx: Context, arn: str, *, child: bool = False) -> Row:
    """The row of a Standard execution; raises InvalidArn or ExecutionDoesNotExist.

    An Express one has an ARN of another kind, which only `child` lets pass, for those that a Map Run started.
    """
    kind = require_arn(arn, "execution", *(("express",) if child else ())).kind
    row = ctx.tx.one(SQL.find_execution, arn=arn)
    if kind == "express" and (row is None or row["map_run"] is None):
        require_arn(arn, "execution")
    if row is None or (row["account"], row["region"]) != (ctx.account, ctx.region):
        raise AwsError("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'")
    return row


def optional(row: Row) -> dict[str, Any]:
    """The version and the alias that an execution was started with, and when it was redriven."""
    named: dict[str, Any] = {
        "stateMachineVersionArn": row["version_arn"],
        "stateMachineAliasArn": row["alias_arn"],
        "redriveDate": None if row["redriven"] is None else from_micros(row["redriven"]),
    }
    return {name: value for name, value in named.items() if value is not None}


def listed(row: Row) -> dict[str, Any]:
    """An execution as ListExecutions shows it."""
    shown = {
        "executionArn": row["arn"],
        "stateMachineArn": row["machine_arn"],
        "name": row["name"],
        "status": row["status"],
        "startDate": from_micros(row["started"]),
        "redriveCount": row["redrives"],
        **optional(row),
    }
    if row["stopped"] is not None:
        shown["stopDate"] = from_micros(row["stopped"])
    return shown

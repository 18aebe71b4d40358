"""Answers to tasks that wait for their token."""

from __future__ import annotations

import json
from typing import Any

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.languages.asl.answers import TaskFailed, TaskHeartbeat, TaskSucceeded
from emulator.services.stepfunctions.work import drive
from emulator.services.stepfunctions.work.store import SQL
from emulator.storage import Row


def send_task_success(ctx: Context, *, task_token: str, output: str) -> dict[str, Any]:
    row = _require_token(ctx, task_token)
    try:
        value = json.loads(output)
    except ValueError:
        raise AwsError("InvalidOutput", "Invalid State Machine Execution Output: 'Unrecognized token'") from None
    drive.enqueue(ctx, row["execution"], TaskSucceeded(row["task"], row["attempt"], value), row["account"], row["region"])
    _spend(ctx, row)
    return {}


def send_task_failure(
    ctx: Context, *, task_token: str, error: str | None = None, cause: str | None = None
) -> dict[str, Any]:
    row = _require_token(ctx, task_token)
    drive.enqueue(
        ctx, row["execution"], TaskFailed(row["task"], row["attempt"], error, cause), row["account"], row["region"]
    )
    _spend(ctx, row)
    return {}


def send_task_heartbeat(ctx: Context, *, task_token: str) -> dict[str, Any]:
    row = _require_token(ctx, task_token)
    drive.enqueue(ctx, row["execution"], TaskHeartbeat(row["task"], row["attempt"]), row["account"], row["region"])
    return {}


def _require_token(ctx: Context, token: str) -> Row:
    """The task that a token stands for; raises TaskTimedOut for one that is spent, as AWS does."""
    row = ctx.tx.one(SQL.find_token, token=token)
    if row is None:
        raise AwsError("InvalidToken", f"Invalid Token: '{token}'")
    if ctx.tx.one(SQL.running, id=row["execution"]) is None:
        raise AwsError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
    return row


def _spend(ctx: Context, row: Row) -> None:
    ctx.tx.execute(SQL.remove_token, execution=row["execution"], task=row["task"], attempt=row["attempt"])

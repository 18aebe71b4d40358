"""Answers to tasks that wait for their token."""

from __future__ import annotations

import re
from typing import Any

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.languages.asl.answers import TaskFailed, TaskHeartbeat, TaskSucceeded
from emulator.languages.asl.texts import load
from emulator.services.stepfunctions.model import json_problem
from emulator.services.stepfunctions.work import drive
from emulator.services.stepfunctions.work.store import SQL
from emulator.storage import Row

_TOKEN = re.compile(r"[A-Za-z0-9+/]{86}==")  # 64 bytes, as the engine makes them


def send_task_success(ctx: Context, *, task_token: str, output: str) -> dict[str, Any]:
    row = _require_token(ctx, task_token)
    try:
        value = load(output)
    except ValueError as error:
        raise AwsError("InvalidOutput", f"Invalid Output: '{json_problem(output, error)}'") from None
    drive.enqueue(
        ctx, row["execution"], TaskSucceeded(row["task"], row["attempt"], value), row["account"], row["region"]
    )
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
    """The task that a token stands for; raises TaskTimedOut for one that is spent, as AWS does, and InvalidToken for
    one of another account or region, where it does not work (Step Functions Developer Guide, "Wait for a Callback with
    Task Token")."""
    row = ctx.tx.one(SQL.find_token, token=token)
    if row is None and _TOKEN.fullmatch(token):
        raise AwsError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
    if row is None or (row["account"], row["region"]) != (ctx.account, ctx.region):
        raise AwsError("InvalidToken", "Invalid Token: 'Invalid token'")
    return row


def _spend(ctx: Context, row: Row) -> None:
    ctx.tx.execute(SQL.remove_token, execution=row["execution"], task=row["task"], attempt=row["attempt"])

"""Machines found by name or ARN, and what is answered where they are not."""

from __future__ import annotations

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.stepfunctions.model import require_arn
from emulator.services.stepfunctions.work.store import SQL
from emulator.storage import Row


def find_machine(ctx: Context, name: str) -> Row | None:
    """The row of a machine; remembered where this process is the only writer, until it changes."""
    known, key = _known(ctx), (ctx.account, ctx.region, name)
    row = known.get(key) if ctx.tx.exclusive else None
    if row is None:
        row = ctx.tx.one(SQL.find_machine, account=ctx.account, region=ctx.region, name=name)
        if row is not None and ctx.tx.exclusive:
            known[key] = row
            ctx.tx.after_rollback(lambda: known.pop(key, None))
    return row


def _known(ctx: Context) -> dict[tuple[str, str, str], Row]:
    rows: dict[tuple[str, str, str], Row] = ctx.memory("stepfunctions").setdefault("rows", {})
    return rows


def machine_changed(ctx: Context, name: str) -> None:
    """The row of a machine is not what it was."""
    _known(ctx).pop((ctx.account, ctx.region, name), None)


def require_machine(ctx: Context, arn: str) -> Row:
    """The row of a machine of this account; raises InvalidArn or StateMachineDoesNotExist."""
    parts = require_arn(arn, "stateMachine")
    row = None
    if (parts.account, parts.region) == (ctx.account, ctx.region):
        row = find_machine(ctx, parts.name)
    if row is None:
        raise does_not_exist(arn)
    return row


def does_not_exist(arn: str) -> AwsError:
    """What AWS answers where there is no such machine, version or alias."""
    return AwsError("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")


def type_not_supported() -> AwsError:
    """What AWS answers to an operation that the machine's type does not have."""
    return AwsError("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine")


def machine_arn(ctx: Context, name: str) -> str:
    return ctx.arn("states", f"stateMachine:{name}")


def page_start(token: str | None, default: int = 0) -> int:
    """The number that a token of ours holds; raises InvalidToken."""
    if token is None:
        return default
    if not token.isdigit():
        raise AwsError("InvalidToken", "Invalid Token: 'Invalid token'")
    return int(token)


def checked(tags: list[dict[str, str]]) -> list[dict[str, str]]:
    """The tags as they are; raises ValidationException for one without a key, which the model lets pass."""
    if not all("key" in tag for tag in tags):
        raise AwsError("ValidationException", "The key of a tag must not be null.")
    return tags

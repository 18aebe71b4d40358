"""Machines found by name or ARN, and what is answered where they are not."""

from __future__ import annotations

import re

from emulator.arns import Arn
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.stepfunctions import limits
from emulator.services.stepfunctions.model import require_arn
from emulator.services.stepfunctions.work.store import find_machine
from emulator.storage import Row

_PLACE = re.compile(r"[0-9]{1,18}")  # what a token of ours holds


def require_machine(ctx: Context, arn: str) -> Row:
    """The row of a machine of this account; raises InvalidArn, ValidationException or StateMachineDoesNotExist."""
    parts = require_unlabelled(require_arn(arn, "stateMachine"))
    row = None
    if (parts.account, parts.region) == (ctx.account, ctx.region):
        row = find_machine(ctx, parts.name)
    if row is None:
        raise does_not_exist(arn)
    return row


def require_active(row: Row, arn: str) -> Row:
    """The row of a machine; raises StateMachineDeleting for one that is being deleted."""
    if row["deleting"]:
        raise AwsError("StateMachineDeleting", f"State Machine Deleting: '{arn}'")
    return row


def require_unlabelled(arn: Arn) -> Arn:
    """The ARN, unless it names a Distributed Map state of a machine, `machine/label`; raises ValidationException
    (API reference: StartExecution, UpdateStateMachine, DeleteStateMachine)."""
    if "/" in arn.name:
        raise AwsError("ValidationException", f"The ARN of a Distributed Map state is not supported here: '{arn}'")
    return arn


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
    if not _PLACE.fullmatch(token):
        raise AwsError("InvalidToken", "Invalid Token: 'Invalid token'")
    return int(token)


def checked(tags: list[dict[str, str]]) -> list[dict[str, str]]:
    """The tags, the last one of each key; raises TooManyTags, or ValidationException for one without a key, which
    the model lets pass."""
    if not all("key" in tag for tag in tags):
        raise AwsError("ValidationException", "The key of a tag must not be null.")
    kept = {tag["key"]: tag for tag in tags}
    if len(kept) > limits.TAGS_MAX:
        raise AwsError("TooManyTags", f"The number of tags exceeds the limit of {limits.TAGS_MAX}.")
    return list(kept.values())

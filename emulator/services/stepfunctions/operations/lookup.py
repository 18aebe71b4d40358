"""Machines found by name or ARN, and what is answered where they are not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from emulator.arns import Arn
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.stepfunctions import limits
from emulator.services.stepfunctions.model import require_arn
from emulator.services.stepfunctions.work.store import find_machine
from emulator.storage import Row

_TAG = re.compile(r"[\w\s.:/=+\-@]*")
Reason = Literal[
    "API_DOES_NOT_SUPPORT_LABELED_ARNS",
    "MISSING_REQUIRED_PARAMETER",
    "CANNOT_UPDATE_COMPLETED_MAP_RUN",
    "INVALID_ROUTING_CONFIGURATION",
]  # of a ValidationException (API reference, ValidationException: reason)


def invalid(message: str, reason: Reason | None = None) -> AwsError:
    """What AWS answers to a request that makes no sense; for some it gives the reason."""
    return AwsError("ValidationException", message, fields={} if reason is None else {"reason": reason})


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
        message = f"The ARN of a Distributed Map state is not supported here: '{arn}'"
        raise invalid(message, "API_DOES_NOT_SUPPORT_LABELED_ARNS")
    return arn


def does_not_exist(arn: str) -> AwsError:
    """What AWS answers where there is no such machine, version or alias."""
    return AwsError("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")


def type_not_supported() -> AwsError:
    """What AWS answers to an operation that the machine's type does not have."""
    return AwsError("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine")


def machine_arn(ctx: Context, name: str) -> str:
    return ctx.arn("states", f"stateMachine:{name}")


def checked(tags: list[dict[str, str]], arn: str, known: Iterable[dict[str, str]] = ()) -> list[dict[str, str]]:
    """The tags of that resource with those that it has, the last one of each key; raises TooManyTags, or
    ValidationException for one without a key or with what tags may not have, which the model lets pass (Step Functions
    Developer Guide, "Restrictions related to tagging")."""
    if not all("key" in tag for tag in tags):
        raise invalid("The key of a tag must not be null.")
    for text in (text for tag in tags for text in tag.values()):
        if _TAG.fullmatch(text) is None:
            raise invalid(f"Tags may only contain Unicode letters, digits, white space, or _ . : / = + - @: '{text}'")
        if text.startswith("aws:"):
            raise invalid(f"Tags may not start with aws:, which is reserved: '{text}'")
    kept = {tag["key"]: tag for tag in (*known, *tags)}
    if len(kept) > limits.TAGS_MAX:
        message = f"The number of tags exceeds the limit of {limits.TAGS_MAX}."
        raise AwsError("TooManyTags", message, fields={"resourceName": arn})
    return list(kept.values())

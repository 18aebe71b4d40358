"""Which definition an ARN of a machine means: the machine's own, a version's, or the one an alias chooses."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace

from emulator import ids
from emulator.arns import Arn
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.stepfunctions.model import require_arn
from emulator.services.stepfunctions.operations.lookup import (
    does_not_exist,
    machine_arn,
    require_active,
    require_unlabelled,
)
from emulator.services.stepfunctions.operations.mocking import require_mocks
from emulator.services.stepfunctions.work.store import SQL, find_machine
from emulator.storage import Row

_VERSION = re.compile("[0-9]{1,9}")


@dataclass(slots=True)  # not frozen, as Execution is not
class Target:
    """`row` is the machine's, `definition`, `role_arn`, `revision` and the row's configurations those of the version
    where there is one.

    `mocks` is what answers for its states in the test case that was asked for.
    """

    row: Row
    arn: str
    definition: str
    role_arn: str
    revision: str
    version_arn: str | None = None
    alias_arn: str | None = None
    version: Row | None = None
    mocks: str | None = None


def require_case(ctx: Context, text: str) -> Target:
    """`require_target` for an ARN that may end with `#<test case>`; raises ValidationException for an unknown one."""
    machine_arn, mocks = require_mocks(ctx, text)
    target = require_target(ctx, machine_arn)
    require_active(target.row, machine_arn)
    return target if mocks is None else replace(target, mocks=mocks)


def require_target(ctx: Context, text: str) -> Target:
    """What an ARN with or without version or alias means; raises InvalidArn, ValidationException for a label's, or
    StateMachineDoesNotExist."""
    arn = require_arn(text, "stateMachine")
    name, _, qualifier = arn.name.partition(":")
    row = find_machine(ctx, name) if (arn.account, arn.region) == (ctx.account, ctx.region) else None
    if row is None:
        require_unlabelled(arn)
        raise does_not_exist(text)
    if not qualifier:
        return Target(row, machine_arn(ctx, name), row["definition"], row["role_arn"], row["revision"])
    if is_version(qualifier):
        return _versioned(ctx, row, int(qualifier), text, None)
    alias = ctx.tx.one(SQL.find_alias, machine=row["id"], name=qualifier)
    if alias is None:
        raise does_not_exist(text)
    chosen = _drawn(json.loads(alias["routing"]))
    return _versioned(ctx, row, int(chosen.rpartition(":")[2]), chosen, text)


def _versioned(ctx: Context, row: Row, number: int, version_arn: str, alias_arn: str | None) -> Target:
    version = ctx.tx.one(SQL.find_version, machine=row["id"], number=number)
    if version is None:
        raise does_not_exist(version_arn)
    return Target(
        {**dict(row), **{name: version[name] for name in ("logging", "tracing", "encryption")}},
        machine_arn(ctx, row["name"]),
        version["definition"],
        version["role_arn"],
        version["revision"],
        version_arn,
        alias_arn,
        version,
    )


def _drawn(routing: list[dict[str, object]]) -> str:
    """The version that a request to an alias is sent to this time, by weight."""
    point = ids.new_seed() % 100
    for entry in routing:
        weight = entry["weight"]
        assert isinstance(weight, int)
        if point < weight:
            return str(entry["stateMachineVersionArn"])
        point -= weight
    raise AssertionError("the weights of an alias sum to 100")


def is_version(qualifier: str) -> bool:
    """Whether what follows the name of a machine in an ARN is the number of a version, not the name of an alias."""
    return _VERSION.fullmatch(qualifier) is not None


def require_qualified(ctx: Context, text: str) -> tuple[Arn, str, Row | None]:
    """The ARN, the qualifier and the machine's row of a version's or an alias's ARN; raises InvalidArn."""
    arn = require_arn(text, "stateMachine")
    name, _, qualifier = arn.name.partition(":")
    if not qualifier:
        raise AwsError("InvalidArn", f"Invalid Arn: '{text}'")
    here = (arn.account, arn.region) == (ctx.account, ctx.region)
    return arn, qualifier, find_machine(ctx, name) if here else None


def no_resource(text: str) -> AwsError:
    """What AWS answers where a request names an alias or a version that is not there."""
    return AwsError(
        "ResourceNotFound",
        f"Request references a resource that does not exist. Resource Id: {text}",
        fields={"resourceName": text},
    )

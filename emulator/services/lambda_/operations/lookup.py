"""Finding functions: rows for those who describe them, compiled targets for those who invoke them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from emulator.errors import AwsError
from emulator.host import Function, Host
from emulator.host.logs import runtime_version_arn
from emulator.kit.context import Context
from emulator.services.lambda_.model import configuration
from emulator.services.lambda_.model.names import (
    LATEST,
    Qualified,
    arn_of,
    function_not_found,
    is_version,
    resolve,
)
from emulator.services.lambda_.operations.statements import SQL
from emulator.storage import Row


def resolve_here(ctx: Context, function_name: str, qualifier: str | None = None) -> Qualified:
    """The function that the caller means, in the caller's own account. Errors: see `names.resolve`."""
    wanted = resolve(function_name, qualifier, ctx.account, ctx.region)
    if wanted.account != ctx.account:
        raise AwsError("AccessDeniedException", "", status=403)
    return wanted


def find_row(ctx: Context, wanted: Qualified, version: str = LATEST) -> Row | None:
    """The row of one version of a function."""
    return ctx.tx.one(
        SQL.find_function, account=wanted.account, region=wanted.region, name=wanted.name, version=version
    )


def find_alias(ctx: Context, wanted: Qualified, name: str) -> Row | None:
    """The row of an alias."""
    return ctx.tx.one(SQL.find_alias, account=wanted.account, region=wanted.region, function=wanted.name, name=name)


def require_row(ctx: Context, wanted: Qualified) -> Row:
    """The version that the qualifier means, an alias's first version included. Errors: ResourceNotFoundException."""
    version = version_of(ctx, wanted)
    row = None if version is None else find_row(ctx, wanted, version)
    if row is None:
        raise function_not_found(wanted.arn)
    return row


def require_latest(ctx: Context, wanted: Qualified) -> Row:
    """The unpublished version. Errors: ResourceNotFoundException, without the qualifier in its text."""
    row = find_row(ctx, wanted)
    if row is None:
        raise function_not_found(arn_of(wanted.account, wanted.region, wanted.name))
    return row


def require_revision(current: str, expected: str | None) -> None:
    """Raise PreconditionFailedException where the caller knows another revision."""
    if expected is not None and expected != current:
        raise AwsError(
            "PreconditionFailedException",
            "The Revision Id provided does not match the latest Revision Id. "
            "Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
        )


def version_of(ctx: Context, wanted: Qualified) -> str | None:
    """The version that a qualifier means; None for an alias that is not there."""
    qualifier = wanted.qualifier
    if qualifier is None or configuration.is_latest(qualifier):
        return LATEST
    if is_version(qualifier):
        return qualifier
    alias = find_alias(ctx, wanted, qualifier)
    return None if alias is None else str(alias["version"])


def shown(wanted: Qualified, row: Row, *, qualified: bool = False) -> dict[str, Any]:
    """The FunctionConfiguration of a row; published versions always show their own ARN."""
    qualifier = wanted.qualifier if qualified else None
    if qualifier is None and row["version"] != LATEST:
        qualifier = row["version"]
    arn = arn_of(wanted.account, wanted.region, wanted.name, qualifier)
    runtime = json.loads(row["settings"]).get("Runtime", "")
    return configuration.shown(row, arn, runtime_version_arn(runtime, wanted.region))


@dataclass(frozen=True, slots=True)
class Target:
    """What a qualifier means to an invocation: one function of the host, or several with weights.

    `events` are the members of the qualifier's EventInvokeConfig that were set.
    """

    function: Function
    runnable: bool
    reserved: int | None
    dead_letter_arn: str | None
    events: Mapping[str, Any]
    others: tuple[tuple[float, Target], ...] = ()

    @property
    def limit_key(self) -> str:
        """What the concurrency of all versions of the function is counted under."""
        return f"{self.function.account}/{self.function.region}/{self.function.name}"


def find_target(ctx: Context, account: str, region: str, name: str, qualifier: str | None) -> Target | None:
    """What is invoked under that name; from memory where this process is the only writer."""
    memory = ctx.memory("lambda")
    key = f"target:{account}/{region}/{name}"
    known: dict[str | None, Target] | None = memory.get(key) if ctx.tx.exclusive else None
    if known is not None and (found := known.get(qualifier)) is not None:
        return found
    target = _compile(ctx, Qualified(account, region, name, qualifier))
    if target is not None and ctx.tx.exclusive:
        memory.setdefault(key, {})[qualifier] = target
    return target


def forget_target(ctx: Context, wanted: Qualified) -> None:
    """The function changes in this transaction: compile it anew, also if the change is not kept."""
    memory = ctx.memory("lambda")
    key = f"target:{wanted.account}/{wanted.region}/{wanted.name}"
    memory.pop(key, None)
    ctx.tx.after_rollback(lambda: memory.pop(key, None))


def _compile(ctx: Context, wanted: Qualified) -> Target | None:
    latest = find_row(ctx, wanted)
    if latest is None:
        return None
    qualifier = wanted.qualifier
    if qualifier is None or configuration.is_latest(qualifier):
        return _target(ctx, wanted, latest, latest["reserved"])
    if is_version(qualifier):
        row = find_row(ctx, wanted, qualifier)
        return None if row is None else _target(ctx, wanted, row, latest["reserved"])
    alias = find_alias(ctx, wanted, qualifier)
    return None if alias is None else _of_alias(ctx, wanted, alias, latest["reserved"])


def _of_alias(ctx: Context, wanted: Qualified, alias: Row, reserved: int | None) -> Target | None:
    weights: Mapping[str, float] = json.loads(alias["weights"])
    others = []
    for version, weight in weights.items():
        row = find_row(ctx, wanted, version)
        if row is not None:
            others.append((weight, _target(ctx, wanted, row, reserved)))
    row = find_row(ctx, wanted, alias["version"])
    return None if row is None else _target(ctx, wanted, row, reserved, tuple(others))


def _target(
    ctx: Context,
    wanted: Qualified,
    row: Row,
    reserved: int | None,
    others: tuple[tuple[float, Target], ...] = (),
) -> Target:
    settings = json.loads(row["settings"])
    function = Function(
        key=f"{row['worker_key']}:{row['version']}",
        name=wanted.name,
        arn=wanted.arn,
        version=row["version"],
        handler=settings["Handler"],
        code=Path(row["folder"]),
        runtime=settings["Runtime"],
        environment={
            **_addresses(ctx.house.endpoint),
            **(settings.get("Environment", {}).get("Variables") or {}),
        },
        timeout_seconds=float(settings["Timeout"]),
        memory_mb=settings["MemorySize"],
        log_group=settings["LoggingConfig"]["LogGroup"],
        region=wanted.region,
        account=wanted.account,
    )
    dead_letter = settings.get("DeadLetterConfig", {}).get("TargetArn")
    events = _event_settings(ctx, wanted)
    return Target(function, Host.supports(function.runtime), reserved, dead_letter, events, others)


def _addresses(endpoint: str) -> dict[str, str]:
    """Where a function finds us: for AWS's SDKs, and for code that was written for LocalStack."""
    parts = urlsplit(endpoint)
    localstack = {"LOCALSTACK_HOSTNAME": parts.hostname or "", "EDGE_PORT": str(parts.port or 80)}
    return {"AWS_ENDPOINT_URL": endpoint} | localstack


def _event_settings(ctx: Context, wanted: Qualified) -> dict[str, Any]:
    row = ctx.tx.one(
        SQL.find_event_config,
        account=wanted.account,
        region=wanted.region,
        function=wanted.name,
        qualifier=wanted.qualifier or LATEST,
    )
    return {} if row is None else json.loads(row["settings"])

"""Finding functions: rows for those who describe them, compiled targets for those who invoke them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from emulator.errors import AwsError
from emulator.host import Function, Host, Logging
from emulator.host.lines import runtime_version_arn
from emulator.kit.context import Context
from emulator.services.lambda_.model import configuration
from emulator.services.lambda_.model.errors import function_not_found, no_access
from emulator.services.lambda_.model.names import LATEST, Qualified, is_version, resolve
from emulator.services.lambda_.operations.layers import folders
from emulator.services.lambda_.operations.statements import SQL
from emulator.storage import Row


def resolve_here(ctx: Context, function_name: str, qualifier: str | None = None) -> Qualified:
    """The function that the caller means, in the caller's own account. Errors: see `names.resolve`."""
    wanted = resolve(function_name, qualifier, ctx.account, ctx.region)
    if wanted.account != ctx.account:
        raise no_access()
    return wanted


def find_row(ctx: Context, wanted: Qualified, version: str = LATEST) -> Row | None:
    """The row of one version of a function."""
    return ctx.tx.one(SQL.find_function, **wanted.place, version=version)


def find_alias(ctx: Context, wanted: Qualified, name: str) -> Row | None:
    """The row of an alias."""
    return ctx.tx.one(SQL.find_alias, **wanted.owner, name=name)


def find_provisioned(ctx: Context, wanted: Qualified) -> list[Row]:
    """The rows of the function's provisioned concurrency, by qualifier."""
    return ctx.tx.all(SQL.provisioned, **wanted.owner)


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
        raise function_not_found(wanted.of(None).arn)
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
    arn = wanted.of(qualifier).arn
    runtime = json.loads(row["settings"]).get("Runtime", "")
    return configuration.shown(row, arn, runtime_version_arn(runtime, wanted.region))


@dataclass(frozen=True, slots=True)
class Target:
    """What a qualifier means to an invocation: one function of the host, or several with weights.

    `events` are the members of the qualifier's EventInvokeConfig that were set; `provisioned` is the function's
    provisioned concurrency by version.
    """

    function: Function
    runnable: bool
    reserved: int | None
    dead_letter_arn: str | None
    events: Mapping[str, Any]
    provisioned: Mapping[str, int]
    others: tuple[tuple[float, Target], ...] = ()


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
        key=worker_key(row),
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
        logging=_logging(settings["LoggingConfig"]),
        layers=tuple(map(Path, folders(ctx, settings.get("Layers", ())))),
    )
    dead_letter = settings.get("DeadLetterConfig", {}).get("TargetArn")
    events = _event_settings(ctx, wanted)
    provisioned = {} if reserved is None else _provisioned(ctx, wanted)
    return Target(function, Host.supports(function.runtime), reserved, dead_letter, events, provisioned, others)


def _logging(config: Mapping[str, Any]) -> Logging:
    if config["LogFormat"] == "Text":
        return Logging()
    return Logging("JSON", config["ApplicationLogLevel"], config["SystemLogLevel"])


def _provisioned(ctx: Context, wanted: Qualified) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in find_provisioned(ctx, wanted):
        version = version_of(ctx, wanted.of(row["qualifier"]))
        if version is not None:
            found[version] = found.get(version, 0) + int(row["requested"])
    return found


def worker_key(row: Row) -> str:
    """What the host knows the workers of a version by."""
    return f"{row['worker_key']}:{row['version']}"


def _addresses(endpoint: str) -> dict[str, str]:
    """Where a function finds us: for AWS's SDKs, and for code that was written for LocalStack."""
    parts = urlsplit(endpoint)
    localstack = {"LOCALSTACK_HOSTNAME": parts.hostname or "", "EDGE_PORT": str(parts.port or 80)}
    return {"AWS_ENDPOINT_URL": endpoint} | localstack


def _event_settings(ctx: Context, wanted: Qualified) -> dict[str, Any]:
    row = ctx.tx.one(SQL.find_event_config, **wanted.owner, qualifier=wanted.qualifier or LATEST)
    return {} if row is None else json.loads(row["settings"])

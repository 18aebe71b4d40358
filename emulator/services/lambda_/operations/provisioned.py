"""Provisioned concurrency, as configured; work/concurrency counts it. It is ready as soon as somebody looks."""

from __future__ import annotations

from typing import Any

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.lambda_ import limits
from emulator.services.lambda_.model.configuration import iso
from emulator.services.lambda_.model.errors import alias_not_found, conflict, function_not_found, invalid, untyped
from emulator.services.lambda_.model.names import LATEST, Qualified, is_version
from emulator.services.lambda_.operations.lookup import (
    find_alias,
    find_provisioned,
    find_row,
    forget_target,
    require_latest,
    resolve_here,
)
from emulator.services.lambda_.operations.paging import page
from emulator.services.lambda_.operations.statements import SQL
from emulator.storage import Row

Answer = dict[str, Any]


def put_provisioned_concurrency_config(
    ctx: Context, *, function_name: str, qualifier: str, provisioned_concurrent_executions: int
) -> Answer:
    """Keep so many executions for a version or an alias.

    Errors: InvalidParameterValueException, ResourceNotFoundException, ResourceConflictException.
    """
    wanted = resolve_here(ctx, function_name, qualifier)
    if wanted.qualifier == LATEST:
        raise invalid("Provisioned Concurrency Configs cannot be applied to unpublished function versions.")
    version = _require_version(ctx, wanted)
    _require_free(ctx, wanted, version)
    _require_room(ctx, wanted, provisioned_concurrent_executions)
    ctx.tx.execute(
        SQL.put_provisioned, requested=provisioned_concurrent_executions, modified=ctx.micros, **_place(wanted)
    )
    forget_target(ctx, wanted)
    return _shown(_require(ctx, wanted), ready=False)


def _require_version(ctx: Context, wanted: Qualified) -> str:
    """The version that the qualifier, no `$LATEST`, means. Errors: ResourceNotFoundException."""
    qualifier = wanted.qualifier or ""
    if is_version(qualifier):
        if find_row(ctx, wanted, qualifier) is None:
            raise function_not_found(wanted.arn)
        return qualifier
    alias = find_alias(ctx, wanted, qualifier)
    if alias is None:
        raise alias_not_found(wanted.arn)
    return str(alias["version"])


def _require_free(ctx: Context, wanted: Qualified, version: str) -> None:
    """A version has one configuration, its own or that of an alias."""
    for row in find_provisioned(ctx, wanted):
        other = row["qualifier"]
        if other == wanted.qualifier:
            continue
        if other == version:
            raise conflict(
                "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version"
            )
        alias = None if is_version(other) else find_alias(ctx, wanted, other)
        if alias is not None and alias["version"] == wanted.qualifier:
            raise conflict("Version is pointed by a Provisioned Concurrency alias")


def _require_room(ctx: Context, wanted: Qualified, requested: int) -> None:
    """The function's reservation, or the account's unreserved concurrency, has room for so many."""
    reserved = require_latest(ctx, wanted)["reserved"]
    others = sum(row["requested"] for row in find_provisioned(ctx, wanted) if row["qualifier"] != wanted.qualifier)
    if reserved is not None:
        if others + requested > reserved:
            raise invalid(
                "Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for "
                "function"
            )
        return
    taken = ctx.tx.one(SQL.reserved_elsewhere, account=wanted.account, region=wanted.region, name="")
    provisioned = ctx.tx.one(SQL.provisioned_elsewhere, **_place(wanted))
    assert taken is not None
    assert provisioned is not None
    left = limits.CONCURRENT_EXECUTIONS - int(taken["reserved"]) - int(provisioned["requested"])
    if requested > left:
        raise untyped(
            f"Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [{left}]."
        )
    if left - requested < limits.UNRESERVED_MINIMUM:
        raise untyped(
            "Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its "
            f"minimum value of [{limits.UNRESERVED_MINIMUM}]."
        )


def get_provisioned_concurrency_config(ctx: Context, *, function_name: str, qualifier: str) -> Answer:
    """What is kept for a version or alias. Errors: ProvisionedConcurrencyConfigNotFoundException, as for Put."""
    wanted = _published(ctx, function_name, qualifier)
    return _shown(_require(ctx, wanted))


def delete_provisioned_concurrency_config(ctx: Context, *, function_name: str, qualifier: str) -> Answer:
    """Keep nothing for it; where nothing is kept there is nothing to delete. Errors: ResourceNotFoundException."""
    wanted = _published(ctx, function_name, qualifier)
    ctx.tx.execute(SQL.remove_provisioned, **_place(wanted))
    forget_target(ctx, wanted)
    return {}


def list_provisioned_concurrency_configs(
    ctx: Context, *, function_name: str, marker: str | None = None, max_items: int | None = None
) -> Answer:
    """What is kept for versions and aliases of a function. Errors: ResourceNotFoundException."""
    wanted = resolve_here(ctx, function_name)
    require_latest(ctx, wanted)
    rows = [row for row in find_provisioned(ctx, wanted) if row["qualifier"] > (marker or "")]
    return page(
        "ProvisionedConcurrencyConfigs",
        rows,
        lambda row: {"FunctionArn": wanted.of(row["qualifier"]).arn, **_shown(row)},
        lambda row: row["qualifier"],
        max_items,
    )


def _published(ctx: Context, function_name: str, qualifier: str) -> Qualified:
    """A version or alias that is there. Errors: InvalidParameterValueException, ResourceNotFoundException."""
    wanted = resolve_here(ctx, function_name, qualifier)
    if wanted.qualifier == LATEST:
        raise invalid("The function resource provided must be an alias or a published version.")
    _require_version(ctx, wanted)
    return wanted


def _require(ctx: Context, wanted: Qualified) -> Row:
    row = ctx.tx.one(SQL.find_provisioned, **_place(wanted))
    if row is None:
        raise AwsError(
            "ProvisionedConcurrencyConfigNotFoundException", "No Provisioned Concurrency Config found for this function"
        )
    return row


def _place(wanted: Qualified) -> dict[str, Any]:
    return {**wanted.owner, "qualifier": wanted.qualifier}


def _shown(row: Row, *, ready: bool = True) -> Answer:
    allocated = row["requested"] if ready else 0
    return {
        "RequestedProvisionedConcurrentExecutions": row["requested"],
        "AllocatedProvisionedConcurrentExecutions": allocated,
        "AvailableProvisionedConcurrentExecutions": allocated,
        "Status": "READY" if ready else "IN_PROGRESS",
        "LastModified": iso(row["modified"]),
    }

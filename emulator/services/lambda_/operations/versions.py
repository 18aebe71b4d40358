"""Published versions of functions."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from emulator import ids
from emulator.kit.context import Context
from emulator.services.lambda_ import limits
from emulator.services.lambda_.model.configuration import listed
from emulator.services.lambda_.model.errors import invalid
from emulator.services.lambda_.model.names import Qualified
from emulator.services.lambda_.operations.lookup import (
    find_row,
    forget_target,
    require_latest,
    require_revision,
    resolve_here,
    shown,
)
from emulator.services.lambda_.operations.paging import page
from emulator.services.lambda_.operations.statements import SQL
from emulator.storage import Row


def publish_version(
    ctx: Context,
    *,
    function_name: str,
    code_sha256: str | None = None,
    description: str | None = None,
    revision_id: str | None = None,
) -> dict[str, Any]:
    """A version of what `$LATEST` is now; the last version again where nothing has changed since.

    Errors: ResourceNotFoundException, PreconditionFailedException, InvalidParameterValueException.
    """
    wanted = resolve_here(ctx, function_name)
    row = require_latest(ctx, wanted)
    require_revision(row["revision"], revision_id)
    if code_sha256 is not None and code_sha256 != row["code_sha256"]:
        raise invalid(
            f"CodeSHA256 ({code_sha256}) is different from current CodeSHA256 in $LATEST ({row['code_sha256']}). "
            "Please try again with the CodeSHA256 in $LATEST."
        )
    return add_version(ctx, wanted, row, description)


def add_version(ctx: Context, wanted: Qualified, latest: Row, description: str | None = None) -> dict[str, Any]:
    """Publish the row of `$LATEST`; returns the version's configuration."""
    known = find_row(ctx, wanted, str(latest["last_version"]))
    if known is not None and known["worker_key"] == latest["worker_key"]:
        return shown(wanted, known)
    where = wanted.place
    counted = ctx.tx.one(SQL.next_version, revision=ids.new_uuid(), **where)
    assert counted is not None
    version = str(counted["last_version"])
    settings = json.loads(latest["settings"])
    if description is not None:
        settings["Description"] = description
    copied = ("code_sha256", "code_size", "folder", "location", "worker_key")
    ctx.tx.execute(
        SQL.add_function,
        version=version,
        ordinal=counted["last_version"],
        settings=json.dumps(settings),
        revision=ids.new_uuid(),
        modified=ctx.micros,
        tags="{}",
        **{column: latest[column] for column in copied},
        **where,
    )
    forget_target(ctx, wanted)
    row = find_row(ctx, wanted, version)
    assert row is not None
    return shown(wanted, row)


def list_versions_by_function(
    ctx: Context, *, function_name: str, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """`$LATEST` and the published versions, oldest first. Errors: ResourceNotFoundException."""
    wanted = resolve_here(ctx, function_name)
    require_latest(ctx, wanted)
    rows = ctx.tx.all(SQL.versions, **wanted.place, after=_after(marker), most=limits.PAGE + 1)
    return page("Versions", rows, partial(_listed, wanted), lambda row: row["ordinal"], max_items)


def _listed(wanted: Qualified, row: Row) -> dict[str, Any]:
    """In lists of versions every ARN has its qualifier."""
    return listed(shown(wanted.of(row["version"]), row, qualified=True))


def _after(marker: str | None) -> int:
    if marker is None:
        return -1
    if not (marker.isascii() and marker.isdigit()):
        raise invalid("The marker is not one of this operation's.")
    return int(marker)


def list_functions(
    ctx: Context,
    *,
    function_version: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """The functions of the region by name; with FunctionVersion ALL every version of each."""
    here = {"account": ctx.account, "region": ctx.region}
    if function_version == "ALL":
        start = max(0, _after(marker))
        every = list(enumerate(ctx.tx.all(SQL.all_versions, **here)))[start:]
        return page("Functions", every, lambda it: _listed(_of(ctx, it[1]), it[1]), lambda it: it[0] + 1, max_items)
    rows = ctx.tx.all(SQL.functions, **here, after=marker or "", most=limits.PAGE + 1)
    return page("Functions", rows, lambda row: listed(shown(_of(ctx, row), row)), lambda row: row["name"], max_items)


def _of(ctx: Context, row: Row) -> Qualified:
    return Qualified(ctx.account, ctx.region, row["name"], None)


def get_account_settings(ctx: Context) -> dict[str, Any]:
    """Limits and use of the account in this region."""
    usage = ctx.tx.one(SQL.usage, account=ctx.account, region=ctx.region)
    reserved = ctx.tx.one(SQL.reserved_elsewhere, account=ctx.account, region=ctx.region, name="")
    assert usage is not None
    assert reserved is not None
    return {
        "AccountLimit": {
            "TotalCodeSize": limits.TOTAL_CODE_BYTES,
            "CodeSizeUnzipped": limits.UNZIPPED_BYTES,
            "CodeSizeZipped": limits.ZIPPED_BYTES,
            "ConcurrentExecutions": limits.CONCURRENT_EXECUTIONS,
            "UnreservedConcurrentExecutions": limits.CONCURRENT_EXECUTIONS - int(reserved["reserved"]),
        },
        "AccountUsage": {"TotalCodeSize": int(usage["bytes"]), "FunctionCount": int(usage["functions"])},
    }

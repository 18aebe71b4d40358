"""Functions and versions of them, deleted with what belongs to them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from emulator.kit.context import Context
from emulator.services.lambda_.model.errors import conflict, function_not_found, invalid
from emulator.services.lambda_.model.names import LATEST, Qualified, is_version
from emulator.services.lambda_.operations.deploying import let_go
from emulator.services.lambda_.operations.layers import layers_let_go
from emulator.services.lambda_.operations.lookup import (
    find_alias,
    forget_target,
    require_latest,
    resolve_here,
    worker_key,
)
from emulator.services.lambda_.operations.statements import SQL
from emulator.storage import Row

_ALL_OF_A_FUNCTION = (
    SQL.remove_function,
    SQL.remove_aliases,
    SQL.remove_policies,
    SQL.remove_event_configs,
    SQL.remove_every_provisioned,
    SQL.remove_every_running,
    SQL.remove_urls,
)


def delete_function(ctx: Context, *, function_name: str, qualifier: str | None = None) -> dict[str, Any]:
    """The function with all that belongs to it, or one published version of it.

    Errors: ResourceNotFoundException, InvalidParameterValueException for `$LATEST`, ResourceConflictException for a
    version that an alias names.
    """
    wanted = resolve_here(ctx, function_name, qualifier)
    if wanted.qualifier is not None:
        _delete_version(ctx, wanted, wanted.qualifier)
        return {"StatusCode": 204}
    require_latest(ctx, wanted)
    rows = _rows(ctx, wanted)
    for statement in _ALL_OF_A_FUNCTION:
        ctx.tx.execute(statement, **wanted.place)
    _let_go(ctx, wanted, rows)
    return {"StatusCode": 204}


def _rows(ctx: Context, wanted: Qualified) -> list[Row]:
    return ctx.tx.all(SQL.all_of_function, **wanted.place)


def _let_go(ctx: Context, wanted: Qualified, rows: Sequence[Row]) -> None:
    """These versions are no more: nor are their workers, nor code and layers that nothing else has."""
    forget_target(ctx, wanted)
    layers = [layer for row in rows for layer in json.loads(row["settings"]).get("Layers", ())]
    folders = [*(row["folder"] for row in rows), *layers_let_go(ctx, layers)]
    let_go(ctx, [worker_key(row) for row in rows], folders)


def _delete_version(ctx: Context, wanted: Qualified, qualifier: str) -> None:
    if qualifier == LATEST:
        raise invalid("$LATEST version cannot be deleted without deleting the function.")
    if not is_version(qualifier):
        if find_alias(ctx, wanted, qualifier) is None:
            raise function_not_found(wanted.arn)
        raise invalid("Deletion of aliases is not currently supported.")
    used = [
        row["name"]
        for row in ctx.tx.all(SQL.aliases, **wanted.owner, after="")
        if row["version"] == qualifier or qualifier in json.loads(row["weights"])
    ]
    if used:
        raise conflict(f"Function version {wanted.arn} is referenced by the aliases {', '.join(used)}.")
    rows = [row for row in _rows(ctx, wanted) if row["version"] == qualifier]
    ctx.tx.execute(SQL.remove_version, **wanted.place, version=qualifier)
    _let_go(ctx, wanted, rows)

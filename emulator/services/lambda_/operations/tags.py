"""Tags of functions."""

from __future__ import annotations

import json
from typing import Any

from emulator.arns import find_arn
from emulator.errors import AwsError, not_implemented
from emulator.kit.context import Context
from emulator.services.lambda_.model.names import Qualified
from emulator.services.lambda_.operations.lookup import require_latest, resolve_here
from emulator.services.lambda_.operations.statements import SQL


def tag_resource(ctx: Context, *, resource: str, tags: dict[str, str]) -> dict[str, Any]:
    """More tags, or other values. Errors: ResourceNotFoundException, InvalidParameterValueException."""
    if not tags:
        raise AwsError("InvalidParameterValueException", "An error occurred and the request cannot be processed.")
    wanted = _require(ctx, resource)
    _put(ctx, wanted, {**_read(ctx, wanted), **tags})
    return {}


def untag_resource(ctx: Context, *, resource: str, tag_keys: list[str]) -> dict[str, Any]:
    """Fewer tags. Errors: ResourceNotFoundException, InvalidParameterValueException."""
    wanted = _require(ctx, resource)
    _put(ctx, wanted, {key: value for key, value in _read(ctx, wanted).items() if key not in tag_keys})
    return {}


def list_tags(ctx: Context, *, resource: str) -> dict[str, Any]:
    """The tags of a function. Errors: ResourceNotFoundException, InvalidParameterValueException."""
    return {"Tags": _read(ctx, _require(ctx, resource))}


def _require(ctx: Context, resource: str) -> Qualified:
    arn = find_arn(resource)
    if arn is None or arn.kind != "function":
        raise not_implemented("lambda", "TagResource", f"for {resource}")
    wanted = resolve_here(ctx, resource)
    if wanted.qualifier is not None:
        raise AwsError(
            "InvalidParameterValueException",
            "Tags on function aliases and versions are not supported. Please specify a function ARN.",
        )
    return wanted


def _read(ctx: Context, wanted: Qualified) -> dict[str, str]:
    tags: dict[str, str] = json.loads(require_latest(ctx, wanted)["tags"])
    return tags


def _put(ctx: Context, wanted: Qualified, tags: dict[str, str]) -> None:
    ctx.tx.execute(SQL.put_tags, account=wanted.account, region=wanted.region, name=wanted.name, tags=json.dumps(tags))

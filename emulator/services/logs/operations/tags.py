"""Tags of log groups, by ARN or by name."""

from __future__ import annotations

import json
from typing import Any

from emulator.kit.context import Context
from emulator.services.logs.model.names import name_of
from emulator.services.logs.operations.groups import require_group
from emulator.services.logs.operations.statements import SQL

Tags = dict[str, str]


def tag_resource(ctx: Context, *, resource_arn: str, tags: Tags) -> dict[str, Any]:
    """More tags, or other values. Errors: ResourceNotFoundException."""
    return _add(ctx, name_of(resource_arn), tags)


def untag_resource(ctx: Context, *, resource_arn: str, tag_keys: list[str]) -> dict[str, Any]:
    """Fewer tags. Errors: ResourceNotFoundException."""
    return _remove(ctx, name_of(resource_arn), tag_keys)


def list_tags_for_resource(ctx: Context, *, resource_arn: str) -> dict[str, Any]:
    """The tags of a group. Errors: ResourceNotFoundException."""
    return {"tags": _read(ctx, name_of(resource_arn))}


def tag_log_group(ctx: Context, *, log_group_name: str, tags: Tags) -> dict[str, Any]:
    """More tags, or other values. Errors: ResourceNotFoundException."""
    return _add(ctx, log_group_name, tags)


def untag_log_group(ctx: Context, *, log_group_name: str, tags: list[str]) -> dict[str, Any]:
    """Fewer tags. Errors: ResourceNotFoundException."""
    return _remove(ctx, log_group_name, tags)


def list_tags_log_group(ctx: Context, *, log_group_name: str) -> dict[str, Any]:
    """The tags of a group. Errors: ResourceNotFoundException."""
    return {"tags": _read(ctx, log_group_name)}


def _read(ctx: Context, name: str) -> Tags:
    tags: Tags = json.loads(require_group(ctx, name)["tags"])
    return tags


def _add(ctx: Context, name: str, tags: Tags) -> dict[str, Any]:
    return _write(ctx, name, {**_read(ctx, name), **tags})


def _remove(ctx: Context, name: str, keys: list[str]) -> dict[str, Any]:
    return _write(ctx, name, {key: value for key, value in _read(ctx, name).items() if key not in keys})


def _write(ctx: Context, name: str, tags: Tags) -> dict[str, Any]:
    ctx.tx.execute(SQL.put_tags, id=require_group(ctx, name)["id"], tags=json.dumps(tags))
    return {}

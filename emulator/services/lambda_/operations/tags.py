"""Tags of functions and of event source mappings."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from emulator import ids
from emulator.arns import Arn, find_arn
from emulator.errors import not_implemented
from emulator.kit.context import Context
from emulator.services.lambda_.model.errors import invalid, not_found
from emulator.services.lambda_.model.names import Qualified
from emulator.services.lambda_.operations.lookup import require_latest, resolve_here
from emulator.services.lambda_.operations.mappings import find_mapping
from emulator.services.lambda_.operations.statements import SQL

Tags = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Tagged:
    """What carries tags: a function, or the mapping of that UUID."""

    tags: Tags
    owner: Qualified | str


def tag_resource(ctx: Context, *, resource: str, tags: Tags) -> dict[str, Any]:
    """More tags, or other values. Errors: ResourceNotFoundException, InvalidParameterValueException."""
    if not tags:
        raise invalid("An error occurred and the request cannot be processed.")
    found = _require(ctx, resource, "TagResource")
    _put(ctx, found.owner, {**found.tags, **tags})
    return {}


def untag_resource(ctx: Context, *, resource: str, tag_keys: list[str]) -> dict[str, Any]:
    """Fewer tags. Errors: ResourceNotFoundException, InvalidParameterValueException."""
    found = _require(ctx, resource, "UntagResource")
    _put(ctx, found.owner, {key: value for key, value in found.tags.items() if key not in tag_keys})
    return {}


def list_tags(ctx: Context, *, resource: str) -> dict[str, Any]:
    """The tags of a function or a mapping. Errors: ResourceNotFoundException, InvalidParameterValueException."""
    return {"Tags": _require(ctx, resource, "ListTags").tags}


def _require(ctx: Context, resource: str, operation: str) -> _Tagged:
    arn = find_arn(resource)
    if arn is not None and arn.kind == "event-source-mapping":
        return _of_mapping(ctx, arn)
    if arn is not None and arn.kind == "capacity-provider":  # there are none here
        raise not_found(f"Capacity provider not found: {resource}")
    if arn is None or arn.kind != "function":
        raise not_implemented("lambda", operation, f"for {resource}")
    wanted = resolve_here(ctx, resource)
    if wanted.qualifier is not None:
        raise invalid("Tags on function aliases and versions are not supported. Please specify a function ARN.")
    return _Tagged(json.loads(require_latest(ctx, wanted)["tags"]), wanted)


def _of_mapping(ctx: Context, arn: Arn) -> _Tagged:
    uuid = arn.resource.partition(":")[2]
    row = find_mapping(ctx, uuid) if (arn.account, arn.region) == (ctx.account, ctx.region) else None
    if row is None:
        raise not_found(f"Event source mapping not found: {arn}")
    return _Tagged(json.loads(row["tags"]), uuid)


def _put(ctx: Context, owner: Qualified | str, tags: Tags) -> None:
    text = json.dumps(tags)
    if isinstance(owner, str):
        ctx.tx.execute(SQL.put_mapping_tags, account=ctx.account, region=ctx.region, uuid=owner, tags=text)
    else:
        place = {"account": owner.account, "region": owner.region, "name": owner.name}
        ctx.tx.execute(SQL.put_tags, tags=text, revision=ids.new_uuid(), **place)

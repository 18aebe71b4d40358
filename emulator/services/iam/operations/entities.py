"""What is done to roles, users, groups and instance profiles alike: find, add, change, list and remove them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from emulator import ids
from emulator.kit.context import Context
from emulator.services.iam.model.entities import Entity, Kind, entity_of, require_entity
from emulator.services.iam.model.errors import delete_conflict
from emulator.services.iam.operations.pages import page
from emulator.services.iam.operations.statements import SQL


def require(ctx: Context, kind: Kind, name: str) -> Entity:
    """The entity of that kind and name in the caller's account; raises NoSuchEntity."""
    row = ctx.tx.one(SQL.find_entity, account=ctx.account, kind=kind.name, folded=name.lower())
    return require_entity(row, kind, name)


def find_key_owner(ctx: Context, access_key: str) -> Entity | None:
    """The user of the caller's account whom an access key belongs to."""
    row = ctx.tx.one(SQL.owner_of_key, account=ctx.account, id=access_key)
    return None if row is None else entity_of(row)


def add(
    ctx: Context,
    kind: Kind,
    name: str,
    path: str | None,
    *,
    boundary: str | None = None,
    tags: dict[str, str] | None = None,
    details: dict[str, Any] | None = None,
) -> Entity:
    """A new entity; raises EntityAlreadyExists."""
    kind.require_absent(ctx.tx.one(SQL.find_entity, account=ctx.account, kind=kind.name, folded=name.lower()), name)
    new_id = ids.new_key(kind.prefix, 17)
    ctx.tx.execute(
        SQL.add_entity,
        account=ctx.account,
        kind=kind.name,
        folded=name.lower(),
        name=name,
        path=path or "/",
        id=new_id,
        boundary=boundary,
        tags=json.dumps(tags or {}),
        details=json.dumps(details or {}),
        now=ctx.micros,
    )
    return Entity(ctx.account, kind, name, path or "/", new_id, boundary, tags or {}, details or {}, ctx.micros)


def change(ctx: Context, entity: Entity) -> None:
    """Keep an entity as it is now; it is known by its id."""
    ctx.tx.execute(
        SQL.change_entity,
        id=entity.id,
        folded=entity.name.lower(),
        name=entity.name,
        path=entity.path,
        boundary=entity.boundary,
        tags=json.dumps(entity.tags),
        details=json.dumps(entity.details),
    )


def rename(ctx: Context, entity: Entity, name: str | None, path: str | None) -> None:
    """Another name or path for a user or a group; raises EntityAlreadyExists."""
    renamed = replace(entity, name=name or entity.name, path=path or entity.path)
    if renamed.name.lower() != entity.name.lower():
        row = ctx.tx.one(SQL.find_entity, account=ctx.account, kind=entity.kind.name, folded=renamed.name.lower())
        entity.kind.require_absent(row, renamed.name)
    change(ctx, renamed)


def remove(ctx: Context, entity: Entity) -> None:
    """Remove an entity that nothing hangs on any more; raises DeleteConflict."""
    if ctx.tx.one(SQL.inlines, owner=entity.id) is not None:
        raise delete_conflict("Cannot delete entity, must delete policies first.")
    if ctx.tx.one(SQL.attachments, owner=entity.id) is not None:
        raise delete_conflict("Cannot delete entity, must detach all policies first.")
    ctx.tx.execute(SQL.remove_entity, id=entity.id)


def listed(
    ctx: Context, kind: Kind, path_prefix: str | None, marker: str | None, max_items: int | None
) -> tuple[list[Entity], dict[str, Any]]:
    """One page of the account's entities of a kind, and what the answer says of the rest."""
    rows = ctx.tx.all(SQL.entities, account=ctx.account, kind=kind.name)
    found = [entity_of(row) for row in rows if row["path"].startswith(path_prefix or "/")]
    return page(found, by_name, marker, max_items)


def by_name(entity: Entity) -> str:
    """What lists of entities are ordered by."""
    return entity.name.lower()

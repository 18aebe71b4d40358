"""Roles, users, groups and instance profiles: what they have in common, and how they are shown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from emulator.clock import from_micros
from emulator.services.iam.model.errors import already_exists, no_such_entity
from emulator.storage import Row


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entity: `name` as in ARNs, `prefix` of its ids, `member` its name in the API's members."""

    name: str
    prefix: str
    member: str
    missing: str
    exists: str

    def require_absent(self, row: Row | None, name: str) -> None:
        """Raises EntityAlreadyExists where there is one of that name already."""
        if row is not None:
            raise already_exists(self.exists.format(name))


ROLE = Kind("role", "AROA", "Role", "The role with name {} cannot be found.", "Role with name {} already exists.")
USER = Kind("user", "AIDA", "User", "The user with name {} cannot be found.", "User with name {} already exists.")
GROUP = Kind("group", "AGPA", "Group", "The group with name {} cannot be found.", "Group with name {} already exists.")
PROFILE = Kind(
    "instance-profile",
    "AIPA",
    "InstanceProfile",
    "Instance Profile {} cannot be found.",
    "Instance Profile {} already exists.",
)
KINDS = {kind.name: kind for kind in (ROLE, USER, GROUP, PROFILE)}


@dataclass(frozen=True, slots=True)
class Entity:
    """One role, user, group or instance profile; `created` in microseconds, `details` what only its kind has."""

    account: str
    kind: Kind
    name: str
    path: str
    id: str
    boundary: str | None
    tags: dict[str, str]
    details: dict[str, Any]
    created: int

    @property
    def arn(self) -> str:
        return f"arn:aws:iam::{self.account}:{self.kind.name}{self.path}{self.name}"


def entity_of(row: Row) -> Entity:
    """An entity from its row."""
    return Entity(
        row["account"],
        KINDS[row["kind"]],
        row["name"],
        row["path"],
        row["id"],
        row["boundary"],
        json.loads(row["tags"]),
        json.loads(row["details"]),
        row["created"],
    )


def require_entity(row: Row | None, kind: Kind, name: str) -> Entity:
    """The entity of a row found by name; raises NoSuchEntity."""
    if row is None or row["name"] != name:
        raise no_such_entity(kind.missing.format(name))
    return entity_of(row)


def seconds(micros: int) -> datetime:
    """A moment as IAM tells it, without a fraction of a second."""
    return from_micros(micros).replace(microsecond=0)


def encoded(document: str) -> str:
    """A policy document as answers carry it: percent-encoded (RFC 3986)."""
    return quote(document, safe="")


def tag_list(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def shown(entity: Entity) -> dict[str, Any]:
    """What lists tell of an entity."""
    member = entity.kind.member
    answer: dict[str, Any] = {
        "Path": entity.path,
        f"{member}Name": entity.name,
        f"{member}Id": entity.id,
        "Arn": entity.arn,
        "CreateDate": seconds(entity.created),
    }
    if entity.kind is ROLE:
        answer["AssumeRolePolicyDocument"] = encoded(entity.details["trust"])
    return answer


def shown_new(entity: Entity) -> dict[str, Any]:
    """What the answer to a Create tells: boundary and tags where it has some."""
    answer = shown(entity)
    if entity.boundary is not None:
        answer["PermissionsBoundary"] = {
            "PermissionsBoundaryType": "PermissionsBoundaryPolicy",
            "PermissionsBoundaryArn": entity.boundary,
        }
    if entity.tags:
        answer["Tags"] = tag_list(entity.tags)
    return answer


def shown_listed_role(role: Entity) -> dict[str, Any]:
    """What ListRoles tells of a role."""
    answer = {**shown(role), "MaxSessionDuration": role.details["max_session"]}
    if role.details["description"] is not None:
        answer["Description"] = role.details["description"]
    return answer


def shown_role(role: Entity) -> dict[str, Any]:
    """All there is to tell of a role."""
    return {**shown_listed_role(role), **shown_new(role), "RoleLastUsed": {}}

"""What a project's files ask for: resources by kind and name, each with what it is made from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from emulator.errors import AwsError
from emulator.project.documents import Document, Step
from emulator.project.problems import Problem, UnusableError

Key = tuple[str, str]


class Calls(Protocol):
    """The public operations, as the project's account sees them."""

    async def __call__(self, service: str, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        """An operation by its wire names. Raises AwsError."""
        ...


async def list_all(
    calls: Calls, service: str, operation: str, member: str, params: Mapping[str, Any], token: str = "NextToken"
) -> list[Any]:
    """What a listing has in `member`, of all its pages; `token` names the next one. Raises AwsError."""
    page = await calls(service, operation, dict(params))
    found = list(page[member])
    while page.get(token):
        page = await calls(service, operation, {**params, token: page[token]})
        found += page[member]
    return found


@dataclass(frozen=True, slots=True)
class Resource:
    """Something the project wants to exist. `body` is its kind's own; `fingerprint` tells whether it changed.

    `place` is where in the document it is asked for, empty for all of it.
    """

    kind: str
    name: str
    document: Document
    body: Mapping[str, Any]
    fingerprint: str
    place: tuple[Step, ...] = ()

    @property
    def key(self) -> Key:
        return self.kind, self.name


@dataclass(slots=True)
class Wanted:
    """All that the files ask for. `broken` are resources whose files cannot be used just now."""

    resources: dict[Key, Resource] = field(default_factory=dict)
    broken: set[Key] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, key: Key, error: UnusableError) -> None:
        """Note that a resource cannot be had from its file."""
        self.broken.add(key)
        self.problems.extend(error.problems)

    def add(
        self, kind: str, name: str, document: Document, body: Mapping[str, Any], place: tuple[Step, ...] = ()
    ) -> None:
        """Ask for a resource."""
        text = json.dumps(body, sort_keys=True, default=str)
        fingerprint = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
        self.resources[kind, name] = Resource(kind, name, document, body, fingerprint, place)


def blame(resource: Resource, error: AwsError) -> Problem:
    """A refusal of AWS's as a problem, at the property that its message names."""
    document, place = resource.document, resource.place
    value = document.value
    for step in place:
        value = value[step]
    names = [str(name) for name in value] if isinstance(value, dict) else []
    said = f"{error.code} {error.message}".lower()
    named = [name for name in names if name.lower() in said]
    path = (*place, max(named, key=len)) if named else place
    return document.problem(f"{error.code}: {error.message}", path)

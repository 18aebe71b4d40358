"""A body of AWS's property names compared with the model: unknown names, missing ones, wrong values."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from typing import Any

from emulator.project.documents import Document, Step
from emulator.project.problems import Problem
from emulator.wire import models, validation
from emulator.wire.models import Shape
from emulator.wire.names import xform_name


def check(
    document: Document,
    service: str,
    operation: str,
    body: dict[str, Any],
    at: tuple[Step, ...] = (),
    *,
    skip: Collection[str] = (),
    beside: Collection[str] = (),
) -> list[Problem]:
    """Everything in `body` that the operation would not take; `at` is where it stands in the document.

    `skip` are members filled in later, `beside` names that the file has for another operation.
    """
    found = models.service(service).operations[operation]
    shape = found.input
    if shape is None:
        return []
    problems = [document.problem(reason, (*at, *path)) for path, reason in _unknown(shape, body, (), beside)]
    if problems:
        return problems
    whole = Document(document.file, document.text, body)
    for problem in validation.explain(found, {xform_name(name): value for name, value in body.items()}):
        if problem.member not in skip:
            path = whole.follow(problem.path.split("."))
            reason = f"{problem.member}: {problem.text}" if problem.kind == "type" else problem.text
            problems.append(document.problem(reason, (*at, *path)))
    return problems


def _unknown(
    shape: Shape, value: Any, path: tuple[Step, ...], beside: Collection[str] = ()
) -> Iterator[tuple[tuple[Step, ...], str]]:
    if shape.type == "structure" and not shape.is_document and isinstance(value, dict):
        for name, below in value.items():
            if name not in shape.members:
                yield (*path, name), _no_such(name, [*shape.members, *beside])
            else:
                yield from _unknown(shape.members[name], below, (*path, name))
    elif shape.type == "list" and isinstance(value, list):
        for index, below in enumerate(value):
            yield from _unknown(shape.member, below, (*path, index))
    elif shape.type == "map" and isinstance(value, dict):
        for name, below in value.items():
            yield from _unknown(shape.value, below, (*path, name))


def _no_such(name: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(name, known, 1, 0.5)
    hint = f" (did you mean {close[0]}?)" if close else f" (there are {', '.join(sorted(known))})"
    return f"there is no property {name}{hint}"

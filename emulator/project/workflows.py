"""workflows/<name>.asl.json (or .yaml): a definition, with plain names; <name>.properties.json for the rest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from emulator.project import checking, documents
from emulator.project.documents import Document, Step
from emulator.project.names import Names, UnknownNameError
from emulator.project.problems import Problem, UnusableError
from emulator.project.resources import Calls, Resource, Wanted, list_all

KIND = "stateMachine"
SUFFIXES = (".asl.json", ".asl.yaml", ".asl.yml", ".yaml", ".yml")
UPDATABLE = ("definition", "roleArn", "loggingConfiguration", "tracingConfiguration", "encryptionConfiguration")
# The members of a task's parameters that name a resource of ours, and may do so plainly.
MEMBERS = frozenset({"Resource", "FunctionName", "StateMachineArn", "TopicArn", "TargetArn"})


def list_names(root: Path) -> dict[str, Path]:
    """The definitions below workflows/, by name."""
    folder, found = root / "workflows", dict[str, Path]()
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        suffix = next((suffix for suffix in SUFFIXES if path.name.endswith(suffix)), None)
        if suffix is not None and not path.name.startswith("."):
            found[path.name.removesuffix(suffix)] = path
    return found


def read(root: Path, names: Names, wanted: Wanted) -> None:
    """Ask for each state machine."""
    for name, file in list_names(root).items():
        try:
            properties = _properties(root / "workflows" / f"{name}.properties.json", names)
            kind = properties.get("type", "STANDARD")
            document = documents.read(file)
            definition, problems = _named(document, names)
            problems += _judge(document, definition, kind)
            if problems:
                raise UnusableError(*problems)
        except UnusableError as error:
            wanted.refuse((KIND, name), error)
            continue
        text = json.dumps(definition, indent=2, ensure_ascii=False)
        wanted.add(KIND, name, document, {**properties, "definition": text})


def _properties(file: Path, names: Names) -> dict[str, Any]:
    if not file.exists():
        return {"roleArn": names.role}
    document = documents.read(file)
    if not isinstance(document.value, dict):
        raise UnusableError(Problem(file, 1, "not a JSON object"))
    body = {"roleArn": names.role, **document.value}
    problems = checking.check(document, "stepfunctions", "CreateStateMachine", body, skip=("name", "definition"))
    if problems:
        raise UnusableError(*problems)
    return body


def _named(document: Document, names: Names) -> tuple[Any, list[Problem]]:
    """The definition with ARNs for plain names, and the names that mean nothing."""
    problems: list[Problem] = []

    def resolved(value: Any, path: tuple[Step, ...]) -> Any:
        if isinstance(value, list):
            return [resolved(item, (*path, index)) for index, item in enumerate(value)]
        if isinstance(value, dict):
            return {name: resolved(below, (*path, name)) for name, below in value.items()}
        if path and path[-1] in MEMBERS and names.is_plain(value):
            try:
                return names.arn(value)
            except UnknownNameError as error:
                problems.append(document.problem(str(error), path))
        return value

    return resolved(document.value, ()), problems


def _judge(document: Document, definition: Any, kind: str) -> Iterator[Problem]:
    """What Step Functions would refuse, each at its own line."""
    from emulator.languages.asl import document as asl  # 40 ms that a project without workflows need not pay

    for problem in asl.check(json.dumps(definition), kind):
        if problem.severity == "ERROR":
            steps = re.findall(r"[^/\[\]]+", problem.location or "")
            yield document.problem(f"{problem.code}: {problem.message}", document.follow(steps))


async def apply(calls: Calls, resource: Resource) -> None:
    """Create the state machine, or update it where it is another. Raises AwsError, UnusableError."""
    arn = await _find(calls, resource.name)
    if arn is None:
        await calls("stepfunctions", "CreateStateMachine", {"name": resource.name, **resource.body})
        return
    known = await calls("stepfunctions", "DescribeStateMachine", {"stateMachineArn": arn})
    kind = resource.body.get("type", "STANDARD")
    if known["type"] != kind:
        reason = f"the state machine is {known['type']} and cannot become {kind}: delete it first"
        raise UnusableError(resource.document.problem(reason))
    changes = {name: value for name, value in resource.body.items() if name in UPDATABLE and known.get(name) != value}
    if changes:
        await calls("stepfunctions", "UpdateStateMachine", {"stateMachineArn": arn, **changes})


async def _find(calls: Calls, name: str) -> str | None:
    machines = await list_all(calls, "stepfunctions", "ListStateMachines", "stateMachines", {}, "nextToken")
    return next((machine["stateMachineArn"] for machine in machines if machine["name"] == name), None)


async def remove(calls: Calls, name: str) -> None:
    """Delete the state machine."""
    arn = await _find(calls, name)
    if arn is not None:
        await calls("stepfunctions", "DeleteStateMachine", {"stateMachineArn": arn})

"""rules/<name>.json: the properties of PutRule, and its Targets as PutTargets has them, with plain names."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emulator.project import checking, documents
from emulator.project.documents import Document
from emulator.project.names import Names, UnknownNameError
from emulator.project.problems import Problem, UnusableError
from emulator.project.resources import Calls, Resource, Wanted

if TYPE_CHECKING:
    from emulator.languages.patterns import InvalidPattern

KIND = "rule"


def list_names(root: Path) -> dict[str, Path]:
    """The files below rules/, by the rule's name."""
    folder = root / "rules"
    found = sorted(folder.glob("*.json")) if folder.is_dir() else []
    return {path.stem: path for path in found if not path.name.startswith(".")}


def read(root: Path, names: Names, wanted: Wanted) -> None:
    """Ask for each rule. Its name here begins with its bus, since a rule belongs to one."""
    for name, file in list_names(root).items():
        bus = "default"
        try:
            document = documents.read(file)
            if not isinstance(document.value, dict):
                raise UnusableError(Problem(file, 1, "not a JSON object"))
            bus = str(document.value.get("EventBusName", bus))
            body = _body(document, name, names)
        except UnusableError as error:
            wanted.refuse((KIND, f"{bus}/{name}"), error)
            continue
        wanted.add(KIND, f"{bus}/{name}", document, body)


def _body(document: Document, name: str, names: Names) -> dict[str, Any]:
    rule = {"Name": name, **document.value}
    targets = rule.pop("Targets", [])
    if isinstance(rule.get("EventPattern"), dict):
        rule["EventPattern"] = json.dumps(rule["EventPattern"], ensure_ascii=False)
        _check_pattern(document, rule["EventPattern"])
    problems = checking.check(document, "events", "PutRule", rule, beside=("Targets",))
    if rule["Name"] != name:
        problems.append(document.problem(f"the rule is named {name} by its file", ("Name",)))
    if not isinstance(targets, list) or not all(isinstance(target, dict) for target in targets):
        problems.append(document.problem("Targets is not a list of objects", ("Targets",)))
        targets = []
    ready = [_target(document, target, index, names, problems) for index, target in enumerate(targets)]
    if ready and not problems:
        problems = checking.check(document, "events", "PutTargets", {"Rule": name, "Targets": ready})
    if problems:
        raise UnusableError(*problems)
    return {"rule": rule, "targets": ready}


def _check_pattern(document: Document, text: str) -> None:
    """What PutRule would refuse, at its line in the file rather than at its column in `text`."""
    fault = _fault(text)
    if fault is None:
        return
    source, first = documents.source(document, ("EventPattern",))
    fault = _fault(source) or fault
    found = re.search(r"line: (\d+)", fault.location)
    line = first + int(found[1]) - 1 if found else first
    raise UnusableError(Problem(document.file, line, f"EventPattern: {fault.reason}"))


def _fault(pattern: str) -> InvalidPattern | None:
    from emulator.languages import patterns

    try:
        patterns.compile(pattern)
    except patterns.InvalidPattern as error:
        return error
    return None


def _target(
    document: Document, target: dict[str, Any], index: int, names: Names, problems: list[Problem]
) -> dict[str, Any]:
    """A target with ARNs for plain names, an Id, a role where its service wants one, and Input as text."""
    ready = dict(target)
    for holder, path in ((ready, ()), (dict(ready.get("DeadLetterConfig") or {}), ("DeadLetterConfig",))):
        if isinstance(holder.get("Arn"), str):
            try:
                holder["Arn"] = names.arn(holder["Arn"])
            except UnknownNameError as error:
                problems.append(document.problem(str(error), ("Targets", index, *path, "Arn")))
        if path and holder:
            ready["DeadLetterConfig"] = holder
    ready.setdefault("Id", str(target.get("Arn", "")).replace("/", "-")[-64:])
    if ":stateMachine:" in str(ready.get("Arn")):
        ready.setdefault("RoleArn", names.role)
    if "Input" in ready and not isinstance(ready["Input"], str):
        ready["Input"] = json.dumps(ready["Input"], ensure_ascii=False)
    return ready


async def apply(calls: Calls, resource: Resource) -> None:
    """Put the rule and exactly its targets. Raises AwsError, UnusableError."""
    rule, targets = resource.body["rule"], resource.body["targets"]
    where = {"Rule": rule["Name"]} | ({"EventBusName": rule["EventBusName"]} if "EventBusName" in rule else {})
    await calls("events", "PutRule", rule)
    known = (await calls("events", "ListTargetsByRule", where))["Targets"]
    gone = [target["Id"] for target in known if target["Id"] not in {target["Id"] for target in targets}]
    if gone:
        await calls("events", "RemoveTargets", {**where, "Ids": gone})
    answer = await calls("events", "PutTargets", {**where, "Targets": targets}) if targets else {}
    failed = answer.get("FailedEntries") or []
    if failed:
        raise UnusableError(*(_failure(resource, entry, targets) for entry in failed))


def _failure(resource: Resource, entry: dict[str, str], targets: list[dict[str, Any]]) -> Problem:
    index = next(index for index, target in enumerate(targets) if target["Id"] == entry["TargetId"])
    return resource.document.problem(f"{entry['ErrorCode']}: {entry['ErrorMessage']}", ("Targets", index, "Arn"))


async def remove(calls: Calls, name: str) -> None:
    """Remove the rule's targets, then the rule."""
    bus, _, rule = name.rpartition("/")
    where = {"Rule": rule, "EventBusName": bus}
    known = (await calls("events", "ListTargetsByRule", where))["Targets"]
    if known:
        await calls("events", "RemoveTargets", {**where, "Ids": [target["Id"] for target in known]})
    await calls("events", "DeleteRule", {"Name": rule, "EventBusName": bus})

"""workflows/mocks.json: test cases for state machines, in the format of Step Functions Local's MockConfigFile.json."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from emulator.languages.asl.scopes import all_states
from emulator.project import documents, workflows
from emulator.project.documents import Document
from emulator.project.problems import Problem, UnusableError
from emulator.project.resources import Calls, Resource, Wanted

KIND = "mocks"
FILE = Path("workflows") / "mocks.json"


def find_file(root: Path, setting: str) -> Path | None:
    """The file that the setting names, else workflows/mocks.json where it is there."""
    if setting:
        return Path(setting).resolve()
    return root / FILE if (root / FILE).exists() else None


def read(root: Path, setting: str, wanted: Wanted) -> None:
    """Ask for the mock configuration."""
    file = find_file(root, setting)
    if file is None:
        return
    try:
        document = documents.read(file)
        if problems := [*_judge(document, root)]:
            raise UnusableError(*problems)
    except UnusableError as error:
        wanted.refuse((KIND, "configuration"), error)
        return
    wanted.add(KIND, "configuration", document, {"configuration": document.text})


def _judge(document: Document, root: Path) -> Iterator[Problem]:
    """What is wrong with the file by itself, and states that the project's own state machines do not have."""
    from emulator.languages.asl import mocks

    found = list(mocks.problems(document.value))
    for path, reason in found:
        yield document.problem(reason, path)
    if found:
        return
    own = workflows.list_names(root)
    for name, machine in document.value.get("StateMachines", {}).items():
        known = _tasks(own[name]) if name in own else None
        if known is None:
            continue
        for case, states in machine["TestCases"].items():
            for state in [state for state in states if state not in known]:
                path = ("StateMachines", name, "TestCases", case, state)
                yield document.problem(f"{name} has no Task state named {state}", path)


def _tasks(file: Path) -> set[str] | None:
    """The names of a definition's Task states, at any depth; None for a file that cannot be read."""
    try:
        definition = documents.read(file).value
    except UnusableError:
        return None
    return {name for name, state, _ in all_states(definition) if state.get("Type") == "Task"}


async def apply(calls: Calls, resource: Resource) -> None:
    """Put the configuration, for every account: it speaks of machines by name, and only who asks for a case gets it."""
    params = {"configuration": resource.body["configuration"], "allAccounts": True}
    await calls("stepfunctions", "PutMockConfiguration", params)


async def remove(calls: Calls, name: str) -> None:
    """Delete the configuration."""
    await calls("stepfunctions", "DeleteMockConfiguration", {"allAccounts": True})

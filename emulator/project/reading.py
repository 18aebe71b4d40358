"""A project's folder read whole: every resource its files ask for, and every problem in them."""

from __future__ import annotations

from pathlib import Path

from emulator.project import functions, mocks, rules, settings, workflows
from emulator.project.documents import Document
from emulator.project.names import Names
from emulator.project.problems import UnusableError
from emulator.project.resources import Key, Wanted


def read(root: Path, data: Path, account: str, region: str, before: frozenset[Key], mock_config: str = "") -> Wanted:
    """What the project asks for now. `before` is what it had: while stepwell.toml cannot be read, that stays.

    `mock_config` is the mock configuration's file, empty for the project's own.
    """
    wanted = Wanted()
    kinds = {kind for kind, _ in settings.SECTIONS.values()} | {"subscription"}
    try:
        document = settings.open_file(root)
        listed = settings.list_names(document)
    except UnusableError as error:
        wanted.problems.extend(error.problems)
        listed = {key for key in before if key[0] in kinds}
        wanted.broken |= listed
        document = Document(root / settings.FILE, "", {})
    listed |= {(functions.KIND, name) for name in functions.list_names(root)}
    listed |= {(workflows.KIND, name) for name in workflows.list_names(root)}
    names = Names(account, region, frozenset(listed))
    settings.read(document, names, wanted, data)
    functions.read(root, names, wanted, data)
    workflows.read(root, names, wanted)
    mocks.read(root, mock_config, wanted)
    rules.read(root, names, wanted)
    return wanted

"""docs/coverage.md: which operations are emulated, and which members of their input are accepted but not acted on."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from emulator.kit.directory import Coverage, Directory
from emulator.services import MODELS, SERVICES
from emulator.wire import models

HEAD = """\
# What is emulated

Written by `scripts/coverage` from the operations themselves; a test says when it is out of date.

An operation that is not emulated answers 501 with its name. A member that is *not acted on* is accepted, checked
against AWS's model, and then has no effect. What else deviates stands in the docstring of each service, repeated here.
"""


def directory() -> Directory:
    """Every service, with the models of our own."""
    models.add_path(MODELS)
    for service in SERVICES:
        if (extras := service.folder / "extras.json").exists():
            models.add_extras(service.name, extras)
    return Directory(SERVICES)


def document(house: Directory) -> str:
    """The whole page as Markdown."""
    entries = {name: house.coverage(name) for name in sorted(house.services)}
    parts = [HEAD, _summary(entries)]
    for name, found in entries.items():
        parts.append(f"\n## {name}\n\n{_fidelity(house.services[name].package)}\n\n{_table(found)}")
    return "".join(parts)


def _summary(entries: dict[str, list[Coverage]]) -> str:
    rows = [
        f"| [{name}](#{name}) | {sum(one.emulated for one in found)} | {len(found)} |"
        for name, found in entries.items()
    ]
    return "\n| service | operations emulated | of |\n|---|--:|--:|\n" + "\n".join(rows) + "\n"


def _fidelity(package: str) -> str:
    return (importlib.import_module(package).__doc__ or "").strip()


def _table(found: list[Coverage]) -> str:
    emulated = [
        f"| {one.operation} | {', '.join(one.not_acted_on)} |".replace("|  |", "| |") for one in found if one.emulated
    ]
    missing = [one.operation for one in found if not one.emulated]
    text = "| operation | accepted, not acted on |\n|---|---|\n" + "\n".join(emulated) + "\n" if emulated else ""
    if missing:
        text += f"\nNot emulated: {', '.join(missing)}.\n"
    return text


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(document(directory()), encoding="utf-8")

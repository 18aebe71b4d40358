"""stepwell.toml: the project's queues, topics, buses and buckets, each a table of AWS's property names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from emulator.project import buckets, documents, queues, topics
from emulator.project.documents import Document
from emulator.project.names import Names
from emulator.project.problems import UnusableError
from emulator.project.resources import Wanted

FILE = "stepwell.toml"
Read = Callable[[Document, str, dict[str, Any], Names, Wanted, Path], None]
# Sections of the file; [stepwell] holds the emulator's own settings (see config.py).
SECTIONS: dict[str, tuple[str, Read]] = {
    "queues": (queues.QUEUE, queues.read_queue),
    "buses": (queues.BUS, queues.read_bus),
    "topics": (topics.TOPIC, topics.read),
    "buckets": (buckets.KIND, buckets.read),
}


def open_file(root: Path) -> Document:
    """The file, or an empty one. Raises UnusableError."""
    file = root / FILE
    return documents.read(file) if file.exists() else Document(file, "", {})


def list_names(document: Document) -> set[tuple[str, str]]:
    """What the file asks for, by kind and name."""
    found = set()
    for section, (kind, _) in SECTIONS.items():
        tables = document.value.get(section)
        found |= {(kind, name) for name in tables} if isinstance(tables, dict) else set()
    return found


def read(document: Document, names: Names, wanted: Wanted, data: Path) -> None:
    """Ask for everything in the file."""
    for section, tables in document.value.items():
        if section == "stepwell":
            continue
        if section not in SECTIONS:
            known = ", ".join(f"[{name}.NAME]" for name in SECTIONS)
            wanted.problems.append(document.problem(f"there is no section {section}, but {known}", (section,)))
            continue
        kind, reader = SECTIONS[section]
        if not isinstance(tables, dict):
            wanted.problems.append(document.problem(f"write [{section}.NAME]", (section,)))
            continue
        for name, table in tables.items():
            try:
                if not isinstance(table, dict):
                    raise UnusableError(document.problem(f"write [{section}.{name}]", (section, name)))
                reader(document, name, table, names, wanted, data)
            except UnusableError as error:
                wanted.refuse((kind, name), error)

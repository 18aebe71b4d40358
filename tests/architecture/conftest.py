"""The source of the house, read once for all the rules."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType

import pytest

from emulator.kit.directory import Directory

ROOT = Path(__file__).parents[2]
NOT_OURS = {"build", "dist", "__pycache__", "node_modules"}


@dataclass(frozen=True)
class Module:
    """One file of Python: `name` is dotted, `path` relative to the repository."""

    name: str
    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def imports(self) -> tuple[str, ...]:
        """Every module it imports, wherever in the file; `from a import b` counts as `a.b`."""
        found = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                start = self.name.split(".")[: -node.level] if node.level else []
                base = ".".join([*start, *([node.module] if node.module else [])])
                found += [f"{base}.{alias.name}" for alias in node.names]
        return tuple(found)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        hidden = path.name.startswith(".") and path.name not in (".ci", ".gitignore", ".dockerignore")
        if hidden or path.name in NOT_OURS or path.name.endswith(".egg-info"):
            continue
        if path.is_dir():
            yield from _files(path)
        else:
            yield path


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="package")
def files() -> dict[str, str]:
    """Every text file of the repository by its path."""
    found = {}
    for path in _files(ROOT):
        try:
            found[str(path.relative_to(ROOT))] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found


@pytest.fixture(scope="package")
def modules(files: dict[str, str]) -> list[Module]:
    """Every module of the package and of the tests."""
    return [
        Module(path.removesuffix(".py").removesuffix("/__init__").replace("/", "."), path, text)
        for path, text in files.items()
        if path.endswith(".py") and path.startswith(("emulator/", "tests/", "scripts/", "functions/"))
    ]


@pytest.fixture(scope="package")
def package(modules: list[Module]) -> list[Module]:
    """Every module of the package."""
    return [module for module in modules if module.path.startswith("emulator/")]


@pytest.fixture(scope="session")
def attributes() -> Callable[[Module], list[tuple[tuple[str, str], int]]]:
    """Every `name.attribute` of a module (`a.name.attribute` too) with its line."""

    def found(module: Module) -> list[tuple[tuple[str, str], int]]:
        pairs = []
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute):
                value = node.value
                name = value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", None)
                if name:
                    pairs.append(((name, node.attr), node.lineno))
        return pairs

    return found


@pytest.fixture(scope="session")
def coverage_table() -> ModuleType:
    """The script that writes docs/coverage.md."""
    spec = importlib.util.spec_from_file_location("coverage_table", ROOT / "scripts" / "coverage_table.py")
    assert spec is not None
    assert spec.loader is not None
    table = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(table)
    return table


@pytest.fixture(scope="session")
def directory(coverage_table: ModuleType) -> Directory:
    """Every service, with the models of our own."""
    found: Directory = coverage_table.directory()
    return found

"""What no file says: work left for later, where it was written, a name that names nothing, a sleep in a test."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

LATER = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK")) + r")\b")
MACHINE = re.compile(r"(?<![\w.*{}()\[\]/-])/(work|root|farm|home|Users)/")
"""An absolute path of somebody's machine; `services/sqs/work/` is none."""
EMPTY_NAMES = {"utils", "util", "common", "helpers", "helper", "misc"}
EMPTY_CLASSES = re.compile(r"(Manager|Base|Impl|Helper|Util|Utils)$|^(Base|Abstract)[A-Z]")


@pytest.mark.parametrize("pattern", [LATER, MACHINE], ids=["work left for later", "paths of a machine"])
def test_no_file_has(files: dict[str, str], pattern: re.Pattern[str]) -> None:
    found = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, text in files.items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]

    assert not found, "\n".join(found)


def test_every_module_says_what_it_knows(package: list[Any]) -> None:
    silent = [module.path for module in package if not ast.get_docstring(module.tree)]

    assert not silent, "\n".join(silent)


def test_modules_and_classes_have_names_that_say_something(package: list[Any]) -> None:
    found = [module.path for module in package if EMPTY_NAMES & set(module.name.split("."))]
    found += [
        f"{module.path}: {node.name}"
        for module in package
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef) and EMPTY_CLASSES.search(node.name)
    ]

    assert not found, "\n".join(found)


def test_tests_are_no_package(files: dict[str, str]) -> None:
    found = [path for path in files if path.startswith("tests/") and path.endswith("__init__.py")]

    assert not found, "\n".join(found)


AWAKE = ("tests/benchmarks/", "tests/acceptance/clients/")
"""What runs as a program of its own: it measures, or is a client like any other."""


def test_tests_sleep_in_one_place(modules: list[Any]) -> None:
    found = [
        f"{module.path}:{node.lineno}"
        for module in modules
        if module.path.startswith("tests/") and not module.path.startswith(AWAKE) and module.path != "tests/waiting.py"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and re.fullmatch(r"(\w+\.)?sleep\((?!0\)).*", ast.unparse(node))
    ]

    assert not found, "\n".join(found)


LINK = re.compile(r"\[[^\]]+\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)")


def test_links_between_pages_lead_somewhere(files: dict[str, str], root: Path) -> None:
    found = [
        f"{path}: {target}"
        for path, text in files.items()
        if path.endswith(".md")
        for target in LINK.findall(text)
        if not (root / path).parent.joinpath(target).exists()
    ]

    assert not found, "\n".join(found)


def test_every_script_is_in_the_table(files: dict[str, str], root: Path) -> None:
    scripts = {path.name for path in (root / "scripts").iterdir() if path.is_file() and "." not in path.name}

    table = set(re.findall(r"^\| `([\w-]+)`", files["scripts/README.md"], re.MULTILINE))

    assert table == scripts

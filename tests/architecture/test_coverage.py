"""The page that says what is emulated says what is true."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from emulator.kit.directory import Directory


def test_the_coverage_page_is_current(root: Path, coverage_table: ModuleType, directory: Directory) -> None:
    written = (root / "docs" / "coverage.md").read_text(encoding="utf-8")

    current = written == coverage_table.document(directory)

    assert current, "docs/coverage.md is out of date: run scripts/coverage"

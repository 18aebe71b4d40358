"""In CI a skipped test is a failure; elsewhere it is told with its reason."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # each starts a process of its own

TESTS = """
import pytest


def test_that_runs():
    assert True


def test_that_is_skipped():
    pytest.skip("there is no such server")
"""


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("false", 0), ("true", 1), ("1", 1)])
def test_a_skipped_test_fails_in_ci(root: Path, tmp_path: Path, ci: str, code: int) -> None:
    (tmp_path / "conftest.py").write_text((root / "tests" / "conftest.py").read_text())
    (tmp_path / "test_some.py").write_text(TESTS)

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-rs", "-p", "no:cacheprovider", "-p", "no:xdist", "--rootdir", ".", "."],
        cwd=tmp_path,
        env={**os.environ, "CI": ci, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == code, done.stdout + done.stderr
    assert "there is no such server" in done.stdout

"""The pages that say which recorded situations are tested say what is true."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.corpora import RECORDINGS, absence


@pytest.mark.slow  # it starts a process of its own, which collects every test
def test_the_pages_of_recordings_are_current(root: Path, tmp_path: Path) -> None:
    if not RECORDINGS.is_dir():
        pytest.skip(absence(RECORDINGS))

    # Collecting tests while tests run wants a process of its own.
    command = [sys.executable, "-m", "scripts.recordings_table", tmp_path]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60)

    assert done.returncode == 0, done.stderr
    current, written = ({page.name: page.read_text("utf-8") for page in folder.glob("*.md")} for folder in (
        tmp_path, root / "docs" / "recordings"
    ))  # fmt: skip
    late = sorted(name for name in {*current, *written} if written.get(name) != current.get(name))
    assert not late, f"docs/recordings is out of date ({', '.join(late)}): run scripts/recordings"

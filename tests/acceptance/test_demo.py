"""The demo: four scenarios, a verdict each."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_the_demo_tells_four_scenarios_that_hold(stepwell: Run) -> None:
    done = stepwell("demo", cwd=ROOT)

    assert done.returncode == 0, done.stdout
    assert done.stdout.count("  PASS  ") == 4
    assert "killed with SIGKILL" in done.stdout
    assert "4 of 4 scenarios held" in done.stdout


@pytest.mark.slow
def test_the_demo_leaves_it_running_if_asked(stepwell: Run) -> None:
    done = stepwell("demo", "--keep", cwd=ROOT)

    data = Path(done.stdout.split("stepwell stop --data ")[1].strip())
    status = stepwell("status", "--data", data, cwd=ROOT)
    stopped = stepwell("stop", "--data", data, cwd=ROOT)
    shutil.rmtree(data.parent)
    assert done.returncode == 0, done.stdout
    assert status.returncode == 0, status.stderr
    assert stopped.returncode == 0, stopped.stderr

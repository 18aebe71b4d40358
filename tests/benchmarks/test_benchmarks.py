"""The benchmarks measure what they say: with a few operations each, every path's results are right."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/smaps_rollup").exists(), reason="memory is read from Linux's /proc"
)


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(HERE / "bench.py"), *map(str, arguments)]
    return subprocess.run(command, cwd=HERE.parents[1], capture_output=True, text=True, timeout=100)


@pytest.mark.slow
def test_every_path_answers_rightly_and_is_put_beside_its_yardstick(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"

    done = run("--scale", 0.02, "--repeat", 1, "--json", file)

    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads(file.read_text())["figures"]
    assert [one["name"] for one in figures if one["wrong"]] == []
    assert all(one["value"] > 0 and one["measure"] > 0 and one["ratio"] > 0 for one in figures)
    assert {"cold start", "idle memory", "SendMessage c1", "drop to done"} <= {one["name"] for one in figures}
    assert all(one["name"] in done.stdout for one in figures)


@pytest.mark.slow
@pytest.mark.parametrize("path", ["send", "receive", "start", "sfn", "events"])
def test_a_path_is_profiled_in_one_process(path: str) -> None:
    done = run("--profile", path, 20)

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{path}: ")
    assert "function calls" in done.stdout


@pytest.mark.slow
def test_ten_thousand_executions_that_wait_fit_in_one_process_and_all_go_on() -> None:
    done = subprocess.run([sys.executable, str(HERE / "waiting.py")], capture_output=True, text=True, timeout=100)

    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["executions"] == 10_000
    assert figures["waiting_mib"] < 250


@pytest.mark.slow
def test_the_slices_of_an_execution_are_measured() -> None:
    command = [sys.executable, str(HERE / "slices.py"), "Parallel of 200"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["longest"] > 0

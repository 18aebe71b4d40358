"""Replays what AWS answered through the API of a running emulator: outcomes, histories, refusals, diagnoses."""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from emulator.testing import Running

HERE = Path(__file__).resolve()
CORPORA = Path(os.environ.get("STEPWELL_CORPORA") or HERE.parents[3] / "shared" / "corpora")
FLOORS = json.loads((HERE.parent / "floors.json").read_text(encoding="utf-8"))
ACCOUNT = "000000000000"
FASTER = 50.0  # how much faster the account's time passes: some cases wait for seconds


@pytest.fixture(scope="module")
def replay() -> Any:
    """The replayer that lies beside the recordings."""
    path = CORPORA / "replay.py"
    if not path.exists():
        pytest.skip(f"the corpus is absent: {path} (set STEPWELL_CORPORA)")
    spec = importlib.util.spec_from_file_location("replay", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    spec.loader.exec_module(module)
    sys.dont_write_bytecode = before
    return module


@pytest.fixture(scope="module")
def runner(replay: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    emulator = Running(tmp_path_factory.mktemp("replay")).start()
    emulator.client("stepwell", ACCOUNT).set_clock(Mode="scaled", Scale=FASTER)
    yield replay.Runner(
        argparse.Namespace(
            endpoint=emulator.url,
            region="us-east-1",
            access_key=ACCOUNT,
            role_arn=f"arn:aws:iam::{ACCOUNT}:role/conformance",
            timeout=30,
        )
    )
    emulator.stop()


def cases(kind: str) -> list[dict[str, Any]]:
    """The cases of a file that need no other service."""
    text = (CORPORA / "stepfunctions" / f"{kind}.jsonl").read_text(encoding="utf-8")
    return [case for case in map(json.loads, filter(None, text.split("\n"))) if not case["needs"]]


def replayed(runner: Any, kind: str) -> list[dict[str, Any]]:
    """What became of each case: `outcome` and, for executions, `history`; "" where it is as recorded."""
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda case: runner.one(kind, case), cases(kind)))


def require_floor(floor: str, rows: list[dict[str, Any]], judged: str) -> None:
    misses = [f"{row['name'].split('::')[-1]} | {row[judged]}" for row in rows if row.get(judged)]
    print(f"{floor}: {len(rows) - len(misses)}/{len(rows)}")
    report = "\n".join(misses)
    print(report)
    assert len(rows) - len(misses) >= FLOORS[floor], report


@pytest.mark.parametrize("kind", ["choice", "sync", "create", "validate", "teststate"])
def test_outcomes_are_those_of_aws_at_least_as_often_as_before(runner: Any, kind: str) -> None:
    rows = replayed(runner, kind)

    require_floor(f"api/{kind}", rows, "outcome")


@pytest.mark.slow
def test_executions_end_as_on_aws_with_the_same_history_at_least_as_often_as_before(runner: Any) -> None:
    rows = replayed(runner, "executions")

    require_floor("api/executions", rows, "outcome")
    require_floor("api/histories", rows, "history")

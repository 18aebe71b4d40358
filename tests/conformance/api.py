"""What AWS answered, asked again through the API of a running emulator: outcomes, histories, refusals, diagnoses."""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

from emulator.testing import Running
from tests.conformance.corpora import AbsentError, Case, Tally, cases, same, tally
from tests.conformance.stage import ROLE, Stage
from tests.corpora import ROOT, absence

ACCOUNT = "000000000000"
FASTER = 50.0  # how much faster the account's time passes: some cases wait for seconds
FASTER_WITH_OTHERS = 5.0  # the same where functions must be in time
OTHERS = ("000000000002",)  # accounts that cases across accounts speak of


@cache
def house() -> Running:
    """One emulator for all that is replayed, until `close`."""
    data = Path(tempfile.mkdtemp(prefix="stepwell-conformance-"))
    return Running(data).start()


def _hurry(scale: float) -> None:
    for account in (ACCOUNT, *OTHERS):
        house().client("stepwell", account).set_clock(Mode="scaled", Scale=scale)


def close() -> None:
    """Stop the emulator, if there is one."""
    if house.cache_info().currsize:
        running = house()
        running.stop()
        shutil.rmtree(running.config.data, ignore_errors=True)


@cache
def replayer() -> Any:
    """The replayer that lies beside the recordings; what is the same is judged as in all our measures."""
    path = ROOT / "replay.py"
    if not path.exists():
        raise AbsentError(absence(path))
    spec = importlib.util.spec_from_file_location("replay", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    spec.loader.exec_module(module)
    sys.dont_write_bytecode = before
    vars(module)["same"] = same
    return module.Runner(
        argparse.Namespace(endpoint=house().url, region="us-east-1", access_key=ACCOUNT, role_arn=ROLE, timeout=30)
    )


@cache
def rows(kind: str) -> list[dict[str, Any]]:
    """What became of each case: `outcome` and, for executions, `history`; "" where it is as recorded."""
    replayer()  # once, before threads ask for it
    recorded = cases(f"stepfunctions/{kind}.jsonl")
    found: list[dict[str, Any]] = []
    for play, scale, needy in ((_pure, FASTER, False), (_impure, FASTER_WITH_OTHERS, True)):
        _hurry(scale)
        with ThreadPoolExecutor(4) as pool:
            found += pool.map(play, [(kind, case) for case in recorded if bool(case["needs"]) is needy])
    return found


def _pure(given: tuple[str, Case]) -> dict[str, Any]:
    return dict(replayer().one(*given))


def _impure(given: tuple[str, Case]) -> dict[str, Any]:
    kind, case = given
    stage = Stage(house(), case)
    try:
        stage.set_up()
        return dict(replayer().one(kind, case))
    except Exception as error:
        wrong = f"{type(error).__name__}: {error}"[:300]
        return {"name": case["name"], "outcome": wrong, "history": wrong}
    finally:
        stage.end()


def judged(kind: str, by: str) -> Callable[[], Tally]:
    """A measure of a kind of case by its `outcome` or its `history`."""
    return lambda: tally((row["name"], row.get(by) or "") for row in rows(kind))

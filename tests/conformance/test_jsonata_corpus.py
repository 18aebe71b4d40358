"""The suite of JSONata 2.0.6, 1,625 cases, through our adapter."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from emulator.languages.jsonata import UNDEFINED, JsonataError, expression

CORPORA = Path(os.environ.get("STEPWELL_CORPORA") or Path(__file__).resolve().parents[3] / "shared" / "corpora")
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
FLOOR = 1611
EXCEPTIONS = {
    # Step Functions has no $eval.
    "function-eval/": 12,
    # The code is D3140 as it should be; the sentence is the library's.
    "function-decodeUrl/case002": 1,
    "function-decodeUrlComponent/case002": 1,
}


def _outcome(case: dict[str, Any], datasets: dict[str, Any]) -> Any:
    name = case.get("dataset")
    data = datasets[name] if name else case.get("data", UNDEFINED)
    try:
        return expression(case["expr"]).evaluate(data, case.get("bindings") or {}, now=NOW, seed=1)
    except JsonataError as error:
        return error


def _as_expected(case: dict[str, Any], outcome: Any) -> bool:
    failure = case.get("error", {"code": case["code"]} if "code" in case else None)
    if failure is not None:
        return isinstance(outcome, JsonataError) and (
            outcome.code == failure["code"] and outcome.message == failure.get("message", outcome.message)
        )
    if case.get("undefinedResult"):
        return outcome is UNDEFINED
    if outcome is UNDEFINED or isinstance(outcome, JsonataError):
        return False
    return _comparable(outcome, case) == _comparable(case["result"], case)


def _comparable(value: Any, case: dict[str, Any]) -> str:
    """As text: 1 and true differ, 1 and 1.0 do not."""
    if case.get("unordered"):
        value = sorted(value, key=lambda element: json.dumps(_as_double(element), sort_keys=True))
    return json.dumps(_as_double(value), sort_keys=True)


def _as_double(value: Any) -> Any:
    if isinstance(value, list):
        return [_as_double(element) for element in value]
    if isinstance(value, dict):
        return {name: _as_double(member) for name, member in value.items()}
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def test_expressions_give_what_jsonata_gives() -> None:
    folder = CORPORA / "jsonata"
    if not folder.is_dir():
        pytest.skip(f"no JSONata suite in {folder}; set STEPWELL_CORPORA")
    datasets = json.loads((folder / "datasets.json").read_text())
    cases = [json.loads(line) for line in (folder / "suite.jsonl").read_text().splitlines()]

    wrong = [case["id"] for case in cases if not _as_expected(case, _outcome(case, datasets))]

    assert [case for case in wrong if not case.startswith(tuple(EXCEPTIONS))] == []
    assert len(wrong) == sum(EXCEPTIONS.values())
    assert len(cases) - len(wrong) >= FLOOR

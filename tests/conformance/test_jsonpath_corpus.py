"""148 paths and the answers of Jayway JsonPath 2.10.0 to them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from emulator.languages.paths import PathError, path

CORPORA = Path(os.environ.get("STEPWELL_CORPORA") or Path(__file__).resolve().parents[3] / "shared" / "corpora")
FLOOR = 147
# Where the Amazon States Language goes beyond Jayway: `$a` reads the variable `a`.
EXCEPTIONS = {"$a"}


def _answer(text: str, document: Any) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    try:
        compiled = path(text)
        answer["definite"] = compiled.definite
        answer["result"] = compiled.read(document)
    except PathError as error:
        answer["error"] = type(error).__name__
    return answer


def test_paths_lead_where_jayway_leads() -> None:
    folder = CORPORA / "jsonpath"
    if not folder.is_dir():
        pytest.skip(f"no corpus of JSONPaths in {folder}; set STEPWELL_CORPORA")
    document = json.loads((folder / "document.json").read_text())
    cases = [json.loads(line) for line in (folder / "jayway.jsonl").read_text().splitlines()]

    answers = {case.pop("path"): case for case in cases}
    # Compared as text: 1, 1.0 and true differ.
    wrong = [
        text
        for text, expected in answers.items()
        if json.dumps(_answer(text, document), sort_keys=True) != json.dumps(expected, sort_keys=True)
    ]

    assert set(wrong) == EXCEPTIONS
    assert len(answers) - len(wrong) >= FLOOR

"""Event patterns of the corpora: what explains and indexes them agrees, errors carry positions (corpora: events/)."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from emulator.languages.patterns import Index, InvalidPattern, compile
from tests.corpora import RECORDINGS, ROOT, absence

EVENTS = ROOT / "events"


def _lines(name: str) -> list[dict[str, Any]]:
    path = EVENTS / name
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


CASES = _lines("patterns.jsonl")
pytestmark = pytest.mark.skipif(not CASES, reason=absence(EVENTS))


def test_explanations_and_the_index_agree_with_matching() -> None:
    index: Index[str] = Index()
    patterns = {}
    for case in CASES:
        if "result" in case["expected"] and not case.get("text"):
            patterns[case["name"]] = compile(case["pattern"])
            index.add(case["name"], patterns[case["name"]])
    events = [case["event"] for case in CASES if not case.get("text")] + [
        sample["event"] for sample in _lines("sample_events.jsonl")
    ]

    for event in events:
        matching = [name for name, pattern in patterns.items() if pattern.matches(event)]
        assert index.match(event) == matching
        assert [name for name, pattern in patterns.items() if not pattern.explain(event)] == matching


def test_the_filters_of_real_event_source_mappings_compile() -> None:
    filters = json.loads((EVENTS / "esm_pipe_filters.json").read_text())

    patterns = [compile(document) for _, document in filters]

    assert [pattern.matches({}) for pattern in patterns] == [False] * len(filters)


MESSAGE = re.compile(r'"Message": ("(?:[^"\\]|\\.)*")')
QUOTED = re.compile(
    r"(?:FilterPolicy|pattern is not valid\. Reason): (?P<reason>[^\n]*)"
    r'(?P<position>\n at \[Source: \(String\)"(?P<text>.*)"; line: \d+, column: \d+\])',
    re.DOTALL,
)


def _recorded_errors() -> list[tuple[str, str, str]]:
    """What SNS and EventBridge answered about a text they quote: (text, reason, position)."""
    found = set()
    for name in ("sns", "events"):
        path = RECORDINGS / f"{name}.jsonl"
        for line in path.read_text().splitlines() if path.exists() else []:
            for message in MESSAGE.findall(json.dumps(json.loads(line)["content"])):
                if match := QUOTED.search(json.loads(message)):
                    found.add((match["text"], match["reason"], match["position"]))
    return sorted(found)


@pytest.mark.parametrize(("text", "reason", "position"), _recorded_errors())
def test_an_error_carries_the_recorded_position(text: str, reason: str, position: str) -> None:
    with pytest.raises(InvalidPattern) as caught:
        compile(text)

    assert (caught.value.reason, caught.value.location) == (reason, position)

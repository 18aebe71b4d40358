"""Definitions: what AWS refused and in which words, and what others call valid or invalid."""

from __future__ import annotations

import json
from typing import Any

from emulator.languages.asl import document
from tests.conformance.corpora import Case, Tally, cases, same, tally, text_of


def refused() -> Tally:
    """Definitions refused at CreateStateMachine, by the words."""
    recorded = [case for case in cases("stepfunctions/create.jsonl") if _code(case) == "InvalidDefinition"]
    return tally((case["name"], _refusal(case)) for case in recorded)


def _code(case: Case) -> str:
    return str(case["expected"]["error"]["Code"])


def _refusal(case: Case) -> str:
    message = "created"
    try:
        document.parse(as_text(case["definition"]), case.get("type", "STANDARD"))
    except document.InvalidDefinition as error:
        message = error.aws_message
    expected = case["expected"]["error"]["Message"]
    return "" if same(expected, message) else f"{message} not {expected}"[:600]


def as_text(definition: Any) -> str:
    """A definition as the API takes it."""
    return definition if isinstance(definition, str) else json.dumps(definition)


def validity() -> Tally:
    """Definitions labelled valid or invalid by asl-validator."""
    labelled = json.loads(text_of("workflows/validity.json"))
    return tally((case["source"].rpartition("/")[2], _label(case)) for case in labelled)


def _label(case: Case) -> str:
    errors = [each for each in document.check(as_text(case["definition"])) if each.severity == "ERROR"]
    if bool(errors) == (case["expect"] == "invalid"):
        return ""
    return f"{'; '.join(f'{each.message} at {each.location}' for each in errors) or 'accepted'}, not {case['expect']}"

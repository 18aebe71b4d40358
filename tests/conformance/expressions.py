"""JSONata, JSONPath and event patterns against their corpora."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from emulator.languages.jsonata import UNDEFINED, JsonataError, expression
from emulator.languages.paths import PathError, path
from emulator.languages.patterns import InvalidPattern, compile
from tests.conformance.corpora import Case, Tally, cases, tally, text_of

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def jsonata() -> Tally:
    """The suite of JSONata 2.0.6."""
    datasets = json.loads(text_of("jsonata/datasets.json"))
    return tally((case["id"], _jsonata_case(case, datasets)) for case in cases("jsonata/suite.jsonl"))


def _jsonata_case(case: Case, datasets: dict[str, Any]) -> str:
    name = case.get("dataset")
    data = datasets[name] if name else case.get("data", UNDEFINED)
    try:
        outcome = expression(case["expr"]).evaluate(data, case.get("bindings") or {}, now=NOW, seed=1)
    except JsonataError as error:
        outcome = error
    return "" if _as_expected(case, outcome) else f"{outcome!r} not {case.get('result', case.get('error'))!r}"[:300]


def _as_expected(case: Case, outcome: Any) -> bool:
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


def _comparable(value: Any, case: Case) -> str:
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


def jsonpath() -> Tally:
    """Paths and the answers of Jayway JsonPath 2.10.0 to them."""
    document = json.loads(text_of("jsonpath/document.json"))

    def wrong(case: Case) -> str:
        expected = {name: value for name, value in case.items() if name != "path"}
        answer = _path_answer(case["path"], document)
        # Compared as text: 1, 1.0 and true differ.
        equal = json.dumps(answer, sort_keys=True) == json.dumps(expected, sort_keys=True)
        return "" if equal else f"{answer} not {expected}"

    return tally((case["path"], wrong(case)) for case in cases("jsonpath/jayway.jsonl"))


def _path_answer(text: str, document: Any) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    try:
        compiled = path(text)
        answer["definite"] = compiled.definite
        answer["result"] = compiled.read(document)
    except PathError as error:
        answer["error"] = type(error).__name__
    return answer


def patterns() -> Tally:
    """Event patterns and what EventBridge answered."""
    return tally((case["name"], _pattern_case(case)) for case in cases("events/patterns.jsonl"))


def _pattern_case(case: Case) -> str:
    pattern = case["pattern"] if case.get("text") else json.dumps(case["pattern"])
    event = json.loads(case["event"]) if case.get("text") else case["event"]
    expected = case["expected"]
    try:
        answer: object = compile(pattern).matches(event)
    except InvalidPattern as problem:
        answer = problem.message
    if "error" not in expected:
        return "" if answer is expected["result"] else f"{answer} not {expected['result']}"
    message = expected["error"]["raw_message"]
    # The recorded message's placeholders (`<region>`) stand for any word.
    fits = isinstance(answer, str) and re.fullmatch(re.sub(r"<[a-z]+>", "[^:]+", re.escape(message)), answer)
    return "" if fits else f"{answer} not {message}"

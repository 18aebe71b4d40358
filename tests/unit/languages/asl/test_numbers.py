"""The limits of a Map by path: what counts as a number, and what is said of what is none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from emulator.languages.asl import effects
from tests.unit.languages.asl.drafts import STANDARD, each

CONCURRENCY, COUNT, SHARE = "MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage"
NAMED = {CONCURRENCY: "concurrency", COUNT: "count", SHARE: "percentage"}


def begun(begin: Any, field: str, text: str) -> Any:
    """A distributed Map one of whose limits is found at `$.n`, a JSON text."""
    state = each(STANDARD, ItemsPath="$.l", **{f"{field}Path": "$.n"})
    return begin({"S": state}, f'{{"l": [1], "n": {text}}}')


@pytest.mark.parametrize(
    ("field", "text", "number"),
    [(CONCURRENCY, "5", 5), (CONCURRENCY, '"5"', 5), (COUNT, "0", 0), (SHARE, "2.5", 2.5), (SHARE, '"100"', 100.0)],
)
def test_a_limit_is_a_number_or_the_text_of_one(begin: Any, field: str, text: str, number: float) -> None:
    asked = begun(begin, field, text).only(effects.StartMapRun)

    assert asked.plan["limits"][NAMED[field]] == number


@pytest.mark.parametrize(
    ("field", "kind", "text"),
    [
        *((field, "integer", text) for field in (CONCURRENCY, COUNT) for text in ("1.5", '"x"', "true", "null", "[1]")),
        *((SHARE, "float", text) for text in ('"x"', "false", "null", "{}", "1e400")),
    ],
)
def test_what_is_no_number_fails_the_execution_in_words_of_its_own(
    begin: Any, field: str, kind: str, text: str
) -> None:
    run = begun(begin, field, text)

    shown = str(10**400) if text == "1e400" else text.strip('"')
    assert run.outcome.error == "States.Runtime"
    assert f'The {field}Path field refers to value "{shown}" which is not a valid {kind}: $.n' in run.outcome.cause


@pytest.mark.parametrize("text", ["-1", "100.5", '"nan"', '"inf"'])
def test_a_percentage_is_between_0_and_100(begin: Any, text: str) -> None:
    assert "must be between 0 and 100." in begun(begin, SHARE, text).outcome.cause


def test_a_percentage_beyond_all_bounds_is_the_failure_of_its_expression(begin: Any) -> None:
    fields = {SHARE: "{% $states.input.n %}", "Items": "{% $states.input.l %}"}
    definition = {"QueryLanguage": "JSONata", "StartAt": "S", "States": {"S": each(STANDARD, **fields)}}

    run = begin(definition, json.dumps({"l": [1], "n": 10**400}))

    assert run.outcome.error == "States.QueryEvaluationError"

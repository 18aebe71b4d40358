"""Every corpus goes at least as well as before, and each case that does not go is known, with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conformance import api, figures
from tests.conformance.corpora import AbsentError, Measure, Tally, complaints, find_reason


@pytest.fixture(scope="module", autouse=True)
def emulator() -> Iterator[None]:
    """The emulator that the measures share is stopped after the last of them."""
    yield
    api.close()


def _measures() -> list[Any]:
    return [
        pytest.param(
            measure, id=measure.name, marks=[pytest.mark.slow, pytest.mark.timeout(900)] if measure.slow else []
        )
        for measure in figures.MEASURES
    ]


@pytest.mark.parametrize("measure", _measures())
def test_a_corpus_goes_at_least_as_well_as_before(measure: Measure) -> None:
    try:
        found = measure.run()
    except AbsentError as error:
        pytest.skip(str(error))

    wrong = complaints(measure, found)

    assert not wrong, "\n".join(wrong)


def test_a_figure_below_its_floor_and_a_miss_without_a_reason_are_told() -> None:
    measure = Measure("jsonpath/jayway.jsonl", lambda: Tally(0))
    found = Tally(3, {"$.none": "1 not 2"})

    wrong = complaints(measure, found)

    assert wrong[0].startswith("jsonpath/jayway.jsonl: 2 of 3, and ")
    assert wrong[1] == "jsonpath/jayway.jsonl: $.none: 1 not 2"


def test_a_reason_may_be_for_several_cases() -> None:
    apigateway = "v2/services/x.py::T::test_invoke_with_body_post[None]#get_execution_history"

    assert find_reason("stepfunctions/executions.jsonl, outcomes", apigateway) is not None
    assert find_reason("stepfunctions/executions.jsonl, outcomes", "v2/other") is None

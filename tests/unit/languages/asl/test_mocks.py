"""Mock configurations: what they may say, and which response an invocation gets."""

from __future__ import annotations

import json
from typing import Any

import pytest

from emulator.languages.asl import mocks

RETURN = {"Return": 1}
THROW = {"Throw": {"Error": "E", "Cause": "C"}}


def _value(response: Any) -> dict[str, Any]:
    return {
        "StateMachines": {"m": {"TestCases": {"C": {"T": "R"}}}},
        "MockedResponses": {"R": response},
    }


@pytest.mark.parametrize(
    ("invocation", "expected"), [(0, RETURN), (1, THROW), (3, THROW), (4, None), (10, RETURN), (11, None)]
)
def test_an_invocation_gets_the_response_of_its_number_or_range(invocation: int, expected: Any) -> None:
    value = mocks.read(json.dumps(_value({"0": RETURN, "1-3": THROW, "10-10": RETURN})))

    responses = mocks.require_case(value, "m", "C")["T"]

    assert mocks.find_answer(responses, invocation) == expected


def test_a_response_without_invocations_is_none() -> None:
    value = mocks.read(json.dumps(_value({})))

    assert mocks.find_answer(mocks.require_case(value, "m", "C")["T"], 0) is None


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ([], "not a JSON object"),
        ({"MockedResponse": {}}, "there is no section MockedResponse (there are StateMachines, MockedResponses)"),
        ({"StateMachines": []}, "not a JSON object"),
        ({"StateMachines": {"m": {"C": {}}}}, "TestCases is not there, or not a JSON object"),
        (_value({"first": RETURN}), "first is neither the number of an invocation nor a range of them, like 0 or 1-2"),
        (_value({"0-2": RETURN, "2": RETURN}), "invocations are told twice: 0-2 and 2"),
        (_value({"3-1": RETURN}), "the range 3-1 ends before it begins"),
        (_value({"0": {}}), "exactly one of Return and Throw is required"),
        (_value({"0": {"Throw": {"Cause": "C"}}}), "Throw is an object with Error and Cause"),
        (_value({"0": {"Throw": {"Error": "E", "Cause": 1}}}), "Cause is a string"),
        (_value({"0": {"Throw": {"Error": "E", "Casue": "C"}}}), "Throw has no Casue (it has Error, Cause)"),
        (
            _value({"\u0663": RETURN}),
            "\u0663 is neither the number of an invocation nor a range of them, like 0 or 1-2",
        ),
        (
            _value({"9" * 5000: RETURN}),
            f"{'9' * 5000} is neither the number of an invocation nor a range of them, like 0 or 1-2",
        ),
    ],
)
def test_a_mistake_is_told(value: Any, reason: str) -> None:
    assert [told for _, told in mocks.problems(value)] == [reason]


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(mocks.InvalidMocks, match="not JSON"):
        mocks.read("{")

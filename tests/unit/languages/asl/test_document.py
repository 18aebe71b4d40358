"""Which definitions are refused, where, and in which words."""

import json
from typing import Any

import pytest

from emulator.languages.asl import document

PASS = {"Type": "Pass", "End": True}


def problems(definition: Any, kind: str = "STANDARD") -> list[tuple[str, str, str | None]]:
    text = definition if isinstance(definition, str) else json.dumps(definition)
    return [(problem.code, problem.message, problem.location) for problem in document.check(text, kind)]


def one(state: dict[str, Any]) -> dict[str, Any]:
    return {"StartAt": "S", "States": {"S": state}}


def test_a_good_definition_has_no_problems() -> None:
    assert problems(one(PASS)) == []


def test_missing_fields_are_named() -> None:
    assert problems({"States": {}}) == [("SCHEMA_VALIDATION_FAILED", "These fields are required: [StartAt]", "/")]


def test_the_message_of_the_api_lists_all_problems() -> None:
    states = {"A": {"Type": "Pass", "Next": "X"}, "B": PASS}

    with pytest.raises(document.InvalidDefinition) as refused:
        document.parse(json.dumps({"StartAt": "A", "States": states}))

    assert refused.value.aws_message == (
        "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: X at"
        ' /States/A/Next, MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B\''
    )


@pytest.mark.parametrize(
    ("state", "location"),
    [
        ({"Type": "Pas", "End": True}, "/States/S/Type"),
        ({"Type": "Task", "End": True}, "/States/S"),
        ({"Type": "Pass"}, "/States/S"),
        ({**PASS, "Foo": 1}, "/States/S"),
        ({**PASS, "InputPath": 5}, "/States/S/InputPath"),
        ({**PASS, "Parameters": {"a.$": "nonsense"}}, "/States/S"),
        ({**PASS, "Parameters": {"a.$": "$.a", "a": 1}}, "/States/S"),
        ({"Type": "Wait", "End": True}, "/States/S"),
        ({"Type": "Wait", "Seconds": -1, "End": True}, "/States/S/Seconds"),
        ({"Type": "Map", "End": True}, "/States/S"),
        ({"Type": "Parallel", "End": True, "Branches": [{"StartAt": "X"}]}, "/States/S/Branches[0]"),
        ({**PASS, "Type": "Task", "Resource": "r", "Retry": [{}]}, "/States/S/Retry[0]"),
        ({**PASS, "Type": "Task", "Resource": "r", "TimeoutSeconds": 0}, "/States/S/TimeoutSeconds"),
        ({**PASS, "QueryLanguage": "JSONata", "Parameters": {}}, "/States/S/Parameters"),
        ({**PASS, "QueryLanguage": "JSONata", "Output": "{% 1 + %}"}, "/States/S"),
    ],
)
def test_a_bad_state_is_refused_at_its_place(state: dict[str, Any], location: str) -> None:
    found = problems(one(state))

    assert location in [place for _, _, place in found]


def test_a_text_that_is_not_json_is_a_problem_of_its_own() -> None:
    ((code, _, _),) = problems("{")

    assert code == "INVALID_JSON_DESCRIPTION"


def test_a_loop_without_an_end_is_refused() -> None:
    loop = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}}

    assert problems(loop) == [("MISSING_END_STATE", "No state ends the workflow", None)]


def test_an_express_machine_cannot_wait_for_a_token() -> None:
    state = {**PASS, "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken"}

    assert problems(one(state)) == []
    assert problems(one(state), "EXPRESS")[0][2] == "/States/S/Resource"


@pytest.mark.parametrize("names", [["States.ALL", "X"], []])
def test_error_names_follow_their_rules(names: list[str]) -> None:
    state = {**PASS, "Type": "Task", "Resource": "r", "Retry": [{"ErrorEquals": names}]}

    assert problems(one(state)) != []

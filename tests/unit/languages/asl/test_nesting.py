"""Data of any depth and any text: an execution ends well or fails, it is never lost."""

from typing import Any

import pytest

from emulator.languages.asl import answers, effects

PASS = {"Type": "Pass", "End": True}
NOTED = "The data are nested too deeply."


def deep(levels: int) -> str:
    return "[" * levels + "]" * levels


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"Parameters": {"x.$": "$"}},
        {"Parameters": {"x.$": "States.JsonToString($)"}},
        {"Parameters": {"x.$": "$..a"}},
        {"Assign": {"x.$": "$"}},
    ],
)
def test_five_hundred_levels_are_no_trouble(begin: Any, fields: dict[str, Any]) -> None:
    assert begin({"P": {**PASS, **fields}}, deep(500)).outcome.status == "SUCCEEDED"


def test_a_function_says_that_it_was_given_too_deep_data(begin: Any) -> None:
    outcome = begin({"P": {**PASS, "Parameters": {"x.$": "States.Format('{}', $)"}}}, deep(900)).outcome

    assert outcome.cause.endswith(f"The function 'States.Format('{{}}', $)' had the following error: {NOTED}")


@pytest.mark.parametrize(
    "fields",
    [
        {"Parameters": {"x.$": "States.Format('{}', $)"}},
        {"Parameters": {"x.$": "States.ArrayContains(States.Array($), $)"}},
        {"Parameters": {"x.$": "$"}},
    ],
)
def test_what_is_nested_too_deeply_fails_the_state(begin: Any, fields: dict[str, Any]) -> None:
    outcome = begin({"P": {**PASS, **fields}}, deep(1024)).outcome

    assert (outcome.error, outcome.cause[-len(NOTED) :]) == ("States.Runtime", NOTED)


def test_what_becomes_too_deep_fails_the_state_that_looks_at_it(begin: Any) -> None:
    inner = {"StartAt": "I", "States": {"I": PASS}}
    fork = {"Type": "Parallel", "Branches": [inner], "ResultSelector": {"x.$": "$[0]"}, "End": True}

    run = begin({"P": fork}, deep(1024))

    assert (run.outcome.error, run.types[-1]) == ("States.Runtime", "ExecutionFailed")


def test_a_loop_that_nests_its_data_comes_to_an_end(begin: Any) -> None:
    never = {"Variable": "$.never", "IsPresent": True, "Next": "Z"}
    states = {
        "A": {"Type": "Pass", "Parameters": {"x.$": "$"}, "Next": "C"},
        "C": {"Type": "Choice", "Choices": [never], "Default": "A"},
        "Z": {"Type": "Succeed"},
    }

    run = begin(states, {}, budget=100_000)

    assert (run.outcome.error, run.outcome.cause[-len(NOTED) :]) == ("States.Runtime", NOTED)


def test_half_a_surrogate_pair_in_a_cause_is_a_question_mark(begin: Any) -> None:
    run = begin({"T": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": True}})

    run.send(answers.TaskFailed(run.only(effects.RunTask).task_id, 1, "E", "half a pair: \ud800"))

    assert (run.outcome.cause, run.details("TaskFailed")["cause"]) == ("half a pair: ?", "half a pair: ?")


@pytest.mark.parametrize("text", ['"\\ud800"', '{"\\ud800":1}', '"\\u0000"', "1e400", "-0", '{"":1}', '{"a":1,"a":2}'])
def test_any_json_is_handed_on_as_it_came(begin: Any, text: str) -> None:
    assert begin({"P": PASS}, text).outcome.output == text

"""JSONata states: fields, variables, and what happens when an expression fails."""

from typing import Any

import pytest

from emulator.languages.asl import answers, effects


def jsonata(**states: Any) -> dict[str, Any]:
    return {"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states}


def test_output_is_made_of_input_and_context(begin: Any) -> None:
    output = {"a": "{% $states.input.x + 1 %}", "s": "{% $states.context.State.Name %}", "c": 1.0}
    run = begin(jsonata(P={"Type": "Pass", "Output": output, "End": True}), {"x": 1})

    assert run.output == {"a": 2, "s": "P", "c": 1.0}


def test_the_result_of_a_task_is_bound(begin: Any) -> None:
    task = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": True}
    task |= {"Arguments": {"n": "{% $states.input.n %}"}, "Output": "{% $states.result.m * 2 %}"}
    run = begin(jsonata(T=task), {"n": 3})
    asked = run.only(effects.RunTask)

    run.send(answers.TaskSucceeded(asked.task_id, 1, {"m": 21}))

    assert asked.parameters == {"n": 3}
    assert run.output == 42


def test_variables_are_assigned_and_read(begin: Any) -> None:
    run = begin(
        jsonata(
            A={"Type": "Pass", "Assign": {"v": "{% $states.input.x %}"}, "Next": "B"},
            B={"Type": "Pass", "Output": "{% $v %}", "End": True},
        ),
        {"x": [1, 2]},
    )

    assert run.output == [1, 2]


def test_a_failed_expression_is_recorded_and_can_be_caught(begin: Any) -> None:
    catch = {"ErrorEquals": ["States.QueryEvaluationError"], "Output": "{% $states.errorOutput.Error %}"}
    task = {"Type": "Task", "Resource": "arn:aws:states:::a:b", "Arguments": "{% $nothing %}", "End": True}
    run = begin(jsonata(T={**task, "Catch": [{**catch, "Next": "E"}]}, E={"Type": "Succeed"}))

    assert run.output == "States.QueryEvaluationError"
    assert run.details("EvaluationFailed")["location"] == "Arguments"


def test_a_condition_that_is_no_boolean_fails(begin: Any) -> None:
    choice = {"Type": "Choice", "Choices": [{"Condition": "{% 1 %}", "Next": "E"}], "Default": "E"}
    run = begin(jsonata(C=choice, E={"Type": "Succeed"}))

    assert run.outcome.error == "States.QueryEvaluationError"
    assert "Expected 'boolean', but was 'number' for value: 1" in run.outcome.cause


@pytest.mark.parametrize("state", ["Pass", "Choice", "Wait"])
def test_a_state_that_does_no_work_has_no_result(begin: Any, state: str) -> None:
    fields: dict[str, Any] = {
        "Pass": {"Next": "Z"},
        "Wait": {"Seconds": 0, "Next": "Z"},
        "Choice": {"Choices": [{"Condition": False, "Next": "Z"}], "Default": "Z"},
    }[state]

    run = begin(
        jsonata(S={"Type": state, "Output": "{% $lookup($states, 'result') %}", **fields}, Z={"Type": "Succeed"})
    )

    assert run.outcome.error == "States.QueryEvaluationError"
    assert run.outcome.cause.endswith("specified for the field 'Output' returned nothing (undefined).")


@pytest.mark.parametrize(
    ("field", "expression"),
    [
        *(("MaxConcurrency", value) for value in ("-1", "1.5", "'1'", "null", "$nope")),
        *(("ToleratedFailureCount", value) for value in ("-1", "1.5", "true", "$nope")),
        *(("ToleratedFailurePercentage", value) for value in ("-1", "100.5", "'1'", "$nope")),
        *(("Items", value) for value in ("5", "'x'", "null", "$nope")),
        ("ItemSelector", "$nope"),
    ],
)
def test_a_map_in_jsonata_fails_in_its_field(begin: Any, field: str, expression: str) -> None:
    processor = {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": True}}}
    catch = [{"ErrorEquals": ["States.QueryEvaluationError"], "Next": "Z"}]
    fields = {"Items": [1], "ItemProcessor": processor, "Catch": catch, field: f"{{% {expression} %}}"}

    run = begin(jsonata(M={"Type": "Map", "Next": "Z", **fields}, Z={"Type": "Succeed"}))

    assert run.details("EvaluationFailed")["location"] == field
    assert run.outcome.status == "SUCCEEDED"


@pytest.mark.parametrize(
    ("expression", "end"),
    [
        ("$states.input.q", "specified for the field 'Output/v' returned nothing (undefined)."),
        ("'1' + 1", 'T2001: The left side of the "+" operator must evaluate to a number'),
        ("1 * 'a'", 'T2002: The right side of the "*" operator must evaluate to a number'),
        ("$nope(1)", "T1006: Attempted to invoke a non-function"),
        ("$contains(1, 'a')", 'T0410: Argument 1 of function "contains" does not match function signature'),
        ("$sum(['a'])", 'T0412: Argument 1 of function "sum" must be an array of "numbers"'),
        ("$hash('a', 'CRC')", "T0410: The algorithm CRC is none of MD5, SHA-1, SHA-256, SHA-384, SHA-512"),
        ("$number('x')", 'D3030: Unable to cast value to a number: "x"'),
        (
            "$toMillis('x')",
            'D3110: The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given "x"',
        ),
        ("$partition([1], 'a')", 'T0410: Argument 2 of function "partition" does not match function signature'),
        ("[1..2.5]", "T2004: The right side of the range operator (..) must evaluate to an integer"),
        ("$error('Out of tea')", "D3137: Out of tea"),
        ("( $f := function($x) { 1 + $f($x) }; $f(1) )", "Check for circular reference or too many function calls"),
        ("$map([1..2000000], function($x) { $x })", "Expression evaluation timeout: more than 2000000 operations"),
    ],
)
def test_a_cause_says_what_jsonata_says(begin: Any, expression: str, end: str) -> None:
    output = {"v": f"{{% {expression} %}}"}

    run = begin(jsonata(P={"Type": "Pass", "Output": output, "End": True}))

    assert run.outcome.error == "States.QueryEvaluationError"
    assert run.outcome.cause.startswith(
        "An error occurred while executing the state 'P' (entered at the event id #2)."
        f" The JSONata expression '{expression}' specified for the field 'Output/v' "
    )
    assert run.outcome.cause.endswith(end)

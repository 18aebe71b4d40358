"""JSONata states: fields, variables, and what happens when an expression fails."""

from typing import Any

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

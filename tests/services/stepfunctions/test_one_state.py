"""TestState: a state by itself, with a mock or for real, and its data shown step by step."""

import json

import pytest
from botocore.exceptions import ClientError

ROLE = "arn:aws:iam::000000000000:role/workflows"
CALL = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}, "End": True}


@pytest.fixture
def test_state(aws):
    def call(state, given=None, **params):
        text = json.dumps({} if given is None else given)
        params.setdefault("roleArn", ROLE)
        answer = aws("stepfunctions").test_state(definition=json.dumps(state), input=text, **params)
        return {name: value for name, value in answer.items() if name != "ResponseMetadata"}

    return call


def refusal(call, *args, **params):
    with pytest.raises(ClientError) as refused:
        call(*args, **params)
    return refused.value.response["Error"]["Message"]


def test_a_state_without_work_runs_by_itself(test_state):
    state = {"Type": "Pass", "Parameters": {"a.$": "$.n"}, "Next": "Somewhere"}

    assert test_state(state, {"n": 1}) == {"status": "SUCCEEDED", "output": '{"a":1}', "nextState": "Somewhere"}


def test_the_data_is_shown_step_by_step(test_state):
    state = {**CALL, "InputPath": "$.in", "ResultSelector": {"p.$": "$.Payload"}, "ResultPath": "$.r"}

    answer = test_state(state, {"in": {"n": 1}}, inspectionLevel="DEBUG", mock={"result": '{"Payload": 2}'})

    shown = {name: json.loads(text) for name, text in answer["inspectionData"].items()}
    assert shown == {
        "input": {"in": {"n": 1}},
        "afterInputPath": {"n": 1},
        "afterParameters": {"FunctionName": "f"},
        "result": {"Payload": 2},
        "afterResultSelector": {"p": 2},
        "afterResultPath": {"in": {"n": 1}, "r": {"p": 2}},
    }


def test_a_state_of_a_machine_is_found_by_name_even_inside_a_map(test_state):
    inner = {"StartAt": "I", "States": {"I": {"Type": "Pass", "Result": 7, "End": True}}}
    machine = {"StartAt": "M", "States": {"M": {"Type": "Map", "ItemProcessor": inner, "End": True}}}

    assert test_state(machine, stateName="I") == {"status": "SUCCEEDED", "output": "7"}


def test_a_task_without_a_mock_calls_its_service(test_state, queue):
    parameters = {"QueueUrl": queue.url, "MessageBody": "hello"}
    state = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": parameters, "End": True}

    answer = test_state(state)

    assert (answer["status"], queue.receive()) == ("SUCCEEDED", ["hello"])


def test_an_error_of_a_service_fails_the_state(test_state):
    state = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sfn:sendTaskFailure", "End": True}

    answer = test_state({**state, "Parameters": {"TaskToken": "x"}})

    assert (answer["status"], answer["error"]) == ("FAILED", "Sfn.InvalidTokenException")


def test_a_mocked_error_is_retriable_until_its_attempts_are_spent(test_state):
    state = {**CALL, "Retry": [{"ErrorEquals": ["E"], "IntervalSeconds": 3, "MaxAttempts": 2}]}
    mock = {"errorOutput": {"error": "E", "cause": "C"}}

    first = test_state(state, mock=mock, inspectionLevel="DEBUG", stateConfiguration={"retrierRetryCount": 1})
    last = test_state(state, mock=mock, stateConfiguration={"retrierRetryCount": 2})

    assert first["status"] == "RETRIABLE"
    assert first["inspectionData"]["errorDetails"] == {"retryIndex": 0, "retryBackoffIntervalSeconds": 6}
    assert (last["status"], last["error"], last["cause"]) == ("FAILED", "E", "C")


def test_a_caught_error_leads_to_the_next_state(test_state):
    state = {**CALL, "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "Repair"}]}

    answer = test_state(state, {"n": 1}, mock={"errorOutput": {"error": "E", "cause": "C"}})

    assert (answer["status"], answer["nextState"]) == ("CAUGHT_ERROR", "Repair")
    assert json.loads(answer["output"]) == {"n": 1, "e": {"Error": "E", "Cause": "C"}}


def test_variables_are_seen_by_the_state(test_state):
    state = {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $x + 1 %}", "End": True}

    assert test_state(state, variables='{"x": 1}')["output"] == "2"


@pytest.mark.parametrize(
    ("state", "params", "message"),
    [
        (CALL, {"mock": {"result": "x"}}, "Mocked result must be valid JSON"),
        (CALL, {"mock": {"result": '{"StatusCode": "200"}'}}, "Field 'StatusCode' must be a number"),
        ({"Type": "Succeed"}, {"mock": {"result": "{}"}}, "State type 'Succeed' is not supported when a mock"),
        (
            {**CALL, "Resource": f"{CALL['Resource']}.waitForTaskToken"},
            {},
            "not supported when a mock is not specified",
        ),
        ({"Type": "Odd"}, {}, "The field 'Type' should have one of these values"),
        ({"Type": "Pass"}, {}, "Invalid State Machine Definition"),
    ],
)
def test_what_cannot_be_tested_is_refused(test_state, state, params, message):
    assert message in refusal(test_state, state, **params)


def test_a_task_without_a_mock_and_a_role_is_refused(aws):
    with pytest.raises(ClientError, match="RoleArn must be specified when testing a Task state"):
        aws("stepfunctions").test_state(definition=json.dumps(CALL))


def test_a_long_poll_needs_a_mock(test_state, queue):
    parameters = {"QueueUrl": queue.url, "WaitTimeSeconds": 20}
    state = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sqs:receiveMessage", "End": True}

    message = refusal(test_state, {**state, "Parameters": parameters})

    assert "does not emulate stepfunctions:TestState without a mock for arn:aws:states:::aws-sdk:sqs" in message

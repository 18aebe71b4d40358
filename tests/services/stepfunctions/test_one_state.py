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


def test_a_state_without_work_runs_by_itself(test_state):
    state = {"Type": "Pass", "Parameters": {"a.$": "$.n"}, "Next": "Somewhere"}

    assert test_state(state, {"n": 1}) == {"status": "SUCCEEDED", "output": '{"a":1}', "nextState": "Somewhere"}


def test_the_example_of_the_guide_is_answered_to_the_letter(test_state):
    """Step Functions Developer Guide, "Using DEBUG inspectionLevel to debug input and output data processing"."""
    state = {
        "Type": "Pass",
        "InputPath": "$.payload",
        "Parameters": {"data": 1},
        "ResultPath": "$.result",
        "OutputPath": "$.result.data",
        "Next": "Another State",
    }

    assert test_state(state, {"payload": {"foo": "bar"}}, inspectionLevel="DEBUG") == {
        "output": "1",
        "inspectionData": {
            "input": '{"payload": {"foo": "bar"}}',
            "afterInputPath": '{"foo":"bar"}',
            "afterParameters": '{"data":1}',
            "afterResultSelector": '{"data":1}',
            "afterResultPath": '{"payload":{"foo":"bar"},"result":{"data":1}}',
        },
        "nextState": "Another State",
        "status": "SUCCEEDED",
    }


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


PATHS = {"Type": "Pass", "Assign": {"y.$": "$.n"}, "End": True}
QUERIES = {"Type": "Pass", "QueryLanguage": "JSONata", "Assign": {"y": "{% $states.input.n %}"}, "End": True}
RULE = {"Variable": "$.n", "IsPresent": True, "Assign": {"y.$": "$.n"}, "Next": "N"}
CAUGHT = {**CALL, "Catch": [{"ErrorEquals": ["E"], "Assign": {"y.$": "$.Cause"}, "Next": "N"}]}
FAILING = {"errorOutput": {"error": "E", "cause": "7"}}


@pytest.mark.parametrize(
    ("state", "params", "variables"),
    [
        (PATHS, {}, {"x": 1, "y": 7}),
        (QUERIES, {}, {"x": 1, "y": 7}),
        ({"Type": "Choice", "Choices": [RULE]}, {}, {"x": 1, "y": 7}),
        ({"Type": "Succeed"}, {}, {"x": 1}),
        ({**CALL, "Assign": {"y.$": "$.Payload"}}, {"mock": {"result": '{"Payload": 7}'}}, {"x": 1, "y": 7}),
        (CAUGHT, {"mock": FAILING}, {"x": 1, "y": "7"}),
        (CALL, {"mock": FAILING}, None),
    ],
)
def test_the_variables_after_the_state_are_shown(test_state, state, params, variables):
    answer = test_state(state, {"n": 7}, variables='{"x": 1}', inspectionLevel="DEBUG", **params)

    shown = answer["inspectionData"].get("variables")
    assert variables == (None if shown is None else json.loads(shown))


def test_a_state_inside_a_map_sees_the_first_item(test_state):
    seen = {"Type": "Pass", "Parameters": {"at.$": "$$.Map.Item.Index", "item.$": "$$.Map.Item.Value"}, "End": True}
    branches = {"Type": "Parallel", "Branches": [{"StartAt": "I", "States": {"I": seen}}], "End": True}
    inner = {"StartAt": "B", "States": {"B": branches}}
    machine = {"StartAt": "M", "States": {"M": {"Type": "Map", "ItemProcessor": inner, "End": True}}}

    output = test_state(machine, {"n": 1}, stateName="I")["output"]

    assert json.loads(output) == {"at": 0, "item": {"n": 1}}


def reading(**config):
    """A distributed Map that reads its items, in batches of two."""
    reader = {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": config, "Parameters": {}}
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "I",
        "States": {"I": {"Type": "Pass", "End": True}},
    }
    return {
        "Type": "Map",
        "ItemReader": {**reader, "Parameters": {"Bucket": "b", "Key": "k"}},
        "ItemBatcher": {"MaxItemsPerBatch": 2},
        "ItemProcessor": processor,
        "End": True,
    }


@pytest.mark.parametrize(
    ("config", "data", "batches"),
    [
        ({"InputType": "JSON"}, "[1, 2, 3]", [[1, 2], [3]]),
        ({"InputType": "JSON", "ItemsPointer": "/a/0"}, '{"a": [[1, 2, 3]]}', [[1, 2], [3]]),
        ({"InputType": "JSON", "MaxItems": 1}, "[1, 2, 3]", [[1]]),
        ({"InputType": "JSONL"}, "1\n2\n3\n", [[1, 2], [3]]),
        ({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}, "a\n1\n", [[{"a": "1"}]]),
    ],
)
def test_data_of_an_item_reader_is_taken_apart_as_a_reader_would(test_state, config, data, batches):
    answer = test_state(
        reading(**config),
        mock={"result": "[]"},
        stateConfiguration={"mapItemReaderData": data},
        inspectionLevel="DEBUG",
    )

    shown = answer["inspectionData"]
    assert [batch["Items"] for batch in json.loads(shown["afterItemBatcher"])] == batches
    assert ("afterItemsPointer" in shown) == ("ItemsPointer" in config)


def test_data_of_an_item_reader_may_be_a_part_of_the_input(test_state):
    state = {**reading(), "ItemsPath": "$.orders"}

    answer = test_state(state, {"orders": [1, 2, 3]}, mock={"result": "[]"}, inspectionLevel="DEBUG")

    assert json.loads(answer["inspectionData"]["afterItemsPath"]) == [1, 2, 3]


def test_data_that_is_not_what_the_reader_wants_fails_the_state(test_state):
    configuration = {"mapItemReaderData": '{"b": 1}'}

    answer = test_state(reading(ItemsPointer="/a"), mock={"result": "[]"}, stateConfiguration=configuration)

    assert (answer["status"], answer["error"]) == ("FAILED", "States.ItemReaderFailed")


def test_a_state_may_lead_to_one_that_is_called_as_it_is_here(test_state):
    assert test_state({"Type": "Pass", "Next": "StateName"})["nextState"] == "StateName"


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
        (CALL, {"mock": {}}, "exactly one of result and errorOutput"),
        (CALL, {"mock": {"result": "{}", **FAILING}}, "exactly one of result and errorOutput"),
        (CALL, {"mock": {"errorOutput": {"cause": "c"}}}, "A mocked errorOutput must have an error"),
        (CALL, {"roleArn": "x"}, "Invalid Role Arn: 'x'"),
        (reading(), {"mock": FAILING}, "errorCausedByState must be specified"),
        (reading(), {"mock": FAILING, "stateConfiguration": {"errorCausedByState": "Z"}}, "State 'Z' does not exist"),
        (
            reading(),
            {
                "mock": {"result": "[]"},
                "stateConfiguration": {"mapItemReaderData": "[1]", "mapIterationFailureCount": 2},
            },
            "mapIterationFailureCount cannot exceed the number of items",
        ),
        ({"Type": "Odd"}, {}, "The field 'Type' should have one of these values"),
        ({"States": 5}, {}, "Invalid State Machine Definition"),
        ({"Type": "Pass"}, {}, "Invalid State Machine Definition"),
        ({"Type": "Succeed"}, {"stateName": "S"}, "Invalid State Machine Definition"),
        (CALL, {"context": "{}"}, "A context can only be specified with a mock"),
    ],
)
def test_what_cannot_be_tested_is_refused(test_state, state, params, message, refusal):
    assert message in refusal(test_state, state, **params)[1]


POLLED = {"ExecutionArn": "a", "StateMachineArn": "m", "Status": "SUCCEEDED", "StartDate": "2026-01-01T00:00:00Z"}


@pytest.mark.parametrize("mode", ["STRICT", "PRESENT", "NONE"])
@pytest.mark.parametrize(
    ("result", "message"),
    [
        ({"Output": '{"n": 1}', "StopDate": "2026-01-01T00:00:00Z"}, None),
        ({"Output": {"n": 1}}, "Field 'Output' must be a string"),
        ({"StopDate": 1767225600}, "Field 'StopDate' must be a string"),
        ({"ExecutionArn": ""}, "Field 'ExecutionArn' must have length greater than or equal to 1"),
    ],
)
def test_a_mocked_result_is_what_the_api_answers(test_state, result, message, mode, refusal):
    state = {
        **CALL,
        "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Parameters": {"StateMachineArn": "m"},
    }
    mock = {"result": json.dumps(POLLED | result), "fieldValidationMode": mode}

    if message is None or mode == "NONE":
        assert json.loads(test_state(state, mock=mock)["output"]) == POLLED | result
    else:
        problem = f"Mock result schema validation error: {message}"
        assert refusal(test_state, state, mock=mock) == ("ValidationException", problem)


def test_a_task_without_a_mock_and_a_role_is_refused(aws):
    with pytest.raises(ClientError, match="RoleArn must be specified when testing a Task state"):
        aws("stepfunctions").test_state(definition=json.dumps(CALL))


def test_a_long_poll_needs_a_mock(test_state, queue, refusal):
    parameters = {"QueueUrl": queue.url, "WaitTimeSeconds": 20}
    state = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sqs:receiveMessage", "End": True}

    message = refusal(test_state, {**state, "Parameters": parameters})[1]

    assert "does not emulate stepfunctions:TestState without a mock for arn:aws:states:::aws-sdk:sqs" in message


def test_a_catch_that_fails_itself_fails_the_state(test_state):
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "N", "Assign": {"x.$": "$.nope"}}]
    mock = {"errorOutput": {"error": "E", "cause": "C"}}

    answer = test_state({**CALL, "Catch": catch}, mock=mock)

    assert (answer["status"], answer["error"]) == ("FAILED", "States.Runtime")
    assert "$.nope" in answer["cause"]


def test_what_cannot_be_sent_is_neither_caught_nor_tried_again(test_state):
    unknown = {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "End": True}
    given = {"Parameters": {"TableName": "t", "Key": {"id": {"S": "1"}}}}
    catch = [{"ErrorEquals": ["States.Runtime", "States.TaskFailed"], "Next": "N"}]

    answer = test_state({**unknown, **given, "Catch": catch})

    assert (answer["status"], answer["error"]) == ("FAILED", "States.Runtime")

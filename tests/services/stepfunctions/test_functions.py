"""Functions as tasks: by their ARN and by `lambda:invoke`, their errors named, caught and retried."""

import io
import json
import zipfile

import pytest

ROLE = "arn:aws:iam::000000000000:role/functions"
CODE = """
class OutOfStock(Exception):
    pass

def handler(event, context):
    if event.get("fail"):
        raise OutOfStock("none left")
    return {"got": event}
"""


@pytest.fixture
def function(aws):
    """The ARN of a function that returns what it got, or raises OutOfStock when told to fail."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("index.py", CODE)
    created = aws("lambda").create_function(
        FunctionName="f", Runtime="python3.12", Role=ROLE, Handler="index.handler", Code={"ZipFile": file.getvalue()}
    )
    return created["FunctionArn"]


def direct(function, **fields):
    return {"T": {"Type": "Task", "Resource": function, "End": True, **fields}}


def invoke(payload, **fields):
    parameters = {"FunctionName": "f", "Payload": payload}
    return direct("arn:aws:states:::lambda:invoke", Parameters=parameters, **fields)


def test_a_function_by_its_arn_gets_the_input_and_gives_the_result(workflows, function):
    ended = workflows.run(direct(function), {"n": 1})

    assert json.loads(ended["output"]) == {"got": {"n": 1}}
    assert workflows.types(ended["executionArn"])[2:5] == [
        "LambdaFunctionScheduled",
        "LambdaFunctionStarted",
        "LambdaFunctionSucceeded",
    ]


def test_lambda_invoke_gives_the_answer_of_the_api(workflows, function):
    output = workflows.output(invoke({"n": 1}))

    assert (output["Payload"], output["StatusCode"], output["ExecutedVersion"]) == ({"got": {"n": 1}}, 200, "$LATEST")
    assert output["SdkHttpMetadata"]["AllHttpHeaders"]["X-Amz-Executed-Version"] == ["$LATEST"]


def test_an_exception_is_caught_by_the_name_of_its_class(workflows, function):
    catch = [{"ErrorEquals": ["OutOfStock"], "Next": "C"}]

    output = workflows.output({**invoke({"fail": True}, Catch=catch), "C": {"Type": "Pass", "End": True}})

    assert output["Error"] == "OutOfStock"
    cause = json.loads(output["Cause"])
    assert (cause["errorType"], cause["errorMessage"]) == ("OutOfStock", "none left")


def test_a_failing_function_is_retried(workflows, function):
    retry = [{"ErrorEquals": ["OutOfStock"], "IntervalSeconds": 3600, "MaxAttempts": 2}]

    ended = workflows.run(direct(function, Retry=retry), {"fail": True})

    assert (ended["status"], ended["error"]) == ("FAILED", "OutOfStock")
    assert workflows.types(ended["executionArn"]).count("LambdaFunctionFailed") == 3


def test_a_function_that_is_not_there_is_named_as_lambda_names_it(workflows):
    ended = workflows.run(invoke({}))

    assert ended["error"] == "Lambda.ResourceNotFoundException"
    assert (
        "(Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: " in ended["cause"]
    )


def test_a_function_answers_with_the_token_it_was_given(workflows, function, aws):
    state = invoke({"token.$": "$$.Task.Token"})
    state["T"]["Resource"] += ".waitForTaskToken"
    execution = workflows.start(workflows.machine(state))
    workflows.settle()
    submitted = next(event for event in workflows.history(execution) if event["type"] == "TaskSubmitted")
    token = json.loads(submitted["taskSubmittedEventDetails"]["output"])["Payload"]["got"]["token"]

    workflows.client.send_task_success(taskToken=token, output="7")

    assert workflows.end(execution)["output"] == "7"


def test_a_map_invokes_a_function_for_each_item(workflows, function):
    inner = {"StartAt": "T", "States": direct(function)}
    states = {"M": {"Type": "Map", "ItemProcessor": inner, "ItemSelector": {"n.$": "$$.Map.Item.Value"}, "End": True}}

    output = workflows.output(states, list(range(10)))

    assert output == [{"got": {"n": number}} for number in range(10)]


def test_the_sdk_invokes_a_function(workflows, function):
    state = direct("arn:aws:states:::aws-sdk:lambda:invoke", Parameters={"FunctionName": "f", "Payload": {"n": 1}})

    output = workflows.output(state)

    assert (output["StatusCode"], json.loads(output["Payload"])) == (200, {"got": {"n": 1}})


@pytest.mark.slow
def test_a_state_that_is_tested_waits_for_its_function(aws, function):
    state = {"Type": "Task", "Resource": function, "ResultPath": "$.got", "End": True}

    answer = aws("stepfunctions").test_state(definition=json.dumps(state), roleArn=ROLE, input='{"n": 1}')

    assert (answer["status"], json.loads(answer["output"])) == ("SUCCEEDED", {"n": 1, "got": {"got": {"n": 1}}})

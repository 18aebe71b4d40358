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
    return float("nan") if event.get("nan") else {"got": event}
"""


def zipped(code):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("index.py", code)
    return file.getvalue()


@pytest.fixture
def function(aws):
    """The ARN of a function that returns what it got, or raises OutOfStock when told to fail."""
    created = aws("lambda").create_function(
        FunctionName="f", Runtime="python3.12", Role=ROLE, Handler="index.handler", Code={"ZipFile": zipped(CODE)}
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


def test_the_answer_is_written_in_the_order_of_aws(workflows, function):
    """Members by name, the headers once by name and once as they are hashed (recorded histories)."""
    output = workflows.output(invoke({"n": 1}))

    assert list(output) == ["ExecutedVersion", "Payload", "SdkHttpMetadata", "SdkResponseMetadata", "StatusCode"]
    metadata = output["SdkHttpMetadata"]
    assert list(metadata["AllHttpHeaders"]) == [
        *("X-Amz-Executed-Version", "x-amzn-Remapped-Content-Length", "Connection", "x-amzn-RequestId"),
        *("Content-Length", "Date", "X-Amzn-Trace-Id", "Content-Type"),
    ]
    assert list(metadata["HttpHeaders"]) == [
        *("Connection", "Content-Length", "Content-Type", "Date", "X-Amz-Executed-Version"),
        *("x-amzn-Remapped-Content-Length", "x-amzn-RequestId", "X-Amzn-Trace-Id"),
    ]


@pytest.mark.parametrize("direct_one", [True, False])
def test_an_answer_that_is_no_json_ends_the_task(workflows, function, direct_one):
    states = direct(function) if direct_one else invoke({"nan": True})

    ended = workflows.run(states, {"nan": True})

    assert (ended["status"], ended["error"]) == ("FAILED", "Lambda.Unknown")


def test_a_function_that_is_throttled_is_named_as_lambda_names_it(workflows, function, aws):
    aws("lambda").put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=0)

    for states in (direct(function), invoke({})):
        ended = workflows.run(states)
        assert ended["error"] == "Lambda.TooManyRequestsException"
        assert ended["cause"].startswith(
            "Rate Exceeded. (Service: AWSLambda; Status Code: 429; Error Code: TooManyRequestsException; Request ID: "
        )


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


def test_a_function_of_another_runtime_fails_the_task_and_can_be_mocked(workflows, aws):
    aws("lambda").create_function(
        FunctionName="f", Runtime="nodejs22.x", Role=ROLE, Handler="index.handler", Code={"ZipFile": zipped(CODE)}
    )

    ended = workflows.run(invoke({}))

    assert ended["error"] == "Lambda.InvalidRuntimeException"
    assert "the runtime nodejs22.x. A mock configuration can answer for it (workflows/mocks.json, " in ended["cause"]


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


def test_the_sdk_creates_functions_of_code_in_s3(workflows, aws):
    """Two at a time: what is unpacked for the one is not taken for the other."""
    bucket = f"code-{aws.account}"
    aws("s3").create_bucket(Bucket=bucket)
    branches = []
    for name in ("one", "two"):
        body = zipped(f"def handler(event, context):\n    return '{name}'\n")
        aws("s3").put_object(Bucket=bucket, Key=name, Body=body)
        code = {"S3Bucket": bucket, "S3Key": name}
        given = {"FunctionName": name, "Runtime": "python3.12", "Role": ROLE, "Handler": "index.handler", "Code": code}
        state = direct("arn:aws:states:::aws-sdk:lambda:createFunction", Parameters=given)["T"]
        branches.append({"StartAt": name, "States": {name: state}})

    workflows.output({"P": {"Type": "Parallel", "Branches": branches, "End": True}})

    for name in ("one", "two"):
        assert json.load(aws("lambda").invoke(FunctionName=name)["Payload"]) == name


@pytest.mark.slow
def test_a_state_that_is_tested_waits_for_its_function(aws, function):
    state = {"Type": "Task", "Resource": function, "ResultPath": "$.got", "End": True}

    answer = aws("stepfunctions").test_state(definition=json.dumps(state), roleArn=ROLE, input='{"n": 1}')

    assert (answer["status"], json.loads(answer["output"])) == ("SUCCEEDED", {"n": 1, "got": {"got": {"n": 1}}})

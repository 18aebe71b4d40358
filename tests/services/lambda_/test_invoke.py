from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

ECHO = "def handler(event, context):\n    return event\n"


def test_a_function_answers_with_what_its_handler_returns(aws, create):
    create(ECHO)

    answer = aws("lambda").invoke(FunctionName="f", Payload=b'{"a": [1, "\xc3\xa4"]}')

    assert answer["StatusCode"] == 200
    assert answer["ExecutedVersion"] == "$LATEST"
    assert "FunctionError" not in answer
    assert json.loads(answer["Payload"].read()) == {"a": [1, "ä"]}


def test_an_exception_is_an_unhandled_function_error(aws, create):
    create("def handler(event, context):\n    raise ValueError('no')\n")

    answer = aws("lambda").invoke(FunctionName="f")

    assert answer["StatusCode"] == 200
    assert answer["FunctionError"] == "Unhandled"
    document = json.loads(answer["Payload"].read())
    assert document["errorType"] == "ValueError"
    assert document["errorMessage"] == "no"


def test_the_tail_of_the_log_comes_on_request(aws, create):
    create("def handler(event, context):\n    print('said aloud')\n")

    answer = aws("lambda").invoke(FunctionName="f", LogType="Tail")

    tail = base64.b64decode(answer["LogResult"]).decode()
    assert "said aloud\n" in tail
    assert f"REPORT RequestId: {answer['ResponseMetadata']['RequestId']}" in tail


def test_an_unknown_function_is_not_found(aws):
    with pytest.raises(ClientError) as caught:
        aws("lambda").invoke(FunctionName="none")

    assert caught.value.response["Error"] == {
        "Code": "ResourceNotFoundException",
        "Message": f"Function not found: arn:aws:lambda:us-east-1:{aws.account}:function:none:$LATEST",
    }


def test_a_payload_that_is_no_json_is_refused(aws, create):
    create(ECHO)

    with pytest.raises(ClientError) as caught:
        aws("lambda").invoke(FunctionName="f", Payload=b"{no")

    error = caught.value.response["Error"]
    assert error["Code"] == "InvalidRequestContentException"
    assert error["Message"].startswith("Could not parse request body into json: ")


def test_an_event_of_more_than_a_megabyte_is_refused(aws, create):
    create(ECHO)

    with pytest.raises(ClientError) as caught:
        aws("lambda").invoke(FunctionName="f", InvocationType="Event", Payload=b'"%s"' % (b"x" * 1_048_576))

    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 413
    assert caught.value.response["Error"]["Code"] == "RequestEntityTooLargeException"


def test_a_large_payload_goes_there_and_back(aws, create):
    create(ECHO)
    payload = b'"%s"' % (b"x" * 2_000_000)

    answer = aws("lambda").invoke(FunctionName="f", Payload=payload)

    assert answer["Payload"].read() == payload


def test_a_dry_run_runs_nothing(aws, create):
    create("raise SystemExit\n")

    answer = aws("lambda").invoke(FunctionName="f", InvocationType="DryRun")

    assert answer["StatusCode"] == 204


@pytest.mark.parametrize("name", ["f", "f:$LATEST", "{account}:function:f", "{arn}", "{arn}:$LATEST"])
def test_a_function_has_many_names(aws, create, name):
    arn = create(ECHO)["FunctionArn"]

    answer = aws("lambda").invoke(FunctionName=name.format(account=aws.account, arn=arn), Payload=b"1")

    assert answer["Payload"].read() == b"1"


def test_a_function_of_another_region_is_not_reachable(aws, create):
    arn = create(ECHO)["FunctionArn"].replace("us-east-1", "eu-west-1")

    with pytest.raises(ClientError) as caught:
        aws("lambda").invoke(FunctionName=arn)

    assert caught.value.response["Error"]["Message"] == (
        "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')"
    )


def test_the_client_context_reaches_the_function(aws, create):
    create("def handler(event, context):\n    return context.client_context.custom\n")
    context = base64.b64encode(json.dumps({"custom": {"a": "b"}}).encode()).decode()

    answer = aws("lambda").invoke(FunctionName="f", ClientContext=context)

    assert json.loads(answer["Payload"].read()) == {"a": "b"}


def test_the_log_is_there_once_the_answer_is(aws, create):
    create("def handler(event, context):\n    print('said aloud')\n")
    request = aws("lambda").invoke(FunctionName="f")["ResponseMetadata"]["RequestId"]

    streams = aws("logs").describe_log_streams(logGroupName="/aws/lambda/f")["logStreams"]

    events = aws("logs").get_log_events(
        logGroupName="/aws/lambda/f", logStreamName=streams[0]["logStreamName"], startFromHead=True
    )["events"]
    texts = [event["message"] for event in events]
    assert texts[0].startswith("INIT_START ")
    assert texts[1:4] == [
        f"START RequestId: {request} Version: $LATEST\n",
        "said aloud\n",
        f"END RequestId: {request}\n",
    ]
    assert texts[4].startswith(f"REPORT RequestId: {request}\t")


def test_a_workflow_gets_the_answer_of_a_function(aws, create):
    arn = create(ECHO)["FunctionArn"]
    definition = {
        "StartAt": "Call",
        "States": {
            "Call": {
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke",
                "Parameters": {"FunctionName": arn, "Payload.$": "$"},
                "OutputPath": "$.Payload",
                "End": True,
            }
        },
    }
    machine = aws("stepfunctions").create_state_machine(
        name="m", definition=json.dumps(definition), roleArn="arn:aws:iam::000000000000:role/r", type="EXPRESS"
    )["stateMachineArn"]

    execution = aws("stepfunctions").start_sync_execution(stateMachineArn=machine, input='{"a": 1}')

    assert execution["status"] == "SUCCEEDED"
    assert json.loads(execution["output"]) == {"a": 1}


def test_many_invocations_at_once_each_get_their_own_answer(aws, create):
    create("import time\n\n\ndef handler(event, context):\n    time.sleep(0.02)\n    return event\n")
    client = aws("lambda")

    def ask(number):
        return json.loads(client.invoke(FunctionName="f", Payload=str(number).encode())["Payload"].read())

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(ask, range(48)))

    assert answers == list(range(48))

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

FAILING = "def handler(event, context):\n    raise ValueError('on purpose')\n"
ECHO = "def handler(event, context):\n    return event\n"


@pytest.fixture
def queue(aws):
    """The URL and ARN of a queue of the account."""
    url = aws("sqs").create_queue(QueueName="told")["QueueUrl"]
    return url, f"arn:aws:sqs:us-east-1:{aws.account}:told"


def _receive(aws, url):
    answer = aws("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=20, MessageAttributeNames=["All"])
    (message,) = answer["Messages"]
    return message


def test_an_event_is_accepted_at_once_and_handled(aws, create, queue):
    url, arn = queue
    create(ECHO)
    aws("lambda").put_function_event_invoke_config(
        FunctionName="f", DestinationConfig={"OnSuccess": {"Destination": arn}}
    )

    answer = aws("lambda").invoke(FunctionName="f", InvocationType="Event", Payload=b'{"a": 1}')

    assert answer["StatusCode"] == 202
    assert answer["Payload"].read() == b""
    record = json.loads(_receive(aws, url)["Body"])
    assert record["requestContext"] == {
        "requestId": answer["ResponseMetadata"]["RequestId"],
        "functionArn": f"arn:aws:lambda:us-east-1:{aws.account}:function:f:$LATEST",
        "condition": "Success",
        "approximateInvokeCount": 1,
    }
    assert record["requestPayload"] == {"a": 1}
    assert record["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST"}
    assert record["responsePayload"] == {"a": 1}


def test_a_failed_event_without_retries_goes_to_the_failure_destination(aws, create, queue):
    url, arn = queue
    create(FAILING)
    aws("lambda").put_function_event_invoke_config(
        FunctionName="f", MaximumRetryAttempts=0, DestinationConfig={"OnFailure": {"Destination": arn}}
    )

    aws("lambda").invoke(FunctionName="f", InvocationType="Event", Payload=b"{}")

    record = json.loads(_receive(aws, url)["Body"])
    assert record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["responseContext"]["functionError"] == "Unhandled"
    assert record["responsePayload"]["errorMessage"] == "on purpose"


def test_a_failed_event_is_retried_after_one_and_two_minutes(aws, create, queue):
    url, arn = queue
    create(FAILING)
    aws("lambda").put_function_event_invoke_config(
        FunctionName="f", DestinationConfig={"OnFailure": {"Destination": arn}}
    )
    aws("lambda").invoke(FunctionName="f", InvocationType="Event", Payload=b"{}")

    aws.advance(60)
    aws.advance(120)

    record = json.loads(_receive(aws, url)["Body"])
    assert record["requestContext"]["approximateInvokeCount"] == 3


def test_an_event_that_would_be_too_old_is_not_retried(aws, create, queue):
    url, arn = queue
    create(FAILING)
    aws("lambda").put_function_event_invoke_config(
        FunctionName="f",
        MaximumEventAgeInSeconds=60,
        DestinationConfig={"OnFailure": {"Destination": arn}},
    )
    aws("lambda").invoke(FunctionName="f", InvocationType="Event", Payload=b"{}")

    aws.advance(60)

    record = json.loads(_receive(aws, url)["Body"])
    assert record["requestContext"]["condition"] == "EventAgeExceeded"


def test_a_dead_letter_queue_gets_the_event_itself(aws, create, queue):
    url, arn = queue
    create(FAILING, DeadLetterConfig={"TargetArn": arn})
    aws("lambda").put_function_event_invoke_config(FunctionName="f", MaximumRetryAttempts=0)

    aws("lambda").invoke(FunctionName="f", InvocationType="Event", Payload=b'{"a": 1}')

    message = _receive(aws, url)
    assert message["Body"] == '{"a": 1}'
    texts = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
    assert texts["ErrorCode"] == "200"
    assert texts["ErrorMessage"] == "on purpose"


def test_a_dead_letter_topic_gets_the_event_with_the_reason(aws, create, queue):
    url, arn = queue
    topic = aws("sns").create_topic(Name="dead")["TopicArn"]
    aws("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    create(FAILING, DeadLetterConfig={"TargetArn": topic})
    aws("lambda").put_function_event_invoke_config(FunctionName="f", MaximumRetryAttempts=0)

    aws("lambda").invoke(FunctionName="f", InvocationType="Event", Payload=b'{"a": 1}')

    notification = json.loads(_receive(aws, url)["Body"])
    assert notification["Message"] == '{"a": 1}'
    values = {name: each["Value"] for name, each in notification["MessageAttributes"].items()}
    assert (values["ErrorCode"], values["ErrorMessage"]) == ("200", "on purpose")


def test_a_bus_hears_of_a_success_as_an_event(aws, create, queue):
    url, arn = queue
    bus = aws("events").create_event_bus(Name="told")["EventBusArn"]
    aws("events").put_rule(Name="r", EventBusName="told", EventPattern='{"source": ["lambda"]}')
    aws("events").put_targets(Rule="r", EventBusName="told", Targets=[{"Id": "q", "Arn": arn}])
    create(ECHO)
    aws("lambda").put_function_event_invoke_config(
        FunctionName="f", DestinationConfig={"OnSuccess": {"Destination": bus}}
    )

    aws("lambda").invoke(FunctionName="f", InvocationType="Event", Payload=b"[]")

    event = json.loads(_receive(aws, url)["Body"])
    assert event["detail-type"] == "Lambda Function Invocation Result - Success"
    assert event["resources"][1] == f"arn:aws:lambda:us-east-1:{aws.account}:function:f:$LATEST"
    assert event["detail"]["responsePayload"] == []


def test_settings_for_events_are_shown_and_changed(aws, create):
    create(ECHO)
    client = aws("lambda")

    put = client.put_function_event_invoke_config(FunctionName="f", MaximumEventAgeInSeconds=60)
    changed = client.update_function_event_invoke_config(FunctionName="f", MaximumRetryAttempts=1)
    listed = client.list_function_event_invoke_configs(FunctionName="f")["FunctionEventInvokeConfigs"]

    assert "MaximumRetryAttempts" not in put
    assert put["DestinationConfig"] == {"OnSuccess": {}, "OnFailure": {}}
    assert put["FunctionArn"] == f"arn:aws:lambda:us-east-1:{aws.account}:function:f:$LATEST"
    assert (changed["MaximumEventAgeInSeconds"], changed["MaximumRetryAttempts"]) == (60, 1)
    assert [each["MaximumRetryAttempts"] for each in listed] == [1]


@pytest.mark.parametrize(
    ("destination", "expected"),
    [
        (
            "arn:aws:iam:us-east-1:{account}:function:g",
            "The provided destination config DestinationConfig(onSuccess=OnSuccess(destination="
            "arn:aws:iam:us-east-1:{account}:function:g), onFailure=null) is invalid.",
        ),
        (
            "arn:aws:lambda:us-east-1:{account}:function:g",
            "The destination ARN arn:aws:lambda:us-east-1:{account}:function:g is invalid.",
        ),
        (
            "arn:aws:lambda:us-east-1:{account}:function:f",
            "You can't specify the function as a destination for itself.",
        ),
    ],
)
def test_a_destination_must_be_one(aws, create, destination, expected):
    create(ECHO)
    config = {"OnSuccess": {"Destination": destination.format(account=aws.account)}}

    with pytest.raises(ClientError) as caught:
        aws("lambda").put_function_event_invoke_config(FunctionName="f", DestinationConfig=config)

    assert caught.value.response["Error"]["Message"] == expected.format(account=aws.account)


def test_an_attempt_is_remembered(aws, create, running):
    create(FAILING)
    aws("lambda").put_function_event_invoke_config(FunctionName="f", MaximumRetryAttempts=0)

    aws("lambda").invoke(FunctionName="f", InvocationType="Event", Payload=b"{}")

    aws("stepwell").wait_until(NothingPending=True, Skip=False)
    attempts = aws("stepwell").list_attempts()["Attempts"]
    assert [(each["Outcome"], each["ErrorMessage"]) for each in attempts] == [("given up", "on purpose")]

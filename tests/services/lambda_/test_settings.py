"""Permissions, tags, reserved concurrency."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

ECHO = "def handler(event, context):\n    return event\n"


def test_a_permission_is_a_statement_of_the_policy(aws, create):
    arn = create(ECHO)["FunctionArn"]

    added = aws("lambda").add_permission(
        FunctionName="f",
        StatementId="s3",
        Action="lambda:InvokeFunction",
        Principal="s3.amazonaws.com",
        SourceArn="arn:aws:s3:::bucket",
    )

    statement = {
        "Sid": "s3",
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": arn,
        "Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:s3:::bucket"}},
    }
    assert json.loads(added["Statement"]) == statement
    policy = json.loads(aws("lambda").get_policy(FunctionName="f")["Policy"])
    assert policy == {"Version": "2012-10-17", "Id": "default", "Statement": [statement]}


def test_the_last_statement_takes_the_policy_with_it(aws, create):
    create(ECHO)
    aws("lambda").add_permission(FunctionName="f", StatementId="a", Action="lambda:InvokeFunction", Principal="*")

    aws("lambda").remove_permission(FunctionName="f", StatementId="a")

    with pytest.raises(ClientError) as caught:
        aws("lambda").get_policy(FunctionName="f")
    assert caught.value.response["Error"]["Message"] == "The resource you requested does not exist."


def test_another_account_needs_a_permission_to_invoke(aws, create, running):
    arn = create(ECHO)["FunctionArn"]
    other = running.client("lambda", "999999999999")
    with pytest.raises(ClientError) as caught:
        other.invoke(FunctionName=arn)

    aws("lambda").add_permission(
        FunctionName="f", StatementId="a", Action="lambda:InvokeFunction", Principal="999999999999"
    )

    assert caught.value.response["Error"]["Code"] == "AccessDeniedException"
    assert other.invoke(FunctionName=arn, Payload=b"[1]")["Payload"].read() == b"[1]"


def test_tags_are_added_and_removed(aws, create):
    arn = create(ECHO, Tags={"a": "1"})["FunctionArn"]

    aws("lambda").tag_resource(Resource=arn, Tags={"a": "2", "b": "3"})
    both = aws("lambda").list_tags(Resource=arn)["Tags"]
    aws("lambda").untag_resource(Resource=arn, TagKeys=["b"])

    assert both == {"a": "2", "b": "3"}
    assert aws("lambda").list_tags(Resource=arn)["Tags"] == {"a": "2"}


def test_a_function_without_any_concurrency_is_throttled(aws, create):
    create(ECHO)

    aws("lambda").put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=0)

    with pytest.raises(ClientError) as caught:
        aws("lambda").invoke(FunctionName="f")
    response = caught.value.response
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 429
    assert response["Error"]["Code"] == "TooManyRequestsException"
    assert response["Error"]["Message"] == "Rate Exceeded."
    assert response["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"


def test_a_throttled_event_waits_until_there_is_room(aws, create):
    url = aws("sqs").create_queue(QueueName="told")["QueueUrl"]
    create(ECHO)
    aws("lambda").put_function_event_invoke_config(
        FunctionName="f",
        DestinationConfig={"OnSuccess": {"Destination": f"arn:aws:sqs:us-east-1:{aws.account}:told"}},
    )
    aws("lambda").put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=0)
    aws("lambda").invoke(FunctionName="f", InvocationType="Event", Payload=b"{}")

    aws("lambda").put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=1)
    aws.advance(2)

    messages = aws("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"]
    assert json.loads(messages[0]["Body"])["requestContext"]["condition"] == "Success"


def test_a_reservation_gives_its_place_back(aws, create):
    create(ECHO)
    aws("lambda").put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=1)

    answers = [aws("lambda").invoke(FunctionName="f")["StatusCode"] for _ in range(3)]

    assert answers == [200, 200, 200]


def test_too_little_would_be_left_for_the_other_functions(aws, create):
    create(ECHO)

    with pytest.raises(ClientError) as caught:
        aws("lambda").put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=901)

    assert caught.value.response["Error"]["Message"].endswith("below its minimum value of [100].")

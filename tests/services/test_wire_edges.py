"""At the edge: what is no request gets AWS's error, and whatever is one is understood."""

from __future__ import annotations

import gc
import json
import socket

import pytest

from emulator.front.call import Call
from tests.waiting import until


def test_an_operation_that_aws_does_not_have(edge):
    status, _, answer = edge.json("AWSEvents.PutNothing", "{}")

    assert status in (400, 404)
    assert answer["__type"].endswith("UnknownOperationException")


def test_an_operation_that_this_house_does_not_have(edge):
    status, _, answer = edge.json("AWSEvents.ListEndpoints", "{}")

    assert status == 501
    assert "ListEndpoints" in answer["message"]


def test_a_service_that_this_house_does_not_have(edge):
    status, _, answer = edge.json("Kinesis_20131202.ListStreams", "{}", "kinesis")

    assert status == 501
    assert "kinesis" in answer["message"].lower()


def test_an_action_of_the_query_protocol_that_aws_does_not_have(edge):
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Authorization": edge.credential("sns"),
    }

    status, _, answer = edge.send("POST", "/", headers, b"Action=Nothing&Version=2010-03-31")

    assert status == 400
    assert b"<Code>InvalidAction</Code>" in answer


@pytest.mark.parametrize("body", ["{", "[]", "null", '"text"', "{'a': 1}", '{"a": NaN}', "\x00", '{"Entries": [' * 50])
def test_a_body_that_is_no_json_object(edge, body):
    status, _, answer = edge.json("AWSEvents.PutEvents", body)

    assert status == 400
    assert answer["__type"].endswith("SerializationException")


def test_an_empty_body_is_an_empty_object(edge):
    status, _, answer = edge.json("AWSEvents.ListRules", "")

    assert (status, answer) == (200, {"Rules": []})


def test_a_member_of_the_wrong_type(edge):
    status, _, answer = edge.json("AWSEvents.ListRules", '{"Limit": "many"}')

    assert status == 400
    assert answer["__type"].endswith("SerializationException")


def test_a_member_that_is_missing(edge):
    status, _, answer = edge.json("AWSEvents.PutEvents", "{}")

    assert status == 400
    assert answer == {
        "__type": "ValidationException",
        "message": "1 validation error detected: Value null at 'entries' failed to satisfy constraint: "
        "Member must not be null",
    }


def test_a_member_that_nobody_knows_is_passed_over(edge):
    status, _, answer = edge.json("AWSEvents.ListRules", '{"Nothing": 1}')

    assert (status, answer) == (200, {"Rules": []})


def test_an_unsigned_request_belongs_to_the_default_account(edge):
    status, _, answer = edge.json("AWSEvents.DescribeEventBus", "{}", Authorization="")

    assert status == 200
    assert answer["Arn"] == "arn:aws:events:us-east-1:000000000000:event-bus/default"


def test_a_request_of_an_unknown_key_belongs_to_the_default_account(edge):
    key = (
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/eu-west-3/events/aws4_request, "
        "SignedHeaders=host, Signature=0"
    )

    status, _, answer = edge.json("AWSEvents.DescribeEventBus", "{}", Authorization=key)

    assert status == 200
    assert answer["Arn"] == "arn:aws:events:eu-west-3:000000000000:event-bus/default"


def test_every_answer_has_an_id_of_its_own(edge):
    ids = {edge.json("AWSEvents.ListRules", "{}")[1]["x-amzn-requestid"] for _ in range(5)}

    assert len(ids) == 5


def test_a_text_that_no_store_keeps_is_refused(edge):
    body = '{"Name": "rule", "EventPattern": "{\\"source\\": [\\"a\\"]}", "Description": "\\ud800"}'

    status, _, answer = edge.json("AWSEvents.PutRule", body)

    assert status == 400
    assert answer["__type"].endswith("SerializationException")


def test_a_large_request_of_the_query_protocol_is_understood(aws):
    topic = aws("sns").create_topic(Name="topic")["TopicArn"]

    answer = aws("sns").publish(TopicArn=topic, Message="ä" * 60_000)

    assert answer["MessageId"]


def test_a_large_request_leaves_no_file_behind(aws, running):
    before = files(running)

    aws("events").put_events(Entries=[{"Source": "a", "DetailType": "d", "Detail": json.dumps({"a": "x" * 300_000})}])

    assert files(running) == before


def test_a_large_request_whose_client_goes_away_leaves_no_file_behind(edge, aws, running):
    url = aws("sqs").create_queue(QueueName="queue")["QueueUrl"]
    body = json.dumps({"QueueUrl": url, "TimeoutSeconds": 600, "Skip": False, "Junk": "x" * 300_000}).encode()
    parking, before = running.emulator.house.parking, files(running)
    parked = len(parking)
    head = (
        f"POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: Stepwell_20261120.WaitUntil\r\n"
        f"Authorization: {edge.credential('stepwell')}\r\nContent-Length: {len(body)}\r\n\r\n"
    )

    with socket.create_connection(edge.address) as connection:
        connection.sendall(head.encode() + body)
        until(lambda: len(parking) > parked)
        during = files(running)

    assert len(during) == len(before) + 1
    until(lambda: files(running) == before)


def files(running):
    """What lies in the data folder beside the database."""
    found = (path for path in running.config.data.rglob("*") if "stepwell.db" not in path.name)
    return sorted(path for path in found if path.is_file())


def test_a_request_leaves_nothing_to_the_collector(edge):
    gc.collect()
    gc.disable()
    try:
        for _ in range(50):
            edge.json("AWSEvents.ListRules", "{}")
        alive = sum(isinstance(each, Call) for each in gc.get_objects())
    finally:
        gc.enable()

    assert alive < 25  # of connections that are still open

"""At the edge: what is no request gets AWS's error, and nothing that arrives makes us fail, hang or lose our way."""

from __future__ import annotations

import http.client
import json
import logging
import re
import runpy
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

_FUZZ = runpy.run_path(str(Path(__file__).with_name("fuzzing.py")), run_name="fuzzing")
_CONTROLS = re.compile("[\x00-\x1f\x7f]")  # what http.client does not send in a header


class Edge:
    """Raw requests of one account."""

    def __init__(self, running: Any, account: str) -> None:
        self.account = account
        self._address = running.url.removeprefix("http://")
        self._connection: http.client.HTTPConnection | None = None

    def send(
        self, method: str, target: str, headers: dict[str, str], body: bytes = b""
    ) -> tuple[int, dict[str, str], bytes]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(self._address, timeout=15)
        try:
            self._connection.putrequest(method, target, skip_accept_encoding=True)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self._connection.putheader(name, _CONTROLS.sub("?", value).encode("utf-8", "replace"))
            self._connection.endheaders(body)
            response = self._connection.getresponse()
            answer = response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
        except BaseException:
            self.close()
            raise
        if answer[1].get("connection", "").lower() == "close":
            self.close()
        return answer

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def credential(self, service: str) -> str:
        return (
            f"AWS4-HMAC-SHA256 Credential={self.account}/20260101/us-east-1/{service}/aws4_request, "
            "SignedHeaders=host, Signature=0"
        )

    def json(
        self, target: str, body: bytes | str, service: str = "events", **more: str
    ) -> tuple[int, dict[str, str], Any]:
        headers = {
            "X-Amz-Target": target,
            "Content-Type": "application/x-amz-json-1.1",
            "Authorization": self.credential(service),
            **more,
        }
        text = body.encode() if isinstance(body, str) else body
        status, found, answer = self.send("POST", "/", {k: v for k, v in headers.items() if v}, text)
        return status, found, json.loads(answer)


@pytest.fixture
def edge(running, aws):
    found = Edge(running, aws.account)
    yield found
    found.close()


def test_an_operation_that_aws_does_not_have(edge):
    status, _, answer = edge.json("AWSEvents.PutNothing", "{}")

    assert status in (400, 404)
    assert answer["__type"].endswith("UnknownOperationException")


def test_an_operation_that_this_house_does_not_have(edge):
    status, _, answer = edge.json("AWSEvents.ListArchives", "{}")

    assert status == 501
    assert "ListArchives" in answer["message"]


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


@pytest.mark.parametrize(
    "body", ["{", "[]", "null", '"text"', "{'a': 1}", '{"a": NaN}', "\x00", '{"Entries": [' * 50]
)
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
    key = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/eu-west-3/events/aws4_request, SignedHeaders=host, Signature=0"

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
    blobs = running.config.data
    before = sorted(path for path in blobs.rglob("*") if path.is_file() and "stepwell.db" not in path.name)

    aws("events").put_events(
        Entries=[{"Source": "a", "DetailType": "d", "Detail": json.dumps({"a": "x" * 300_000})}]
    )

    after = sorted(path for path in blobs.rglob("*") if path.is_file() and "stepwell.db" not in path.name)
    assert after == before


# -- anything at all


def furnish(aws: Any) -> Any:
    """An account with something of everything, as the generator's world."""
    account = aws.account
    aws("sqs").create_queue(QueueName="queue")
    url = aws("sqs").get_queue_url(QueueName="queue")["QueueUrl"]
    aws("sns").create_topic(Name="topic")
    aws("s3").create_bucket(Bucket=f"bucket-{account}")
    aws("s3").put_object(Bucket=f"bucket-{account}", Key="key", Body=b"body")
    aws("logs").create_log_group(logGroupName="group")
    aws("events").put_rule(Name="rule", EventPattern='{"source": ["a"]}')
    machine = json.dumps({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}})
    allow = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    role = aws("iam").create_role(RoleName="name", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    aws("iam").create_user(UserName="name")
    aws("iam").create_group(GroupName="name")
    aws("stepfunctions").create_state_machine(name="machine", roleArn=role, definition=machine)
    arns = tuple(
        f"arn:aws:{service}:us-east-1:{account}:{resource}"
        for service, resource in (
            ("sqs", "queue"), ("sns", "topic"), ("events", "rule/rule"), ("events", "event-bus/default"),
            ("logs", "log-group:group:*"), ("lambda", "function:function"), ("states", "stateMachine:machine"),
            ("states", "execution:machine:name"), ("sqs", "nowhere"),
        )
    )  # fmt: skip
    documents = ('{"source": ["a"]}', '{"a": [{"b": 1}]}', "{}", '["a"]')
    texts = {
        "queueurl": (url, url + "s"),
        "topicarn": (arns[1],),
        "statemachinearn": (arns[6],),
        "rolearn": (role,),
        "role": (role,),
        "expectedbucketowner": (account,),
        "username": ("name", "other"),
        "groupname": ("name", "other"),
        "rolename": ("name", "other"),
        "arn": arns,
        "resourcearn": arns,
        "bucket": (f"bucket-{account}",),
        "key": ("key", "a", "QueueArn", "Policy"),
        "definition": (machine, "{}"),
        "eventpattern": documents,
        "event": (json.dumps({"id": "1", "source": "a", "detail-type": "d", "account": account, "time": "t", "region": "r", "resources": []}),),
        "detail": documents,
        "policydocument": (trust, json.dumps({"Version": "2012-10-17", "Statement": []})),
        "policy": documents,
        "input": documents,
        "scheduleexpression": ("rate(1 hour)", "cron(0 0 * * ? *)"),
        "queuename": ("queue", "other", "other.fifo"),
        "topicname": ("topic",),
        "loggroupname": ("group",),
        "logstreamname": ("stream",),
        "functionname": ("function",),
        "eventbusname": ("default", "bus"),
        "rule": ("rule",),
        "name": ("rule", "machine", "topic", "bus", "name"),
        "token": ("token",),
        "nexttoken": ("a", "MTA="),
    }  # fmt: skip
    return _FUZZ["World"](account, texts)


def bombard(edge: Any, aws: Any, running: Any, seed: int, number: int) -> tuple[list[str], int]:
    """Send so many requests; the complaints, and how many were calls of an operation that we have."""
    world, directory = furnish(aws), running.emulator.house.directory
    emulated = frozenset(
        (name, entry.operation)
        for name in directory.services
        for entry in directory.coverage(name)
        if entry.emulated
    )
    calls = running.emulator.endpoint.calls
    reached = [0]
    begin = calls.begin

    def counted(call: Any, done: Any) -> Any:
        reached[0] += directory.find(call.service, call.operation) is not None
        return begin(call, done)

    complaints = []
    calls.begin = counted
    try:
        for raw in islice(_FUZZ["Generator"](seed, world, emulated), number):
            try:
                status, _, answer = edge.send(raw.method, raw.target, raw.headers, raw.body)
            except (OSError, http.client.HTTPException) as error:
                complaints.append(f"{raw.service}:{raw.operation}: {type(error).__name__} {raw}")
                continue
            if status == 500 or b"Traceback" in answer:
                complaints.append(f"{raw.service}:{raw.operation}: {status} {raw}"[:1_500])
    finally:
        calls.begin = begin
    return complaints, reached[0]


def errors_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.ERROR and record.name.startswith(("stepwell", "asyncio"))
    ]


@pytest.mark.parametrize("seed", [1])
def test_nothing_that_arrives_makes_us_fail(edge, aws, running, caplog, seed):
    complaints, reached = bombard(edge, aws, running, seed, 2_000)

    assert complaints == []
    assert errors_of(caplog) == []
    assert reached >= 1_000


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(10, 20))
def test_nothing_that_arrives_makes_us_fail_however_long_it_goes_on(edge, aws, running, caplog, seed):
    complaints, reached = bombard(edge, aws, running, seed, 2_000)

    assert complaints == []
    assert errors_of(caplog) == []
    assert reached >= 1_000

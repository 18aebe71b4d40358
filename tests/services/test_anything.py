"""Nothing that arrives makes us fail, hang or lose our way."""

from __future__ import annotations

import http.client
import json
import logging
from itertools import islice
from typing import Any

import pytest

from tests.services.fuzzing import Generator, World


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
    return World(account, texts_of(account, url, role, machine, trust))


def texts_of(account: str, url: str, role: str, machine: str, trust: str) -> dict[str, tuple[str, ...]]:
    """What makes sense for a member whose name ends so."""
    arns = tuple(
        f"arn:aws:{service}:us-east-1:{account}:{resource}"
        for service, resource in (
            ("sqs", "queue"), ("sns", "topic"), ("events", "rule/rule"), ("events", "event-bus/default"),
            ("logs", "log-group:group:*"), ("lambda", "function:function"), ("states", "stateMachine:machine"),
            ("states", "execution:machine:name"), ("sqs", "nowhere"),
        )
    )  # fmt: skip
    event = json.dumps(
        {"id": "1", "source": "a", "detail-type": "d", "account": "1", "time": "t", "region": "r", "resources": []}
    )  # fmt: skip
    documents = ('{"source": ["a"]}', '{"a": [{"b": 1}]}', "{}", '["a"]')
    return {
        "queueurl": (url, url + "s"), "topicarn": (arns[1],), "statemachinearn": (arns[6],),
        "rolearn": (role,), "role": (role,), "expectedbucketowner": (account,),
        "username": ("name", "other"), "groupname": ("name", "other"), "rolename": ("name", "other"),
        "arn": arns, "resourcearn": arns, "bucket": (f"bucket-{account}",),
        "key": ("key", "a", "QueueArn", "Policy"), "definition": (machine, "{}"), "eventpattern": documents,
        "event": (event,), "detail": documents,
        "policydocument": (trust, json.dumps({"Version": "2012-10-17", "Statement": []})),
        "policy": documents, "input": documents,
        "scheduleexpression": ("rate(1 hour)", "cron(0 0 * * ? *)"),
        "queuename": ("queue", "other", "other.fifo"), "topicname": ("topic",), "loggroupname": ("group",),
        "logstreamname": ("stream",), "functionname": ("function",), "eventbusname": ("default", "bus"),
        "rule": ("rule",), "name": ("rule", "machine", "topic", "bus", "name"), "token": ("token",),
        "nexttoken": ("a", "MTA="),
    }  # fmt: skip


def bombard(edge: Any, aws: Any, running: Any, seed: int, number: int) -> tuple[list[str], int]:
    """Send so many requests; the complaints, and how many were calls of an operation that we have."""
    world, directory = furnish(aws), running.emulator.house.directory
    emulated = frozenset(
        (name, entry.operation) for name in directory.services for entry in directory.coverage(name) if entry.emulated
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
        for raw in islice(Generator(seed, world, emulated), number):
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

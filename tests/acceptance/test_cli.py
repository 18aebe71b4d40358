"""The commands, as processes against a running `stepwell up`."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow  # each starts processes of its own

Start = Callable[..., Any]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_up_serves_until_it_is_asked_to_end(up: Start, number: int) -> None:
    running = up()
    running.aws("sqs").create_queue(QueueName="q")

    code = running.end(number)

    assert code == 0
    assert running.told == ""


def test_what_was_made_is_there_after_the_next_start(up: Start) -> None:
    first = up()
    first.aws("sqs").create_queue(QueueName="q")
    first.end()

    second = up()

    assert second.aws("sqs").get_queue_url(QueueName="q")["QueueUrl"].endswith("/q")


def test_fresh_forgets_what_was_made(up: Start) -> None:
    first = up()
    first.aws("sqs").create_queue(QueueName="q")
    first.end()

    second = up("--fresh")

    assert "QueueUrls" not in second.aws("sqs").list_queues()


def test_fresh_spares_a_folder_that_is_not_ours(stepwell: Run, project: Path) -> None:
    (project / "thesis.txt").write_text("years of work")

    done = stepwell("up", "--fresh", "--data", project, "--port", 0, cwd=project)

    assert done.returncode == 1
    assert "is not a data folder of Stepwell" in done.stderr
    assert (project / "thesis.txt").exists()


def test_a_second_start_on_the_same_data_says_who_holds_it(up: Start, stepwell: Run, project: Path) -> None:
    running = up()

    done = stepwell("up", "--port", 0, cwd=project)

    assert done.returncode == 1
    assert f"in use by process {running.process.pid}" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_port_in_use_is_one_line(stepwell: Run, project: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()

        done = stepwell("up", "--port", other.getsockname()[1], cwd=project)

    assert done.returncode == 1
    assert "the port is in use" in done.stderr
    assert done.stderr.count("\n") == 1


def test_status_tells_where_it_runs_and_what_is_pending(up: Start) -> None:
    running = up()

    told = running.run("status")

    assert running.url in told
    assert str(running.process.pid) in told
    assert "nothing pending" in told


def test_stop_ends_it_and_a_second_stop_finds_nobody(up: Start, stepwell: Run, project: Path) -> None:
    running = up()

    told = running.run("stop")
    again = stepwell("stop", cwd=project)

    assert f"process {running.process.pid}" in told
    assert running.process.wait(5) == 0
    assert again.returncode == 1
    assert "No emulator runs on" in again.stderr


def test_a_killed_process_is_not_taken_for_a_running_one(up: Start, stepwell: Run, project: Path) -> None:
    running = up()
    running.process.kill()
    running.process.wait()

    done = stepwell("status", "--data", project / ".stepwell", cwd=project)

    assert done.returncode == 1


def test_env_makes_boto3_use_it(up: Start, project: Path) -> None:
    running = up()
    make = "import boto3; print(boto3.client('sqs').create_queue(QueueName='q')['QueueUrl'])"
    script = f'eval "$("$PYTHON" -m emulator env)"; "$PYTHON" -c "{make}"'
    done = subprocess.run(
        ["bash", "-c", script], cwd=project, env={"PYTHON": sys.executable}, capture_output=True, text=True
    )

    assert done.stdout.strip() == f"{running.url}/000000000000/q", done.stderr


def test_the_clock_is_shown_frozen_advanced_and_set(up: Start) -> None:
    running = up()

    frozen = running.run("clock", "freeze")
    advanced = running.run("clock", "advance", "1d12h")
    moved = running.run("clock", "set", "2031-01-01T00:00:00Z")
    scaled = running.run("clock", "scale", "60")

    assert "(frozen;" in frozen
    assert advanced[:13] > frozen[:13]
    assert moved.startswith("2031-01-01 00:00:00.000Z")
    assert "scaled at 60 times the pace" in scaled
    assert running.run("clock").startswith("2031-01-01 00:0")


def test_the_clock_does_not_go_back(up: Start, stepwell: Run, project: Path) -> None:
    up()

    done = stepwell("clock", "set", "2001-01-01T00:00:00Z", cwd=project)

    assert done.returncode == 1
    assert done.stderr == "stepwell: The time of an account does not go back.\n"


def test_until_waits_for_a_message_and_skips_its_delay(up: Start) -> None:
    running = up()
    sqs = running.aws("sqs")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="hello", DelaySeconds=900)

    told = running.run("until", "--queue", url, "--timeout", "1h")

    assert told.strip().endswith("reached")
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "hello"


def test_until_that_is_not_reached_fails(up: Start, stepwell: Run, project: Path) -> None:
    running = up()
    url = running.aws("sqs").create_queue(QueueName="q")["QueueUrl"]

    done = stepwell("until", "--queue", url, "--timeout", "1h", cwd=project)

    assert done.returncode == 1
    assert done.stdout.strip().endswith("not reached")


def test_explain_says_which_rule_took_an_event_and_why_another_did_not(up: Start) -> None:
    running = up()
    events = running.aws("events")
    for name, size in (("small", 10), ("large", 1000)):
        pattern = {"source": ["shop"], "detail": {"size": [{"numeric": [">=", size]}]}}
        events.put_rule(Name=name, EventPattern=json.dumps(pattern))
    entry = {"Source": "shop", "DetailType": "order", "Detail": '{"size": 50}'}
    event_id = events.put_events(Entries=[entry])["Entries"][0]["EventId"]

    listed = running.run("explain")
    told = running.run("explain", event_id)

    assert f"{event_id} shop 'order' -> small" in listed
    assert "matched   small" in told
    assert "no match  large" in told
    assert "detail.size: expected" in told
    assert "found 50" in told


def test_explain_tells_what_an_execution_did_event_by_event(up: Start) -> None:
    running = up()
    states = running.aws("stepfunctions")
    task = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": True}
    parameters = {"QueueUrl": "http://127.0.0.1/000000000000/nowhere", "MessageBody": "two\nlines"}
    definition = json.dumps({"StartAt": "Send", "States": {"Send": {**task, "Parameters": parameters}}})
    role = "arn:aws:iam::000000000000:role/r"
    machine = states.create_state_machine(name="m", definition=definition, roleArn=role)["stateMachineArn"]
    execution = states.start_execution(stateMachineArn=machine, name="e", input='{"a":1}')["executionArn"]

    told = running.run("explain", execution).splitlines()

    assert f"'Step Functions Execution Status Change' {execution} FAILED -> " in running.run("explain")
    assert told[0] == "m:e FAILED"
    assert [line.split()[3] for line in told[1:]] == [
        "ExecutionStarted",
        "TaskStateEntered",
        "TaskScheduled",
        "TaskStarted",
        "TaskFailed",
        "ExecutionFailed",
    ]
    assert (told[1].split()[0], told[1].split()[2]) == ("1", "ms")
    assert told[1].endswith('{"a":1}')
    assert told[2].split()[4] == "Send"
    assert " sqs sendMessage SQS.QueueDoesNotExistException The specified queue does not exist" in told[5]


def test_explain_of_an_execution_that_is_not_there_is_one_clear_line(up: Start, stepwell: Run, project: Path) -> None:
    up()
    arn = "arn:aws:states:us-east-1:000000000000:execution:m:nowhere"

    done = stepwell("explain", arn, cwd=project)

    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"stepwell: DescribeExecution: ExecutionDoesNotExist: Execution Does Not Exist: '{arn}'"
    ]


def test_attempts_tell_of_a_delivery_that_was_given_up(up: Start) -> None:
    running = up()
    events = running.aws("events")
    events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
    nowhere = "arn:aws:sqs:us-east-1:000000000000:nowhere"
    events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": nowhere}])
    events.put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": "{}"}])
    running.run("until", "--idle")

    told = running.run("attempts")

    assert "given up" in told
    assert nowhere in told
    assert "QueueDoesNotExist" in told or "NonExistentQueue" in told


def test_the_inbox_shows_a_mail(up: Start) -> None:
    running = up()
    sns = running.aws("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com")
    sns.publish(TopicArn=topic, Subject="Dear all", Message="the message")
    running.run("until", "--idle")

    told = running.run("inbox")

    assert "to a@example.com" in told
    assert "the message" in told


def test_coverage_counts_by_service_and_lists_one(up: Start) -> None:
    running = up()

    whole = running.run("coverage")
    sqs = running.run("coverage", "sqs")

    assert "of 23 operations" in whole
    assert "yes  SendMessage" in sqs


def test_another_account_is_another_world(up: Start) -> None:
    running = up()
    running.run("clock", "freeze", "--account", "111122223333")

    assert "(frozen;" in running.run("clock", "--account", "111122223333")
    assert "(real;" in running.run("clock")

"""WaitUntil answers when what was waited for has happened, and not before; SetClock gives an account its pace."""

import json
import socket
import time
from datetime import UTC, datetime, timedelta

import pytest

from emulator.clock import to_micros
from tests.services.conftest import Aws
from tests.waiting import until

ROLE = "arn:aws:iam::000000000000:role/workflows"


@pytest.fixture
def stepwell(aws):
    return aws("stepwell")


@pytest.fixture
def queue(aws):
    return aws("sqs").create_queue(QueueName="queue")["QueueUrl"]


def every_minute(aws, name="tick"):
    """A rule that sends to the queue each minute."""
    aws("events").put_rule(Name=name, ScheduleExpression="rate(1 minute)")
    arn = f"arn:aws:sqs:us-east-1:{aws.account}:queue"
    aws("events").put_targets(Rule=name, Targets=[{"Id": "t", "Arn": arn}])


# -- waiting


def test_a_queue_that_has_a_message_is_not_waited_for(aws, stepwell, queue):
    aws("sqs").send_message(QueueUrl=queue, MessageBody="here")
    before = stepwell.get_clock()["Now"]

    answer = stepwell.wait_until(QueueUrl=queue, TimeoutSeconds=86_400)

    assert answer["Reached"]
    assert answer["Now"] - before < timedelta(minutes=1)


def test_a_queue_is_waited_for_until_time_brings_a_message(aws, stepwell, queue):
    every_minute(aws)
    before = stepwell.get_clock()["Now"]

    answer = stepwell.wait_until(QueueUrl=queue, TimeoutSeconds=86_400)

    assert answer["Reached"]
    assert timedelta(seconds=59) <= answer["Now"] - before <= timedelta(seconds=65)


def test_a_delayed_message_is_waited_for(aws, stepwell, queue):
    aws("sqs").send_message(QueueUrl=queue, MessageBody="late", DelaySeconds=600)

    answer = stepwell.wait_until(QueueUrl=queue, TimeoutSeconds=3_600)

    assert answer["Reached"]
    assert [message["Body"] for message in aws("sqs").receive_message(QueueUrl=queue)["Messages"]] == ["late"]


def test_a_queue_that_stays_empty_is_waited_for_until_the_deadline(stepwell, queue):
    before = stepwell.get_clock()["Now"]

    answer = stepwell.wait_until(QueueUrl=queue, TimeoutSeconds=3_600)

    assert not answer["Reached"]
    assert timedelta(seconds=3_599) <= answer["Now"] - before <= timedelta(seconds=3_610)


def test_nothing_is_pending_when_all_deliveries_are_made(aws, stepwell, queue):
    every_minute(aws)
    aws("events").put_rule(Name="any", EventPattern='{"source": ["a"]}')
    arn = f"arn:aws:sqs:us-east-1:{aws.account}:queue"
    aws("events").put_targets(Rule="any", Targets=[{"Id": "t", "Arn": arn}])
    aws("events").put_events(Entries=[{"Source": "a", "DetailType": "d", "Detail": "{}"}] * 10)

    answer = stepwell.wait_until(NothingPending=True, TimeoutSeconds=5)

    counted = aws("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"])
    assert answer["Reached"]
    assert counted["Attributes"]["ApproximateNumberOfMessages"] == "10"


def test_what_comes_again_and_again_is_pending_until_the_deadline(aws, stepwell, queue):
    every_minute(aws)

    answer = stepwell.wait_until(NothingPending=True, TimeoutSeconds=150)

    counted = aws("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"])
    assert counted["Attributes"]["ApproximateNumberOfMessages"] == "2"
    assert answer["Reached"]  # what is next lies past the deadline


def test_without_skipping_time_goes_its_own_way(aws, stepwell, queue):
    every_minute(aws)
    before = time.monotonic()

    answer = stepwell.wait_until(QueueUrl=queue, TimeoutSeconds=0.3, Skip=False)

    assert not answer["Reached"]
    assert 0.25 < time.monotonic() - before < 30


SLOW = "import time\ndef handler(event, context):\n    time.sleep(0.3)\n    return event"


@pytest.mark.parametrize("nothing_pending", [False, True])
def test_time_is_not_skipped_while_a_function_of_another_account_works_for_a_task(
    running, aws, stepwell, nothing_pending
):
    other = Aws(running, f"9{aws.account[1:]}")
    function = other.function(SLOW)
    other("lambda").add_permission(
        FunctionName="f", StatementId="s", Action="lambda:InvokeFunction", Principal=aws.account
    )
    task = {"Type": "Task", "Resource": function, "TimeoutSeconds": 60, "End": True}
    machine = aws("stepfunctions").create_state_machine(
        name="m", roleArn=ROLE, definition=json.dumps({"StartAt": "T", "States": {"T": task}})
    )["stateMachineArn"]
    execution = aws("stepfunctions").start_execution(stateMachineArn=machine)["executionArn"]
    before = stepwell.get_clock()["Now"]

    wanted = {"NothingPending": True} if nothing_pending else {"ExecutionArn": execution}
    answer = stepwell.wait_until(**wanted, TimeoutSeconds=86_400)

    shown = aws("stepfunctions").describe_execution(executionArn=execution)
    assert (answer["Reached"], shown["status"]) == (True, "SUCCEEDED")
    assert answer["Now"] - before < timedelta(seconds=60)


def test_a_waiter_of_a_queue_that_is_not_there_is_refused(aws, stepwell, queue, refusal):
    assert "Queue" in refusal(stepwell.wait_until, QueueUrl=f"{queue}s")[0]


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"NothingPending": False},
        {"NothingPending": True, "QueueUrl": "http://127.0.0.1/1/q"},
        {"NothingPending": True, "TimeoutSeconds": -1},
        {"NothingPending": True, "TimeoutSeconds": 1e300},
    ],
)
def test_a_waiter_says_clearly_for_what_it_waits(stepwell, params, refusal):
    assert refusal(stepwell.wait_until, **params)[0] == "InvalidParameterException"


def test_a_client_that_goes_away_waits_no_longer(running, aws, queue):
    parking = running.emulator.house.parking
    before = len(parking)
    host, port = running.url.removeprefix("http://").split(":")
    body = json.dumps({"QueueUrl": queue, "TimeoutSeconds": 3_600, "Skip": False})
    text = (
        f"POST / HTTP/1.1\r\nHost: {host}\r\nX-Amz-Target: Stepwell_20261120.WaitUntil\r\n"
        f"Authorization: AWS4-HMAC-SHA256 Credential={aws.account}/20260101/us-east-1/stepwell/aws4_request, "
        f"SignedHeaders=host, Signature=0\r\nContent-Type: application/x-amz-json-1.1\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    )

    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(text.encode())
        until(lambda: len(parking) > before)

    until(lambda: len(parking) == before)


# -- the clock


def test_a_frozen_clock_stands(stepwell):
    first = stepwell.set_clock(Mode="frozen")

    second = stepwell.get_clock()

    assert (second["Mode"], second["Scale"], second["Now"]) == ("frozen", 0.0, first["Now"])


def test_time_is_given(stepwell):
    moment = datetime(2040, 2, 29, 12, tzinfo=UTC)

    answer = stepwell.set_clock(Mode="frozen", Now=moment)

    assert answer["Now"] == moment


def test_a_frozen_account_s_schedules_fire_when_it_is_advanced(aws, stepwell, queue):
    stepwell.set_clock(Mode="frozen", Now=datetime(2040, 1, 1, tzinfo=UTC))
    every_minute(aws)

    stepwell.advance_clock(Seconds=90)

    messages = aws("sqs").receive_message(QueueUrl=queue)["Messages"]
    assert [json.loads(message["Body"])["time"] for message in messages] == ["2040-01-01T00:01:00Z"]
    assert stepwell.get_clock()["Now"] == datetime(2040, 1, 1, 0, 1, 30, tzinfo=UTC)


def test_a_frozen_account_s_deliveries_are_made(aws, stepwell, queue):
    stepwell.set_clock(Mode="frozen")
    aws("events").put_rule(Name="any", EventPattern='{"source": ["a"]}')
    arn = f"arn:aws:sqs:us-east-1:{aws.account}:queue"
    aws("events").put_targets(Rule="any", Targets=[{"Id": "t", "Arn": arn}])

    aws("events").put_events(Entries=[{"Source": "a", "DetailType": "d", "Detail": "{}"}])

    assert stepwell.wait_until(QueueUrl=queue, TimeoutSeconds=1)["Reached"]


def test_a_scaled_clock_runs_faster_and_so_do_schedules(aws, stepwell, queue):
    every_minute(aws)

    answer = stepwell.set_clock(Mode="scaled", Scale=6_000)
    message = aws("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=20)

    assert (answer["Mode"], answer["Scale"]) == ("scaled", 6_000.0)
    assert len(message["Messages"]) == 1


def test_time_may_be_advanced_to_a_moment(stepwell):
    moment = stepwell.get_clock()["Now"] + timedelta(days=3)

    answer = stepwell.advance_clock(To=moment)

    assert to_micros(answer["Now"]) >= to_micros(moment) - 1_000


@pytest.mark.parametrize(
    "params",
    [
        {"Mode": "frozen", "Scale": 3.0},
        {"Mode": "scaled", "Scale": 0.0},
        {"Scale": -1.0},
        {"Scale": 1e9},
        {"Now": datetime(1999, 1, 1, tzinfo=UTC)},
        {"Now": datetime(9999, 12, 31, tzinfo=UTC)},
    ],
)
def test_a_clock_that_cannot_be_is_refused(stepwell, params, refusal):
    assert refusal(stepwell.set_clock, **params)[0] == "InvalidParameterException"


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"Seconds": -1.0},
        {"Seconds": 1e300},
        {"Seconds": 249e9, "To": datetime(2040, 1, 1, tzinfo=UTC)},
        {"Seconds": 2.6e11},
        {"To": datetime(1999, 1, 1, tzinfo=UTC)},
    ],
)
def test_an_advance_that_cannot_be_is_refused(stepwell, params, refusal):
    assert refusal(stepwell.advance_clock, **params)[0] == "InvalidParameterException"


def test_a_mode_that_nobody_knows_is_refused(stepwell, refusal):
    assert refusal(stepwell.set_clock, Mode="backwards")[0] == "ValidationException"

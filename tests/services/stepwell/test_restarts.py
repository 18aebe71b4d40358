"""A stop answers who waits; after a start everything goes on where it was."""

import threading
import time
from datetime import UTC, datetime

import pytest

from emulator.testing import Running
from tests.waiting import until

ACCOUNT = "111111111111"
MOMENT = datetime(2040, 1, 1, tzinfo=UTC)


@pytest.fixture
def start(tmp_path):
    """Start an emulator on one data folder, as often as asked; all are stopped at the end."""
    started = []

    def begin():
        started.append(Running(tmp_path / "data").start())
        return started[-1]

    yield begin
    for running in started:
        if running._thread.is_alive():
            running.stop()


def test_who_waits_is_answered_at_the_stop(start):
    running, answers = start(), []
    stepwell = running.client("stepwell", ACCOUNT)
    sqs = running.client("sqs", ACCOUNT)
    url = sqs.create_queue(QueueName="queue")["QueueUrl"]
    threads = [
        threading.Thread(target=lambda: answers.append(stepwell.wait_until(QueueUrl=url, Skip=False))),
        threading.Thread(target=lambda: answers.append(sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20))),
    ]
    for thread in threads:
        thread.start()
    until(lambda: len(running.emulator.house.parking) == 2)
    before = time.monotonic()

    running.stop()
    for thread in threads:
        thread.join(10)

    assert len(answers) == 2
    assert time.monotonic() - before < 10


def test_an_account_s_time_and_its_schedules_go_on(start):
    first = start()
    first.client("stepwell", ACCOUNT).set_clock(Mode="frozen", Now=MOMENT)
    url = first.client("sqs", ACCOUNT).create_queue(QueueName="queue")["QueueUrl"].rsplit("/", 1)[-1]
    first.client("events", ACCOUNT).put_rule(Name="rule", ScheduleExpression="rate(1 hour)")
    target = {"Id": "t", "Arn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:{url}"}
    first.client("events", ACCOUNT).put_targets(Rule="rule", Targets=[target])
    first.stop()

    second = start()
    before = second.client("stepwell", ACCOUNT).get_clock()
    second.client("stepwell", ACCOUNT).advance_clock(Seconds=3_600)
    sqs = second.client("sqs", ACCOUNT)

    assert (before["Mode"], before["Now"]) == ("frozen", MOMENT)
    messages = sqs.receive_message(QueueUrl=sqs.get_queue_url(QueueName="queue")["QueueUrl"])["Messages"]
    assert len(messages) == 1


def test_a_retry_that_was_due_in_between_is_made(start):
    first = start()
    events = first.client("events", ACCOUNT)
    sqs = first.client("sqs", ACCOUNT)
    sqs.create_queue(QueueName="queue")
    events.put_rule(Name="rule", EventPattern='{"source": ["a"]}')
    arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:queue"
    events.put_targets(Rule="rule", Targets=[{"Id": "t", "Arn": arn, "Input": '"\uffff"'}])
    events.put_events(Entries=[{"Source": "a", "DetailType": "d", "Detail": "{}"}])
    first.client("stepwell", ACCOUNT).wait_until(NothingPending=True, TimeoutSeconds=0)
    first.stop()

    second = start()
    stepwell = second.client("stepwell", ACCOUNT)
    stepwell.advance_clock(Seconds=10)

    attempts = [attempt["Attempt"] for attempt in stepwell.list_attempts()["Attempts"]]
    assert attempts[:3] == [len(attempts), len(attempts) - 1, len(attempts) - 2]
    assert len(attempts) >= 3

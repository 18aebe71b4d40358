"""Queues that are emptied or deleted, however much is in them."""

import shutil
import threading

import pytest

from emulator.storage import Queries
from emulator.testing import Running
from tests.waiting import until

ACCOUNT = "111111111111"
MANY = 600  # more than goes in one slice
SQL = Queries.parse(
    """
-- name: messages
SELECT count(*) AS rows FROM sqs_messages WHERE account = :account
-- name: deduplications
SELECT count(*) AS rows FROM sqs_deduplications WHERE account = :account
"""
)


def fill(ctx, url, count=MANY):
    """Send messages, of one message group where the queue is FIFO."""
    ids = {"MessageGroupId": "g"} if url.endswith(".fifo") else {}
    for number in range(count):
        more = {**ids, "MessageDeduplicationId": str(number)} if ids else {}
        ctx.call("sqs", "SendMessage", {"QueueUrl": url, "MessageBody": "old", **more})


def left(ctx):
    """The account's rows: of messages, of deduplications."""
    return tuple(ctx.tx.one(query, account=ctx.account)["rows"] for query in SQL)


def counts(sqs, url):
    names = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
    shown = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return [int(shown[name]) for name in names]


@pytest.mark.parametrize("name", ["q", "q.fifo"])
def test_a_full_queue_is_empty_at_once(aws, sqs, queue, bodies, name):
    url = queue(name)
    aws.inside(lambda ctx: fill(ctx, url))
    bodies(url)

    sqs.purge_queue(QueueUrl=url)
    found = (bodies(url), counts(sqs, url))
    fifo = {"MessageGroupId": "g", "MessageDeduplicationId": "new"} if name == "q.fifo" else {}
    sqs.send_message(QueueUrl=url, MessageBody="new", **fifo)
    aws.advance(0)

    assert found == ([], [0, 0, 0])
    assert bodies(url) == ["new"]
    assert aws.inside(left)[0] == 1


def test_a_queue_of_the_same_name_begins_empty(aws, sqs, queue, bodies):
    url = queue("q.fifo")
    aws.inside(lambda ctx: fill(ctx, url))

    sqs.delete_queue(QueueUrl=url)
    queue("q.fifo")
    sqs.send_message(QueueUrl=url, MessageBody="new", MessageGroupId="g", MessageDeduplicationId="1")
    aws.advance(0)

    assert bodies(url) == ["new"]
    assert aws.inside(left) == (1, 1)


def test_a_receipt_handle_of_a_purged_message_does_nothing(sqs, queue, error_of):
    url = queue()
    sqs.send_message(QueueUrl=url, MessageBody="old")
    handle = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]

    sqs.purge_queue(QueueUrl=url)
    sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)

    error = error_of(sqs.change_message_visibility, QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0)["Error"]
    assert "does not exist" in error["Message"]


@pytest.fixture
def house(tmp_path):
    """A house of the test's own that does no work but by `step`."""
    running = Running(tmp_path / "data").start()
    running.hold()
    yield running
    running.stop()


def test_what_is_moved_into_a_queue_after_its_purge_stays(house):
    sqs = house.client("sqs", ACCOUNT)
    dead, source = (sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("dead", "source"))
    policy = f'{{"deadLetterTargetArn": "arn:aws:sqs:us-east-1:{ACCOUNT}:dead", "maxReceiveCount": 1}}'
    sqs.set_queue_attributes(QueueUrl=source, Attributes={"RedrivePolicy": policy})
    sqs.send_message(QueueUrl=source, MessageBody="older than the others")
    house.inside(lambda ctx: fill(ctx, dead), ACCOUNT)

    sqs.purge_queue(QueueUrl=dead)
    for _ in range(2):
        sqs.receive_message(QueueUrl=source, VisibilityTimeout=0)
    while house.step():
        pass

    messages = sqs.receive_message(QueueUrl=dead, MaxNumberOfMessages=10)["Messages"]
    assert [message["Body"] for message in messages] == ["older than the others"]


def test_who_waits_at_a_purge_gets_what_is_sent_after_it(house):
    sqs = house.client("sqs", ACCOUNT)
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    answers = []
    poll = threading.Thread(target=lambda: answers.append(sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)))
    poll.start()
    until(lambda: len(house.emulator.house.parking))

    sqs.purge_queue(QueueUrl=url)
    sqs.send_message(QueueUrl=url, MessageBody="new")
    poll.join(timeout=20)

    assert [message["Body"] for message in answers[0]["Messages"]] == ["new"]


@pytest.mark.parametrize("operation", ["purge_queue", "delete_queue"])
def test_a_crash_in_the_middle_is_made_good(house, tmp_path, operation):
    sqs = house.client("sqs", ACCOUNT)
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    house.inside(lambda ctx: fill(ctx, url, 3 * MANY), ACCOUNT)
    getattr(sqs, operation)(QueueUrl=url)
    house.step()
    assert 0 < house.inside(left, ACCOUNT)[0] < 3 * MANY

    shutil.copytree(tmp_path / "data", tmp_path / "image", ignore=shutil.ignore_patterns("lock"))
    after = Running(tmp_path / "image").start()
    try:
        after.client("stepwell", ACCOUNT).advance_clock(Seconds=0)
        found = after.inside(left, ACCOUNT)
    finally:
        after.stop()

    assert found == (0, 0)

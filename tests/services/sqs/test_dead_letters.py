"""Dead-letter queues: which may be one, and when a message moves there."""

import json

import pytest


@pytest.fixture
def redrive(queue, arn_of):
    """A queue with a dead-letter queue: (source URL, dead-letter URL)."""

    def make(receives, suffix="", **attributes):
        dead = queue(f"dead{suffix}", **attributes)
        policy = json.dumps({"deadLetterTargetArn": arn_of(dead), "maxReceiveCount": receives})
        return queue(f"source{suffix}", RedrivePolicy=policy, VisibilityTimeout=0, **attributes), dead

    return make


def test_a_message_received_too_often_moves_on_the_next_receive(sqs, redrive, bodies):
    source, dead = redrive(2)
    sqs.send_message(QueueUrl=source, MessageBody="poison")

    received = [bodies(source) for _ in range(3)]

    assert received == [["poison"], ["poison"], []]
    assert bodies(dead) == ["poison"]


def test_a_moved_message_remembers_where_it_was(sqs, redrive, arn_of):
    source, dead = redrive(1)
    sent = sqs.send_message(QueueUrl=source, MessageBody="poison")
    for _ in range(2):
        sqs.receive_message(QueueUrl=source)

    message = sqs.receive_message(QueueUrl=dead, AttributeNames=["All"])["Messages"][0]

    assert message["MessageId"] == sent["MessageId"]
    assert message["Attributes"]["DeadLetterQueueSourceArn"] == arn_of(source)
    assert message["Attributes"]["ApproximateReceiveCount"] == "2"


def test_others_are_received_in_place_of_a_moved_one(sqs, redrive, bodies):
    source, dead = redrive(1)
    sqs.send_message(QueueUrl=source, MessageBody="poison")
    bodies(source)
    sqs.send_message(QueueUrl=source, MessageBody="fine")

    assert bodies(source, MaxNumberOfMessages=1) == ["fine"]
    assert bodies(dead) == ["poison"]


def test_a_message_without_visibility_timeout_is_received_once_beside_a_moved_one(sqs, redrive, bodies):
    source, dead = redrive(1)
    sqs.send_message(QueueUrl=source, MessageBody="poison")
    bodies(source)
    sqs.send_message(QueueUrl=source, MessageBody="fine")

    assert bodies(source) == ["fine"]
    assert bodies(dead) == ["poison"]


def test_a_fifo_message_keeps_its_group_in_the_dead_letter_queue(sqs, redrive):
    source, dead = redrive(1, ".fifo", ContentBasedDeduplication="true")
    sqs.send_message(QueueUrl=source, MessageBody="poison", MessageGroupId="g")
    for _ in range(2):
        sqs.receive_message(QueueUrl=source)

    message = sqs.receive_message(QueueUrl=dead, AttributeNames=["MessageGroupId"])["Messages"][0]

    assert message["Attributes"] == {"MessageGroupId": "g"}


def test_a_message_stays_where_it_is_when_the_dead_letter_queue_is_gone(sqs, redrive, bodies):
    source, dead = redrive(1)
    sqs.send_message(QueueUrl=source, MessageBody="poison")
    sqs.delete_queue(QueueUrl=dead)

    assert [bodies(source) for _ in range(3)] == [["poison"]] * 3


def test_the_sources_of_a_dead_letter_queue_are_listed(sqs, redrive):
    source, dead = redrive(1)

    assert sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"] == [source]


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        ("nonsense", "Redrive policy is not a valid JSON map."),
        ("{}", "Redrive policy does not contain mandatory attribute: deadLetterTargetArn."),
        (
            '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:x","maxReceiveCount":0}',
            "Invalid value for maxReceiveCount: 0, valid values are from 1 to 1000 both inclusive.",
        ),
        (
            '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:x","maxReceiveCount":1}',
            "Dead letter target does not exist.",
        ),
    ],
)
def test_a_redrive_policy_is_checked(sqs, queue, error_of, policy, reason):
    url = queue()

    error = error_of(sqs.set_queue_attributes, QueueUrl=url, Attributes={"RedrivePolicy": policy})["Error"]

    assert error["Code"] == "InvalidParameterValue"
    assert error["Message"] == f"Value {policy} for parameter RedrivePolicy is invalid. Reason: {reason}"


def test_a_dead_letter_queue_must_be_of_the_same_kind(sqs, queue, arn_of, error_of):
    policy = json.dumps({"deadLetterTargetArn": arn_of(queue("dead.fifo")), "maxReceiveCount": 1})

    error = error_of(sqs.create_queue, QueueName="plain", Attributes={"RedrivePolicy": policy})["Error"]

    assert error["Message"].endswith("Reason: Dead-letter queue must be same type of queue as the source.")


def test_a_dead_letter_queue_may_refuse_its_sources(sqs, queue, arn_of, error_of):
    closed = queue("closed", RedriveAllowPolicy='{"redrivePermission":"denyAll"}')
    policy = json.dumps({"deadLetterTargetArn": arn_of(closed), "maxReceiveCount": 1})

    error = error_of(sqs.create_queue, QueueName="plain", Attributes={"RedrivePolicy": policy})["Error"]

    assert error["Code"] == "InvalidParameterValue"


@pytest.mark.parametrize(("fifo", "left"), [(False, []), (True, ["poison"])])
def test_only_a_fifo_queue_begins_the_retention_of_a_dead_letter_anew(sqs, redrive, bodies, aws, fifo, left):
    suffix, group = (".fifo", {"MessageGroupId": "g", "MessageDeduplicationId": "d"}) if fifo else ("", {})
    source, dead = redrive(1, suffix, MessageRetentionPeriod=600)
    sqs.send_message(QueueUrl=source, MessageBody="poison", **group)
    aws.advance(400)
    for _ in range(2):
        bodies(source)

    aws.advance(300)

    assert bodies(dead) == left

"""FIFO queues: order within groups, and what happens once only."""

import pytest


@pytest.fixture
def fifo(queue):
    return queue("orders.fifo", ContentBasedDeduplication="true")


@pytest.fixture
def send(sqs, fifo):
    def send(body, group="g", **more):
        return sqs.send_message(QueueUrl=fifo, MessageBody=body, MessageGroupId=group, **more)

    return send


def test_groups_keep_their_order_and_do_not_block_each_other(sqs, fifo, send, bodies):
    for body, group in (("a1", "a"), ("b1", "b"), ("a2", "a"), ("b2", "b")):
        send(body, group)

    first = bodies(fifo, MaxNumberOfMessages=1)
    rest = bodies(fifo)

    assert first == ["a1"]
    assert rest == ["b1", "b2"]


def test_a_hidden_message_that_comes_back_is_first_again(fifo, send, bodies, aws):
    for body in ("1", "2", "3"):
        send(body)
    bodies(fifo, MaxNumberOfMessages=2, VisibilityTimeout=5)

    blocked = bodies(fifo)
    aws.advance(6)

    assert blocked == []
    assert bodies(fifo) == ["1", "2", "3"]


def test_a_duplicate_is_answered_like_the_first_one(fifo, send, bodies):
    first, second = send("same"), send("same")

    assert first["MessageId"] == second["MessageId"]
    assert first["SequenceNumber"] == second["SequenceNumber"]
    assert bodies(fifo) == ["same"]


def test_a_duplicate_is_accepted_after_five_minutes(sqs, fifo, send, bodies, aws):
    send("same")
    message = sqs.receive_message(QueueUrl=fifo)["Messages"][0]
    sqs.delete_message(QueueUrl=fifo, ReceiptHandle=message["ReceiptHandle"])

    aws.advance(301)
    send("same")

    assert bodies(fifo) == ["same"]


def test_sequence_numbers_ascend(send):
    numbers = [send(str(number))["SequenceNumber"] for number in range(3)]

    assert numbers == sorted(numbers)
    assert {len(number) for number in numbers} == {20}


def test_a_message_visible_again_cannot_be_deleted_by_its_old_handle(sqs, fifo, send, aws, error_of):
    send("late")
    handle = sqs.receive_message(QueueUrl=fifo, VisibilityTimeout=1)["Messages"][0]["ReceiptHandle"]
    aws.advance(2)

    error = error_of(sqs.delete_message, QueueUrl=fifo, ReceiptHandle=handle)["Error"]

    assert error["Code"] == "InvalidParameterValue"
    assert error["Message"].endswith("Reason: The receipt handle has expired.")


def test_a_message_has_no_delay_of_its_own(send, error_of):
    error = error_of(send, "late", DelaySeconds=5)["Error"]

    assert error["Message"] == (
        "Value 5 for parameter DelaySeconds is invalid. "
        "Reason: The request include parameter that is not valid for this queue type."
    )


def test_a_batch_keeps_its_order(sqs, fifo, bodies):
    entries = [{"Id": str(at), "MessageBody": f"m{at}", "MessageGroupId": "g"} for at in range(10)]

    answer = sqs.send_message_batch(QueueUrl=fifo, Entries=entries)

    assert [entry["Id"] for entry in answer["Successful"]] == [str(at) for at in range(10)]
    assert bodies(fifo) == [f"m{at}" for at in range(10)]

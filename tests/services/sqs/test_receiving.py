"""Messages between send and delete."""

import threading
import time

from emulator.services.sqs.operations import counts


def test_a_message_is_invisible_after_receive(sqs, queue, bodies):
    url = queue()
    sqs.send_message(QueueUrl=url, MessageBody="hello")

    first, second = bodies(url), bodies(url)

    assert (first, second) == (["hello"], [])


def test_a_message_is_visible_again_after_its_timeout(sqs, queue, bodies, aws):
    url = queue(VisibilityTimeout=30)
    sqs.send_message(QueueUrl=url, MessageBody="hello")
    bodies(url)

    aws.advance(31)

    assert bodies(url) == ["hello"]


def test_a_receive_may_have_a_visibility_timeout_of_its_own(sqs, queue, bodies, aws):
    url = queue(VisibilityTimeout=30)
    sqs.send_message(QueueUrl=url, MessageBody="hello")
    bodies(url, VisibilityTimeout=100)

    aws.advance(50)

    assert bodies(url) == []


def test_a_deleted_message_never_comes_back(sqs, queue, bodies, aws):
    url = queue()
    sqs.send_message(QueueUrl=url, MessageBody="hello")
    message = sqs.receive_message(QueueUrl=url)["Messages"][0]

    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    aws.advance(60)

    assert bodies(url) == []


def test_an_older_receipt_handle_deletes_nothing(sqs, queue, bodies, aws):
    url = queue(VisibilityTimeout=1)
    sqs.send_message(QueueUrl=url, MessageBody="hello")
    old = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
    aws.advance(2)
    sqs.receive_message(QueueUrl=url)

    sqs.delete_message(QueueUrl=url, ReceiptHandle=old)
    aws.advance(2)

    assert bodies(url) == ["hello"]


def test_a_handle_of_a_deleted_message_does_not_reach_the_next_one(sqs, queue, bodies):
    url = queue()
    sqs.send_message(QueueUrl=url, MessageBody="first")
    handle = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
    sqs.send_message(QueueUrl=url, MessageBody="second")
    sqs.receive_message(QueueUrl=url, VisibilityTimeout=0)

    sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)

    assert bodies(url) == ["second"]


def test_a_receipt_handle_that_is_none_is_refused(sqs, queue, error_of):
    error = error_of(sqs.delete_message, QueueUrl=queue(), ReceiptHandle="nonsense")["Error"]

    assert error["Code"] == "ReceiptHandleIsInvalid"
    assert error["Message"] == 'The input receipt handle "nonsense" is not a valid receipt handle.'


def test_the_visibility_of_a_deleted_message_cannot_be_changed(sqs, queue, error_of):
    url = queue()
    sqs.send_message(QueueUrl=url, MessageBody="hello")
    handle = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)

    error = error_of(sqs.change_message_visibility, QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=10)["Error"]

    assert error["Code"] == "InvalidParameterValue"
    assert error["Message"].endswith(
        "Reason: Message does not exist or is not available for visibility timeout change."
    )


def test_messages_come_in_the_order_of_sending(sqs, queue, bodies):
    url = queue()
    for number in range(12):
        sqs.send_message(QueueUrl=url, MessageBody=str(number))

    assert bodies(url) == [str(number) for number in range(10)]
    assert bodies(url) == ["10", "11"]


def test_a_delayed_message_waits_for_its_moment(sqs, queue, bodies, aws):
    url = queue(DelaySeconds=10)
    sqs.send_message(QueueUrl=url, MessageBody="with the queue's delay")
    sqs.send_message(QueueUrl=url, MessageBody="with none", DelaySeconds=0)

    before = bodies(url)
    aws.advance(11)

    assert before == ["with none"]
    assert bodies(url) == ["with the queue's delay"]


def test_an_expired_message_is_never_received(sqs, queue, bodies, aws):
    url = queue(MessageRetentionPeriod=60)
    sqs.send_message(QueueUrl=url, MessageBody="old")
    aws.advance(61)
    sqs.send_message(QueueUrl=url, MessageBody="young")

    assert bodies(url) == ["young"]
    assert bodies(url) == []


def test_a_received_message_expires_as_well(sqs, queue, bodies, aws):
    url = queue(MessageRetentionPeriod=60, VisibilityTimeout=50)
    sqs.send_message(QueueUrl=url, MessageBody="old")
    bodies(url)

    aws.advance(61)

    assert bodies(url) == []


def test_messages_are_counted_by_state(sqs, queue, aws):
    url = queue()
    for body, delay in (("a", 0), ("b", 0), ("c", 0), ("d", 100)):
        sqs.send_message(QueueUrl=url, MessageBody=body, DelaySeconds=delay)
    sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1)

    answer = sqs.get_queue_attributes(
        QueueUrl=url,
        AttributeNames=[
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesNotVisible",
            "ApproximateNumberOfMessagesDelayed",
        ],
    )

    assert answer["Attributes"] == {
        "ApproximateNumberOfMessages": "2",
        "ApproximateNumberOfMessagesNotVisible": "1",
        "ApproximateNumberOfMessagesDelayed": "1",
    }


def test_a_huge_queue_is_counted_once_in_a_while(sqs, queue, monkeypatch):
    monkeypatch.setattr(counts, "COUNT_EXACT_MOST", 2)
    url = queue()

    def counted():
        answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
        return answer["Attributes"]["ApproximateNumberOfMessages"]

    for body in "abc":
        sqs.send_message(QueueUrl=url, MessageBody=body)
    first = counted()
    sqs.send_message(QueueUrl=url, MessageBody="d")

    assert (first, counted()) == ("3", "3")


def test_a_long_poll_answers_when_a_message_is_sent(sqs, queue):
    url = queue()
    answers = []
    poll = threading.Thread(target=lambda: answers.append(sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)))

    begun = time.monotonic()
    poll.start()
    sqs.send_message(QueueUrl=url, MessageBody="hello")
    poll.join(timeout=20)

    assert answers[0]["Messages"][0]["Body"] == "hello"
    assert time.monotonic() - begun < 10


def test_a_long_poll_answers_when_a_message_is_visible_again(sqs, queue, bodies, aws):
    url = queue()
    sqs.send_message(QueueUrl=url, MessageBody="hello")
    bodies(url, VisibilityTimeout=60)
    answers = []
    poll = threading.Thread(target=lambda: answers.append(bodies(url, WaitTimeSeconds=20)))

    begun = time.monotonic()
    poll.start()
    while poll.is_alive() and time.monotonic() - begun < 10:
        aws.advance(30)
    poll.join(timeout=20)

    assert answers == [["hello"]]
    assert time.monotonic() - begun < 15


def test_the_limits_of_a_receive_are_checked(sqs, queue, error_of):
    url = queue()

    def message(**params):
        return error_of(sqs.receive_message, QueueUrl=url, **params)["Error"]["Message"]

    assert message(MaxNumberOfMessages=11) == (
        "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided."
    )
    assert message(WaitTimeSeconds=21) == (
        "Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided."
    )


def test_the_trace_header_travels_with_the_message(sqs, queue):
    url = queue()
    header = {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-5759e988-bd862e3fe1be46a9942"}}

    sent = sqs.send_message(QueueUrl=url, MessageBody="x", MessageSystemAttributes=header)
    message = sqs.receive_message(QueueUrl=url, MessageSystemAttributeNames=["AWSTraceHeader"])["Messages"][0]

    assert len(sent["MD5OfMessageSystemAttributes"]) == 32
    assert message["Attributes"] == {"AWSTraceHeader": "Root=1-5759e988-bd862e3fe1be46a9942"}


def test_the_trace_of_the_request_is_that_of_its_messages_but_for_those_that_say_their_own(aws, queue):
    url = queue()
    sqs = aws.own("sqs")
    sqs.meta.events.register(
        "before-send.sqs", lambda request, **_: request.headers.update({"X-Amzn-Trace-Id": "Root=1-11111111-of"})
    )
    own = {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-22222222-own"}}
    entries = [{"Id": "a", "MessageBody": "a"}, {"Id": "b", "MessageBody": "b", "MessageSystemAttributes": own}]

    sqs.send_message_batch(QueueUrl=url, Entries=entries)
    answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["AWSTraceHeader"])

    headers = {message["Body"]: message["Attributes"]["AWSTraceHeader"] for message in answer["Messages"]}
    assert headers == {"a": "Root=1-11111111-of", "b": "Root=1-22222222-own"}


def test_characters_that_xml_cannot_carry_are_refused(sqs, queue, error_of):
    error = error_of(sqs.send_message, QueueUrl=queue(), MessageBody="\x00")["Error"]

    assert error["Code"] == "InvalidMessageContents"


def test_a_batch_deletes_and_changes_each_message_for_itself(sqs, queue, bodies):
    url = queue()
    for body in ("a", "b"):
        sqs.send_message(QueueUrl=url, MessageBody=body)
    first, second = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=2)["Messages"]

    deleted = sqs.delete_message_batch(
        QueueUrl=url,
        Entries=[
            {"Id": "right", "ReceiptHandle": first["ReceiptHandle"]},
            {"Id": "wrong", "ReceiptHandle": "nonsense"},
        ],
    )
    changed = sqs.change_message_visibility_batch(
        QueueUrl=url,
        Entries=[{"Id": "one", "ReceiptHandle": second["ReceiptHandle"], "VisibilityTimeout": 0}],
    )

    assert deleted["Successful"] == [{"Id": "right"}]
    assert deleted["Failed"][0]["Id"] == "wrong"
    assert deleted["Failed"][0]["Code"] == "ReceiptHandleIsInvalid"
    assert changed["Successful"] == [{"Id": "one"}]
    assert bodies(url) == ["b"]

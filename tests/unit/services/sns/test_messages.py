"""What may be published."""

import pytest

from emulator.errors import AwsError
from emulator.services.sns.model.messages import (
    by_protocol,
    require_attributes,
    require_batch,
    require_ids,
    require_message,
    sequence_number,
)
from emulator.services.sns.model.subscriptions import require_endpoint
from emulator.services.sns.model.topics import require_name, topic_of


def topic(name="topic", **attributes):
    return topic_of(1, "000000000000", "us-east-1", name, attributes, {}, 0)


def test_a_message_has_256_kib_by_default():
    require_message(topic(), "a" * 262_144, None, {})

    with pytest.raises(AwsError, match="Message too long"):
        require_message(topic(), "a" * 262_145, None, {})


def test_a_topic_may_allow_a_mebibyte():
    require_message(topic(MaximumMessageSize="1048576"), "a" * 1_048_576, None, {})


@pytest.mark.parametrize("subject", ["", " leading", "line\nbreak", "ümlaut", "a" * 101])
def test_wrong_subjects_are_refused(subject):
    with pytest.raises(AwsError, match="Invalid parameter: Subject"):
        require_message(topic(), "m", subject, {})


def test_an_array_must_be_one():
    require_attributes({"a": {"DataType": "String.Array", "StringValue": '["x", 1, true, null]'}})

    with pytest.raises(AwsError):
        require_attributes({"a": {"DataType": "String.Array", "StringValue": '{"x": 1}'}})


def test_a_structure_has_a_text_for_each_protocol():
    texts = by_protocol('{"default": "d", "sqs": "s", "lambda": 1}', "json")

    assert texts == {"default": "d", "sqs": "s"}
    assert by_protocol("plain", None) == {"default": "plain"}


def test_fifo_topics_want_ids():
    fifo = topic("topic.fifo", ContentBasedDeduplication="true")

    require_ids(fifo, "g", None)
    with pytest.raises(AwsError, match="MessageGroupId parameter is required"):
        require_ids(fifo, None, "d")
    with pytest.raises(AwsError, match="not valid for this topic type"):
        require_ids(topic(), None, "d")


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([], "EmptyBatchRequest"),
        ([{"Id": str(at), "Message": "m"} for at in range(11)], "TooManyEntriesInBatchRequest"),
        ([{"Id": "a", "Message": "m"}] * 2, "BatchEntryIdsNotDistinct"),
        ([{"Id": "a.b", "Message": "m"}], "InvalidBatchEntryId"),
        ([{"Id": str(at), "Message": "m" * 200_000} for at in range(2)], "BatchRequestTooLong"),
    ],
)
def test_batches_are_checked_as_a_whole(entries, code):
    with pytest.raises(AwsError) as caught:
        require_batch(topic(), entries)

    assert caught.value.code == code


def test_sequence_numbers_have_twenty_digits_and_ascend():
    assert len(sequence_number(1)) == 20
    assert sequence_number(2) > sequence_number(1)


@pytest.mark.parametrize(
    ("name", "fifo"), [("", False), ("a" * 257, False), ("a.fifo", False), ("a", True), ("a b", False)]
)
def test_wrong_names_of_topics_are_refused(name, fifo):
    with pytest.raises(AwsError, match="Invalid parameter: Topic Name"):
        require_name(name, fifo=fifo)


@pytest.mark.parametrize(
    ("protocol", "endpoint", "reason"),
    [
        ("fax", "1", "Amazon SNS does not support this protocol string: fax"),
        ("sqs", "http://127.0.0.1/000000000000/q", "SQS endpoint ARN"),
        ("lambda", "my-function", "Lambda endpoint ARN"),
        ("email", "nobody", "Email address"),
        ("https", "http://example.com", "Endpoint must match the specified protocol"),
    ],
)
def test_wrong_endpoints_are_refused(protocol, endpoint, reason):
    with pytest.raises(AwsError) as caught:
        require_endpoint(protocol, endpoint, fifo_topic=False)

    assert caught.value.message == f"Invalid parameter: {reason}"

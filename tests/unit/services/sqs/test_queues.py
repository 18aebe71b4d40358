"""Names, URLs and attributes of queues."""

import json

import pytest

from emulator.errors import AwsError
from emulator.services.sqs.model import attributes
from emulator.services.sqs.model.batches import failed, require_batch
from emulator.services.sqs.model.errors import invalid_value
from emulator.services.sqs.model.queue import queue_of, require_name, require_url

DEAD = "arn:aws:sqs:us-east-1:000000000000:dead"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:4566/111122223333/orders",
        "https://sqs.us-east-1.amazonaws.com/111122223333/orders",
        "http://sqs.us-east-1.localhost:4566/111122223333/orders",
        "http://localhost:4566/queue/us-east-1/111122223333/orders",
    ],
)
def test_the_path_of_a_url_names_account_and_queue(url):
    assert require_url(url) == ("111122223333", "orders")


@pytest.mark.parametrize("url", ["orders", "", "http://127.0.0.1/orders", "http://127.0.0.1/1/orders"])
def test_other_urls_are_refused(url):
    with pytest.raises(AwsError) as caught:
        require_url(url)

    assert caught.value.code == "InvalidAddress"


def test_names_of_queues():
    require_name("a" * 80, fifo=False)
    require_name("a" * 75 + ".fifo", fifo=True)

    for name, fifo in (("a" * 81, False), ("a.b", False), ("a.fifo", False), ("a", True), (".fifo", True)):
        with pytest.raises(AwsError):
            require_name(name, fifo=fifo)


def test_settings_are_read_from_attributes():
    kept = {"VisibilityTimeout": "5", "RedrivePolicy": attributes.redrive_policy(policy(7))}

    queue = queue_of(1, "000000000000", "us-east-1", "q", kept, 0, 0)

    assert queue.arn == "arn:aws:sqs:us-east-1:000000000000:q"
    assert queue.visibility_seconds == 5
    assert queue.retention == 345_600_000_000
    assert (queue.dead_letter, queue.receives_most) == (DEAD, 7)


def policy(count, arn=DEAD):
    return json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": count})


def test_a_receive_count_given_as_text_is_kept_as_a_number():
    assert json.loads(attributes.redrive_policy(policy("7")))["maxReceiveCount"] == 7


@pytest.mark.parametrize("text", ["[]", "{", policy(0), policy(1001), policy("x"), policy(1, "arn:nonsense")])
def test_wrong_redrive_policies_are_refused(text):
    with pytest.raises(AwsError, match="for parameter RedrivePolicy is invalid"):
        attributes.redrive_policy(text)


@pytest.mark.parametrize(
    ("policy", "allowed"),
    [
        (None, True),
        ('{"redrivePermission":"allowAll"}', True),
        ('{"redrivePermission":"denyAll"}', False),
        (json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": [DEAD]}), True),
        ('{"redrivePermission":"byQueue","sourceQueueArns":["arn:aws:sqs:us-east-1:1:x"]}', False),
    ],
)
def test_a_dead_letter_queue_says_whom_it_serves(policy, allowed):
    assert attributes.allows_source(policy, DEAD) is allowed


@pytest.mark.parametrize(
    "text",
    [
        '{"redrivePermission":"perhaps"}',
        '{"redrivePermission":"byQueue"}',
        '{"redrivePermission":"denyAll","sourceQueueArns":["x"]}',
        "[]",
    ],
)
def test_wrong_redrive_allow_policies_are_refused(text):
    with pytest.raises(AwsError):
        attributes.redrive_allow_policy(text)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DelaySeconds", "-1"),
        ("DelaySeconds", "901"),
        ("VisibilityTimeout", "1.5"),
        ("MaximumMessageSize", ""),
        ("MessageRetentionPeriod", "١٢٣٤"),
        ("Policy", "[]"),
    ],
)
def test_values_are_checked(name, value):
    with pytest.raises(AwsError) as caught:
        attributes.checked({name: value}, fifo=False, creating=True)

    assert caught.value.code == "InvalidAttributeValue"


def test_fifo_attributes_belong_to_fifo_queues():
    given = {"DeduplicationScope": "messageGroup"}

    assert attributes.checked(given, fifo=True, creating=False) == given
    with pytest.raises(AwsError, match="Unknown Attribute DeduplicationScope"):
        attributes.checked(given, fifo=False, creating=False)


def test_a_key_switches_the_managed_encryption_off_and_back():
    keyed = attributes.merged({}, {"KmsMasterKeyId": "key", "KmsDataKeyReusePeriodSeconds": "60"})
    managed = attributes.merged(keyed, {"SqsManagedSseEnabled": "true"})

    assert keyed["SqsManagedSseEnabled"] == "false"
    assert managed == {"SqsManagedSseEnabled": "true"}


def test_an_empty_text_takes_an_attribute_away():
    assert attributes.merged({"Policy": "{}"}, {"Policy": ""}) == {}


def test_the_first_difference_is_named():
    shown = attributes.effective({}, fifo=False)

    assert attributes.first_difference(shown, {"DelaySeconds": "0"}) is None
    assert attributes.first_difference(shown, {"DelaySeconds": "1"}) == "DelaySeconds"


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([], "EmptyBatchRequest"),
        ([{"Id": str(at)} for at in range(11)], "TooManyEntriesInBatchRequest"),
        ([{"Id": "a"}, {"Id": "a"}], "BatchEntryIdsNotDistinct"),
        ([{"Id": "a.b"}], "InvalidBatchEntryId"),
    ],
)
def test_batches_are_checked_as_a_whole(entries, code):
    with pytest.raises(AwsError) as caught:
        require_batch("SendMessageBatchRequestEntry", entries)

    assert caught.value.code == code


def test_a_failed_entry_says_whose_fault_it_is():
    assert failed("a", invalid_value("wrong")) == {
        "Id": "a",
        "Code": "InvalidParameterValue",
        "Message": "wrong",
        "SenderFault": True,
    }

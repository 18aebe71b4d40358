"""A message as queues, functions and mailboxes receive it."""

import dataclasses
import json

import pytest

from emulator.services.sns.model.notifications import (
    Notification,
    envelope,
    lambda_event,
    mail,
    mail_subject,
    unsubscribe_url,
)

LINK = "http://127.0.0.1:4566/?Action=Unsubscribe&SubscriptionArn=arn:s"


@pytest.fixture
def note():
    return Notification(
        message_id="id",
        topic_arn="arn:aws:sns:us-east-1:000000000000:topic",
        region="us-east-1",
        subject=None,
        texts={"default": "hello", "email": "dear"},
        attributes={},
        timestamp="2026-01-01T00:00:00.000Z",
    )


def test_the_envelope_is_laid_out_as_aws_does(note):
    attributes = {"a": {"DataType": "String", "StringValue": 'say "x"'}}
    note = dataclasses.replace(note, subject="greeting", attributes=attributes)

    lines = envelope(note, "sqs", LINK).split("\n")

    assert lines[0] == "{"
    assert lines[1] == '  "Type" : "Notification",'
    assert lines[4] == '  "Subject" : "greeting",'
    assert lines[-4:] == [
        '  "MessageAttributes" : {',
        '    "a" : {"Type":"String","Value":"say \\"x\\""}',
        "  }",
        "}",
    ]


def test_an_envelope_without_subject_and_attributes_leaves_them_out(note):
    found = json.loads(envelope(note, "sqs", LINK))

    assert found.keys().isdisjoint({"Subject", "MessageAttributes", "SequenceNumber"})
    assert found["UnsubscribeURL"] == LINK


def test_a_fifo_topic_does_not_sign(note):
    found = json.loads(envelope(dataclasses.replace(note, sequence_number="1"), "sqs", LINK))

    assert found["SequenceNumber"] == "1"
    assert found.keys().isdisjoint({"Signature", "SignatureVersion", "SigningCertURL"})


def test_binary_attributes_are_base_64(note):
    attributes = {"b": {"DataType": "Binary", "BinaryValue": b"\x02\x03\x04"}}

    found = json.loads(envelope(dataclasses.replace(note, attributes=attributes), "sqs", LINK))

    assert found["MessageAttributes"] == {"b": {"Type": "Binary", "Value": "AgME"}}


def test_a_function_gets_one_record(note):
    [record] = json.loads(lambda_event(note, "arn:s", LINK))["Records"]

    assert record["EventSource"] == "aws:sns"
    assert record["EventSubscriptionArn"] == "arn:s"
    assert record["Sns"]["Subject"] is None
    assert record["Sns"]["MessageAttributes"] == {}
    assert record["Sns"]["UnsubscribeUrl"] == LINK


def test_a_mail_has_its_own_text_and_a_footer(note):
    text = mail(note, LINK)

    assert text.startswith("dear\n\n--\n")
    assert f"\n{LINK}\n" in text
    assert mail_subject(note) == "AWS Notification Message"


def test_the_link_names_the_subscription():
    assert unsubscribe_url("http://127.0.0.1:4566", "arn:s") == f"{LINK}&Version=2010-03-31"

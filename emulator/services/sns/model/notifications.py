"""A published message as each kind of endpoint receives it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from json.encoder import encode_basestring
from typing import Any

from emulator.services.sns.model.messages import Attributes

VERSION = "2010-03-31"
SIGNATURE = base64.b64encode(b"Stepwell does not sign notifications; AWS does, with a key of its own.").decode()


@dataclass(frozen=True, slots=True)
class Notification:
    """One message of a topic. `texts`: by protocol, and as `default`; `timestamp`: ISO 8601, milliseconds.

    `trace_header`: the publisher's, which goes on to the subscribers (SNS developer guide, "Active tracing").
    """

    message_id: str
    topic_arn: str
    region: str
    subject: str | None
    texts: Mapping[str, str]
    attributes: Attributes
    timestamp: str
    signature_version: str = "1"
    sequence_number: str | None = None
    group_id: str | None = None
    deduplication_id: str | None = None
    trace_header: str = ""

    def text(self, protocol: str) -> str:
        """The message for a protocol."""
        return self.texts.get(protocol, self.texts["default"])

    @property
    def certificate_url(self) -> str:
        """Where AWS would keep the certificate of its signature."""
        return f"https://sns.{self.region}.amazonaws.com/SimpleNotificationService-stepwell.pem"


def unsubscribe_url(endpoint: str, subscription_arn: str) -> str:
    """The link that ends a subscription; `Version` says for which service it is, as AWS's host names do."""
    return f"{endpoint}/?Action=Unsubscribe&SubscriptionArn={subscription_arn}&Version={VERSION}"


def attribute_values(attributes: Attributes) -> dict[str, dict[str, str]]:
    """Message attributes as notifications carry them; binary values in base 64."""
    return {
        name: {
            "Type": value["DataType"],
            "Value": base64.b64encode(value["BinaryValue"]).decode()
            if value["DataType"].startswith("Binary")
            else value["StringValue"],
        }
        for name, value in attributes.items()
    }


def envelope(note: Notification, protocol: str, unsubscribe: str) -> str:
    """The JSON that SQS queues and HTTP endpoints receive, laid out as AWS does; FIFO topics do not sign."""
    fields: dict[str, str | None] = {
        "Type": "Notification",
        "MessageId": note.message_id,
        "SequenceNumber": note.sequence_number,
        "TopicArn": note.topic_arn,
        "Subject": note.subject,
        "Message": note.text(protocol),
        "Timestamp": note.timestamp,
    }
    if note.sequence_number is None:
        fields["SignatureVersion"] = note.signature_version
        fields["Signature"] = SIGNATURE
        fields["SigningCertURL"] = note.certificate_url
    fields["UnsubscribeURL"] = unsubscribe
    if not note.attributes:
        return laid_out(fields)
    values = ",\n".join(
        f"    {encode_basestring(name)} : {json.dumps(value, separators=(',', ':'), ensure_ascii=False)}"
        for name, value in attribute_values(note.attributes).items()
    )
    return laid_out(fields, f'  "MessageAttributes" : {{\n{values}\n  }}')


def laid_out(fields: Mapping[str, str | None], *more: str) -> str:
    """A JSON object as AWS lays it out, one member a line; those without a value are left out."""
    lines = [
        f"  {encode_basestring(name)} : {encode_basestring(text)}" for name, text in fields.items() if text is not None
    ]
    return "{\n" + ",\n".join([*lines, *more]) + "\n}"


def lambda_event(note: Notification, subscription_arn: str, unsubscribe: str) -> str:
    """The event that a function receives."""
    record: dict[str, Any] = {
        "Type": "Notification",
        "MessageId": note.message_id,
        "TopicArn": note.topic_arn,
        "Subject": note.subject,
        "Message": note.text("lambda"),
        "Timestamp": note.timestamp,
        "SignatureVersion": note.signature_version,
        "Signature": SIGNATURE,
        "SigningCertUrl": note.certificate_url,
        "UnsubscribeUrl": unsubscribe,
        "MessageAttributes": attribute_values(note.attributes),
    }
    event = {
        "EventSource": "aws:sns",
        "EventVersion": "1.0",
        "EventSubscriptionArn": subscription_arn,
        "Sns": record,
    }
    return json.dumps({"Records": [event]}, separators=(",", ":"), ensure_ascii=False)


def mail(note: Notification, unsubscribe: str) -> str:
    """The text of an e-mail: the message and the link that ends the subscription."""
    return (
        f"{note.text('email')}\n\n--\n"
        "If you wish to stop receiving notifications from this topic, please click or visit the link below "
        f"to unsubscribe:\n{unsubscribe}\n\n"
        "Please do not reply directly to this email. If you have any questions or comments regarding this "
        "email, please contact us at https://aws.amazon.com/support\n"
    )


def mail_subject(note: Notification) -> str:
    """The subject of an e-mail; without one of the publisher's, the one AWS gives it."""
    return note.subject or "AWS Notification Message"

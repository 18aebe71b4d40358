"""Publishing: one message or a batch, to every subscription whose filter lets it pass."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from emulator import ids
from emulator.arns import find_arn
from emulator.clock import in_millis
from emulator.errors import AwsError, not_implemented
from emulator.kit import delivery
from emulator.kit.context import Context
from emulator.kit.delivery import Delivery
from emulator.kit.delivery.attempts import record
from emulator.services.sns import limits
from emulator.services.sns.model import messages, notifications
from emulator.services.sns.model.errors import invalid
from emulator.services.sns.model.notifications import Notification
from emulator.services.sns.model.subscriptions import Subscription
from emulator.services.sns.model.topics import Topic
from emulator.services.sns.operations.attempts import dead_letter, send_to_queue
from emulator.services.sns.operations.lookup import require_topic, subscriptions_of
from emulator.services.sns.operations.posts import post_notification
from emulator.services.sns.operations.statements import SQL


def publish(
    ctx: Context,
    *,
    message: str,
    topic_arn: str | None = None,
    target_arn: str | None = None,
    phone_number: str | None = None,
    subject: str | None = None,
    message_structure: str | None = None,
    message_attributes: dict[str, Any] | None = None,
    message_deduplication_id: str | None = None,
    message_group_id: str | None = None,
) -> dict[str, Any]:
    """Publish a message to a topic. Errors: InvalidParameter, ParameterValueInvalid, NotFound."""
    if phone_number is not None:
        raise not_implemented("sns", "Publish", "to a phone number")
    arn = topic_arn if topic_arn is not None else target_arn
    if arn is None:
        raise invalid("TopicArn or TargetArn Reason: no value for required parameter")
    found = find_arn(arn)
    if found is not None and found.resource.startswith("endpoint/"):
        raise not_implemented("sns", "Publish", "to a platform endpoint")
    topic = require_topic(ctx, arn, "TopicArn" if topic_arn is not None else "TargetArn")
    entry = {
        "Message": message,
        "Subject": subject,
        "MessageStructure": message_structure,
        "MessageAttributes": message_attributes,
        "MessageGroupId": message_group_id,
        "MessageDeduplicationId": message_deduplication_id,
    }
    return _publish(ctx, topic, entry)


def publish_batch(
    ctx: Context, *, topic_arn: str, publish_batch_request_entries: list[dict[str, Any]]
) -> dict[str, Any]:
    """Publish up to ten messages.

    Errors: those of Publish and EmptyBatchRequest, TooManyEntriesInBatchRequest, InvalidBatchEntryId,
    BatchEntryIdsNotDistinct, BatchRequestTooLong. As at AWS a message that is wrong refuses the whole batch.
    """
    topic = require_topic(ctx, topic_arn)
    entries = publish_batch_request_entries
    messages.require_batch(topic, entries)
    return {"Successful": [{"Id": entry["Id"], **_publish(ctx, topic, entry)} for entry in entries], "Failed": []}


def _publish(ctx: Context, topic: Topic, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Publish what an entry of PublishBatch, or a Publish in that form, asks for."""
    message, subject, attributes = entry["Message"], entry.get("Subject"), entry.get("MessageAttributes") or {}
    group_id, deduplication_id = entry.get("MessageGroupId"), entry.get("MessageDeduplicationId")
    messages.require_message(topic, message, subject, attributes)
    texts = messages.by_protocol(message, entry.get("MessageStructure"))
    if topic.fifo or group_id is not None or deduplication_id is not None:
        messages.require_ids(topic, group_id, deduplication_id)
    now = ctx.micros
    message_id, sequence = ids.new_uuid(), None
    if topic.fifo:
        deduplication_id = deduplication_id or hashlib.sha256(message.encode()).hexdigest()
        first, sequence = _place(ctx, topic, now, message_id, group_id or "", deduplication_id)
        if first is not None:
            return {"MessageId": first, "SequenceNumber": messages.sequence_number(sequence)}
    note = Notification(
        message_id=message_id,
        topic_arn=topic.arn,
        region=topic.region,
        subject=subject,
        texts=texts,
        attributes=attributes,
        timestamp=in_millis(ctx.now),
        signature_version=topic.attributes.get("SignatureVersion", "1"),
        sequence_number=None if sequence is None else messages.sequence_number(sequence),
        group_id=group_id,
        deduplication_id=deduplication_id,
        trace_header=ctx.caller.trace_header,
    )
    for subscription in subscriptions_of(ctx, topic):
        if not subscription.pending and subscription.wants(attributes, note.text(subscription.protocol)):
            _deliver(ctx, topic, note, subscription)
    if note.sequence_number is None:
        return {"MessageId": message_id}
    return {"MessageId": message_id, "SequenceNumber": note.sequence_number}


def _place(
    ctx: Context, topic: Topic, now: int, message_id: str, group_id: str, deduplication_id: str
) -> tuple[str | None, int]:
    """The id of the message that this one repeats, if it does, and the place in the topic."""
    scope = group_id if topic.scope_is_group else ""
    first = ctx.tx.one(SQL.find_duplicate, topic=topic.id, deduplication_id=deduplication_id, scope=scope, now=now)
    if first is not None:
        return first["message_id"], first["sequence"]
    row = ctx.tx.one(SQL.next_sequence, id=topic.id)
    assert row is not None
    ctx.tx.execute(SQL.forget_deduplications, topic=topic.id, now=now)
    ctx.tx.execute(
        SQL.insert_deduplication,
        account=topic.account,
        region=topic.region,
        topic=topic.id,
        deduplication_id=deduplication_id,
        scope=scope,
        until=now + limits.DEDUPLICATION_SECONDS * 1_000_000,
        message_id=message_id,
        sequence=row["sequence"],
    )
    return None, row["sequence"]


def _deliver(ctx: Context, topic: Topic, note: Notification, subscription: Subscription) -> None:
    unsubscribe = notifications.unsubscribe_url(ctx.endpoint, subscription.arn)
    if subscription.protocol == "sqs":
        _to_queue(ctx, note, subscription, unsubscribe)
    elif subscription.protocol in ("http", "https"):
        post_notification(ctx, topic, note, subscription, unsubscribe)
    elif subscription.protocol == "lambda":
        text = notifications.lambda_event(note, subscription.arn, unsubscribe)
        envelope = notifications.envelope(note, "lambda", unsubscribe)
        _send(ctx, subscription, subscription.endpoint, text, event=envelope)
    else:
        plain = subscription.protocol == "email"
        text = (
            notifications.mail(note, unsubscribe) if plain else notifications.envelope(note, "email-json", unsubscribe)
        )
        subject = {"Subject": notifications.mail_subject(note)}
        _send(ctx, subscription, f"mailto:{subscription.endpoint}", text, subject)


def _to_queue(ctx: Context, note: Notification, subscription: Subscription, unsubscribe: str) -> None:
    parameters: dict[str, Any] = {}
    if note.trace_header:
        header = {"DataType": "String", "StringValue": note.trace_header}
        parameters["MessageSystemAttributes"] = {"AWSTraceHeader": header}
    fifo_queue = subscription.endpoint.endswith(".fifo")
    if note.group_id is not None and (fifo_queue or note.sequence_number is None):
        parameters["MessageGroupId"] = note.group_id
    if fifo_queue:
        parameters["MessageDeduplicationId"] = note.deduplication_id
    if subscription.raw:
        text = note.text("sqs")
        if note.attributes:
            parameters["MessageAttributes"] = dict(note.attributes)
    else:
        text = notifications.envelope(note, "sqs", unsubscribe)
    binary = subscription.raw and any("BinaryValue" in value for value in note.attributes.values())
    if fifo_queue or binary:
        _send_now(ctx, subscription, text, parameters)
    else:
        _send(ctx, subscription, subscription.endpoint, text, parameters)


def _send(
    ctx: Context,
    subscription: Subscription,
    target: str,
    text: str,
    parameters: dict[str, Any] | None = None,
    event: str | None = None,
) -> None:
    mail = target.startswith("mailto:")
    delivery.send(
        ctx,
        Delivery(
            target_arn=target,
            input=text,
            source_arn=subscription.topic_arn,
            source_service="sns",
            parameters=parameters or {},
            dead_letter_arn=subscription.dead_letter,
            attempts_max=limits.MAIL_ATTEMPTS_MOST if mail else limits.ATTEMPTS_MOST,
            age_max_seconds=limits.MAIL_AGE_SECONDS_MOST if mail else limits.AGE_SECONDS_MOST,
            event=event,
        ),
    )


def _send_now(ctx: Context, subscription: Subscription, text: str, parameters: dict[str, Any]) -> None:
    """In the transaction of Publish: rows of work may overtake each other, and have no place for bytes.

    What fails here would fail again: the queue is not there, or does not take such a message.
    """
    source, params = subscription.topic_arn, {"MessageBody": text, **parameters}
    try:
        send_to_queue(ctx, subscription.endpoint, params)
    except AwsError as error:
        record(ctx, source, subscription.endpoint, 1, "given up", error)
        if subscription.dead_letter is not None:
            dead_letter(ctx, source, subscription.dead_letter, 1, params)
    else:
        record(ctx, source, subscription.endpoint, 1, "delivered")

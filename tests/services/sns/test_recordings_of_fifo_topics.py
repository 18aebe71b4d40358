"""FIFO topics, held against what AWS answered."""

import json

import pytest


@pytest.mark.recording("sns", "test_validations_for_fifo")
def test_fifo_topics_are_checked(sns, topic, queue, subscribe, recorded, error_of):
    fifo, plain = topic("checks.fifo"), topic("plain")
    _, fifo_queue = queue("target.fifo")
    _, plain_queue = queue("target")
    made = subscribe(fifo, fifo_queue)["Attributes"]["SubscriptionArn"]

    recorded.agree(
        "test_validations_for_fifo",
        not_fifo_topic=error_of(subscribe, plain, fifo_queue),
        not_fifo_queue=subscribe(fifo, plain_queue)["Attributes"],
        regular_queue_for_dlq_of_fifo_topic=error_of(
            sns.set_subscription_attributes,
            SubscriptionArn=made,
            AttributeName="RedrivePolicy",
            AttributeValue=json.dumps({"deadLetterTargetArn": plain_queue}),
        ),
        no_msg_group_id=error_of(sns.publish, TopicArn=fifo, Message="m"),
        no_dedup_policy=error_of(sns.publish, TopicArn=fifo, Message="m", MessageGroupId="g"),
        no_msg_dedup_regular_topic=error_of(sns.publish, TopicArn=plain, Message="m", MessageDeduplicationId="d"),
    )


@pytest.mark.recording("sns", "test_message_to_fifo_sqs", "test_fifo_topic_to_regular_sqs")
@pytest.mark.parametrize("content_based", [True, False])
def test_a_fifo_topic_delivers_once(sns, topic, queue, subscribe, messages, recorded, content_based):
    switch = str(content_based).lower()
    arn = topic("once.fifo", ContentBasedDeduplication=switch)
    fifo, fifo_arn = queue("once.fifo", ContentBasedDeduplication=switch)
    plain, plain_arn = queue("once")
    subscribe(arn, fifo_arn)
    subscribe(arn, plain_arn)
    params = {"TopicArn": arn, "Message": "Test", "MessageGroupId": "message-group-id-1"}
    if not content_based:
        params["MessageDeduplicationId"] = "message-deduplication-id-1"

    sns.publish(**params)
    first = {name: messages(url, system=True) for name, url in (("fifo", fifo), ("plain", plain))}
    sns.publish(**params)

    recorded.agree(
        f"test_message_to_fifo_sqs[{content_based}]",
        messages=first["fifo"],
        dedup_messages=messages(fifo),
    )
    recorded.agree(
        f"test_fifo_topic_to_regular_sqs[{content_based}]",
        messages=first["plain"],
        dedup_messages=messages(plain),
    )


@pytest.mark.recording("sns", "test_publish_to_fifo_topic_to_sqs_queue_no_content_dedup")
@pytest.mark.parametrize("raw", [True, False])
def test_a_topic_deduplicates_for_its_queue(sns, topic, queue, subscribe, messages, recorded, raw):
    arn = topic("content.fifo", ContentBasedDeduplication="true")
    url, queue_arn = queue("content.fifo")
    subscribe(arn, queue_arn, RawMessageDelivery=str(raw).lower())

    sns.publish(TopicArn=arn, Message="Test single", MessageGroupId="message-group-id-1")
    entry = {"Id": "1", "Message": "Test batched", "MessageGroupId": "message-group-id-1"}
    sns.publish_batch(TopicArn=arn, PublishBatchRequestEntries=[entry])

    recorded.agree(
        f"test_publish_to_fifo_topic_to_sqs_queue_no_content_dedup[{raw}]",
        messages=messages(url, system=True),
    )


@pytest.mark.recording("sns", "test_publish_to_fifo_topic_deduplication_on_topic_level")
def test_a_topic_keeps_back_what_it_has_delivered_already(sns, topic, queue, subscribe, messages, recorded):
    arn = topic("level.fifo", ContentBasedDeduplication="true")
    url, queue_arn = queue("level.fifo", ContentBasedDeduplication="false")
    subscribe(arn, queue_arn)

    sns.publish(TopicArn=arn, Message="Test", MessageGroupId="message-group-id-1")
    first = messages(url, system=True)
    sns.publish(TopicArn=arn, Message="Test", MessageGroupId="message-group-id-1")

    recorded.agree(
        "test_publish_to_fifo_topic_deduplication_on_topic_level", messages=first, dedup_messages=messages(url)
    )


@pytest.mark.recording("sns", "test_publish_batch_messages_from_fifo_topic_to_fifo_queue")
@pytest.mark.parametrize("content_based", [True, False])
def test_a_batch_keeps_its_order_and_is_delivered_once(sns, topic, queue, subscribe, messages, recorded, content_based):
    situation = f"test_publish_batch_messages_from_fifo_topic_to_fifo_queue[{content_based}]"
    switch = str(content_based).lower()
    arn = topic("batch.fifo", ContentBasedDeduplication=switch)
    url, queue_arn = queue("batch.fifo", ContentBasedDeduplication=switch)
    shown = sns.get_topic_attributes(TopicArn=arn)
    subscribed = subscribe(arn, queue_arn, RawMessageDelivery="true")
    entries = [
        {
            "Id": str(at),
            "Message": message["Body"],
            "MessageGroupId": message["Attributes"]["MessageGroupId"],
            "MessageAttributes": message.get("MessageAttributes", {}),
            **({} if content_based else {"MessageDeduplicationId": message["Attributes"]["MessageDeduplicationId"]}),
        }
        for at, message in enumerate(recorded(situation)["messages"]["Messages"], 1)
    ]

    first = sns.publish_batch(TopicArn=arn, PublishBatchRequestEntries=entries)
    got = messages(url, system=True)
    second = sns.publish_batch(TopicArn=arn, PublishBatchRequestEntries=entries)

    recorded.agree(
        situation,
        topic_attrs=shown,
        sub_attrs_raw_true=subscribed,
        publish_batch_response_fifo=first,
        messages=got,
        republish_batch_response_fifo=second,
        duplicate_messages=messages(url),
    )
    assert [one["MessageId"] for one in first["Successful"]] == [one["MessageId"] for one in second["Successful"]]


@pytest.mark.recording("sns", "test_publish_fifo_messages_to_dlq")
@pytest.mark.parametrize("raw", [True, False])
def test_the_dead_letter_queue_of_a_fifo_queue_keeps_ids_and_order(sqs, sns, topic, queue, messages, recorded, raw):
    arn = topic("dead.fifo")
    shown = sns.get_topic_attributes(TopicArn=arn)
    url, queue_arn = queue("target.fifo")
    dead, dead_arn = queue("dead.fifo")
    sns.subscribe(
        TopicArn=arn,
        Protocol="sqs",
        Endpoint=queue_arn,
        Attributes={
            "RawMessageDelivery": str(raw).lower(),
            "RedrivePolicy": json.dumps({"deadLetterTargetArn": dead_arn}),
        },
    )
    sqs.delete_queue(QueueUrl=url)
    situation = f"test_publish_fifo_messages_to_dlq[{raw}]"
    content = recorded(situation)
    wanted = content["batch-messages-in-dlq"]["Messages"]

    def texts(message):
        body = message["Body"]
        values = message.get("MessageAttributes") if raw else body.get("MessageAttributes", {})
        return {
            "Message": body if raw else body["Message"],
            **({} if raw or "Subject" not in body else {"Subject": body["Subject"]}),
            "MessageAttributes": {
                name: value if raw else {"DataType": value["Type"], "StringValue": value["Value"]}
                for name, value in (values or {}).items()
            },
        }

    entries = [
        {
            "Id": str(at),
            "MessageGroupId": message["Attributes"]["MessageGroupId"],
            "MessageDeduplicationId": message["Attributes"]["MessageDeduplicationId"],
            **texts(message),
        }
        for at, message in enumerate(wanted, 1)
    ]
    single = sns.publish(
        TopicArn=arn,
        Message="test-message",
        MessageGroupId="message-group-id-1",
        MessageDeduplicationId="message-deduplication-id-1",
    )
    first = messages(dead, system=True)
    answer = sns.publish_batch(TopicArn=arn, PublishBatchRequestEntries=entries)

    recorded.agree(
        situation,
        topic_attrs=shown,
        publish_response_fifo=single,
        messages_in_dlq=first,
        publish_batch_response_fifo=answer,
        batch_messages_in_dlq=messages(dead, system=True),
    )

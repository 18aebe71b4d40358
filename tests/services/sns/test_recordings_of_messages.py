"""Published messages and what the subscribers got, held against what AWS answered."""

import json

import pytest


def text(value):
    return {"DataType": "String", "StringValue": value}


def number(value):
    return {"DataType": "Number", "StringValue": value}


def test_an_empty_message_is_refused(sqs, sns, topic, queue, subscribe, recorded, error_of):
    arn, (url, queue_arn) = topic(), queue()
    subscribe(arn, queue_arn)

    recorded.agree(
        "test_empty_sns_message",
        empty_msg_error=error_of(sns.publish, TopicArn=arn, Message=""),
        queue_attrs=sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"]),
    )


def test_message_structures_are_checked(sns, topic, recorded, error_of):
    def publish(message):
        return sns.publish(TopicArn=arn, Message=message, MessageStructure="json")

    arn = topic()
    recorded.agree(
        "test_message_structure_json_exc",
        missing_default_key=error_of(publish, '{"sqs": "x"}'),
        invalid_json=error_of(publish, '{"default": "This isn\'t good json"'),
        duplicate_json_keys=publish('{"default": "first", "default": "second"}'),
        key_is_not_string=error_of(publish, '{"default": {"object": "test"}}'),
    )


def test_ids_of_batch_entries_are_checked(sns, topic, recorded, error_of):
    arn = topic()

    def publish(id):
        return sns.publish_batch(TopicArn=arn, PublishBatchRequestEntries=[{"Id": id, "Message": "m"}])

    too_long = "myreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallylongid"
    recorded.agree(
        "test_publish_batch_invalid_entry_id",
        invalid_char_dot=error_of(publish, "message.id"),
        invalid_char_special=error_of(publish, "msg@123#test"),
        id_too_long_81=error_of(publish, "a" * 81),
        id_too_long_91=error_of(publish, too_long),
        valid_id_80_chars=publish("a" * 80),
        valid_id_with_hyphen_underscore=publish("valid-message_123"),
    )


def test_a_batch_has_a_limit_as_a_whole(sns, topic, recorded, error_of):
    arn = topic(MaximumMessageSize="2048")
    large = {"Id": "1", "Message": "a" * 2049}
    with_attribute = {"Id": "1", "Message": "a" * 2040, "MessageAttributes": {"k": text("value")}}

    recorded.agree(
        "test_publish_batch_too_long_message",
        error_no_attrs=error_of(sns.publish_batch, TopicArn=arn, PublishBatchRequestEntries=[large]),
        error_with_attrs=error_of(sns.publish_batch, TopicArn=arn, PublishBatchRequestEntries=[with_attribute]),
    )


WRONG_ATTRIBUTES = {
    "missing_string_attr": {"attr1": {"DataType": "String", "StringValue": ""}},
    "fully_missing_string_attr": {"attr1": {"DataType": "String"}},
    "missing_binary_attr": {"attr1": {"DataType": "Binary", "BinaryValue": b""}},
    "str_attr_binary_value": {"attr1": {"DataType": "String", "BinaryValue": b"123"}},
    "int_attr_binary_value": {"attr1": {"DataType": "Number", "BinaryValue": b"123"}},
    "binary_attr_string_value": {"attr1": {"DataType": "Binary", "StringValue": "123"}},
    "invalid_attr_string_value": {"attr1": {"DataType": "InvalidType", "StringValue": "123"}},
    "too_long_name": {"a" * 257: text("123")},
    "invalid_name": {"a^*?": text("123")},
    "invalid_name_2": {".abc": text("123")},
    "invalid_name_3": {"abc.": text("123")},
    "invalid_name_4": {"a..bc": text("123")},
}


@pytest.mark.parametrize("case", WRONG_ATTRIBUTES)
def test_message_attributes_are_checked(sns, topic, recorded, error_of, case):
    arn, attributes = topic(), WRONG_ATTRIBUTES[case]
    entries = [{"Id": "1", "Message": "m", "MessageAttributes": attributes}]

    single = error_of(sns.publish, TopicArn=arn, Message="m", MessageAttributes=attributes)
    batch = error_of(sns.publish_batch, TopicArn=arn, PublishBatchRequestEntries=entries)

    recorded.agree(
        "test_empty_or_wrong_message_attributes",
        **{case: single, f"batch_{case}": batch},
    )


def test_types_of_attributes_may_have_a_label(sns, topic, recorded, error_of):
    arn = topic()

    def publish(kind, value="StringValue"):
        return sns.publish(
            TopicArn=arn,
            Message="m",
            MessageAttributes={"attr1": {"DataType": kind, value: b"1" if value != "StringValue" else "1"}},
        )

    recorded.agree(
        "test_message_attributes_prefixes",
        publish_error=error_of(publish, "Stringprefixed"),
        publish_error_2=error_of(publish, "invalidType"),
        publish_ok_1=publish("String.prefixed"),
        publish_ok_2=publish("Binary.custom", "BinaryValue"),
    )


def test_attributes_arrive_raw_and_in_the_envelope(sns, topic, queue, subscribe, messages, recorded):
    arn = topic()
    raw, raw_arn = queue("raw")
    wrapped, wrapped_arn = queue("wrapped")
    subscribe(arn, raw_arn, RawMessageDelivery="true")
    subscribe(arn, wrapped_arn)

    answer = sns.publish(
        TopicArn=arn,
        Message="text",
        MessageAttributes={
            "an-attribute-key": text("an-attribute-value"),
            "binary-attribute": {"DataType": "Binary", "BinaryValue": b"\x02\x03\x04"},
        },
    )

    recorded.agree(
        "test_message_attributes_not_missing",
        publish_msg_raw=answer,
        raw_delivery_msg_attrs=messages(raw, system=True),
        publish_msg_json=answer,
        json_delivery_msg_attrs=messages(wrapped, system=True),
    )


def test_each_protocol_gets_its_own_text(sns, topic, queue, subscribe, messages, recorded):
    arn, (url, queue_arn) = topic(), queue()
    subscribe(arn, queue_arn)
    own = json.dumps({"default": "default field", "sqs": json.dumps({"field": "value"})})
    sns.publish(TopicArn=arn, Message=own, MessageStructure="json")
    first = messages(url)
    sns.publish(TopicArn=arn, Message='{"default": "default field"}', MessageStructure="json")
    second = messages(url)

    recorded.agree("test_message_structure_json_to_sqs", get_msg_json_sqs=first, get_msg_json_default=second)


def test_batches_to_fifo_topics_are_checked(sns, topic, recorded, error_of):
    arn, plain = topic("batch.fifo"), topic("plain")

    def publish(*entries, to=arn):
        return error_of(sns.publish_batch, TopicArn=to, PublishBatchRequestEntries=list(entries))

    entry = {"Id": "1", "Message": "m"}
    recorded.agree(
        "test_publish_batch_exceptions",
        no_group_id=publish(entry),
        too_many_msg=publish(*({**entry, "Id": str(at)} for at in range(11)), to=plain),
        same_msg_id=publish(entry, entry, to=plain),
        no_dedup_id=publish({**entry, "MessageGroupId": "g"}),
        no_default_key_json=publish({**entry, "Message": "{}", "MessageStructure": "json"}, to=plain),
    )


def test_a_group_id_travels_to_a_standard_queue(sns, topic, queue, subscribe, messages, recorded):
    arn, (url, queue_arn) = topic(), queue()
    subscribe(arn, queue_arn)

    sns.publish(
        TopicArn=arn,
        Message="test signature value with attributes",
        MessageAttributes={"attr1": number("1")},
        MessageGroupId="my-group-id-1",
    )

    recorded.agree("test_publish_message_group_id", messages=messages(url, system=True))


def test_raw_delivery_can_be_switched_off(sns, topic, queue, subscribe, messages, recorded):
    arn, (url, queue_arn) = topic(), queue()
    made = subscribe(arn, queue_arn, RawMessageDelivery="true")
    subscription = made["Attributes"]["SubscriptionArn"]

    def publish(value):
        sns.publish(TopicArn=arn, Message="Test msg", MessageAttributes={"attr1": number(value)})
        return messages(url)

    raw = publish("99.12")
    sns.set_subscription_attributes(
        SubscriptionArn=subscription, AttributeName="RawMessageDelivery", AttributeValue="false"
    )
    wrapped = publish("100.12")

    recorded.agree(
        "test_publish_sqs_from_sns",
        sub_attrs_raw_true=made,
        message_raw_true=raw,
        sub_attrs_raw_false=sns.get_subscription_attributes(SubscriptionArn=subscription),
        message_raw_false=wrapped,
    )


def test_every_character_arrives(sns, topic, queue, subscribe, messages, recorded):
    arn, (url, queue_arn) = topic(), queue()
    subscribe(arn, queue_arn)
    content = recorded("test_publish_unicode_chars")["received-message"]["Messages"][0]["Body"]

    sns.publish(TopicArn=arn, Message=content["Message"])

    recorded.agree("test_publish_unicode_chars", received_message=messages(url))


def test_a_filter_lets_pass_what_it_matches(sns, topic, queue, subscribe, messages, recorded):
    arn, (url, queue_arn) = topic(), queue()
    policy = json.dumps({"attr1": [{"numeric": [">", 0, "<=", 100]}]})
    made = subscribe(arn, queue_arn, FilterPolicy=policy)

    for value in ("111", "99.12"):
        sns.publish(TopicArn=arn, Message="This is a test message", MessageAttributes={"attr1": number(value)})

    recorded.agree("test_subscribe_sqs_queue", subscription_attributes=made, messages=messages(url))


def test_a_batch_is_filtered_one_by_one(sns, topic, queue, subscribe, messages, recorded):
    arn = topic()
    every, every_arn = queue("every")
    some, some_arn = queue("some")
    policy = json.dumps({"attr1": [{"numeric": [">", 0, "<=", 100]}]})
    filtered, unfiltered = subscribe(arn, some_arn, FilterPolicy=policy), subscribe(arn, every_arn)

    def publish(message, value):
        entry = {"Id": "1", "Message": message, "MessageAttributes": {"attr1": number(value)}}
        sns.publish_batch(TopicArn=arn, PublishBatchRequestEntries=[entry])
        return messages(every), messages(some)

    first = publish("This is a test message", "99")
    second = publish("This is another test message", "111")

    recorded.agree(
        "test_filter_policy_for_batch",
        subscription_attributes_with_filter=filtered,
        subscription_attributes_no_filter=unfiltered,
        messages_no_filter_after_publish_ok=first[0],
        messages_with_filter_after_publish_ok=first[1],
        messages_no_filter_after_publish_ok_1=second[0],
        messages_with_filter_after_publish_filtered=second[1],
    )


def test_a_filter_may_ask_whether_an_attribute_is_there(sns, topic, queue, subscribe, messages, recorded):
    arn, (url, queue_arn) = topic(), queue()
    made = subscribe(arn, queue_arn, FilterPolicy='{"store":[{"exists":true}]}')
    subscription = made["Attributes"]["SubscriptionArn"]

    def publish(message, *names):
        attributes = {name: number("99") for name in names}
        sns.publish(TopicArn=arn, Message=message, MessageAttributes=attributes)

    publish("message-1", "def", "store")
    publish("message-2", "def")
    first = messages(url)
    sns.set_subscription_attributes(
        SubscriptionArn=subscription,
        AttributeName="FilterPolicy",
        AttributeValue='{"store":[{"exists":false}]}',
    )
    publish("message-3", "def")
    publish("message-4", "def", "store")

    recorded.agree(
        "test_exists_filter_policy",
        subscription_attributes_policy_1=made,
        messages_1=first,
        subscription_attributes_policy_2=sns.get_subscription_attributes(SubscriptionArn=subscription),
        messages_3=messages(url),
    )


@pytest.mark.parametrize("raw", [True, False])
def test_a_filter_may_look_into_the_message(sns, topic, queue, subscribe, messages, recorded, raw):
    arn, (url, queue_arn) = topic(), queue()
    subscribe(
        arn,
        queue_arn,
        FilterPolicyScope="MessageBody",
        FilterPolicy=json.dumps({"object": {"key": [{"prefix": "auto-"}, "hardcodedvalue"]}}),
        RawMessageDelivery=str(raw).lower(),
    )
    answers = []
    for value in ("auto-test", "hardcodedvalue"):
        sns.publish(TopicArn=arn, Message=json.dumps({"object": {"key": value}}))
        answers.append(messages(url))
    for message in ('{"object":{"key":"other"}}', '{"object":"auto-test"}', "auto-test"):
        sns.publish(TopicArn=arn, Message=message)

    recorded.agree(
        f"test_filter_policy_on_message_body[{raw}]",
        recv_passed_msg_0=answers[0],
        recv_passed_msg_1=answers[1],
    )
    assert messages(url) == {}


def test_a_filter_looks_into_arrays(sns, topic, queue, subscribe, messages, recorded):
    arn = topic()
    urls = []
    for at in (1, 2):
        url, queue_arn = queue(f"queue{at}")
        policy = json.dumps({"headers": {"route-to": [f"queue{at}"]}})
        subscribe(arn, queue_arn, FilterPolicyScope="MessageBody", FilterPolicy=policy, RawMessageDelivery="true")
        urls.append(url)
    for route in (["queue1", "queue2"], ["queue1"], ["queue2"]):
        sns.publish(TopicArn=arn, Message=json.dumps({"headers": {"route-to": route}}))

    recorded.agree(
        "test_filter_policy_on_message_body_array_attributes",
        messages_queue_0=messages(urls[0], system=True),
        messages_queue_1=messages(urls[1], system=True),
    )


def test_the_dead_letter_queue_gets_what_could_not_be_delivered(sqs, sns, topic, queue, subscribe, messages, recorded):
    arn = topic()
    url, queue_arn = queue("target")
    dead, dead_arn = queue("dead")
    made = subscribe(arn, queue_arn)
    subscription = made["Attributes"]["SubscriptionArn"]
    sns.publish(TopicArn=arn, Message="test_dlq_before_sqs_endpoint_deleted")
    before = messages(url)
    sqs.delete_queue(QueueUrl=url)
    listed = sns.list_subscriptions_by_topic(TopicArn=arn)
    sns.set_subscription_attributes(
        SubscriptionArn=subscription,
        AttributeName="RedrivePolicy",
        AttributeValue=json.dumps({"deadLetterTargetArn": dead_arn}),
    )
    changed = sns.get_subscription_attributes(SubscriptionArn=subscription)
    after = []
    for at in range(2):
        sns.publish(TopicArn=arn, Message=f"test_dlq_after_sqs_endpoint_deleted_{at}")
        after.append(messages(dead))

    recorded.agree(
        "test_subscription_after_failure_to_deliver",
        subscriptions_attrs=made,
        messages_before_delete=before,
        subscriptions=listed,
        subscriptions_attrs_with_redrive=changed,
        message_0_after_delete=after[0],
        message_1_after_delete=after[1],
    )

"""Published messages and what the subscribers got, held against what AWS answered."""

import json
import re
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from botocore.validate import ValidationErrors


def text(value):
    return {"DataType": "String", "StringValue": value}


def number(value):
    return {"DataType": "Number", "StringValue": value}


@pytest.mark.recording("sns", "test_empty_sns_message")
def test_an_empty_message_is_refused(sqs, sns, topic, queue, subscribe, recorded, error_of):
    arn, (url, queue_arn) = topic(), queue()
    subscribe(arn, queue_arn)

    recorded.agree(
        "test_empty_sns_message",
        empty_msg_error=error_of(sns.publish, TopicArn=arn, Message=""),
        queue_attrs=sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"]),
    )


@pytest.mark.recording("sns", "test_message_structure_json_exc")
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


@pytest.mark.recording("sns", "test_publish_batch_invalid_entry_id")
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


@pytest.mark.recording("sns", "test_publish_batch_too_long_message")
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
    "fully_missing_data_type": {"attr1": {"StringValue": "123"}},
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


@pytest.mark.recording("sns", "test_empty_or_wrong_message_attributes")
@pytest.mark.parametrize("case", WRONG_ATTRIBUTES)
def test_message_attributes_are_checked(sns, topic, recorded, error_of, case, monkeypatch):
    monkeypatch.setattr("botocore.validate.ParamValidator.validate", lambda *_: ValidationErrors())
    arn, attributes = topic(), WRONG_ATTRIBUTES[case]
    entries = [{"Id": "1", "Message": "m", "MessageAttributes": attributes}]

    single = error_of(sns.publish, TopicArn=arn, Message="m", MessageAttributes=attributes)
    batch = error_of(sns.publish_batch, TopicArn=arn, PublishBatchRequestEntries=entries)

    recorded.part(
        "test_empty_or_wrong_message_attributes",
        **{case: single, f"batch_{case}": batch},
    )


@pytest.mark.recording("sns", "test_message_attributes_prefixes")
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


@pytest.mark.recording("sns", "test_message_attributes_not_missing")
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


@pytest.mark.recording("sns", "test_message_structure_json_to_sqs")
def test_each_protocol_gets_its_own_text(sns, topic, queue, subscribe, messages, recorded):
    arn, (url, queue_arn) = topic(), queue()
    subscribe(arn, queue_arn)
    own = json.dumps({"default": "default field", "sqs": json.dumps({"field": "value"})})
    sns.publish(TopicArn=arn, Message=own, MessageStructure="json")
    first = messages(url)
    sns.publish(TopicArn=arn, Message='{"default": "default field"}', MessageStructure="json")
    second = messages(url)

    recorded.agree("test_message_structure_json_to_sqs", get_msg_json_sqs=first, get_msg_json_default=second)


@pytest.mark.recording("sns", "test_publish_batch_exceptions")
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


@pytest.mark.recording("sns", "test_publish_message_group_id")
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


@pytest.mark.recording("sns", "test_publish_sqs_from_sns")
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


@pytest.mark.recording("sns", "test_publish_unicode_chars")
def test_every_character_arrives(sns, topic, queue, subscribe, messages, recorded):
    arn, (url, queue_arn) = topic(), queue()
    subscribe(arn, queue_arn)
    content = recorded("test_publish_unicode_chars")["received-message"]["Messages"][0]["Body"]

    sns.publish(TopicArn=arn, Message=content["Message"])

    recorded.agree("test_publish_unicode_chars", received_message=messages(url))


@pytest.mark.recording("sns", "test_publish_sqs_from_sns_with_xray_propagation")
def test_the_publishers_trace_goes_on(aws, topic, queue, subscribe, messages, recorded):
    arn, (url, queue_arn) = topic(), queue()
    subscribe(arn, queue_arn)
    expected = recorded("test_publish_sqs_from_sns_with_xray_propagation")["xray-msg"]
    header = expected["Attributes"]["AWSTraceHeader"]
    sns = aws.own("sns")
    sns.meta.events.register(
        "before-send.sns.Publish", lambda request, **_: request.headers.update({"X-Amzn-Trace-Id": header})
    )

    sns.publish(TopicArn=arn, Message="X-Ray propagation test msg")
    [message] = messages(url, system=True)["Messages"]

    shown = {name: message["Attributes"][name] for name in expected["Attributes"]}
    recorded.agree("test_publish_sqs_from_sns_with_xray_propagation", xray_msg={**message, "Attributes": shown})


@pytest.mark.recording("sns", "test_redrive_policy_lambda_subscription")
def test_what_a_function_cannot_get_is_dead_lettered(sns, topic, queue, messages, recorded, aws):
    arn, (dead, dead_arn) = topic(), queue("dead")
    function = f"arn:aws:lambda:us-east-1:{aws.account}:function:gone"
    made = sns.subscribe(
        TopicArn=arn,
        Protocol="lambda",
        Endpoint=function,
        Attributes={"RedrivePolicy": json.dumps({"deadLetterTargetArn": dead_arn})},
    )

    sns.publish(TopicArn=arn, Message="test_redrive_policy", MessageAttributes={"attr1": number("1")})

    recorded.agree(
        "test_redrive_policy_lambda_subscription",
        subscription_attributes=sns.get_subscription_attributes(SubscriptionArn=made["SubscriptionArn"]),
        messages=messages(dead),
    )


@pytest.mark.recording("sns", "test_publish_by_path_parameters")
def test_parameters_may_stand_in_the_path(aws, sns, topic, queue, subscribe, messages, recorded):
    arn, (url, queue_arn) = topic(), queue()
    subscribe(arn, queue_arn)
    said = {
        "Action": "Publish",
        "Version": "2010-03-31",
        "TopicArn": arn,
        "Message": "test message direct post request",
    }
    scope = f"Credential={aws.account}/20260101/us-east-1/sns/aws4_request"
    request = Request(
        f"{aws.running.url}/?{urlencode(said)}",
        method="POST",
        headers={"Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=x"},
    )

    with urlopen(request) as response:
        identity = re.fullmatch(
            rb'<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult>'
            rb"<MessageId>(.*)</MessageId></PublishResult>"
            rb"<ResponseMetadata><RequestId>.*</RequestId></ResponseMetadata></PublishResponse>",
            response.read(),
        )

    recorded.part("test_publish_by_path_parameters", messages=messages(url))
    assert identity is not None


@pytest.mark.recording("sns", "test_subscription_after_failure_to_deliver")
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

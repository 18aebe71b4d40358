"""What filter policies let pass, held against what AWS answered."""

import json

import pytest


def number(value):
    return {"DataType": "Number", "StringValue": value}


@pytest.mark.recording("sns", "test_subscribe_sqs_queue")
def test_a_filter_lets_pass_what_it_matches(sns, topic, queue, subscribe, messages, recorded):
    arn, (url, queue_arn) = topic(), queue()
    policy = json.dumps({"attr1": [{"numeric": [">", 0, "<=", 100]}]})
    made = subscribe(arn, queue_arn, FilterPolicy=policy)

    for value in ("111", "99.12"):
        sns.publish(TopicArn=arn, Message="This is a test message", MessageAttributes={"attr1": number(value)})

    recorded.agree("test_subscribe_sqs_queue", subscription_attributes=made, messages=messages(url))


@pytest.mark.recording("sns", "test_filter_policy_for_batch")
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

    before = messages(every), messages(some)
    first = publish("This is a test message", "99")
    second = publish("This is another test message", "111")

    recorded.agree(
        "test_filter_policy_for_batch",
        subscription_attributes_with_filter=filtered,
        subscription_attributes_no_filter=unfiltered,
        messages_no_filter_before_publish=before[0],
        messages_with_filter_before_publish=before[1],
        messages_no_filter_after_publish_ok=first[0],
        messages_with_filter_after_publish_ok=first[1],
        messages_no_filter_after_publish_ok_1=second[0],
        messages_with_filter_after_publish_filtered=second[1],
    )


@pytest.mark.recording("sns", "test_exists_filter_policy")
def test_a_filter_may_ask_whether_an_attribute_is_there(sns, topic, queue, subscribe, messages, recorded):
    arn, (url, queue_arn) = topic(), queue()
    made = subscribe(arn, queue_arn, FilterPolicy='{"store":[{"exists":true}]}')
    subscription = made["Attributes"]["SubscriptionArn"]

    def publish(message, *names):
        attributes = {name: number("99") for name in names}
        sns.publish(TopicArn=arn, Message=message, MessageAttributes=attributes)

    before = messages(url)
    publish("message-1", "def", "store")
    publish("message-2", "def")
    first = messages(url)
    sns.set_subscription_attributes(
        SubscriptionArn=subscription,
        AttributeName="FilterPolicy",
        AttributeValue='{"store":[{"exists":false}]}',
    )
    publish("message-3", "def")
    third = messages(url)
    publish("message-4", "def", "store")
    after = messages(url)

    recorded.agree(
        "test_exists_filter_policy",
        subscription_attributes_policy_1=made,
        messages_0=before,
        messages_1=first,
        subscription_attributes_policy_2=sns.get_subscription_attributes(SubscriptionArn=subscription),
        messages_3=third,
    )
    # The recording's receives show again what was not deleted: nothing new came in.
    assert after == {}
    assert {"messages-2", "messages-4"} <= recorded("test_exists_filter_policy").keys()


@pytest.mark.recording("sns", "test_filter_policy_on_message_body")
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
    answers = [messages(url)]
    for value in ("auto-test", "hardcodedvalue"):
        sns.publish(TopicArn=arn, Message=json.dumps({"object": {"key": value}}))
        answers.append(messages(url))
    for message in ('{"object":{"key":"other"}}', '{"object":"auto-test"}', "auto-test"):
        sns.publish(TopicArn=arn, Message=message)

    recorded.agree(
        f"test_filter_policy_on_message_body[{raw}]",
        recv_init=answers[0],
        recv_passed_msg_0=answers[1],
        recv_passed_msg_1=answers[2],
    )
    assert messages(url) == {}


@pytest.mark.recording("sns", "test_filter_policy_on_message_body_or_attribute")
def test_a_filter_knows_alternatives(aws, sns, topic, queue, subscribe, messages, recorded):
    arn, (url, queue_arn) = topic(), queue()
    either = [
        {"metricName": ["CPUUtilization", "ReadLatency"]},
        {"namespace": ["AWS/EC2", "AWS/ES"]},
    ]
    policy = {
        "$or": either,
        "detail": {
            "scope": ["Service"],
            "$or": [{"source": ["aws.cloudwatch"]}, {"type": ["CloudWatch Alarm State Change"]}],
        },
    }
    subscribe(
        arn, queue_arn, FilterPolicyScope="MessageBody", FilterPolicy=json.dumps(policy), RawMessageDelivery="true"
    )
    wanted = recorded("test_filter_policy_on_message_body_or_attribute")["messages-queue"]["Messages"]
    bodies = [message["Body"] for message in wanted]
    others = [
        {"metricName": "CPUUtilization", "detail": {"scope": "Service"}},
        {"metricName": "CPUUtilization", "detail": {"source": "aws.cloudwatch"}},
        {"metricName": "Other", "detail": {"scope": "Service", "source": "aws.cloudwatch"}},
    ]

    for body in others + bodies:
        sns.publish(TopicArn=arn, Message=json.dumps(body))
        aws.advance(0)  # deliveries of two publications keep no order among themselves

    recorded.agree("test_filter_policy_on_message_body_or_attribute", messages_queue=messages(url, system=True))


@pytest.mark.recording("sns", "test_filter_policy_on_message_body_array_attributes")
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

"""What subscribers get, beyond what is recorded."""

import json

import pytest


@pytest.fixture
def mails(aws):
    """The mails that came in once every delivery of this moment is done."""

    def mails(address):
        aws.advance(0.001)
        return aws("stepwell").list_mail(To=address)["Mail"]

    return mails


def test_a_message_reaches_every_queue(sns, topic, queue, received):
    arn = topic()
    urls = []
    for name in ("a", "b"):
        url, queue_arn = queue(name)
        sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue_arn)
        urls.append(url)

    published = sns.publish(TopicArn=arn, Message="hello", Subject="greeting")

    for url in urls:
        [message] = received(url)
        envelope = json.loads(message["Body"])
        assert envelope["MessageId"] == published["MessageId"]
        assert (envelope["Subject"], envelope["Message"]) == ("greeting", "hello")
        assert list(envelope) == [
            "Type",
            "MessageId",
            "TopicArn",
            "Subject",
            "Message",
            "Timestamp",
            "SignatureVersion",
            "Signature",
            "SigningCertURL",
            "UnsubscribeURL",
        ]


def test_a_message_may_have_256_kib(sns, topic, queue, received):
    arn, (url, queue_arn) = topic(), queue()
    raw = {"RawMessageDelivery": "true"}
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue_arn, Attributes=raw)

    sns.publish(TopicArn=arn, Message="a" * 262_144)

    assert [len(message["Body"]) for message in received(url)] == [262_144]


@pytest.mark.parametrize("raw", [True, False])
def test_a_dead_letter_keeps_what_the_queue_would_have_got(sqs, sns, topic, queue, received, raw):
    arn, (url, queue_arn), (dead, dead_arn) = topic(), queue(), queue("dead")
    policy = json.dumps({"deadLetterTargetArn": dead_arn})
    attributes = {"RawMessageDelivery": str(raw).lower(), "RedrivePolicy": policy}
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue_arn, Attributes=attributes)
    sqs.delete_queue(QueueUrl=url)
    values = {"colour": {"DataType": "String", "StringValue": "red"}}

    sns.publish(TopicArn=arn, Message="hello", MessageAttributes=values)

    [message] = received(dead)
    if raw:
        assert (message["Body"], message["MessageAttributes"]) == ("hello", values)
    else:
        assert json.loads(message["Body"])["MessageAttributes"] == {"colour": {"Type": "String", "Value": "red"}}
        assert "MessageAttributes" not in message


def test_an_unsubscribed_queue_gets_nothing(sns, topic, queue, received):
    arn, (url, queue_arn) = topic(), queue()
    made = sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue_arn)["SubscriptionArn"]
    sns.unsubscribe(SubscriptionArn=made)

    sns.publish(TopicArn=arn, Message="hello")

    assert received(url) == []


def test_a_new_topic_of_the_same_name_has_no_subscribers(sns, topic, queue, received):
    arn, (url, queue_arn) = topic(), queue()
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue_arn)
    sns.delete_topic(TopicArn=arn)
    topic()

    sns.publish(TopicArn=arn, Message="hello")

    assert received(url) == []


def test_a_changed_filter_holds_from_the_next_message(sns, topic, queue, received):
    arn, (url, queue_arn) = topic(), queue()
    made = sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue_arn)["SubscriptionArn"]
    for policy, message in (('{"kind":["a"]}', "filtered"), ("{}", "unfiltered")):
        sns.set_subscription_attributes(SubscriptionArn=made, AttributeName="FilterPolicy", AttributeValue=policy)
        sns.publish(TopicArn=arn, Message=message)

    assert [json.loads(message["Body"])["Message"] for message in received(url)] == ["unfiltered"]


def test_a_fifo_topic_keeps_its_order(sns, topic, queue, received):
    arn = topic("orders.fifo", ContentBasedDeduplication="true")
    url, queue_arn = queue("orders.fifo")
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue_arn, Attributes={"RawMessageDelivery": "true"})

    for number in range(8):
        sns.publish(TopicArn=arn, Message=str(number), MessageGroupId="g")

    assert [message["Body"] for message in received(url)] == [str(number) for number in range(8)]


def test_an_email_address_gets_the_message_with_a_footer(sns, topic, mails):
    arn = topic()
    sns.subscribe(TopicArn=arn, Protocol="email", Endpoint="ops@example.com")

    sns.publish(TopicArn=arn, Message="disk full")
    sns.publish(TopicArn=arn, Message="disk empty", Subject="Good news")

    found = {mail["Subject"]: mail["Body"] for mail in mails("ops@example.com")}
    assert found["AWS Notification Message"].startswith("disk full\n\n--\n")
    assert found["Good news"].startswith("disk empty\n\n--\n")
    assert f"SubscriptionArn={arn}:" in found["Good news"]


def test_an_email_json_address_gets_the_envelope(sns, topic, mails):
    arn = topic()
    sns.subscribe(TopicArn=arn, Protocol="email-json", Endpoint="bot@example.com")

    sns.publish(TopicArn=arn, Message="disk full")

    [mail] = mails("bot@example.com")
    assert json.loads(mail["Body"])["Message"] == "disk full"


def test_the_link_of_a_mail_ends_the_subscription(aws, running, sns, topic, mails):
    from urllib.request import urlopen

    arn = topic()
    sns.subscribe(TopicArn=arn, Protocol="email", Endpoint="ops@example.com")
    sns.publish(TopicArn=arn, Message="hello")
    [mail] = mails("ops@example.com")
    link = next(line for line in mail["Body"].splitlines() if line.startswith("http"))

    with urlopen(link) as response:
        assert response.status == 200

    assert sns.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"] == []


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"Subject": "a" * 101}, "Invalid parameter: Subject"),
        ({"Subject": "two\nlines"}, "Invalid parameter: Subject"),
        ({"Message": "a" * 2049}, "Invalid parameter: Message too long"),
        ({"MessageStructure": "xml"}, "Invalid parameter: MessageStructure"),
    ],
)
def test_what_is_published_is_checked(sns, topic, error_of, params, message):
    arn = topic(MaximumMessageSize="2048")

    error = error_of(sns.publish, **{"TopicArn": arn, "Message": "m", **params})["Error"]

    assert (error["Code"], error["Message"]) == ("InvalidParameter", message)

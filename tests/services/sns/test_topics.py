"""Topics, their tags, their lists."""


def test_topics_are_listed_in_pages_of_a_hundred(sns, topic):
    for number in range(101):
        topic(f"t{number}")

    first = sns.list_topics()
    second = sns.list_topics(NextToken=first["NextToken"])

    assert len(first["Topics"]) == 100
    assert len(second["Topics"]) == 1
    assert "NextToken" not in second


def test_other_attributes_than_those_of_the_topic_are_refused(sns, topic, error_of):
    topic("same", DisplayName="one")

    error = error_of(sns.create_topic, Name="same", Attributes={"DisplayName": "two"})["Error"]

    assert error["Message"] == ("Invalid parameter: Attributes Reason: Topic already exists with different attributes")


def test_tags_come_and_go(sns, topic):
    arn = topic()
    sns.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])

    sns.untag_resource(ResourceArn=arn, TagKeys=["a"])

    assert sns.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "b", "Value": "2"}]


def test_tags_of_a_topic_that_is_not_there(sns, topic, error_of):
    error = error_of(sns.list_tags_for_resource, ResourceArn=topic() + "x")["Error"]

    assert error["Code"] == "ResourceNotFound"


def test_a_set_attribute_is_shown(sns, topic):
    arn = topic()
    sns.set_topic_attributes(TopicArn=arn, AttributeName="DisplayName", AttributeValue="Orders")

    assert sns.get_topic_attributes(TopicArn=arn)["Attributes"]["DisplayName"] == "Orders"


def test_subscriptions_are_counted(sns, topic, queue):
    arn = topic()
    made = [
        sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue(name)[1])["SubscriptionArn"]
        for name in ("a", "b", "c")
    ]
    sns.unsubscribe(SubscriptionArn=made[0])

    shown = sns.get_topic_attributes(TopicArn=arn)["Attributes"]

    assert shown["SubscriptionsConfirmed"] == "2"
    assert shown["SubscriptionsDeleted"] == "1"


def test_what_is_not_emulated_says_so(sns, topic, error_of):
    arn = topic()

    for call, params in (
        (sns.subscribe, {"TopicArn": arn, "Protocol": "sms", "Endpoint": "+15555550100"}),
        (sns.publish, {"PhoneNumber": "+15555550100", "Message": "m"}),
        (sns.create_platform_application, {"Name": "n", "Platform": "GCM", "Attributes": {"Enabled": "true"}}),
    ):
        assert error_of(call, **params)["ResponseMetadata"]["HTTPStatusCode"] == 501

"""Topics, held against what AWS answered."""

import json

import pytest


def attributes(sns, arn):
    return sns.get_topic_attributes(TopicArn=arn)


def change(sns, arn, name, value):
    return sns.set_topic_attributes(TopicArn=arn, AttributeName=name, AttributeValue=value)


@pytest.mark.recording("sns", "test_create_topic_test_arn")
def test_a_topic_lives_and_dies(sns, recorded, error_of):
    created = sns.create_topic(Name="brief")
    shown = attributes(sns, created["TopicArn"])
    deleted = sns.delete_topic(TopicArn=created["TopicArn"])

    recorded.agree(
        "test_create_topic_test_arn",
        create_topic=created,
        get_topic_attrs=shown,
        delete_topic=deleted,
        topic_not_exists=error_of(sns.get_topic_attributes, TopicArn=created["TopicArn"]),
    )


@pytest.mark.recording("sns", "test_create_topic_with_attributes")
def test_a_topic_is_created_with_attributes(sns, topic, recorded, error_of):
    arn = topic("named.fifo", DisplayName="TestTopic", SignatureVersion="2")

    recorded.agree(
        "test_create_topic_with_attributes",
        get_topic_attrs=attributes(sns, arn),
        get_attrs_nonexistent_topic=error_of(sns.get_topic_attributes, TopicArn=arn + "x"),
        get_attrs_malformed_topic=error_of(sns.get_topic_attributes, TopicArn="nonsense"),
    )


@pytest.mark.recording("sns", "test_create_topic_should_be_idempotent")
def test_creating_a_topic_again_changes_nothing(sns, topic, recorded):
    first = attributes(sns, topic("same", DisplayName="AlreadySet"))
    second = attributes(sns, topic("same"))

    recorded.agree(
        "test_create_topic_should_be_idempotent",
        topic_attrs_idempotent_1=first,
        topic_attrs_idempotent_2=second,
    )


@pytest.mark.recording("sns", "test_create_duplicate_topic_check_idempotency")
def test_the_same_tags_again_are_no_error(sns, recorded, error_of):
    tags = [{"Key": "k1", "Value": "v1"}, {"Key": "k2", "Value": "v2"}]
    created = sns.create_topic(Name="tagged", Tags=tags)
    again = [sns.create_topic(Name="tagged", Tags=tags[:count]) for count in (2, 1)]

    recorded.agree(
        "test_create_duplicate_topic_check_idempotency",
        response_created=created,
        response_same_arn_0=again[0],
        response_same_arn_1=again[1],
        response_same_arn_2=sns.create_topic(Name="tagged"),
    )


@pytest.mark.recording("sns", "test_create_duplicate_topic_with_more_tags")
def test_other_tags_are_refused(sns, topic, recorded, error_of):
    topic("untagged")

    error = error_of(sns.create_topic, Name="untagged", Tags=[{"Key": "k", "Value": "v"}])

    recorded.agree("test_create_duplicate_topic_with_more_tags", exception_duplicate=error)


@pytest.mark.recording("sns", "test_create_topic_after_delete_with_new_tags")
def test_a_deleted_topic_leaves_its_name_free(sns, recorded):
    first = sns.create_topic(Name="again", Tags=[{"Key": "k", "Value": "v"}])
    sns.delete_topic(TopicArn=first["TopicArn"])
    second = sns.create_topic(Name="again", Tags=[{"Key": "other", "Value": "v"}])

    recorded.agree("test_create_topic_after_delete_with_new_tags", topic_0=first, topic_1=second)


@pytest.mark.recording("sns", "test_create_topic_name_constraints")
def test_names_of_topics_are_checked(sns, recorded, error_of):
    fifo = {"FifoTopic": "true"}
    invalid = {f"name_invalid_char_{at}": char for at, char in enumerate("#*!@ /\\ü"[:8])}

    recorded.agree(
        "test_create_topic_name_constraints",
        valid_name_max_length=sns.create_topic(Name="a" * 256),
        name_too_short=error_of(sns.create_topic, Name=""),
        name_too_long=error_of(sns.create_topic, Name="a" * 257),
        name_contains_fifo=error_of(sns.create_topic, Name="a.fifo"),
        fifo_name_not_contains_fifo=error_of(sns.create_topic, Name="a", Attributes=fifo),
        **{name: error_of(sns.create_topic, Name=f"test{char}") for name, char in invalid.items()},
    )


@pytest.mark.recording("sns", "test_topic_get_attributes_with_fifo_false")
def test_the_kind_of_a_topic_cannot_be_changed(sns, recorded, error_of):
    arn = sns.create_topic(Name="plain", Attributes={"FifoTopic": "false"})["TopicArn"]

    recorded.agree(
        "test_topic_get_attributes_with_fifo_false",
        get_attrs_standard_topic=attributes(sns, arn),
        set_fifo_false_after_creation=error_of(
            sns.set_topic_attributes, TopicArn=arn, AttributeName="FifoTopic", AttributeValue="false"
        ),
    )


@pytest.mark.recording("sns", "test_topic_add_permission", "test_topic_remove_permission")
def test_a_permission_is_a_statement_of_the_policy(sns, topic, recorded):
    arn = topic()
    answer = sns.add_permission(TopicArn=arn, Label="test", AWSAccountId=["000000000001"], ActionName=["Publish"])
    with_it = json.loads(attributes(sns, arn)["Attributes"]["Policy"])
    sns.remove_permission(TopicArn=arn, Label="test")
    without = json.loads(attributes(sns, arn)["Attributes"]["Policy"])

    without_resource = json.loads(json.dumps(with_it).replace("000000000001", "111111111111"))
    recorded.agree(
        "test_topic_add_permission",
        add_permission_response=answer,
        topic_policy_after_permission=without_resource,
    )
    recorded.agree("test_topic_remove_permission", topic_policy=without)


@pytest.mark.recording("sns", "test_add_permission_errors")
def test_permissions_are_checked(sns, topic, recorded, error_of):
    arn = topic()
    params = {"AWSAccountId": ["000000000001"], "ActionName": ["Publish"], "Label": "test"}
    sns.add_permission(TopicArn=arn, **params)

    recorded.agree(
        "test_add_permission_errors",
        duplicate_label=error_of(sns.add_permission, TopicArn=arn, **params),
        topic_not_found=error_of(sns.add_permission, TopicArn=arn + "x", **params),
        invalid_action=error_of(
            sns.add_permission, TopicArn=arn, **{**params, "Label": "2", "ActionName": ["InvalidAction"]}
        ),
    )


@pytest.mark.recording("sns", "test_topic_delivery_policy_crud")
def test_a_delivery_policy_is_merged_with_the_defaults(sns, recorded):
    content = recorded("test_topic_delivery_policy_crud")
    policy = content["get-topic-attrs"]["Attributes"]["DeliveryPolicy"]
    given = {"FifoTopic": "true", "DisplayName": "TestTopic", "SignatureVersion": "2"}
    arn = sns.create_topic(Name="crud.fifo", Attributes={**given, "DeliveryPolicy": json.dumps(policy)})["TopicArn"]
    before = attributes(sns, arn)
    changed = content["get-topic-attrs-after-update"]["Attributes"]["DeliveryPolicy"]
    answer = change(sns, arn, "DeliveryPolicy", json.dumps(changed))
    after = attributes(sns, arn)
    nulls = json.dumps({"http": {"defaultHealthyRetryPolicy": None, "defaultRequestPolicy": None}})
    answers = {
        "set_topic_attrs_none": change(sns, arn, "DeliveryPolicy", nulls),
        "get_topic_attrs_after_none": attributes(sns, arn),
        "set_topic_attrs_full_none": change(sns, arn, "DeliveryPolicy", ""),
        "get_topic_attrs_after_delete": attributes(sns, arn),
    }

    recorded.agree(
        "test_topic_delivery_policy_crud",
        get_topic_attrs=before,
        set_topic_attrs=answer,
        get_topic_attrs_after_update=after,
        **answers,
    )


@pytest.mark.recording("sns", "test_publish_wrong_arn_format")
@pytest.mark.parametrize(
    ("name", "arn"),
    [("invalid_topic_arn", "randomstring"), ("invalid_topic_arn_1", "randomstring:1"), ("empty_topic", "")],
)
def test_arns_are_checked(sns, recorded, error_of, name, arn):
    error = error_of(sns.publish, Message="m", TopicArn=arn)

    recorded.part("test_publish_wrong_arn_format", **{name: error})


@pytest.mark.recording("sns", "test_topic_publish_another_region")
def test_a_topic_is_only_reached_in_its_region(aws, sns, topic, recorded, error_of):
    arn = topic()
    elsewhere = aws("sns", region="eu-central-1")
    entries = [{"Id": "1", "Message": "m"}]

    recorded.agree(
        "test_topic_publish_another_region",
        success=sns.publish(TopicArn=arn, Message="m"),
        error=error_of(elsewhere.publish, TopicArn=arn, Message="m"),
        error_batch=error_of(elsewhere.publish_batch, TopicArn=arn, PublishBatchRequestEntries=entries),
    )


@pytest.mark.recording("sns", "test_unknown_topic_publish")
def test_an_unknown_topic(sns, topic, recorded, error_of):
    arn = topic()

    recorded.agree(
        "test_unknown_topic_publish",
        success=sns.publish(TopicArn=arn, Message="m"),
        error=error_of(sns.publish, TopicArn=arn + "x", Message="m"),
    )


def test_feedback_attributes_are_kept(sns, topic):
    arn = topic()
    role = "arn:aws:iam::000000000000:role/feedback"
    for name, value in (
        ("LambdaSuccessFeedbackRoleArn", role),
        ("LambdaSuccessFeedbackSampleRate", "100"),
    ):
        sns.set_topic_attributes(TopicArn=arn, AttributeName=name, AttributeValue=value)

    shown = attributes(sns, arn)["Attributes"]
    assert (shown["LambdaSuccessFeedbackRoleArn"], shown["LambdaSuccessFeedbackSampleRate"]) == (role, "100")

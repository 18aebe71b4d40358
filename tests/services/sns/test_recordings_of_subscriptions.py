"""Subscriptions, held against what AWS answered."""

import json

import pytest


@pytest.fixture
def subscribe(sns):
    def subscribe(topic_arn, endpoint, protocol="sqs", **attributes):
        return sns.subscribe(TopicArn=topic_arn, Protocol=protocol, Endpoint=endpoint, Attributes=attributes)

    return subscribe


@pytest.fixture
def described(sns):
    def described(answer):
        return sns.get_subscription_attributes(SubscriptionArn=answer["SubscriptionArn"])

    return described


@pytest.mark.recording(
    "sns",
    "test_create_subscriptions_with_attributes",
    "test_get_subscription_attributes_error_not_exists",
)
def test_attributes_of_subscribe(sns, topic, queue, subscribe, described, recorded, error_of):
    arn, (_, queue_arn) = topic(), queue()
    wrong = error_of(subscribe, arn, queue_arn, RawMessageDelivery="wrongvalue")
    made = subscribe(arn, queue_arn, RawMessageDelivery="true")
    missing = made["SubscriptionArn"][:-1] + "x"

    recorded.agree(
        "test_create_subscriptions_with_attributes",
        subscribe_wrong_attr=wrong,
        subscribe=made,
        get_attrs=described(made),
        get_attrs_nonexistent_sub=error_of(sns.get_subscription_attributes, SubscriptionArn=missing),
    )
    recorded.agree(
        "test_get_subscription_attributes_error_not_exists",
        get_sub_attrs_nonexistent=error_of(sns.get_subscription_attributes, SubscriptionArn=missing),
    )


@pytest.mark.recording("sns", "test_subscribe_idempotency")
def test_subscribing_again_gives_the_same_subscription(sns, topic, queue, subscribe, described, recorded, error_of):
    arn, (_, queue_arn) = topic(), queue()
    made = subscribe(arn, queue_arn, RawMessageDelivery="true")

    recorded.agree(
        "test_subscribe_idempotency",
        subscribe=made,
        get_sub_attrs=described(made),
        subscribe_exact_same_raw=subscribe(arn, queue_arn, RawMessageDelivery="true"),
        subscribe_idempotent_no_attributes=sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue_arn),
        subscribe_idempotent_empty_attributes=subscribe(arn, queue_arn),
        subscribe_idempotent=subscribe(arn, queue_arn),
        subscribe_missing_attributes=subscribe(arn, queue_arn, RawMessageDelivery="true"),
        subscribe_diff_attributes=error_of(subscribe, arn, queue_arn, RawMessageDelivery="false"),
    )
    first, second = (subscribe(arn, queue_arn) for _ in range(2))
    assert first["SubscriptionArn"] == second["SubscriptionArn"] == made["SubscriptionArn"]


@pytest.mark.recording("sns", "test_double_subscription")
def test_the_same_queue_twice_is_one_subscription(topic, queue, subscribe, recorded):
    arn, (_, queue_arn) = topic(recorded_name(recorded)), queue()

    recorded.agree(
        "test_double_subscription",
        double_subscription_first=subscribe(arn, queue_arn),
        double_subscription_second=subscribe(arn, queue_arn),
    )


def recorded_name(recorded):
    """The name of the topic in the recording, which has it in full."""
    return recorded("test_double_subscription")["double-subscription-first"]["SubscriptionArn"].split(":")[5]


@pytest.mark.recording("sns", "test_subscribe_with_invalid_protocol")
def test_an_unknown_protocol_is_refused(topic, subscribe, recorded, error_of):
    error = error_of(subscribe, topic(), "x", "test-protocol")

    recorded.agree("test_subscribe_with_invalid_protocol", exception=error)


@pytest.mark.recording("sns", "test_subscribe_with_invalid_topic", "test_subscribe_unknown_topic")
def test_a_topic_must_be_there(topic, subscribe, recorded, error_of):
    arn, endpoint = topic(), "arn:aws:sqs:us-east-1:000000000000:q"
    missing = error_of(subscribe, arn + "x", endpoint)

    recorded.agree(
        "test_subscribe_with_invalid_topic",
        invalid_subscribe_arn_1=error_of(subscribe, "randomstring", endpoint),
        invalid_subscribe_arn_2=error_of(subscribe, arn.rsplit(":", 1)[0], endpoint),
        non_existent_topic=missing,
    )
    recorded.agree("test_subscribe_unknown_topic", subscribe_unknown_topic=missing)


@pytest.mark.recording("sns", "test_subscribe_to_sqs_with_queue_url", "test_subscribe_sqs_queue_url")
def test_a_queue_is_named_by_its_arn(topic, queue, subscribe, recorded, error_of):
    error = error_of(subscribe, topic(), queue()[0])

    recorded.agree("test_subscribe_to_sqs_with_queue_url", sub_queue_url=error)
    recorded.agree("test_subscribe_sqs_queue_url", subscribe_sqs_via_url_error=error)


@pytest.mark.recording(
    "sns",
    "test_unsubscribe_idempotency",
    "test_unsubscribe_from_non_existing_subscription",
    "test_unsubscribe_from_deleted_topic",
)
def test_unsubscribing_twice_is_no_error(sns, topic, queue, subscribe, recorded, error_of):
    made = subscribe(topic(), queue()[1])["SubscriptionArn"]
    answers = [sns.unsubscribe(SubscriptionArn=made) for _ in range(2)]

    recorded.agree("test_unsubscribe_idempotency", unsubscribe_1=answers[0], unsubscribe_2=answers[1])
    recorded.agree("test_unsubscribe_from_non_existing_subscription", empty_unsubscribe=answers[1])
    recorded.agree(
        "test_unsubscribe_from_deleted_topic",
        unsubscribe_deleted_topic=error_of(sns.unsubscribe, SubscriptionArn="randomstring"),
    )


@pytest.mark.recording("sns", "test_validate_set_sub_attributes")
def test_changes_are_checked(sns, topic, queue, subscribe, recorded, error_of):
    arn = subscribe(topic(), queue()[1])["SubscriptionArn"]

    def error(name, value):
        return error_of(
            sns.set_subscription_attributes,
            SubscriptionArn=arn,
            AttributeName=name,
            AttributeValue=value,
        )

    recorded.agree(
        "test_validate_set_sub_attributes",
        fake_attribute=error("FakeAttribute", "test-value"),
        raw_message_wrong_value=error("RawMessageDelivery", "test-ValUe"),
        raw_message_empty_value=error("RawMessageDelivery", ""),
        fake_arn_redrive_policy=error("RedrivePolicy", '{"deadLetterTargetArn": "fake-arn"}'),
        invalid_json_redrive_policy=error("RedrivePolicy", "{invalidjson}"),
        invalid_json_filter_policy=error("FilterPolicy", "{invalidjson}"),
    )


@pytest.mark.recording("sns", "test_delete_subscriptions_on_delete_topic")
def test_the_subscription_outlives_its_topic(sns, topic, queue, subscribe, described, recorded):
    arn = topic()
    made = subscribe(arn, queue()[1], RawMessageDelivery="true")
    sns.delete_topic(TopicArn=arn)

    recorded.agree("test_delete_subscriptions_on_delete_topic", get_sub_after_topic_delete=described(made))


@pytest.mark.recording("sns", "test_getting_subscriptions_by_topic")
def test_subscriptions_are_listed_by_topic(sns, topic, queue, subscribe, recorded):
    arn = topic()
    subscribe(arn, queue()[1])

    recorded.agree(
        "test_getting_subscriptions_by_topic",
        list_subscriptions_by_topic=sns.list_subscriptions_by_topic(TopicArn=arn),
    )


@pytest.mark.recording(
    "sns",
    "test_subscribe_attributes",
    "test_sqs_topic_subscription_confirmation",
    "test_set_subscription_attributes",
)
def test_attributes_have_their_defaults_and_can_be_set(sns, topic, queue, subscribe, described, recorded):
    made = subscribe(topic(), queue()[1])
    before = described(made)
    sns.set_subscription_attributes(
        SubscriptionArn=made["SubscriptionArn"], AttributeName="RawMessageDelivery", AttributeValue="true"
    )
    after = described(made)

    recorded.agree("test_subscribe_attributes", get_subscription_attributes=before)
    recorded.agree("test_sqs_topic_subscription_confirmation", subscription_attrs=before["Attributes"])
    recorded.agree("test_set_subscription_attributes", set_subscription_attributes=after)


@pytest.mark.recording("sns", "test_sns_confirm_subscription_wrong_token")
def test_a_token_that_nobody_gave_is_refused(sns, topic, recorded, error_of):
    arn = topic()

    recorded.agree(
        "test_sns_confirm_subscription_wrong_token",
        topic_not_exists=error_of(sns.confirm_subscription, TopicArn=arn + "x", Token="randomtoken"),
        invalid_token=error_of(sns.confirm_subscription, TopicArn=arn, Token="randomtoken"),
        token_not_exists=error_of(sns.confirm_subscription, TopicArn=arn, Token="51b2ff3edb" * 20),
    )


@pytest.mark.recording("sns", "test_subscribe_invalid_filter_policy")
def test_filter_policies_that_are_no_json(topic, queue, subscribe, recorded, error_of):
    error = error_of(subscribe, topic(), queue()[1], FilterPolicy="invalid")

    recorded.agree("test_subscribe_invalid_filter_policy", subscribe_invalid_filter_policy=error)


def refused_policies():
    """Situation and name of each recorded refusal that shows the policy it is about."""
    return [
        (situation, name)
        for situation, names in {
            "test_validate_policy": ("list", "operator", "two-operators"),
            "test_validate_policy_exists_operator": ("none", "string"),
            "test_validate_policy_string_operators": (
                "empty-array",
                "is-numeric",
                "is-none",
                "is-not-list-and-operator",
                "empty-list",
                "list-wrong-type",
                "is-not-list-two-ops",
                "is-not-list-and-no-operator",
                "bad-type",
            ),
        }.items()
        for name in [f"error-condition-{name}" for name in names]
    ] + [
        ("test_validate_policy_numeric_operator", f"error-numeric-{name}")
        for name in (
            "empty",
            "wrong-operator",
            "wrong-second-range-operator",
            "wrong-range-value-1-type",
            "wrong-range-value-2-type",
            "too-many-range",
            "operator-order",
            "type",
            "missing-value",
            "wrong-range-order",
            "wrong-range-operators",
            "wrong-value-order",
            "missing-range-value",
            "missing-range-operator",
        )
    ]


@pytest.mark.recording(
    "sns",
    "test_validate_policy",
    "test_validate_policy_exists_operator",
    "test_validate_policy_string_operators",
    "test_validate_policy_numeric_operator",
)
@pytest.mark.parametrize(("situation", "name"), refused_policies())
def test_filter_policies_are_refused_in_the_words_of_aws(topic, queue, subscribe, recorded, error_of, situation, name):
    message = recorded(situation)[name]["Error"]["Message"]
    policy = message.split('[Source: (String)"', 1)[1].rsplit('"; line:', 1)[0]

    error = error_of(subscribe, topic(), queue()[1], FilterPolicy=policy)

    recorded.agree(situation, **{name.replace("-", "_"): error})


@pytest.mark.recording("sns", "test_validate_policy_string_operators")
@pytest.mark.parametrize(
    ("name", "network"),
    [
        ("str", "bad-filter"),
        ("str-slash", "bad-filter/64"),
        ("str-slash-2", "10.0.0.0/bad-filter"),
        ("v4", "xx.11.xx/8"),
        ("v6", "xxxx:db8:1234:1a00::/64"),
    ],
)
def test_networks_in_filter_policies_are_checked(topic, queue, subscribe, recorded, error_of, name, network):
    error = error_of(subscribe, topic(), queue()[1], FilterPolicy=json.dumps({"key": [{"cidr": network}]}))

    answer = {f"error_condition_bad_cidr_{name.replace('-', '_')}": error}
    recorded.part("test_validate_policy_string_operators", **answer)


@pytest.mark.recording("sns", "test_policy_complexity")
def test_complex_filter_policies_are_refused(topic, queue, subscribe, recorded, error_of):
    arn, (_, queue_arn) = topic(), queue()

    def error(policy):
        return error_of(subscribe, arn, queue_arn, FilterPolicy=json.dumps(policy))

    recorded.agree(
        "test_policy_complexity",
        error_complexity_in_one_condition=error({"key": [str(at) for at in range(151)]}),
        error_complexity_in_two_conditions=error(
            {"a": [str(at) for at in range(50)], "b": [str(at) for at in range(4)]}
        ),
        error_complexity_too_many_fields=error({key: ["x"] for key in "abcdef"}),
    )


@pytest.mark.recording("sns", "test_policy_complexity_with_or")
def test_alternatives_count_together(topic, queue, subscribe, recorded, error_of):
    arn, (_, queue_arn) = topic(), queue()

    def error(policy):
        return error_of(subscribe, arn, queue_arn, FilterPolicyScope="MessageBody", FilterPolicy=json.dumps(policy))

    def texts(count):
        return [str(at) for at in range(count)]

    recorded.agree(
        "test_policy_complexity_with_or",
        error_complexity_or_flat=error({"a": texts(10), "$or": [{"b": texts(8)}, {"c": texts(8)}]}),
        error_complexity_or_nested=error({"a": texts(5), "$or": [{"b": {"c": texts(8)}}, {"d": {"e": texts(8)}}]}),
    )


@pytest.mark.recording("sns", "test_list_subscriptions_by_topic_pagination")
def test_the_hundred_and_first_subscription_is_on_another_page(sns, topic, subscribe, aws, recorded):
    arn = topic()
    for at in range(101):
        subscribe(arn, f"arn:aws:sqs:us-east-1:{aws.account}:queue-{at}")

    first = sns.list_subscriptions_by_topic(TopicArn=arn)
    second = sns.list_subscriptions_by_topic(TopicArn=arn, NextToken=first["NextToken"])

    recorded.unchecked |= {"Protocol"}  # Telephones were subscribed: here they are a 501.
    recorded.agree("test_list_subscriptions_by_topic_pagination", list_sub_per_topic_page_2=second)


@pytest.mark.recording("sns", "test_set_subscription_filter_policy_scope")
def test_the_scope_of_a_filter(sns, topic, queue, subscribe, described, recorded, error_of):
    made = subscribe(topic(), queue()[1])
    answers = {"sub_attrs_default": described(made)}

    def change(name, value):
        return sns.set_subscription_attributes(
            SubscriptionArn=made["SubscriptionArn"], AttributeName=name, AttributeValue=value
        )

    change("FilterPolicyScope", "MessageBody")
    answers["sub_attrs_filter_scope_body"] = described(made)
    answers["sub_attrs_filter_scope_error"] = error_of(change, "FilterPolicyScope", "RandomValue")
    change("FilterPolicy", '{"attr": ["match-this"]}')
    answers["sub_attrs_after_setting_policy"] = described(made)

    recorded.agree("test_set_subscription_filter_policy_scope", **answers)


@pytest.mark.recording(
    "sns",
    "test_sub_filter_policy_nested_property",
    "test_sub_filter_policy_nested_property_constraints",
)
def test_nested_policies_need_the_scope_of_the_message(sns, topic, queue, subscribe, described, recorded, error_of):
    made = subscribe(topic(), queue()[1])

    def change(name, value):
        return sns.set_subscription_attributes(
            SubscriptionArn=made["SubscriptionArn"], AttributeName=name, AttributeValue=value
        )

    nested = json.dumps({"object": {"key": [{"prefix": "auto-"}]}})
    error = error_of(change, "FilterPolicy", nested)
    change("FilterPolicyScope", "MessageBody")
    change("FilterPolicy", nested)
    recorded.agree(
        "test_sub_filter_policy_nested_property",
        sub_filter_policy_nested_error=error,
        sub_attrs_after_setting_nested_policy=described(made),
    )

    four, three = ["1", "2", "3", "4"], ["1", "2", "3"]
    many = {"key_a": {"key_b": {"key_c": four}}, "key_d": {"key_e": three}, "key_f": three}
    recorded.agree(
        "test_sub_filter_policy_nested_property_constraints",
        sub_filter_policy_nested_error_too_many_combinations=error_of(change, "FilterPolicy", json.dumps(many)),
        sub_filter_policy_max_attr_keys=error_of(change, "FilterPolicy", json.dumps({key: ["x"] for key in "abcdef"})),
        sub_filter_policy_rule_no_list=error_of(change, "FilterPolicy", '{"key_a":"value_one"}'),
    )

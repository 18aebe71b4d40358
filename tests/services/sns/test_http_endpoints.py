"""HTTP endpoints: asked to confirm, then posted to; held against what AWS posted."""

import json
from urllib.error import HTTPError
from urllib.request import urlopen
from xml.etree import ElementTree

import pytest


@pytest.fixture
def endpoint(http_endpoint):
    """An endpoint on this machine: where it is, what it got, and the statuses it answers (200 when none is left)."""
    return f"{http_endpoint.url}/sns-endpoint", http_endpoint.calls, http_endpoint.answers


def taken(posts):
    """Headers and body of the next post."""
    call = posts.get(timeout=10)
    return call.headers, call.body


def confirmed(sns, topic_arn, url, posts, **attributes):
    """The ARN of a subscription that its endpoint confirmed, and the post that asked for it."""
    answer = sns.subscribe(
        TopicArn=topic_arn,
        Protocol="http",
        Endpoint=url,
        Attributes=attributes,
        ReturnSubscriptionArn=True,
    )
    headers, body = taken(posts)
    got(json.loads(body)["SubscribeURL"])
    return answer["SubscriptionArn"], headers, json.loads(body)


def got(url):
    """What following a link answers, as a dict by element."""
    try:
        with urlopen(url) as response:
            text = response.read()
    except HTTPError as error:
        with error:
            text = error.read()
    root = ElementTree.fromstring(text)
    return {without(root.tag): shaped(root)}


def shaped(element):
    parts = {without(part.tag): shaped(part) for part in element}
    return parts or element.text


def without(tag):
    return tag.rpartition("}")[2]


@pytest.mark.recording("sns", "test_subscribe_external_http_endpoint")
@pytest.mark.parametrize("raw", [False, True])
def test_an_endpoint_confirms_and_is_posted_to(sns, topic, endpoint, recorded, raw):
    url, posts, _ = endpoint
    arn, headers, asked = confirmed(sns, topic(), url, posts, RawMessageDelivery=str(raw).lower())
    sns.publish(TopicArn=asked["TopicArn"], Message="test_external_http_endpoint")
    posted, body = taken(posts)

    # AWS takes one more token, "nonexistent": which, the recording does not tell.
    situation = f"test_subscribe_external_http_endpoint[{raw}]"
    recorded.part(
        situation,
        subscription_confirmation=asked,
        http_confirm_sub_headers=headers,
        confirm_subscribe=got(asked["SubscribeURL"]),
        broken_token_confirm=got(asked["SubscribeURL"].replace(asked["Token"], "51b2ff3edb")),
        broken_topic_arn_confirm=got(asked["SubscribeURL"].replace(asked["TopicArn"], "arn:aws:sns:nowhere")),
    )
    if raw:
        recorded.part(situation, http_message_headers_raw=posted)
        assert body == "test_external_http_endpoint"
    else:
        recorded.part(situation, http_message_headers=posted, http_message=json.loads(body))
    assert posted["X-Amz-Sns-Subscription-Arn"] == arn


@pytest.mark.recording("sns", "test_subscribe_external_http_endpoint")
@pytest.mark.parametrize("raw", [False, True])
def test_an_endpoint_hears_that_its_link_was_followed_and_can_undo_it(
    aws, sns, topic, endpoint, recorded, error_of, raw
):
    url, posts, _ = endpoint
    arn, _, asked = confirmed(sns, topic(), url, posts, RawMessageDelivery=str(raw).lower())
    link = asked["SubscribeURL"].split("/?")[0]

    answer = got(f"{link}/?Action=Unsubscribe&SubscriptionArn={arn}&Version=2010-03-31")
    told = json.loads(taken(posts)[1])
    ended = error_of(sns.get_subscription_attributes, SubscriptionArn=arn)
    listed = sns.list_subscriptions()["Subscriptions"]
    got(told["SubscribeURL"])

    recorded.part(
        f"test_subscribe_external_http_endpoint[{raw}]",
        unsubscribe_response=answer,
        unsubscribe_request=told,
        different_region_arn_confirm=xml_of(
            error_of(aws("sns", region="eu-west-1").confirm_subscription, TopicArn=asked["TopicArn"], Token="00")
        ),
    )
    assert (ended["Error"]["Code"], listed) == ("NotFound", [])
    assert sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]["PendingConfirmation"] == "false"


def xml_of(response):
    return {"ErrorResponse": {"Error": response["Error"], "RequestId": response["ResponseMetadata"]["RequestId"]}}


def test_an_unconfirmed_endpoint_gets_no_message(aws, sns, topic, endpoint):
    url, posts, _ = endpoint
    arn = topic()
    answer = sns.subscribe(TopicArn=arn, Protocol="http", Endpoint=url)
    taken(posts)

    sns.publish(TopicArn=arn, Message="hello")
    aws.advance(0.001)

    assert answer["SubscriptionArn"] == "pending confirmation"
    assert sns.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"][0]["SubscriptionArn"] == (
        "PendingConfirmation"
    )
    assert posts.empty()


@pytest.mark.recording("sns", "test_subscribe_external_http_endpoint_content_type")
@pytest.mark.parametrize(
    ("raw", "topic_policy", "policy"),
    [
        (
            False,
            {"http": {"defaultRequestPolicy": {"headerContentType": "application/json"}}},
            {
                "healthyRetryPolicy": {"minDelayTarget": 1, "maxDelayTarget": 1, "numRetries": 0},
                "throttlePolicy": {"maxReceivesPerSecond": 1000},
            },
        ),
        (True, None, {"requestPolicy": {"headerContentType": "text/csv"}}),
    ],
)
def test_delivery_policies_say_what_is_sent(sns, topic, endpoint, recorded, raw, topic_policy, policy):
    url, posts, _ = endpoint
    arn = topic(**({"DeliveryPolicy": json.dumps(topic_policy)} if topic_policy else {}))
    attributes_before = sns.get_topic_attributes(TopicArn=arn)
    attributes = {"RawMessageDelivery": str(raw).lower(), "DeliveryPolicy": json.dumps(policy)}
    made = sns.subscribe(TopicArn=arn, Protocol="http", Endpoint=url, Attributes=attributes, ReturnSubscriptionArn=True)
    shown = sns.get_subscription_attributes(SubscriptionArn=made["SubscriptionArn"])
    headers, body = taken(posts)
    asked = json.loads(body)
    got(asked["SubscribeURL"])
    sns.publish(TopicArn=arn, Message="test_external_http_endpoint")
    posted, message = taken(posts)

    situation = f"test_subscribe_external_http_endpoint_content_type[{raw}]"
    answers = (
        {"http_message_headers": posted, "http_message": json.loads(message)}
        if not raw
        else {"http_message_headers_raw": posted}
    )
    recorded.agree(
        situation,
        topic_attrs=attributes_before,
        sub_attrs=shown,
        subscription_confirmation=asked,
        http_confirm_sub_headers=headers,
        **answers,
    )


def test_a_failed_post_is_tried_again_by_the_policy(aws, sns, topic, endpoint):
    url, posts, statuses = endpoint
    policy = {"healthyRetryPolicy": {"minDelayTarget": 5, "maxDelayTarget": 5, "numRetries": 2}}
    arn = topic()
    confirmed(sns, arn, url, posts, DeliveryPolicy=json.dumps(policy))
    for status in (500, 503):
        statuses.put((status, b""))

    sns.publish(TopicArn=arn, Message="hello")
    aws.advance(11)

    assert posts.qsize() == 3
    outcomes = [attempt["Outcome"] for attempt in aws("stepwell").list_attempts()["Attempts"]]
    assert sorted(outcomes) == ["delivered", "delivered", "failed", "failed"]


def test_a_message_that_cannot_be_posted_is_dead_lettered(aws, sns, topic, queue, endpoint, received):
    url, posts, statuses = endpoint
    dead, dead_arn = queue("dead")
    arn = topic()
    policy = json.dumps({"deadLetterTargetArn": dead_arn})
    confirmed(sns, arn, url, posts, RedrivePolicy=policy)
    statuses.put((404, b""))

    sns.publish(TopicArn=arn, Message="hello")
    aws.advance(0.001)

    [message] = received(dead)
    assert json.loads(message["Body"])["Message"] == "hello"


def test_nothing_is_posted_to_another_machine(aws, sns, topic):
    arn = topic()
    sns.subscribe(TopicArn=arn, Protocol="https", Endpoint="https://example.com/hook")
    aws.advance(0.001)

    [attempt] = aws("stepwell").list_attempts()["Attempts"]
    assert attempt["Outcome"] == "given up"
    assert attempt["Target"] == "https://example.com/hook"

"""HTTP endpoints: asked to confirm, then posted to; held against what AWS posted."""

import json
import queue as queues
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import urlopen

import pytest


@pytest.fixture
def endpoint():
    """An endpoint on this machine: its URL, the posts it got, the statuses it answers (200 when none is left)."""
    posts, statuses = queues.Queue(), queues.Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            posts.put(({name.title(): value for name, value in self.headers.items()}, body))
            self.send_response(200 if statuses.empty() else statuses.get())
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/sns-endpoint", posts, statuses
    server.shutdown()
    server.server_close()
    thread.join()


def confirmed(sns, topic_arn, url, posts, **attributes):
    """The ARN of a subscription that its endpoint confirmed, and the post that asked for it."""
    answer = sns.subscribe(
        TopicArn=topic_arn,
        Protocol="http",
        Endpoint=url,
        Attributes=attributes,
        ReturnSubscriptionArn=True,
    )
    headers, body = posts.get(timeout=10)
    with urlopen(json.loads(body)["SubscribeURL"]) as response:
        assert response.status == 200
    return answer["SubscriptionArn"], headers, json.loads(body)


@pytest.mark.parametrize("raw", [False, True])
def test_an_endpoint_confirms_and_is_posted_to(sns, topic, endpoint, recorded, raw):
    url, posts, _ = endpoint
    arn, headers, asked = confirmed(sns, topic(), url, posts, RawMessageDelivery=str(raw).lower())
    sns.publish(TopicArn=asked["TopicArn"], Message="test_external_http_endpoint")
    posted, body = posts.get(timeout=10)

    situation = f"test_subscribe_external_http_endpoint[{raw}]"
    recorded.agree(situation, subscription_confirmation=asked, http_confirm_sub_headers=headers)
    if raw:
        recorded.agree(situation, http_message_headers_raw=posted)
        assert body == "test_external_http_endpoint"
    else:
        recorded.agree(situation, http_message_headers=posted, http_message=json.loads(body))
    assert posted["X-Amz-Sns-Subscription-Arn"] == arn


def test_an_unconfirmed_endpoint_gets_no_message(aws, sns, topic, endpoint):
    url, posts, _ = endpoint
    arn = topic()
    answer = sns.subscribe(TopicArn=arn, Protocol="http", Endpoint=url)
    posts.get(timeout=10)

    sns.publish(TopicArn=arn, Message="hello")
    aws.advance(0.001)

    assert answer["SubscriptionArn"] == "pending confirmation"
    assert sns.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"][0]["SubscriptionArn"] == (
        "PendingConfirmation"
    )
    assert posts.empty()


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
    attributes = {"RawMessageDelivery": str(raw).lower(), "DeliveryPolicy": json.dumps(policy)}
    made = sns.subscribe(TopicArn=arn, Protocol="http", Endpoint=url, Attributes=attributes, ReturnSubscriptionArn=True)
    shown = sns.get_subscription_attributes(SubscriptionArn=made["SubscriptionArn"])
    headers, body = posts.get(timeout=10)
    with urlopen(json.loads(body)["SubscribeURL"]):
        sns.publish(TopicArn=arn, Message="hello")
    posted, _ = posts.get(timeout=10)

    situation = f"test_subscribe_external_http_endpoint_content_type[{raw}]"
    name = "http_message_headers_raw" if raw else "http_message_headers"
    recorded.agree(situation, sub_attrs=shown, http_confirm_sub_headers=headers, **{name: posted})


def test_a_failed_post_is_tried_again_by_the_policy(aws, sns, topic, endpoint):
    url, posts, statuses = endpoint
    policy = {"healthyRetryPolicy": {"minDelayTarget": 5, "maxDelayTarget": 5, "numRetries": 2}}
    arn = topic()
    confirmed(sns, arn, url, posts, DeliveryPolicy=json.dumps(policy))
    for status in (500, 503):
        statuses.put(status)

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
    statuses.put(404)

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

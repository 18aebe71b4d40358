"""Posts to HTTP endpoints, as rows of work: notifications, and requests to confirm a subscription."""

from __future__ import annotations

from emulator import ids
from emulator.clock import in_millis
from emulator.kit.context import Context
from emulator.services.sns.model import http, notifications
from emulator.services.sns.model.notifications import Notification
from emulator.services.sns.model.subscriptions import Subscription
from emulator.services.sns.model.topics import Topic

POST = "sns.post"


def post_notification(
    ctx: Context, topic: Topic, note: Notification, subscription: Subscription, unsubscribe: str
) -> None:
    """Post a message to a subscribed endpoint."""
    policy = http.effective_policy(subscription.attributes.get("DeliveryPolicy"), topic)
    envelope = notifications.envelope(note, subscription.protocol, unsubscribe)
    ctx.add_work(
        POST,
        {
            "url": subscription.endpoint,
            "body": note.text(subscription.protocol) if subscription.raw else envelope,
            "headers": http.headers(
                "Notification",
                note.message_id,
                topic.arn,
                policy["requestPolicy"]["headerContentType"],
                subscription.arn,
                raw=subscription.raw,
            )
            | ({"X-Amzn-Trace-Id": note.trace_header} if note.trace_header else {}),
            "policy": policy["healthyRetryPolicy"],
            "dead_letter": subscription.dead_letter,
            "source": topic.arn,
        },
    )


def post_confirmation(ctx: Context, topic: Topic, endpoint: str, token: str, *, ending: str = "") -> None:
    """Ask an endpoint to confirm its subscription; tell it how to restore the one of the ARN `ending`."""
    note = Notification(
        message_id=ids.new_uuid(),
        topic_arn=topic.arn,
        region=topic.region,
        subject=None,
        texts={"default": http.about_to_end(ending) if ending else http.about_to_begin(topic.arn)},
        attributes={},
        timestamp=in_millis(ctx.now),
        signature_version=topic.attributes.get("SignatureVersion", "1"),
    )
    kind = "UnsubscribeConfirmation" if ending else "SubscriptionConfirmation"
    content_type = "text/plain; charset=UTF-8"
    ctx.add_work(
        POST,
        {
            "url": endpoint,
            "body": http.confirmation(kind, note, ctx.endpoint, token),
            "headers": http.headers(kind, note.message_id, topic.arn, content_type, ending or None, raw=False),
            "policy": http.effective_policy(None, topic)["healthyRetryPolicy"],
            "dead_letter": None,
            "source": topic.arn,
        },
        account=topic.account,
        region=topic.region,
    )

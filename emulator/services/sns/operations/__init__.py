"""The operations of SNS, by resource."""

from emulator.services.sns.operations.permissions import add_permission, remove_permission
from emulator.services.sns.operations.publishing import publish, publish_batch
from emulator.services.sns.operations.subscriptions import (
    confirm_subscription,
    get_subscription_attributes,
    list_subscriptions,
    list_subscriptions_by_topic,
    set_subscription_attributes,
    subscribe,
    unsubscribe,
)
from emulator.services.sns.operations.tags import list_tags_for_resource, tag_resource, untag_resource
from emulator.services.sns.operations.topics import (
    create_topic,
    delete_topic,
    get_topic_attributes,
    list_topics,
    set_topic_attributes,
)

__all__ = [
    "add_permission",
    "confirm_subscription",
    "create_topic",
    "delete_topic",
    "get_subscription_attributes",
    "get_topic_attributes",
    "list_subscriptions",
    "list_subscriptions_by_topic",
    "list_tags_for_resource",
    "list_topics",
    "publish",
    "publish_batch",
    "remove_permission",
    "set_subscription_attributes",
    "set_topic_attributes",
    "subscribe",
    "tag_resource",
    "unsubscribe",
    "untag_resource",
]

"""The operations of CloudWatch Logs, by resource."""

from emulator.services.logs.operations.events import (
    get_log_events,
    put_log_events,
)
from emulator.services.logs.operations.filters import (
    delete_metric_filter,
    describe_metric_filters,
    put_metric_filter,
)
from emulator.services.logs.operations.groups import (
    create_log_group,
    delete_log_group,
    delete_retention_policy,
    describe_log_groups,
    put_retention_policy,
)
from emulator.services.logs.operations.policies import (
    delete_resource_policy,
    describe_destinations,
    describe_resource_policies,
    put_resource_policy,
)
from emulator.services.logs.operations.search import (
    filter_log_events,
)
from emulator.services.logs.operations.streams import (
    create_log_stream,
    delete_log_stream,
    describe_log_streams,
)
from emulator.services.logs.operations.subscriptions import (
    delete_subscription_filter,
    describe_subscription_filters,
    put_subscription_filter,
)
from emulator.services.logs.operations.tags import (
    list_tags_for_resource,
    list_tags_log_group,
    tag_log_group,
    tag_resource,
    untag_log_group,
    untag_resource,
)

__all__ = [
    "create_log_group",
    "create_log_stream",
    "delete_log_group",
    "delete_log_stream",
    "delete_metric_filter",
    "delete_resource_policy",
    "delete_retention_policy",
    "delete_subscription_filter",
    "describe_destinations",
    "describe_log_groups",
    "describe_log_streams",
    "describe_metric_filters",
    "describe_resource_policies",
    "describe_subscription_filters",
    "filter_log_events",
    "get_log_events",
    "list_tags_for_resource",
    "list_tags_log_group",
    "put_log_events",
    "put_metric_filter",
    "put_resource_policy",
    "put_retention_policy",
    "put_subscription_filter",
    "tag_log_group",
    "tag_resource",
    "untag_log_group",
    "untag_resource",
]

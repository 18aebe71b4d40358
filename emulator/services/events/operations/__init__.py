"""The operations of EventBridge, by resource."""

from emulator.services.events.operations.buses import (
    create_event_bus,
    delete_event_bus,
    describe_event_bus,
    list_event_buses,
    put_permission,
    remove_permission,
    update_event_bus,
)
from emulator.services.events.operations.entries import put_events, put_service_events, test_event_pattern
from emulator.services.events.operations.rules import (
    delete_rule,
    describe_rule,
    disable_rule,
    enable_rule,
    list_rule_names_by_target,
    list_rules,
    put_rule,
)
from emulator.services.events.operations.seen import explain_event, list_seen_events
from emulator.services.events.operations.tags import list_tags_for_resource, tag_resource, untag_resource
from emulator.services.events.operations.targets import list_targets_by_rule, put_targets, remove_targets

__all__ = [
    "create_event_bus",
    "delete_event_bus",
    "delete_rule",
    "describe_event_bus",
    "describe_rule",
    "disable_rule",
    "enable_rule",
    "explain_event",
    "list_event_buses",
    "list_rule_names_by_target",
    "list_rules",
    "list_seen_events",
    "list_tags_for_resource",
    "list_targets_by_rule",
    "put_events",
    "put_permission",
    "put_rule",
    "put_service_events",
    "put_targets",
    "remove_permission",
    "remove_targets",
    "tag_resource",
    "test_event_pattern",
    "untag_resource",
    "update_event_bus",
]

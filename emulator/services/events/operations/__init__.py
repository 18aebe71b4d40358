"""The operations of EventBridge, by resource."""

from emulator.services.events.operations.archives import (
    create_archive,
    delete_archive,
    describe_archive,
    list_archives,
    update_archive,
)
from emulator.services.events.operations.buses import (
    create_event_bus,
    delete_event_bus,
    describe_event_bus,
    list_event_buses,
    put_permission,
    remove_permission,
    update_event_bus,
)
from emulator.services.events.operations.connections import (
    create_connection,
    deauthorize_connection,
    delete_connection,
    describe_connection,
    list_connections,
    renew_connection,
    update_connection,
    use_connection,
)
from emulator.services.events.operations.destinations import (
    create_api_destination,
    delete_api_destination,
    describe_api_destination,
    list_api_destinations,
    update_api_destination,
)
from emulator.services.events.operations.entries import put_events, put_service_events, test_event_pattern
from emulator.services.events.operations.replays import cancel_replay, describe_replay, list_replays, start_replay
from emulator.services.events.operations.routes import is_heard
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
    "cancel_replay",
    "create_api_destination",
    "create_archive",
    "create_connection",
    "create_event_bus",
    "deauthorize_connection",
    "delete_api_destination",
    "delete_archive",
    "delete_connection",
    "delete_event_bus",
    "delete_rule",
    "describe_api_destination",
    "describe_archive",
    "describe_connection",
    "describe_event_bus",
    "describe_replay",
    "describe_rule",
    "disable_rule",
    "enable_rule",
    "explain_event",
    "is_heard",
    "list_api_destinations",
    "list_archives",
    "list_connections",
    "list_event_buses",
    "list_replays",
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
    "renew_connection",
    "start_replay",
    "tag_resource",
    "test_event_pattern",
    "untag_resource",
    "update_api_destination",
    "update_archive",
    "update_connection",
    "update_event_bus",
    "use_connection",
]

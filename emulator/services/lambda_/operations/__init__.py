"""The operations of Lambda, by resource."""

from emulator.services.lambda_.operations.aliases import (
    create_alias,
    delete_alias,
    get_alias,
    list_aliases,
    update_alias,
)
from emulator.services.lambda_.operations.concurrency import (
    delete_function_concurrency,
    get_function_concurrency,
    put_function_concurrency,
)
from emulator.services.lambda_.operations.event_configs import (
    delete_function_event_invoke_config,
    get_function_event_invoke_config,
    list_function_event_invoke_configs,
    put_function_event_invoke_config,
    update_function_event_invoke_config,
)
from emulator.services.lambda_.operations.functions import (
    create_function,
    delete_function,
    get_function,
    get_function_configuration,
    update_function_code,
    update_function_configuration,
)
from emulator.services.lambda_.operations.invoke import (
    invoke,
)
from emulator.services.lambda_.operations.mappings import (
    create_event_source_mapping,
    delete_event_source_mapping,
    get_event_source_mapping,
    list_event_source_mappings,
    update_event_source_mapping,
)
from emulator.services.lambda_.operations.permissions import (
    add_permission,
    get_policy,
    remove_permission,
)
from emulator.services.lambda_.operations.tags import (
    list_tags,
    tag_resource,
    untag_resource,
)
from emulator.services.lambda_.operations.versions import (
    get_account_settings,
    list_functions,
    list_versions_by_function,
    publish_version,
)

__all__ = [
    "add_permission",
    "create_alias",
    "create_event_source_mapping",
    "create_function",
    "delete_alias",
    "delete_event_source_mapping",
    "delete_function",
    "delete_function_concurrency",
    "delete_function_event_invoke_config",
    "get_account_settings",
    "get_alias",
    "get_event_source_mapping",
    "get_function",
    "get_function_concurrency",
    "get_function_configuration",
    "get_function_event_invoke_config",
    "get_policy",
    "invoke",
    "list_aliases",
    "list_event_source_mappings",
    "list_function_event_invoke_configs",
    "list_functions",
    "list_tags",
    "list_versions_by_function",
    "publish_version",
    "put_function_concurrency",
    "put_function_event_invoke_config",
    "remove_permission",
    "tag_resource",
    "untag_resource",
    "update_alias",
    "update_event_source_mapping",
    "update_function_code",
    "update_function_configuration",
    "update_function_event_invoke_config",
]

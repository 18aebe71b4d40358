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
    get_function_recursion_config,
    put_function_concurrency,
    put_function_recursion_config,
)
from emulator.services.lambda_.operations.deleting import (
    delete_function,
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
    get_function,
    get_function_code_signing_config,
    get_function_configuration,
    update_function_code,
    update_function_configuration,
)
from emulator.services.lambda_.operations.invoke import (
    invoke,
)
from emulator.services.lambda_.operations.layer_permissions import (
    add_layer_version_permission,
    get_layer_version_policy,
    remove_layer_version_permission,
)
from emulator.services.lambda_.operations.layers import (
    delete_layer_version,
    get_layer_version,
    get_layer_version_by_arn,
    list_layer_versions,
    list_layers,
    publish_layer_version,
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
from emulator.services.lambda_.operations.provisioned import (
    delete_provisioned_concurrency_config,
    get_provisioned_concurrency_config,
    list_provisioned_concurrency_configs,
    put_provisioned_concurrency_config,
)
from emulator.services.lambda_.operations.tags import (
    list_tags,
    tag_resource,
    untag_resource,
)
from emulator.services.lambda_.operations.urls import (
    create_function_url_config,
    delete_function_url_config,
    get_function_url_config,
    list_function_url_configs,
    update_function_url_config,
)
from emulator.services.lambda_.operations.versions import (
    get_account_settings,
    list_functions,
    list_versions_by_function,
    publish_version,
)

__all__ = [
    "add_layer_version_permission",
    "add_permission",
    "create_alias",
    "create_event_source_mapping",
    "create_function",
    "create_function_url_config",
    "delete_alias",
    "delete_event_source_mapping",
    "delete_function",
    "delete_function_concurrency",
    "delete_function_event_invoke_config",
    "delete_function_url_config",
    "delete_layer_version",
    "delete_provisioned_concurrency_config",
    "get_account_settings",
    "get_alias",
    "get_event_source_mapping",
    "get_function",
    "get_function_code_signing_config",
    "get_function_concurrency",
    "get_function_configuration",
    "get_function_event_invoke_config",
    "get_function_recursion_config",
    "get_function_url_config",
    "get_layer_version",
    "get_layer_version_by_arn",
    "get_layer_version_policy",
    "get_policy",
    "get_provisioned_concurrency_config",
    "invoke",
    "list_aliases",
    "list_event_source_mappings",
    "list_function_event_invoke_configs",
    "list_function_url_configs",
    "list_functions",
    "list_layer_versions",
    "list_layers",
    "list_provisioned_concurrency_configs",
    "list_tags",
    "list_versions_by_function",
    "publish_layer_version",
    "publish_version",
    "put_function_concurrency",
    "put_function_event_invoke_config",
    "put_function_recursion_config",
    "put_provisioned_concurrency_config",
    "remove_layer_version_permission",
    "remove_permission",
    "tag_resource",
    "untag_resource",
    "update_alias",
    "update_event_source_mapping",
    "update_function_code",
    "update_function_configuration",
    "update_function_event_invoke_config",
    "update_function_url_config",
]

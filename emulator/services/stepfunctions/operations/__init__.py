"""The operations of Step Functions, by resource."""

from emulator.services.stepfunctions.operations.activities import (
    create_activity,
    delete_activity,
    describe_activity,
    get_activity_task,
    list_activities,
)
from emulator.services.stepfunctions.operations.aliases import (
    create_state_machine_alias,
    delete_state_machine_alias,
    describe_state_machine_alias,
    list_state_machine_aliases,
    update_state_machine_alias,
)
from emulator.services.stepfunctions.operations.describing import (
    describe_state_machine,
    describe_state_machine_for_execution,
)
from emulator.services.stepfunctions.operations.executions import (
    describe_execution,
    list_executions,
    stop_execution,
)
from emulator.services.stepfunctions.operations.history import get_execution_history
from emulator.services.stepfunctions.operations.machines import (
    create_state_machine,
    delete_state_machine,
    list_state_machines,
    update_state_machine,
    validate_state_machine_definition,
)
from emulator.services.stepfunctions.operations.map_runs import describe_map_run, list_map_runs, update_map_run
from emulator.services.stepfunctions.operations.mocking import delete_mock_configuration, put_mock_configuration
from emulator.services.stepfunctions.operations.redriving import redrive_execution
from emulator.services.stepfunctions.operations.starting import start_execution, start_sync_execution
from emulator.services.stepfunctions.operations.tags import (
    list_tags_for_resource,
    tag_resource,
    untag_resource,
)
from emulator.services.stepfunctions.operations.testing import test_state
from emulator.services.stepfunctions.operations.tokens import (
    send_task_failure,
    send_task_heartbeat,
    send_task_success,
)
from emulator.services.stepfunctions.operations.unheard import unheard_events
from emulator.services.stepfunctions.operations.versions import (
    delete_state_machine_version,
    list_state_machine_versions,
    publish_state_machine_version,
)

__all__ = [
    "create_activity",
    "create_state_machine",
    "create_state_machine_alias",
    "delete_activity",
    "delete_mock_configuration",
    "delete_state_machine",
    "delete_state_machine_alias",
    "delete_state_machine_version",
    "describe_activity",
    "describe_execution",
    "describe_map_run",
    "describe_state_machine",
    "describe_state_machine_alias",
    "describe_state_machine_for_execution",
    "get_activity_task",
    "get_execution_history",
    "list_activities",
    "list_executions",
    "list_map_runs",
    "list_state_machine_aliases",
    "list_state_machine_versions",
    "list_state_machines",
    "list_tags_for_resource",
    "publish_state_machine_version",
    "put_mock_configuration",
    "redrive_execution",
    "send_task_failure",
    "send_task_heartbeat",
    "send_task_success",
    "start_execution",
    "start_sync_execution",
    "stop_execution",
    "tag_resource",
    "test_state",
    "unheard_events",
    "untag_resource",
    "update_map_run",
    "update_state_machine",
    "update_state_machine_alias",
    "validate_state_machine_definition",
]

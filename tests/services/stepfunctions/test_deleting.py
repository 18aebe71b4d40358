"""A machine that is deleted while executions of it run goes with the last of them."""

import json

import pytest
from botocore.exceptions import ClientError

WAITS = {"W": {"Type": "Wait", "Seconds": 60, "Next": "P"}, "P": {"Type": "Pass", "End": True}}
LAST = {"W": {"Type": "Wait", "Seconds": 60, "End": True}}


def refusal(call, **params):
    with pytest.raises(ClientError) as refused:
        call(**params)
    return refused.value.response["Error"]["Code"]


@pytest.fixture
def deleted(workflows):
    """A machine with one execution that waits, and is deleted: (machine, execution)."""
    machine = workflows.machine(WAITS)
    execution = workflows.start(machine)
    workflows.client.delete_state_machine(stateMachineArn=machine)
    return machine, execution


def test_it_is_shown_as_being_deleted_and_deleting_it_again_is_no_mistake(workflows, deleted):
    machine, _ = deleted

    workflows.client.delete_state_machine(stateMachineArn=machine)

    assert workflows.client.describe_state_machine(stateMachineArn=machine)["status"] == "DELETING"


def test_nothing_is_begun_or_changed_any_more(workflows, deleted):
    machine, _ = deleted
    client, name = workflows.client, machine.rpartition(":")[2]
    role, definition = "arn:aws:iam::000000000000:role/r", json.dumps({"StartAt": "P", "States": {"P": WAITS["P"]}})

    refused = {
        refusal(client.start_execution, stateMachineArn=machine),
        refusal(client.update_state_machine, stateMachineArn=machine, roleArn=role),
        refusal(client.publish_state_machine_version, stateMachineArn=machine),
        refusal(client.list_state_machine_aliases, stateMachineArn=machine),
        refusal(client.create_state_machine, name=name, definition=definition, roleArn=role),
    }

    assert refused == {"StateMachineDeleting"}


def test_its_execution_ends_at_the_next_transition_and_takes_it_along(workflows, deleted):
    machine, execution = deleted

    ended = workflows.end(execution)

    assert ended["status"] == "ABORTED"
    assert workflows.types(execution)[-2:] == ["WaitStateExited", "ExecutionAborted"]
    assert refusal(workflows.client.describe_state_machine, stateMachineArn=machine) == "StateMachineDoesNotExist"


def test_an_execution_in_its_last_state_still_succeeds(workflows):
    machine = workflows.machine(LAST)
    execution = workflows.start(machine)
    workflows.client.delete_state_machine(stateMachineArn=machine)

    assert workflows.end(execution)["status"] == "SUCCEEDED"
    assert refusal(workflows.client.describe_state_machine, stateMachineArn=machine) == "StateMachineDoesNotExist"


def test_it_goes_with_the_last_execution_not_with_the_first(workflows):
    machine = workflows.machine(WAITS)
    first, second = workflows.start(machine), workflows.start(machine)
    workflows.client.delete_state_machine(stateMachineArn=machine)

    workflows.client.stop_execution(executionArn=first)
    assert workflows.client.describe_state_machine(stateMachineArn=machine)["status"] == "DELETING"
    workflows.client.stop_execution(executionArn=second)

    assert refusal(workflows.client.describe_state_machine, stateMachineArn=machine) == "StateMachineDoesNotExist"


def test_branches_end_with_the_execution(workflows):
    branch = {"StartAt": "B", "States": {"B": {"Type": "Wait", "Seconds": 60, "Next": "C"}, "C": WAITS["P"]}}
    other = {"StartAt": "D", "States": {"D": {"Type": "Wait", "Seconds": 90, "End": True}}}
    machine = workflows.machine({"X": {"Type": "Parallel", "Branches": [branch, other], "End": True}})
    execution = workflows.start(machine)
    workflows.client.delete_state_machine(stateMachineArn=machine)

    assert workflows.end(execution)["status"] == "ABORTED"
    assert "PassStateEntered" not in workflows.types(execution)


def test_a_machine_without_running_executions_is_gone_at_once(workflows):
    machine = workflows.machine({"P": {"Type": "Pass", "End": True}})
    workflows.end(workflows.start(machine))

    workflows.client.delete_state_machine(stateMachineArn=machine)

    assert refusal(workflows.client.describe_state_machine, stateMachineArn=machine) == "StateMachineDoesNotExist"


def test_a_map_run_ends_with_its_machine(workflows):
    inner = {"I": {"Type": "Wait", "Seconds": 60, "Next": "J"}, "J": {"Type": "Pass", "End": True}}
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "I",
        "States": inner,
    }
    states = {"M": {"Type": "Map", "ItemProcessor": processor, "Next": "P"}, "P": {"Type": "Pass", "End": True}}
    machine = workflows.machine(states)
    execution = workflows.start(machine, [1, 2])
    workflows.client.delete_state_machine(stateMachineArn=machine)

    ended = workflows.end(execution)

    assert (ended["status"], workflows.types(execution)[-1]) == ("ABORTED", "ExecutionAborted")
    assert refusal(workflows.client.describe_state_machine, stateMachineArn=machine) == "StateMachineDoesNotExist"

"""A machine that is deleted while executions of it run goes with the last of them."""

import itertools
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from emulator.kit.context import Context, Origin
from tests.maps import distributed

WAITS = {"W": {"Type": "Wait", "Seconds": 60, "Next": "P"}, "P": {"Type": "Pass", "End": True}}
LAST = {"W": {"Type": "Wait", "Seconds": 60, "End": True}}


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


def test_nothing_is_begun_or_changed_any_more(workflows, deleted, refusal):
    machine, _ = deleted
    client, name = workflows.client, machine.rpartition(":")[2]
    role, definition = "arn:aws:iam::000000000000:role/r", json.dumps({"StartAt": "P", "States": {"P": WAITS["P"]}})

    refused = {
        refusal(client.start_execution, stateMachineArn=machine)[0],
        refusal(client.update_state_machine, stateMachineArn=machine, roleArn=role)[0],
        refusal(client.publish_state_machine_version, stateMachineArn=machine)[0],
        refusal(client.list_state_machine_aliases, stateMachineArn=machine)[0],
        refusal(client.create_state_machine, name=name, definition=definition, roleArn=role)[0],
    }

    assert refused == {"StateMachineDeleting"}


def test_its_execution_ends_at_the_next_transition_and_takes_it_along(workflows, deleted, refusal):
    machine, execution = deleted

    ended = workflows.end(execution)

    cause = f"State machine {machine.rpartition(':')[2]} has been deleted."
    assert (ended["status"], ended["error"], ended["cause"]) == ("FAILED", "States.Runtime", cause)
    assert workflows.types(execution)[-2:] == ["WaitStateExited", "ExecutionFailed"]
    assert refusal(workflows.client.describe_state_machine, stateMachineArn=machine)[0] == "StateMachineDoesNotExist"


def test_an_execution_in_its_last_state_still_succeeds(workflows, refusal):
    machine = workflows.machine(LAST)
    execution = workflows.start(machine)
    workflows.client.delete_state_machine(stateMachineArn=machine)

    assert workflows.end(execution)["status"] == "SUCCEEDED"
    assert refusal(workflows.client.describe_state_machine, stateMachineArn=machine)[0] == "StateMachineDoesNotExist"


def test_it_goes_with_the_last_execution_not_with_the_first(workflows, refusal):
    machine = workflows.machine(WAITS)
    first, second = workflows.start(machine), workflows.start(machine)
    workflows.client.delete_state_machine(stateMachineArn=machine)

    workflows.client.stop_execution(executionArn=first)
    assert workflows.client.describe_state_machine(stateMachineArn=machine)["status"] == "DELETING"
    workflows.client.stop_execution(executionArn=second)

    assert refusal(workflows.client.describe_state_machine, stateMachineArn=machine)[0] == "StateMachineDoesNotExist"


def test_branches_end_with_the_execution(workflows):
    branch = {"StartAt": "B", "States": {"B": {"Type": "Wait", "Seconds": 60, "Next": "C"}, "C": WAITS["P"]}}
    other = {"StartAt": "D", "States": {"D": {"Type": "Wait", "Seconds": 90, "End": True}}}
    machine = workflows.machine({"X": {"Type": "Parallel", "Branches": [branch, other], "End": True}})
    execution = workflows.start(machine)
    workflows.client.delete_state_machine(stateMachineArn=machine)

    assert workflows.end(execution)["status"] == "FAILED"
    assert "PassStateEntered" not in workflows.types(execution)


def test_a_machine_without_running_executions_is_gone_at_once(workflows, refusal):
    machine = workflows.machine({"P": {"Type": "Pass", "End": True}})
    workflows.end(workflows.start(machine))

    workflows.client.delete_state_machine(stateMachineArn=machine)

    assert refusal(workflows.client.describe_state_machine, stateMachineArn=machine)[0] == "StateMachineDoesNotExist"


def test_a_map_run_goes_to_its_end_and_its_execution_no_further(workflows, refusal):
    inner = {"I": {"Type": "Wait", "Seconds": 60, "Next": "J"}, "J": {"Type": "Pass", "End": True}}
    states = distributed(inner, Next="P") | {"P": WAITS["P"]}
    del states["M"]["End"]
    machine = workflows.machine(states)
    execution = workflows.start(machine, [1, 2])
    workflows.client.delete_state_machine(stateMachineArn=machine)

    ended = workflows.end(execution)

    assert (ended["status"], ended["error"]) == ("FAILED", "States.Runtime")
    assert workflows.types(execution)[-2:] == ["MapStateExited", "ExecutionFailed"]
    assert refusal(workflows.client.describe_state_machine, stateMachineArn=machine)[0] == "StateMachineDoesNotExist"


def test_nothing_is_redriven_any_more(workflows, refusal):
    machine = workflows.machine(WAITS)
    stopped, _ = workflows.start(machine), workflows.start(machine)
    workflows.client.stop_execution(executionArn=stopped)

    workflows.client.delete_state_machine(stateMachineArn=machine)

    described = workflows.client.describe_execution(executionArn=stopped)
    told = (described["redriveStatus"], described["redriveStatusReason"])
    assert told == ("NOT_REDRIVABLE", "State machine is in DELETING status")
    assert refusal(workflows.client.redrive_execution, executionArn=stopped)[0] == "ExecutionNotRedrivable"


def at_once(aws, *units):
    """Let units run so that none sees what another does, where the store lets them; otherwise one after the other."""
    house = aws.running.emulator.house
    if house.store.exclusive:
        for unit in units:
            aws.inside(unit)
        return
    begun = threading.Barrier(len(units), timeout=30)

    def run(unit):
        attempts = itertools.count()

        def together(tx):
            ctx = Context(house, tx, aws.account, "us-east-1", Origin.new("test"))
            assert house.accounts.now(tx, aws.account)  # what it sees is decided here
            if next(attempts) == 0:
                begun.wait()
            unit(ctx)

        house.store.run(together)

    with ThreadPoolExecutor(len(units)) as threads:
        for ended in [threads.submit(run, unit) for unit in units]:
            ended.result()


def stops(execution):
    return lambda ctx: ctx.call("stepfunctions", "StopExecution", {"executionArn": execution})


def test_it_goes_with_the_last_of_two_that_end_at_the_same_time(workflows, refusal):
    machine = workflows.machine(WAITS)
    executions = [workflows.start(machine), workflows.start(machine)]
    workflows.settle()
    workflows.client.delete_state_machine(stateMachineArn=machine)

    at_once(workflows.aws, *map(stops, executions))

    assert refusal(workflows.client.describe_state_machine, stateMachineArn=machine)[0] == "StateMachineDoesNotExist"


def test_it_goes_when_it_is_deleted_while_its_last_execution_ends(workflows, refusal):
    machine = workflows.machine(WAITS)
    execution = workflows.start(machine)
    workflows.settle()

    def delete(ctx):
        ctx.call("stepfunctions", "DeleteStateMachine", {"stateMachineArn": machine})

    at_once(workflows.aws, delete, stops(execution))

    assert refusal(workflows.client.describe_state_machine, stateMachineArn=machine)[0] == "StateMachineDoesNotExist"


def test_express_executions_of_a_machine_of_that_name_hold_nothing_back(workflows, refusal):
    client, role = workflows.client, "arn:aws:iam::000000000000:role/r"
    definition = json.dumps({"StartAt": "W", "States": WAITS})
    for kind in ("EXPRESS", "STANDARD"):
        made = client.create_state_machine(name="same", type=kind, definition=definition, roleArn=role)
        execution = client.start_execution(stateMachineArn=made["stateMachineArn"])["executionArn"]
        client.delete_state_machine(stateMachineArn=made["stateMachineArn"])

    client.stop_execution(executionArn=execution)

    code, _ = refusal(client.describe_state_machine, stateMachineArn=made["stateMachineArn"])
    assert code == "StateMachineDoesNotExist"

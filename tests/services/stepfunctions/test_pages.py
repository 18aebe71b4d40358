"""Pages of lists: a token goes on with its own list, for a day, and with no other."""

import json

import pytest

from tests.maps import distributed

DAY = 86_400
PASS = {"P": {"Type": "Pass", "End": True}}
RETRIED = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 1}]  # has a Map Run for each attempt


@pytest.fixture
def lists(workflows):
    """Lists of two or more, by name: the operation and its arguments."""
    client = workflows.client
    machine = workflows.machine(PASS)
    mapping = workflows.machine(distributed({"Type": "Fail"}, ToleratedFailureCount=1, Retry=RETRIED))
    for result in (1, 2):
        definition = {"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": result, "End": True}}}
        client.update_state_machine(stateMachineArn=machine, definition=json.dumps(definition), publish=True)
        routing = [{"stateMachineVersionArn": f"{machine}:1", "weight": 100}]
        client.create_state_machine_alias(name=f"a{result}", routingConfiguration=routing)
        client.create_activity(name=f"a{result}")
    executions = [workflows.start(machine) for _ in range(2)]
    maps = workflows.start(mapping, [1, 2])
    workflows.end(maps)
    run = client.list_map_runs(executionArn=maps)["mapRuns"][0]["mapRunArn"]
    return {
        "machines": (client.list_state_machines, {}),
        "activities": (client.list_activities, {}),
        "versions": (client.list_state_machine_versions, {"stateMachineArn": machine}),
        "aliases": (client.list_state_machine_aliases, {"stateMachineArn": machine}),
        "executions": (client.list_executions, {"stateMachineArn": machine}),
        "children": (client.list_executions, {"mapRunArn": run}),
        "map runs": (client.list_map_runs, {"executionArn": maps}),
        "history": (client.get_execution_history, {"executionArn": executions[0]}),
    }


NAMES = ["machines", "activities", "versions", "aliases", "executions", "children", "map runs", "history"]
INVALID = ("InvalidToken", "Invalid Token: 'Invalid token'")


def page(listed, **params):
    operation, arguments = listed
    answer = operation(**arguments, **params)
    answer.pop("ResponseMetadata")
    return answer


@pytest.mark.parametrize("name", NAMES)
def test_a_token_goes_on_for_a_day(lists, aws, name, refusal):
    operation, arguments = lists[name]
    token = page(lists[name], maxResults=1)["nextToken"]

    aws.advance(DAY - 60)
    assert any(page(lists[name], maxResults=1, nextToken=token).values())
    aws.advance(61)

    assert refusal(operation, **arguments, nextToken=token) == INVALID


@pytest.mark.parametrize("name", NAMES)
def test_a_token_is_of_one_list(lists, name, refusal):
    token = page(lists[name], maxResults=1)["nextToken"]

    refused = {
        refusal(operation, **arguments, nextToken=token)
        for other, (operation, arguments) in lists.items()
        if other != name
    }

    assert refused == {INVALID}


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("executions", {"statusFilter": "SUCCEEDED"}),
        ("children", {"statusFilter": "FAILED"}),
        ("children", {"redriveFilter": "NOT_REDRIVEN"}),
        ("history", {"reverseOrder": True}),
        ("history", {"includeExecutionData": False}),
    ],
)
def test_all_other_arguments_stay_as_they_are(lists, name, changed, refusal):
    operation, arguments = lists[name]
    token = page(lists[name], maxResults=1)["nextToken"]

    assert refusal(operation, **arguments, **changed, nextToken=token) == INVALID


@pytest.mark.parametrize("name", NAMES)
def test_pages_of_any_size_are_the_whole_list(lists, name):
    (whole,) = page(lists[name], maxResults=0).values()

    first = page(lists[name], maxResults=1)
    rest = page(lists[name], maxResults=1000, nextToken=first.pop("nextToken"))

    ((one,), others) = (*first.values(), *rest.values())
    assert [one, *others] == whole

"""What the API refuses, operation by operation, with the members that its errors have."""

import json

import pytest

from tests.maps import distributed

ROLE = "arn:aws:iam::000000000000:role/workflows"
PASS = {"P": {"Type": "Pass", "End": True}}
LABELED, MISSING, COMPLETED, ROUTING = (
    "API_DOES_NOT_SUPPORT_LABELED_ARNS",
    "MISSING_REQUIRED_PARAMETER",
    "CANNOT_UPDATE_COMPLETED_MAP_RUN",
    "INVALID_ROUTING_CONFIGURATION",
)


@pytest.fixture
def made(workflows):
    """ARNs of a machine, a version, an alias and a Map Run that has ended."""
    machine = workflows.machine(distributed())
    version = workflows.client.publish_state_machine_version(stateMachineArn=machine)["stateMachineVersionArn"]
    routing = [{"stateMachineVersionArn": version, "weight": 100}]
    alias = workflows.client.create_state_machine_alias(name="live", routingConfiguration=routing)
    execution = workflows.start(machine, [1])
    workflows.end(execution)
    (run,) = workflows.client.list_map_runs(executionArn=execution)["mapRuns"]
    return {
        "machine": machine,
        "version": version,
        "alias": alias["stateMachineAliasArn"],
        "run": run["mapRunArn"],
    }


def filled(value, made):
    """`value` with the ARNs of `made` in place of their names in braces."""
    if isinstance(value, str):
        return value.format(**made)
    if isinstance(value, dict):
        return {name: filled(part, made) for name, part in value.items()}
    return [filled(part, made) for part in value] if isinstance(value, list) else value


def routed(arn, *weights):
    return {"routingConfiguration": [{"stateMachineVersionArn": arn, "weight": weight} for weight in weights]}


@pytest.mark.parametrize(
    ("operation", "params", "reason"),
    [
        ("start_execution", {"stateMachineArn": "{machine}/L"}, LABELED),
        ("start_sync_execution", {"stateMachineArn": "{machine}/L"}, LABELED),
        ("describe_state_machine", {"stateMachineArn": "{machine}/L"}, LABELED),
        ("update_state_machine", {"stateMachineArn": "{machine}/L", "roleArn": ROLE}, LABELED),
        ("delete_state_machine", {"stateMachineArn": "{machine}/L"}, LABELED),
        ("publish_state_machine_version", {"stateMachineArn": "{machine}/L"}, LABELED),
        ("list_state_machine_versions", {"stateMachineArn": "{machine}/L"}, LABELED),
        ("list_executions", {}, MISSING),
        ("list_executions", {"statusFilter": "PENDING_REDRIVE"}, MISSING),
        ("update_state_machine_alias", {"stateMachineAliasArn": "{alias}"}, MISSING),
        ("update_map_run", {"mapRunArn": "{run}", "maxConcurrency": 1}, COMPLETED),
        ("create_state_machine_alias", {"name": "n", **routed("{version}", 99)}, ROUTING),
        ("create_state_machine_alias", {"name": "n", **routed("{version}", 50, 50)}, ROUTING),
        ("update_state_machine_alias", {"stateMachineAliasArn": "{alias}", **routed("{version}", 1)}, ROUTING),
        ("list_executions", {"stateMachineArn": "{machine}", "mapRunArn": "{run}"}, None),
        ("list_executions", {"stateMachineArn": "{machine}", "redriveFilter": "REDRIVEN"}, None),
        ("list_executions", {"stateMachineArn": "{machine}", "statusFilter": "PENDING_REDRIVE"}, None),
    ],
)
def test_a_request_that_makes_no_sense_is_told_why(workflows, made, operation, params, reason, error_of):
    error = error_of(getattr(workflows.client, operation), **filled(params, made))

    assert (error["Error"]["Code"], error.get("reason")) == ("ValidationException", reason)


@pytest.mark.parametrize(
    ("operation", "member", "resource"),
    [
        ("describe_state_machine", "stateMachineArn", "stateMachine:"),
        ("describe_state_machine", "stateMachineArn", "stateMachine:m:"),
        ("describe_state_machine", "stateMachineArn", "stateMachine:m:1:2"),
        ("start_execution", "stateMachineArn", "stateMachine:m:"),
        ("delete_state_machine", "stateMachineArn", "stateMachine::1"),
        ("describe_execution", "executionArn", "execution:m"),
        ("describe_execution", "executionArn", "execution:m:"),
        ("describe_execution", "executionArn", "execution:m:x:y"),
        ("describe_execution", "executionArn", "express:m:x"),
        ("stop_execution", "executionArn", "execution:m"),
        ("describe_activity", "activityArn", "activity:a:b"),
        ("describe_map_run", "mapRunArn", "mapRun:m/L"),
    ],
)
def test_an_arn_without_all_its_parts_is_none(workflows, aws, operation, member, resource, refusal):
    arn = f"arn:aws:states:us-east-1:{aws.account}:{resource}"

    assert refusal(getattr(workflows.client, operation), **{member: arn}) == ("InvalidArn", f"Invalid Arn: '{arn}'")


@pytest.mark.parametrize("text", ["a*", "#", "a\u0000", "(b)", "aws:a"])
@pytest.mark.parametrize("member", ["key", "value"])
def test_a_tag_has_letters_digits_space_few_symbols_and_no_reserved_prefix(workflows, made, member, text, refusal):
    tags = [{"key": "k", "value": "v", member: text}]
    definition = json.dumps({"StartAt": "P", "States": PASS})

    codes = {
        refusal(workflows.client.tag_resource, resourceArn=made["machine"], tags=tags)[0],
        refusal(workflows.client.create_activity, name="a", tags=tags)[0],
        refusal(workflows.client.create_state_machine, name="n", definition=definition, roleArn=ROLE, tags=tags)[0],
    }

    assert codes == {"ValidationException"}


def test_a_tag_may_be_of_any_script(workflows, made):
    tags = [{"key": "ключ 1_.:/=+-@", "value": "値 é"}]

    workflows.client.tag_resource(resourceArn=made["machine"], tags=tags)

    assert workflows.client.list_tags_for_resource(resourceArn=made["machine"])["tags"] == tags


def test_the_aliases_of_a_version_that_is_not_there_are_not_listed(workflows, made, error_of):
    error = error_of(workflows.client.list_state_machine_aliases, stateMachineArn=f"{made['machine']}:9")

    assert (error["Error"]["Code"], error["resourceName"]) == ("ResourceNotFound", f"{made['machine']}:9")

"""Definitions as CreateStateMachine, UpdateStateMachine and ValidateStateMachineDefinition look at them."""

import json

import pytest
from botocore.exceptions import ClientError

ROLE = "arn:aws:iam::000000000000:role/workflows"
SEND = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": True}
GOOD = json.dumps({"StartAt": "S", "States": {"S": {**SEND, "Parameters": {"QueueUrl": "u", "MessageBody": "b"}}}})
BAD = json.dumps({"StartAt": "S", "States": {"S": {**SEND, "Parameters": {"QueueUrl": "u", "Body": "b"}}}})
REFUSED = (
    'Invalid State Machine Definition: \'SCHEMA_VALIDATION_FAILED: The field "MessageBody" is required but was missing'
    ' at /States/S/Parameters, SCHEMA_VALIDATION_FAILED: The field "Body" is not supported by Step Functions'
    " at /States/S/Parameters'"
)
UNKNOWN = json.dumps(
    {"StartAt": "S", "States": {"S": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getThing", "End": True}}}
)


@pytest.fixture
def states(aws):
    return aws("stepfunctions")


def test_a_machine_whose_task_names_wrong_parameters_is_not_created(states, refusal):
    refused = refusal(states.create_state_machine, name="m", definition=BAD, roleArn=ROLE)

    assert refused == ("InvalidDefinition", REFUSED)
    assert states.list_state_machines()["stateMachines"] == []


def test_a_machine_stays_as_it_is_when_its_new_definition_is_refused(states):
    arn = states.create_state_machine(name="m", definition=GOOD, roleArn=ROLE)["stateMachineArn"]

    with pytest.raises(ClientError, match="InvalidDefinition"):
        states.update_state_machine(stateMachineArn=arn, definition=UNKNOWN)

    assert states.describe_state_machine(stateMachineArn=arn)["definition"] == GOOD


def test_problems_are_told_up_to_a_number(states):
    every = states.validate_state_machine_definition(definition=BAD)
    first = states.validate_state_machine_definition(definition=BAD, maxResults=1)
    default = states.validate_state_machine_definition(definition=BAD, maxResults=0)

    assert every["result"] == first["result"] == "FAIL"
    assert [problem["location"] for problem in every["diagnostics"]] == ["/States/S/Parameters"] * 2
    assert (every["truncated"], first["truncated"], default["truncated"]) == (False, True, False)
    assert first["diagnostics"] == every["diagnostics"][:1]


def test_warnings_count_among_the_problems_that_are_told(states):
    state = {"Type": "Pass", "Parameters": {"a": "$.x"}, "Foo": 1, "End": True}
    definition = json.dumps({"StartAt": "P", "States": {"P": state}})

    errors = states.validate_state_machine_definition(definition=definition)
    everything = states.validate_state_machine_definition(definition=definition, severity="WARNING")

    assert [problem["severity"] for problem in errors["diagnostics"]] == ["ERROR"]
    assert sorted(problem["severity"] for problem in everything["diagnostics"]) == ["ERROR", "WARNING"]


def test_a_definition_is_looked_at_as_one_of_its_type(states):
    wait = json.dumps({"StartAt": "S", "States": {"S": {**SEND, "Resource": f"{SEND['Resource']}.waitForTaskToken"}}})

    standard = states.validate_state_machine_definition(definition=wait)
    express = states.validate_state_machine_definition(definition=wait, type="EXPRESS")

    assert (standard["result"], express["result"]) == ("OK", "FAIL")

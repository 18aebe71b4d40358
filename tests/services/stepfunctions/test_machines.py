"""State machines: created once, changed, listed, tagged, deleted, and refused in AWS's words."""

import json

import pytest
from botocore.exceptions import ClientError

ROLE = "arn:aws:iam::000000000000:role/workflows"
PASS = json.dumps({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}})


@pytest.fixture
def states(aws):
    return aws("stepfunctions")


def refusal(call, **params):
    with pytest.raises(ClientError) as refused:
        call(**params)
    return refused.value.response["Error"]["Code"], refused.value.response["Error"]["Message"]


def create(states, name="m", **params):
    return states.create_state_machine(name=name, **{"definition": PASS, "roleArn": ROLE, **params})


def test_a_machine_is_described_as_it_was_created(states, aws):
    arn = create(states)["stateMachineArn"]

    shown = states.describe_state_machine(stateMachineArn=arn)

    assert arn == f"arn:aws:states:us-east-1:{aws.account}:stateMachine:m"
    assert (shown["name"], shown["status"], shown["type"]) == ("m", "ACTIVE", "STANDARD")
    assert (shown["definition"], shown["roleArn"]) == (PASS, ROLE)
    assert shown["loggingConfiguration"] == {"level": "OFF", "includeExecutionData": False}
    assert shown["tracingConfiguration"] == {"enabled": False}
    assert shown["encryptionConfiguration"] == {"type": "AWS_OWNED_KEY"}


def test_creating_the_same_machine_again_changes_nothing(states):
    first = create(states)

    second = create(states)

    assert second["stateMachineArn"] == first["stateMachineArn"]
    assert second["creationDate"] == first["creationDate"]


def test_another_definition_under_the_same_name_is_refused(states):
    arn = create(states)["stateMachineArn"]
    other = PASS.replace('"P"', '"Q"')

    refused = refusal(create, states=states, definition=other)

    assert refused == ("StateMachineAlreadyExists", f"State Machine Already Exists: '{arn}'")


def test_a_name_with_white_space_is_refused(states):
    assert refusal(create, states=states, name="a b") == ("InvalidName", "Invalid Name: 'a b'")


def test_a_definition_that_leads_nowhere_is_refused(states):
    bad = json.dumps({"StartAt": "Nowhere", "States": {"P": {"Type": "Pass", "End": True}}})

    code, message = refusal(create, states=states, definition=bad)

    assert code == "InvalidDefinition"
    assert "MISSING_TRANSITION_TARGET: Missing 'Next' target: Nowhere" in message


def test_a_log_without_a_destination_is_refused(states):
    refused = refusal(create, states=states, loggingConfiguration={"level": "ALL"})

    assert refused == (
        "InvalidLoggingConfiguration",
        "Invalid Logging Configuration: Must specify exactly one Log Destination.",
    )


def test_a_changed_definition_has_a_new_revision(states):
    arn = create(states)["stateMachineArn"]
    other = PASS.replace('"P"', '"Q"')

    changed = states.update_state_machine(stateMachineArn=arn, definition=other)

    shown = states.describe_state_machine(stateMachineArn=arn)
    assert (shown["definition"], shown["revisionId"]) == (other, changed["revisionId"])


def test_an_update_of_nothing_is_refused(states):
    arn = create(states)["stateMachineArn"]

    code, _ = refusal(states.update_state_machine, stateMachineArn=arn)

    assert code == "MissingRequiredParameter"


def test_a_machine_that_is_not_there_is_named(states, aws):
    arn = f"arn:aws:states:us-east-1:{aws.account}:stateMachine:none"

    refused = refusal(states.describe_state_machine, stateMachineArn=arn)

    assert refused == ("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")


def test_an_arn_of_another_kind_is_refused(states, aws):
    arn = f"arn:aws:states:us-east-1:{aws.account}:execution:m:x"

    refused = refusal(states.describe_state_machine, stateMachineArn=arn)

    assert refused == ("InvalidArn", "Invalid Arn: 'Resource type not valid in this context: execution'")


def test_a_deleted_machine_is_gone_and_deleting_it_again_is_no_mistake(states):
    arn = create(states)["stateMachineArn"]

    states.delete_state_machine(stateMachineArn=arn)
    states.delete_state_machine(stateMachineArn=arn)

    assert refusal(states.describe_state_machine, stateMachineArn=arn)[0] == "StateMachineDoesNotExist"
    assert states.list_state_machines()["stateMachines"] == []


def test_machines_are_listed_in_pages(states):
    for number in range(5):
        create(states, name=f"m{number}")

    first = states.list_state_machines(maxResults=3)
    second = states.list_state_machines(maxResults=3, nextToken=first["nextToken"])

    names = [machine["name"] for page in (first, second) for machine in page["stateMachines"]]
    assert names == ["m0", "m1", "m2", "m3", "m4"]
    assert "nextToken" not in second


def test_a_token_that_is_none_of_ours_is_refused(states):
    refused = refusal(states.list_state_machines, nextToken="x")

    assert refused == ("InvalidToken", "Invalid Token: 'Invalid token'")


def test_tags_are_added_replaced_and_taken_away(states):
    arn = create(states, tags=[{"key": "a", "value": "1"}, {"key": "b", "value": "1"}])["stateMachineArn"]

    states.tag_resource(resourceArn=arn, tags=[{"key": "b", "value": "2"}, {"key": "c", "value": "3"}])
    states.untag_resource(resourceArn=arn, tagKeys=["a"])

    tags = states.list_tags_for_resource(resourceArn=arn)["tags"]
    assert tags == [{"key": "b", "value": "2"}, {"key": "c", "value": "3"}]


def test_the_machine_of_an_execution_is_shown_as_it_was_when_it_started(states):
    arn = create(states)["stateMachineArn"]
    execution = states.start_execution(stateMachineArn=arn)["executionArn"]
    states.update_state_machine(stateMachineArn=arn, definition=PASS.replace('"P"', '"Q"'))

    shown = states.describe_state_machine_for_execution(executionArn=execution)

    assert (shown["stateMachineArn"], shown["definition"]) == (arn, PASS)


def test_every_problem_of_a_definition_is_diagnosed(states):
    bad = json.dumps({"StartAt": "P", "States": {"P": {"Type": "Pass"}}})

    shown = states.validate_state_machine_definition(definition=bad)

    assert shown["result"] == "FAIL"
    assert {problem["severity"] for problem in shown["diagnostics"]} == {"ERROR"}
    assert states.validate_state_machine_definition(definition=PASS)["result"] == "OK"


def test_warnings_are_told_to_who_asks_for_them(states):
    state = {"Type": "Pass", "Parameters": {"a": "$.x"}, "End": True}
    definition = json.dumps({"StartAt": "P", "States": {"P": state}})

    shown = states.validate_state_machine_definition(definition=definition, severity="WARNING")
    unasked = states.validate_state_machine_definition(definition=definition)

    (found,) = shown["diagnostics"]
    assert (shown["result"], found["severity"], found["code"]) == ("OK", "WARNING", "NO_DOLLAR")
    assert found["location"] == "/States/P/Parameters/a"
    assert (unasked["result"], unasked["diagnostics"]) == ("OK", [])


def test_a_machine_is_described_without_its_definition_on_request(states):
    arn = create(states)["stateMachineArn"]

    shown = states.describe_state_machine(stateMachineArn=arn, includedData="METADATA_ONLY")

    assert (shown["definition"], shown["roleArn"]) == ("", ROLE)

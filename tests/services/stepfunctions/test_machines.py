"""State machines: created once, changed, listed, tagged, deleted, and refused in AWS's words."""

import json

import pytest

ROLE = "arn:aws:iam::000000000000:role/workflows"
PASS = json.dumps({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}})


@pytest.fixture
def states(aws):
    return aws("stepfunctions")


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


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"type": "STANDARD"},
        {"tracingConfiguration": {"enabled": False}, "loggingConfiguration": {"level": "OFF"}},
        {"encryptionConfiguration": {"type": "AWS_OWNED_KEY"}},
        {"roleArn": f"{ROLE}-2", "tags": [{"key": "a", "value": "2"}]},
    ],
)
def test_creating_the_same_machine_again_changes_nothing(states, params):
    first = create(states, tags=[{"key": "a", "value": "1"}])

    second = create(states, **params)

    arn = first["stateMachineArn"]
    assert (second["stateMachineArn"], second["creationDate"]) == (arn, first["creationDate"])
    assert states.describe_state_machine(stateMachineArn=arn)["roleArn"] == ROLE
    assert states.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "a", "value": "1"}]


@pytest.mark.parametrize(
    "params",
    [
        {"definition": PASS.replace('"P"', '"Q"')},
        {"type": "EXPRESS"},
        {"tracingConfiguration": {"enabled": True}},
        {"loggingConfiguration": {"level": "OFF", "includeExecutionData": True}},
        {"encryptionConfiguration": {"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": "k"}},
    ],
)
def test_another_machine_under_the_same_name_is_refused(states, params, refusal):
    arn = create(states)["stateMachineArn"]

    refused = refusal(create, states=states, **params)

    assert refused == ("StateMachineAlreadyExists", f"State Machine Already Exists: '{arn}'")


@pytest.mark.parametrize("name", ["a b", "a/b", "a<", "a\u0001", "a\ufffe", "a\U0010ffff"])
def test_a_name_with_what_names_may_not_hold_is_refused(states, name, refusal):
    assert refusal(create, states=states, name=name) == ("InvalidName", f"Invalid Name: '{name}'")


def logging(*arns):
    return {"level": "ALL", "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": arn}} for arn in arns]}


LOG = "arn:aws:logs:us-east-1:000000000000:log-group:g"
NO_DESTINATION = "Invalid Logging Configuration: Must specify exactly one Log Destination."
NO_WILDCARD = "Invalid Logging Configuration: Log Group ARN must be provided with '*' qualifier."
NO_GROUP = "Invalid Logging Configuration: Provided ARN is not CloudWatch Logs Log Group ARN."
NO_ARN = "Invalid Logging Configuration: Must set valid CloudWatch Log Group ARN."
MISFITS = [
    ({"roleArn": "x"}, "InvalidArn", "Invalid Role Arn: 'x'"),
    (
        {"roleArn": "arn:aws:iam::000000000000:user/u"},
        "InvalidArn",
        "Invalid Role Arn: 'arn:aws:iam::000000000000:user/u'",
    ),
    ({"loggingConfiguration": {"level": "ALL"}}, "InvalidLoggingConfiguration", NO_DESTINATION),
    ({"loggingConfiguration": logging()}, "InvalidLoggingConfiguration", NO_DESTINATION),
    ({"loggingConfiguration": logging(f"{LOG}:*", f"{LOG}:*")}, "InvalidLoggingConfiguration", NO_DESTINATION),
    ({"loggingConfiguration": logging(LOG)}, "InvalidLoggingConfiguration", NO_WILDCARD),
    ({"loggingConfiguration": logging("g:*")}, "InvalidLoggingConfiguration", NO_GROUP),
    ({"loggingConfiguration": logging("arn:aws:s3:::bucket:*")}, "InvalidLoggingConfiguration", NO_GROUP),
    ({"loggingConfiguration": {"level": "ALL", "destinations": [{}]}}, "InvalidLoggingConfiguration", NO_ARN),
    (
        {"tracingConfiguration": {}},
        "InvalidTracingConfiguration",
        "Invalid Tracing Configuration: enabled must be set to true or false.",
    ),
    (
        {"encryptionConfiguration": {"type": "CUSTOMER_MANAGED_KMS_KEY"}},
        "InvalidEncryptionConfiguration",
        "Invalid Encryption Configuration: kmsKeyId must be specified for CUSTOMER_MANAGED_KMS_KEY.",
    ),
    (
        {"definition": PASS, "versionDescription": "d"},
        "ValidationException",
        "Version description can only be set when publish is true",
    ),
]


@pytest.mark.parametrize(("params", "code", "message"), MISFITS)
def test_what_a_machine_cannot_have_is_refused(states, params, code, message, refusal):
    arn = create(states, name="other")["stateMachineArn"]

    assert refusal(create, states=states, **params) == (code, message)
    assert refusal(states.update_state_machine, stateMachineArn=arn, **params) == (code, message)


def test_a_machine_has_fifty_tags_at_most(states, error_of):
    tags = [{"key": str(number), "value": ""} for number in range(51)]
    arn = create(states, name="other", tags=tags[:50])["stateMachineArn"]

    errors = [
        error_of(create, states=states, tags=tags),
        error_of(states.create_activity, name="a", tags=tags),
        error_of(states.tag_resource, resourceArn=arn, tags=tags[50:]),
    ]

    assert {error["Error"]["Code"] for error in errors} == {"TooManyTags"}
    named = [error["resourceName"].split(":", 5)[5] for error in errors]
    assert named == ["stateMachine:m", "activity:a", "stateMachine:other"]


def test_a_definition_that_leads_nowhere_is_refused(states, refusal):
    bad = json.dumps({"StartAt": "Nowhere", "States": {"P": {"Type": "Pass", "End": True}}})

    code, message = refusal(create, states=states, definition=bad)

    assert code == "InvalidDefinition"
    assert "MISSING_TRANSITION_TARGET: Missing 'Next' target: Nowhere" in message


def test_a_machine_has_a_revision_once_it_was_changed(states):
    arn = create(states)["stateMachineArn"]
    other = PASS.replace('"P"', '"Q"')
    first = states.start_execution(stateMachineArn=arn)["executionArn"]
    assert "revisionId" not in states.describe_state_machine(stateMachineArn=arn)

    changed = states.update_state_machine(stateMachineArn=arn, definition=other)

    shown = states.describe_state_machine(stateMachineArn=arn)
    second = states.start_execution(stateMachineArn=arn)["executionArn"]
    assert (shown["definition"], shown["revisionId"]) == (other, changed["revisionId"])
    assert "revisionId" not in states.describe_state_machine_for_execution(executionArn=first)
    assert states.describe_state_machine_for_execution(executionArn=second)["revisionId"] == changed["revisionId"]


def test_an_update_of_nothing_is_refused(states, refusal):
    arn = create(states)["stateMachineArn"]

    assert refusal(states.update_state_machine, stateMachineArn=arn)[0] == "MissingRequiredParameter"
    assert refusal(states.update_state_machine, stateMachineArn=arn, publish=True)[0] == "MissingRequiredParameter"


def test_the_key_of_a_machine_is_changed_alone(states):
    arn = create(states)["stateMachineArn"]
    key = {"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": "k"}

    states.update_state_machine(stateMachineArn=arn, encryptionConfiguration=key)

    assert states.describe_state_machine(stateMachineArn=arn)["encryptionConfiguration"] == key


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("start_execution", {}),
        ("describe_state_machine", {}),
        ("update_state_machine", {"definition": PASS}),
        ("delete_state_machine", {}),
    ],
)
def test_the_arn_of_a_distributed_map_names_no_machine(states, operation, params, refusal):
    arn = create(states)["stateMachineArn"]

    code, _ = refusal(getattr(states, operation), stateMachineArn=f"{arn}/label", **params)

    assert code == "ValidationException"


def test_a_machine_that_is_not_there_is_named(states, aws, refusal):
    arn = f"arn:aws:states:us-east-1:{aws.account}:stateMachine:none"

    refused = refusal(states.describe_state_machine, stateMachineArn=arn)

    assert refused == ("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")


def test_an_arn_of_another_kind_is_refused(states, aws, refusal):
    arn = f"arn:aws:states:us-east-1:{aws.account}:execution:m:x"

    refused = refusal(states.describe_state_machine, stateMachineArn=arn)

    assert refused == ("InvalidArn", "Invalid Arn: 'Resource type not valid in this context: execution'")


def test_a_deleted_machine_is_gone_and_deleting_it_again_is_no_mistake(states, refusal):
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


@pytest.mark.parametrize("token", ["x", "-1", "\u00b2", "9" * 30])
def test_a_token_that_is_none_of_ours_is_refused(states, token, refusal):
    refused = refusal(states.list_state_machines, nextToken=token)

    assert refused == ("InvalidToken", "Invalid Token: 'Invalid token'")


def test_tags_are_added_replaced_and_taken_away(states):
    arn = create(states, tags=[{"key": "a", "value": "1"}, {"key": "b", "value": "1"}])["stateMachineArn"]

    states.tag_resource(resourceArn=arn, tags=[{"key": "b", "value": "2"}, {"key": "c", "value": "3"}])
    states.untag_resource(resourceArn=arn, tagKeys=["a"])

    tags = states.list_tags_for_resource(resourceArn=arn)["tags"]
    assert tags == [{"key": "b", "value": "2"}, {"key": "c", "value": "3"}]


def test_of_a_tag_given_twice_the_last_one_counts(states):
    arn = create(states, tags=[{"key": "a", "value": "1"}, {"key": "a", "value": "2"}])["stateMachineArn"]

    assert states.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "a", "value": "2"}]


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

    assert (shown["definition"], shown["roleArn"]) == ("{}", ROLE)


def test_the_variables_that_a_state_refers_to_are_told(states):
    inner = {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $sum($y) + $x & '$x' %}", "End": True}
    definition = {
        "StartAt": "A",
        "States": {
            "A": {"Type": "Pass", "Assign": {"x": 1, "y.$": "$.all"}, "Next": "B"},
            "B": {
                "Type": "Pass",
                "Parameters": {"b.$": r"States.Format('it\'s {} $y', $x.z)", "literal": "$y"},
                "Next": "M",
            },
            "M": {
                "Type": "Map",
                "ItemsPath": "$y",
                "ItemProcessor": {"StartAt": "I", "States": {"I": inner}},
                "End": True,
            },
        },
    }
    arn = create(states, definition=json.dumps(definition))["stateMachineArn"]

    shown = states.describe_state_machine(stateMachineArn=arn)["variableReferences"]

    assert shown == {"B": ["x"], "M": ["y"], "I": ["y", "x"]}

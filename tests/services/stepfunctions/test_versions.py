"""Versions and aliases: what was published does not change, and a name may send requests to two of them."""

import json

import pytest

from emulator.services.stepfunctions import limits


def definition(result):
    return json.dumps({"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": result, "End": True}}})


@pytest.fixture
def states(workflows):
    return workflows.client


@pytest.fixture
def machine(workflows):
    return workflows.machine({"P": {"Type": "Pass", "Result": 1, "End": True}})


def publish(states, machine, result):
    """Change the machine so that it gives `result`, and publish that; the version's ARN."""
    changed = states.update_state_machine(stateMachineArn=machine, definition=definition(result), publish=True)
    return changed["stateMachineVersionArn"]


def alias(states, *versions, name="live"):
    weights = [100] if len(versions) == 1 else [50, 50]
    routing = [
        {"stateMachineVersionArn": version, "weight": weight} for version, weight in zip(versions, weights, strict=True)
    ]
    return states.create_state_machine_alias(name=name, routingConfiguration=routing)["stateMachineAliasArn"]


def test_a_revision_is_published_once(states, machine):
    first = states.publish_state_machine_version(stateMachineArn=machine, description="d")

    second = states.publish_state_machine_version(stateMachineArn=machine)

    assert first["stateMachineVersionArn"] == second["stateMachineVersionArn"] == f"{machine}:1"
    shown = states.describe_state_machine(stateMachineArn=f"{machine}:1")
    assert (shown["stateMachineArn"], shown["description"]) == (f"{machine}:1", "d")


def test_another_revision_than_the_current_one_is_not_published(states, machine, refusal):
    current = states.update_state_machine(stateMachineArn=machine, definition=definition(2))["revisionId"]

    refused = refusal(states.publish_state_machine_version, stateMachineArn=machine, revisionId="other")

    assert refused == (
        "ConflictException",
        "Failed to publish the State Machine version for revision other. "
        f"The current State Machine revision is {current}.",
    )


def test_the_first_revision_is_published_by_the_name_it_has(states, machine, refusal):
    published = states.publish_state_machine_version(stateMachineArn=machine, revisionId="INITIAL")
    states.update_state_machine(stateMachineArn=machine, definition=definition(2))

    refused = refusal(states.publish_state_machine_version, stateMachineArn=machine, revisionId="INITIAL")

    assert (published["stateMachineVersionArn"], refused[0]) == (f"{machine}:1", "ConflictException")


def test_a_version_keeps_its_configurations(states, machine, aws, workflows):
    logs = aws("logs")
    logs.create_log_group(logGroupName="g")
    arn = f"arn:aws:logs:us-east-1:{aws.account}:log-group:g:*"
    logged = {"level": "FATAL", "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": arn}}]}
    failing = json.dumps({"StartAt": "F", "States": {"F": {"Type": "Fail"}}})
    version = states.update_state_machine(
        stateMachineArn=machine,
        definition=failing,
        loggingConfiguration=logged,
        tracingConfiguration={"enabled": True},
        publish=True,
    )["stateMachineVersionArn"]

    states.update_state_machine(
        stateMachineArn=machine, loggingConfiguration={"level": "OFF"}, tracingConfiguration={"enabled": False}
    )

    shown = states.describe_state_machine(stateMachineArn=version)
    assert (shown["loggingConfiguration"], shown["tracingConfiguration"]) == (
        {**logged, "includeExecutionData": False},
        {"enabled": True},
    )
    workflows.end(workflows.start(machine))
    assert logs.filter_log_events(logGroupName="g")["events"] == []
    workflows.end(workflows.start(version))
    assert len(logs.filter_log_events(logGroupName="g")["events"]) == 1


def test_an_execution_shows_the_configurations_of_its_version(states, workflows, machine):
    traced = states.update_state_machine(stateMachineArn=machine, tracingConfiguration={"enabled": True}, publish=True)[
        "stateMachineVersionArn"
    ]
    states.update_state_machine(stateMachineArn=machine, tracingConfiguration={"enabled": False})

    shown = [
        states.describe_state_machine_for_execution(executionArn=workflows.start(arn)) for arn in (traced, machine)
    ]

    assert [each["tracingConfiguration"]["enabled"] for each in shown] == [True, False]


def test_a_machine_is_published_as_it_is_created(states, aws):
    created = states.create_state_machine(
        name="p", definition=definition(1), roleArn="arn:aws:iam::000000000000:role/r", publish=True
    )

    assert created["stateMachineVersionArn"] == f"{created['stateMachineArn']}:1"


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ({"publish": True, "versionDescription": "d"}, {"publish": True, "versionDescription": "d"}, True),
        ({"publish": True, "versionDescription": "d"}, {"publish": True}, False),
        ({}, {"publish": True}, False),
        ({}, {"publish": False}, True),
    ],
)
def test_a_machine_created_again_is_published_as_it_was_or_not_at_all(states, first, second, same, refusal):
    params = {"name": "p", "definition": definition(1), "roleArn": "arn:aws:iam::000000000000:role/r"}
    created = states.create_state_machine(**params, **first)
    created.pop("ResponseMetadata")

    if same:
        again = states.create_state_machine(**params, **second)
        assert created.items() <= again.items()
    else:
        assert refusal(states.create_state_machine, **params, **second)[0] == "StateMachineAlreadyExists"


def test_a_description_without_publishing_is_refused(states, machine, refusal):
    refused = refusal(
        states.update_state_machine, stateMachineArn=machine, definition=definition(2), versionDescription="d"
    )

    assert refused[0] == "ValidationException"


def test_a_version_runs_what_was_published(workflows, states, machine):
    version = publish(states, machine, 2)
    states.update_state_machine(stateMachineArn=machine, definition=definition(3))

    ended = workflows.end(workflows.start(version))

    assert (ended["output"], ended["stateMachineArn"]) == ("2", machine)
    assert ended["stateMachineVersionArn"] == version
    assert workflows.end(workflows.start(machine))["output"] == "3"


def test_versions_are_listed_newest_first_in_pages(states, machine):
    for result in (2, 3, 4):
        publish(states, machine, result)

    first = states.list_state_machine_versions(stateMachineArn=machine, maxResults=2)
    rest = states.list_state_machine_versions(stateMachineArn=machine, nextToken=first["nextToken"])

    arns = [shown["stateMachineVersionArn"] for page in (first, rest) for shown in page["stateMachineVersions"]]
    assert arns == [f"{machine}:3", f"{machine}:2", f"{machine}:1"]


@pytest.mark.parametrize("qualifier", ["7", "²", "99999999999999999999"])
def test_a_version_that_is_not_there_does_not_exist(states, machine, qualifier, refusal):
    arn = f"{machine}:{qualifier}"
    routing = [{"stateMachineVersionArn": arn, "weight": 100}]

    refused = {
        refusal(states.start_execution, stateMachineArn=arn)[0],
        refusal(states.describe_state_machine, stateMachineArn=arn)[0],
        refusal(states.create_state_machine_alias, name="live", routingConfiguration=routing)[0],
    }

    assert refused == {"StateMachineDoesNotExist", "ResourceNotFound"}


def test_the_number_of_a_deleted_version_is_not_used_again(states, machine, refusal):
    states.delete_state_machine_version(stateMachineVersionArn=publish(states, machine, 2))

    assert publish(states, machine, 3) == f"{machine}:2"
    assert refusal(states.start_execution, stateMachineArn=f"{machine}:1")[0] == "StateMachineDoesNotExist"


def test_an_alias_runs_the_version_it_names(workflows, states, machine):
    name = alias(states, publish(states, machine, 2))

    ended = workflows.end(workflows.start(name))

    assert (name, ended["output"]) == (f"{machine}:live", "2")
    assert (ended["stateMachineAliasArn"], ended["stateMachineVersionArn"]) == (name, f"{machine}:1")


def test_an_alias_of_two_versions_runs_either(workflows, states, machine):
    name = alias(states, publish(states, machine, 2), publish(states, machine, 3))

    outputs = {workflows.end(workflows.start(name))["output"] for _ in range(40)}

    assert outputs == {"2", "3"}


def test_executions_are_listed_by_alias_and_by_version(workflows, states, machine):
    version = publish(states, machine, 2)
    name = alias(states, version)
    by_alias, by_version = workflows.start(name), workflows.start(version)
    workflows.start(machine)

    def listed(arn):
        return {entry["executionArn"] for entry in states.list_executions(stateMachineArn=arn)["executions"]}

    assert listed(name) == {by_alias}
    assert listed(version) == {by_alias, by_version}
    assert len(listed(machine)) == 3


def test_a_machine_has_so_many_versions_at_most(states, machine, monkeypatch, refusal):
    monkeypatch.setattr(limits, "VERSIONS_MAX", 2)
    publish(states, machine, 2)
    second = publish(states, machine, 3)

    assert refusal(publish, states=states, machine=machine, result=4)[0] == "ServiceQuotaExceededException"
    states.delete_state_machine_version(stateMachineVersionArn=second)
    assert publish(states, machine, 5) == f"{machine}:3"


def test_a_machine_has_a_hundred_aliases_at_most(states, machine, refusal):
    version = publish(states, machine, 2)
    for number in range(100):
        alias(states, version, name=f"a{number}")
    routing = [{"stateMachineVersionArn": version, "weight": 100}]

    code, _ = refusal(states.create_state_machine_alias, name="one-more", routingConfiguration=routing)

    assert code == "ServiceQuotaExceededException"
    assert alias(states, version, name="a1") == f"{machine}:a1"


def test_the_same_change_of_an_alias_is_no_change(states, machine, aws):
    name = alias(states, publish(states, machine, 2))
    first = states.update_state_machine_alias(stateMachineAliasArn=name, description="d")["updateDate"]
    aws.advance(60)

    second = states.update_state_machine_alias(stateMachineAliasArn=name, description="d")["updateDate"]

    assert second == first
    assert states.update_state_machine_alias(stateMachineAliasArn=name, description="e")["updateDate"] > first


def test_an_alias_is_changed_and_described(states, machine):
    first, second = publish(states, machine, 2), publish(states, machine, 3)
    name = alias(states, first)

    states.update_state_machine_alias(
        stateMachineAliasArn=name,
        description="d",
        routingConfiguration=[{"stateMachineVersionArn": second, "weight": 100}],
    )

    shown = states.describe_state_machine_alias(stateMachineAliasArn=name)
    assert (shown["name"], shown["description"]) == ("live", "d")
    assert shown["routingConfiguration"] == [{"stateMachineVersionArn": second, "weight": 100}]


def test_aliases_are_listed_newest_first_and_deleted(states, machine, aws, refusal):
    first, second = publish(states, machine, 2), publish(states, machine, 3)
    older = alias(states, first, name="z")
    aws.advance(1)
    names = [older, alias(states, second, name="a")]

    def listed(arn):
        answer = states.list_state_machine_aliases(stateMachineArn=arn)
        return [shown["stateMachineAliasArn"] for shown in answer["stateMachineAliases"]]

    assert (listed(machine), listed(second)) == (names[::-1], [names[1]])
    states.delete_state_machine_alias(stateMachineAliasArn=names[0])
    assert listed(machine) == [names[1]]
    assert refusal(states.describe_state_machine_alias, stateMachineAliasArn=names[0])[0] == "ResourceNotFound"


def test_a_version_that_an_alias_names_is_not_deleted(states, machine, refusal):
    version = publish(states, machine, 2)
    alias(states, version)

    code, message = refusal(states.delete_state_machine_version, stateMachineVersionArn=version)

    assert code == "ConflictException"
    assert message.endswith("Current list of aliases referencing this version: [live]")


@pytest.mark.parametrize(
    ("weights", "code"), [([90], "ValidationException"), ([50, 40], "ValidationException"), ([100], None)]
)
def test_the_weights_of_an_alias_sum_to_a_hundred(states, machine, weights, code, refusal):
    versions = [publish(states, machine, number) for number in range(len(weights))]
    routing = [{"stateMachineVersionArn": v, "weight": w} for v, w in zip(versions, weights, strict=True)]
    params = {"name": "a", "routingConfiguration": routing}

    if code is None:
        assert states.create_state_machine_alias(**params)["stateMachineAliasArn"] == f"{machine}:a"
    else:
        assert refusal(states.create_state_machine_alias, **params)[0] == code


def test_an_alias_of_a_version_that_is_not_there_is_refused(states, machine, refusal):
    routing = [{"stateMachineVersionArn": f"{machine}:9", "weight": 100}]

    code, message = refusal(states.create_state_machine_alias, name="a", routingConfiguration=routing)

    assert (code, message) == (
        "ResourceNotFound",
        f"Request references a resource that does not exist. Resource Id: {machine}:9",
    )


def test_an_alias_created_twice_is_the_same_one_unless_it_differs(states, machine, refusal):
    first, second = publish(states, machine, 2), publish(states, machine, 3)

    assert alias(states, first) == alias(states, first)
    assert refusal(alias, states, second)[0] == "ConflictException"


def test_versions_and_aliases_go_with_their_machine(states, machine, workflows, refusal):
    name = alias(states, publish(states, machine, 2))

    states.delete_state_machine(stateMachineArn=machine)

    assert refusal(states.describe_state_machine_alias, stateMachineAliasArn=name)[0] == "ResourceNotFound"
    assert refusal(states.start_execution, stateMachineArn=name)[0] == "StateMachineDoesNotExist"

"""Executions logged to CloudWatch Logs, by the level of their machine."""

import json

import pytest

ROLE = "arn:aws:iam::000000000000:role/workflows"
STATES = {"P": {"Type": "Pass", "Next": "F"}, "F": {"Type": "Fail", "Error": "E", "Cause": "C"}}


@pytest.fixture
def logs(aws):
    client = aws("logs")
    client.create_log_group(logGroupName="/aws/vendedlogs/states/m")
    return client


@pytest.fixture
def logged(workflows, aws, logs):
    """Run a machine of that type and level to its end; what was logged."""

    def run(level, kind="STANDARD", include=True, states=STATES):
        arn = f"arn:aws:logs:us-east-1:{aws.account}:log-group:/aws/vendedlogs/states/m:*"
        destination = {"cloudWatchLogsLogGroup": {"logGroupArn": arn}}
        machine = workflows.client.create_state_machine(
            name="m",
            type=kind,
            roleArn=ROLE,
            definition=json.dumps({"StartAt": "P", "States": states}),
            loggingConfiguration={"level": level, "includeExecutionData": include, "destinations": [destination]},
        )["stateMachineArn"]
        if kind == "EXPRESS":
            workflows.client.start_sync_execution(stateMachineArn=machine)
        else:
            workflows.end(workflows.start(machine))
        events = logs.filter_log_events(logGroupName="/aws/vendedlogs/states/m")["events"]
        assert all(event["logStreamName"].startswith("states/m/") for event in events)
        return [json.loads(event["message"]) for event in events]

    return run


@pytest.mark.parametrize("kind", ["STANDARD", "EXPRESS"])
def test_every_event_is_logged(logged, kind):
    events = logged("ALL", kind)

    assert [event["type"] for event in events] == [
        "ExecutionStarted",
        "PassStateEntered",
        "PassStateExited",
        "FailStateEntered",
        "ExecutionFailed",
    ]
    first = events[0]
    assert (first["id"], first["previous_event_id"], first["redrive_count"]) == ("1", "0", "0")
    assert json.loads(first["details"]["input"]) == {}
    assert ":m:" in first["execution_arn"]


@pytest.mark.parametrize(
    ("level", "types"), [("ERROR", ["FailStateEntered", "ExecutionFailed"]), ("FATAL", ["ExecutionFailed"])]
)
def test_a_level_chooses_the_events(logged, level, types):
    assert [event["type"] for event in logged(level)] == types


def test_data_is_logged_on_request_only(logged):
    events = logged("ALL", include=False, states={"P": {**STATES["P"], "Assign": {"x": 1}}, "F": STATES["F"]})

    assert events[0]["details"].keys() == {"roleArn"}
    assert events[2]["details"] == {"name": "P"}
    assert events[-1]["details"] == {"error": "E", "cause": "C"}


def test_data_for_which_an_entry_has_no_room_is_left_out(logged):
    large = {"Type": "Pass", "Result": "x" * 255_000, "Assign": {"x": 1}, "Next": "F"}

    exited = logged("ALL", states={"P": large, "F": STATES["F"]})[2]

    assert exited["details"] == {
        "name": "P",
        "outputDetails": {"truncated": True},
        "assignedVariablesDetails": {"truncated": True},
    }


def test_an_execution_goes_on_without_its_log_group(logged, logs, workflows):
    logs.delete_log_group(logGroupName="/aws/vendedlogs/states/m")
    logs.create_log_group(logGroupName="other")

    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        logged("ALL")

    (shown,) = workflows.client.list_executions(
        stateMachineArn=f"arn:aws:states:us-east-1:{workflows.aws.account}:stateMachine:m"
    )["executions"]
    assert shown["status"] == "FAILED"

"""The status changes of Standard executions on EventBridge's default bus."""

import json

import pytest


@pytest.fixture
def heard(aws, queue):
    """What the default bus has told of executions so far."""
    events = aws("events")
    events.put_rule(Name="status", EventPattern=json.dumps({"source": ["aws.states"]}))
    events.put_targets(Rule="status", Targets=[{"Id": "q", "Arn": queue.arn}])
    return lambda: [json.loads(body) for body in queue.receive()]


def test_a_start_and_a_success_are_told(workflows, heard, aws):
    ended = workflows.run({"P": {"Type": "Pass", "End": True}}, {"n": 1})
    workflows.settle()

    told = sorted(heard(), key=lambda event: event["detail"]["status"])

    running, succeeded = (event["detail"] for event in told)
    first = told[0]
    assert (first["source"], first["detail-type"]) == ("aws.states", "Step Functions Execution Status Change")
    assert (first["resources"], first["account"]) == ([ended["executionArn"]], aws.account)
    assert running == {
        "executionArn": ended["executionArn"],
        "stateMachineArn": ended["stateMachineArn"],
        "name": ended["name"],
        "status": "RUNNING",
        "startDate": round(ended["startDate"].timestamp() * 1000),
        "stopDate": None,
        "input": '{"n": 1}',
        "output": None,
        "stateMachineVersionArn": None,
        "stateMachineAliasArn": None,
        "redriveCount": 0,
        "redriveDate": None,
        "redriveStatus": "NOT_REDRIVABLE",
        "redriveStatusReason": "Execution is RUNNING and cannot be redriven",
        "inputDetails": {"included": True},
        "outputDetails": None,
        "error": None,
        "cause": None,
    }
    assert (succeeded["status"], json.loads(succeeded["output"])) == ("SUCCEEDED", {"n": 1})
    assert succeeded["stopDate"] == round(ended["stopDate"].timestamp() * 1000)
    assert succeeded["outputDetails"] == {"included": True}


def test_a_failure_is_told_with_its_error(workflows, heard):
    workflows.run({"F": {"Type": "Fail", "Error": "E", "Cause": "C"}})
    workflows.settle()

    failed = next(event["detail"] for event in heard() if event["detail"]["status"] == "FAILED")

    assert (failed["error"], failed["cause"], failed["output"]) == ("E", "C", None)
    assert (failed["redriveStatus"], failed["redriveStatusReason"]) == ("REDRIVABLE", None)


@pytest.mark.parametrize(
    ("given", "made", "included"),
    [
        ("x" * 250_000, "small", {"RUNNING": (True, None), "SUCCEEDED": (True, True)}),
        ("x" * 250_000, "x" * 5_000, {"RUNNING": (True, None), "SUCCEEDED": (False, True)}),
        ('"' * 130_000, "small", {"RUNNING": (False, None), "SUCCEEDED": (False, True)}),
        ("small", "x" * 255_000, {"RUNNING": (True, None), "SUCCEEDED": (False, False)}),
    ],
)
def test_data_for_which_an_event_has_no_room_is_left_out(workflows, heard, given, made, included):
    workflows.run({"P": {"Type": "Pass", "Result": made, "End": True}}, given)
    workflows.settle()

    told = {}
    for event in heard():
        detail = event["detail"]
        shown = (detail["inputDetails"]["included"], (detail["outputDetails"] or {}).get("included"))
        assert (detail["input"] is not None, detail["output"] is not None) == (shown[0], bool(shown[1]))
        told[detail["status"]] = shown

    assert told == included


def test_express_executions_are_not_told(workflows, heard):
    machine = workflows.machine({"P": {"Type": "Pass", "End": True}}, "EXPRESS")
    workflows.client.start_sync_execution(stateMachineArn=machine)
    workflows.run({"P": {"Type": "Pass", "End": True}})
    workflows.settle()

    arns = {event["detail"]["stateMachineArn"] for event in heard()}

    assert machine not in arns
    assert len(arns) == 1

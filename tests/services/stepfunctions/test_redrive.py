"""RedriveExecution: what did not succeed goes on in the state in which it stood."""

import json

import pytest

from tests.maps import distributed


@pytest.fixture
def sending(workflows, late):
    """An execution that failed because its queue was not there: (its ARN, make the queue)."""
    made = {"Type": "Pass", "Parameters": {"made.$": "States.UUID()"}, "Next": "S"}
    ended = workflows.run({"P": made, "S": late.task("$.made")})
    assert ended["status"] == "FAILED"
    return ended["executionArn"], late.create


def test_a_failed_task_is_tried_again_with_its_input(workflows, sending):
    execution, create_queue = sending
    create_queue()

    answer = workflows.client.redrive_execution(executionArn=execution)

    ended = workflows.end(execution)
    assert ended["status"] == "SUCCEEDED"
    assert (ended["redriveCount"], ended["redriveDate"]) == (1, answer["redriveDate"])
    assert "error" not in ended


def test_the_history_goes_on_after_the_failure(workflows, sending):
    execution, create_queue = sending
    before = workflows.history(execution)
    create_queue()

    workflows.client.redrive_execution(executionArn=execution)

    workflows.end(execution)
    history = workflows.history(execution)
    assert history[: len(before)] == before
    assert [event["id"] for event in history] == list(range(1, len(history) + 1))
    added = history[len(before) :]
    assert [event["type"] for event in added] == [
        "ExecutionRedriven",
        "TaskScheduled",
        "TaskStarted",
        "TaskSucceeded",
        "TaskStateExited",
        "ExecutionSucceeded",
    ]
    assert added[0]["executionRedrivenEventDetails"] == {"redriveCount": 1}


def test_a_redriven_execution_may_fail_and_be_redriven_again(workflows, sending):
    execution, create_queue = sending

    workflows.client.redrive_execution(executionArn=execution)
    assert workflows.end(execution)["status"] == "FAILED"
    create_queue()
    workflows.client.redrive_execution(executionArn=execution)

    ended = workflows.end(execution)
    assert (ended["status"], ended["redriveCount"]) == ("SUCCEEDED", 2)


def test_the_same_token_is_the_same_redrive(workflows, sending):
    execution, _ = sending

    first = workflows.client.redrive_execution(executionArn=execution, clientToken="t")
    second = workflows.client.redrive_execution(executionArn=execution, clientToken="t")

    assert first["redriveDate"] == second["redriveDate"]
    assert workflows.client.describe_execution(executionArn=execution)["redriveCount"] == 1


def test_an_earlier_token_is_the_same_redrive_for_a_quarter_of_an_hour(workflows, sending, aws):
    execution, _ = sending

    def redrive(token):
        redriven = workflows.client.redrive_execution(executionArn=execution, clientToken=token)["redriveDate"]
        workflows.end(execution)
        return redriven

    first = redrive("a")
    aws.advance(600)
    redrive("b")
    assert redrive("a") == first

    aws.advance(400)
    assert redrive("a") > first
    assert workflows.client.describe_execution(executionArn=execution)["redriveCount"] == 3


def test_a_stopped_wait_waits_again(workflows):
    execution = workflows.start(workflows.machine({"W": {"Type": "Wait", "Seconds": 60, "End": True}}))
    workflows.settle()
    workflows.client.stop_execution(executionArn=execution)

    workflows.client.redrive_execution(executionArn=execution)

    assert workflows.client.describe_execution(executionArn=execution)["status"] == "RUNNING"
    assert workflows.end(execution)["status"] == "SUCCEEDED"


def test_the_time_of_the_machine_begins_anew(workflows):
    execution = workflows.run({"W": {"Type": "Wait", "Seconds": 100, "End": True}}, TimeoutSeconds=60)["executionArn"]

    workflows.client.redrive_execution(executionArn=execution)

    ended = workflows.end(execution)
    assert ended["status"] == "TIMED_OUT"
    assert (ended["stopDate"] - ended["redriveDate"]).total_seconds() == pytest.approx(60, abs=5)


def test_variables_are_there_again(workflows, late, aws):
    send = late.task("States.Format('{} {}', $x, $$.Execution.RedriveCount)")
    ended = workflows.run({"A": {"Type": "Pass", "Assign": {"x": 7}, "Next": "S"}, "S": send})
    late.create()

    workflows.client.redrive_execution(executionArn=ended["executionArn"])

    assert workflows.end(ended["executionArn"])["status"] == "SUCCEEDED"
    assert aws("sqs").receive_message(QueueUrl=late.url)["Messages"][0]["Body"] == "7 1"


@pytest.mark.parametrize(("seconds", "status"), [(0, "SUCCEEDED"), (86400, "RUNNING")])
def test_what_runs_or_succeeded_is_not_redriven(workflows, seconds, status, refusal):
    execution = workflows.start(workflows.machine({"W": {"Type": "Wait", "Seconds": seconds, "End": True}}))
    workflows.settle()

    refused = refusal(workflows.client.redrive_execution, executionArn=execution)

    assert refused == ("ExecutionNotRedrivable", f"Execution is {status} and cannot be redriven")


def test_what_ended_too_long_ago_is_not_redriven(workflows, sending, aws, refusal):
    execution, _ = sending
    aws.advance(15 * 86400)

    code, _ = refusal(workflows.client.redrive_execution, executionArn=execution)

    assert code == "ExecutionNotRedrivable"


@pytest.mark.parametrize(
    ("days", "status", "reason"),
    [(13, "REDRIVABLE_BY_MAP_RUN", None), (15, "NOT_REDRIVABLE", "Execution redrivable period exceeded")],
)
def test_a_child_of_a_map_run_is_redriven_for_as_long_as_others(workflows, aws, days, status, reason):
    failing = {"Type": "Fail", "Error": "E"}
    parent = workflows.start(workflows.machine(distributed(failing)), [1])
    workflows.end(parent)
    (run,) = workflows.client.list_map_runs(executionArn=parent)["mapRuns"]
    (child,) = workflows.client.list_executions(mapRunArn=run["mapRunArn"])["executions"]
    aws.advance(days * 86_400)

    shown = workflows.client.describe_execution(executionArn=child["executionArn"])

    assert (shown["redriveStatus"], shown.get("redriveStatusReason")) == (status, reason)


def test_a_redrive_is_told_as_running_once_more(workflows, aws, queue, sending):
    events = aws("events")
    events.put_rule(Name="s", EventPattern=json.dumps({"source": ["aws.states"], "detail": {"status": ["RUNNING"]}}))
    events.put_targets(Rule="s", Targets=[{"Id": "q", "Arn": queue.arn}])
    execution, _ = sending

    answer = workflows.client.redrive_execution(executionArn=execution)

    detail = json.loads(queue.receive()[0])["detail"]
    assert detail["redriveCount"] == 1
    assert detail["redriveDate"] == round(answer["redriveDate"].timestamp() * 1000)


def test_a_map_run_that_was_given_up_at_once_is_given_up_once_more(workflows):
    fail = {"StartAt": "F", "States": {"F": {"Type": "Fail"}}}
    branches = [{"StartAt": "M", "States": distributed()}, fail]
    states = {"P": {"Type": "Parallel", "Branches": branches, "End": True}}
    execution = workflows.start(workflows.machine(states), [1, 2])
    workflows.settle()
    (run,) = (found["mapRunArn"] for found in workflows.client.list_map_runs(executionArn=execution)["mapRuns"])
    first = workflows.client.describe_map_run(mapRunArn=run)["status"]

    workflows.client.redrive_execution(executionArn=execution)
    workflows.settle()

    assert (first, workflows.client.describe_map_run(mapRunArn=run)["status"]) == ("ABORTED", "ABORTED")
    assert workflows.client.list_executions(mapRunArn=run)["executions"] == []
    assert workflows.types(execution).count("MapRunRedriven") == 1

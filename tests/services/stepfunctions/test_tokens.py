"""Task tokens: given out with the call, answered once, kept alive by heartbeats."""

import json

import pytest


@pytest.fixture
def waiting(workflows, queue):
    """Start a machine whose task waits for its token: (execution, token)."""

    def start(**fields):
        parameters = {"QueueUrl": queue.url, "MessageBody.$": "$$.Task.Token"}
        resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
        state = {"Type": "Task", "Resource": resource, "Parameters": parameters, "End": True, **fields}
        execution = workflows.start(workflows.machine({"T": state}))
        return execution, queue.receive()[0]

    return start


def test_success_is_the_result_of_the_task(workflows, waiting):
    execution, token = waiting()

    workflows.client.send_task_success(taskToken=token, output='{"done": true}')

    assert json.loads(workflows.end(execution)["output"]) == {"done": True}
    types = workflows.types(execution)
    assert types[2:6] == ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]


def test_a_deep_output_is_taken(workflows, waiting):
    execution, token = waiting()
    output = "[" * 900 + "]" * 900

    workflows.client.send_task_success(taskToken=token, output=output)

    assert workflows.end(execution)["output"] == output


def test_failure_is_the_error_of_the_task(workflows, waiting):
    execution, token = waiting()

    workflows.client.send_task_failure(taskToken=token, error="E", cause="C")

    ended = workflows.end(execution)
    assert (ended["status"], ended["error"], ended["cause"]) == ("FAILED", "E", "C")


def test_a_token_is_answered_once(workflows, waiting, refusal):
    execution, token = waiting()
    workflows.client.send_task_success(taskToken=token, output="1")

    refused = refusal(workflows.client.send_task_success, taskToken=token, output="2")

    assert refused == ("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
    assert workflows.end(execution)["output"] == "1"


def test_a_token_that_was_never_given_out_is_refused(workflows, refusal):
    refused = refusal(workflows.client.send_task_heartbeat, taskToken="x")

    assert refused == ("InvalidToken", "Invalid Token: 'Invalid token'")


def test_an_output_that_is_no_json_is_refused_and_the_task_waits_on(workflows, waiting, refusal):
    execution, token = waiting()

    assert refusal(workflows.client.send_task_success, taskToken=token, output="{")[0] == "InvalidOutput"

    assert workflows.client.describe_execution(executionArn=execution)["status"] == "RUNNING"


def test_a_task_that_is_not_answered_times_out(workflows, waiting, refusal):
    execution, token = waiting(TimeoutSeconds=60)

    ended = workflows.end(execution)

    assert (ended["status"], ended["error"]) == ("FAILED", "States.Timeout")
    assert refusal(workflows.client.send_task_success, taskToken=token, output="1")[0] == "TaskTimedOut"


def test_a_missed_heartbeat_is_a_timeout(workflows, waiting):
    execution, _ = waiting(TimeoutSeconds=600, HeartbeatSeconds=60)

    ended = workflows.end(execution)

    assert ended["error"] == "States.Timeout"
    assert (ended["stopDate"] - ended["startDate"]).total_seconds() == pytest.approx(60, abs=5)


def test_heartbeats_keep_a_task_alive(workflows, waiting, aws):
    execution, token = waiting(TimeoutSeconds=600, HeartbeatSeconds=60)

    for _ in range(3):
        aws.advance(50)
        workflows.client.send_task_heartbeat(taskToken=token)
    aws.advance(50)
    workflows.client.send_task_success(taskToken=token, output="1")

    assert workflows.end(execution)["status"] == "SUCCEEDED"


def test_the_token_of_a_stopped_execution_is_void(workflows, waiting, refusal):
    execution, token = waiting()

    workflows.client.stop_execution(executionArn=execution)

    assert refusal(workflows.client.send_task_success, taskToken=token, output="1")[0] == "TaskTimedOut"


@pytest.mark.parametrize("elsewhere", ["account", "region"])
def test_a_token_is_of_one_account_and_region(workflows, waiting, aws, elsewhere, refusal):
    execution, token = waiting()
    there = {"account": ("999999999999", "us-east-1"), "region": (aws.account, "eu-west-1")}[elsewhere]
    other = aws.running.client("stepfunctions", *there)

    refused = {
        refusal(other.send_task_success, taskToken=token, output="1"),
        refusal(other.send_task_failure, taskToken=token),
        refusal(other.send_task_heartbeat, taskToken=token),
    }

    assert refused == {("InvalidToken", "Invalid Token: 'Invalid token'")}
    assert workflows.client.describe_execution(executionArn=execution)["status"] == "RUNNING"


def test_a_retried_task_has_a_new_token(workflows, waiting, queue):
    execution, first = waiting(Retry=[{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 1}])
    workflows.client.send_task_failure(taskToken=first, error="E")
    workflows.aws.advance(2)

    second = queue.receive()[0]
    workflows.client.send_task_success(taskToken=second, output="2")

    assert second != first
    assert workflows.end(execution)["output"] == "2"

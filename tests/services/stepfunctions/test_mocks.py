"""Executions run as test cases: the mock configuration of Step Functions Local answers for their tasks."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import botocore.exceptions
import pytest

from emulator.errors import AwsError

Put = Callable[..., None]

INVOKE = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "none"}}
GLUE = "arn:aws:states:::glue:startJobRun.sync"
BEDROCK = "arn:aws:states:::bedrock:invokeModel"
CALLBACK = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
ACTIVITY = "arn:aws:states:us-east-1:000000000000:activity:none"
THROWN = {"Throw": {"Error": "Lambda.TimeoutException", "Cause": "Lambda timed out."}}


@pytest.fixture
def put(aws: Any, running: Any) -> Put:
    """Puts a configuration of one test case `Case` for `machine-1`: what each of its states answers."""

    def put(states: dict[str, Any], machine: str = "machine-1") -> None:
        value = {
            "StateMachines": {machine: {"TestCases": {"Case": {state: f"of {state}" for state in states}}}},
            "MockedResponses": {f"of {state}": responses for state, responses in states.items()},
        }
        configuration = json.dumps(value)
        running.emulator.call(
            "stepfunctions", "PutMockConfiguration", {"configuration": configuration}, account=aws.account
        )

    return put


def test_a_mocked_task_answers_without_calling_anything(workflows: Any, put: Put) -> None:
    machine = workflows.machine({"A": {**INVOKE, "End": True}})
    put({"A": {"0": {"Return": {"StatusCode": 200, "Payload": "hello"}}}})

    ended = workflows.end(workflows.start(f"{machine}#Case"))

    assert (ended["status"], json.loads(ended["output"])) == ("SUCCEEDED", {"StatusCode": 200, "Payload": "hello"})
    assert ended["stateMachineArn"] == machine


def test_invocations_are_counted_over_retries(workflows: Any, put: Put) -> None:
    retry = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 2, "MaxAttempts": 3}]
    machine = workflows.machine({"A": {**INVOKE, "Retry": retry, "End": True}})
    put({"A": {"0-2": THROWN, "3": {"Return": "at last"}}})

    execution = workflows.start(f"{machine}#Case")

    assert json.loads(workflows.end(execution)["output"]) == "at last"
    assert workflows.types(execution).count("TaskFailed") == 3


def test_invocations_are_counted_over_loops(workflows: Any, put: Put) -> None:
    loop = {"Type": "Choice", "Choices": [{"Variable": "$", "StringEquals": "done", "Next": "B"}], "Default": "A"}
    machine = workflows.machine({"A": {**INVOKE, "Next": "Done?"}, "Done?": loop, "B": {"Type": "Succeed"}})
    put({"A": {"0-30": {"Return": "running"}, "31": {"Return": "done"}}})

    execution = workflows.start(f"{machine}#Case")

    assert json.loads(workflows.end(execution)["output"]) == "done"
    assert workflows.types(execution).count("TaskSucceeded") == 32


def test_a_thrown_error_meets_catch(workflows: Any, put: Put) -> None:
    catch = [{"ErrorEquals": ["Lambda.TimeoutException"], "Next": "B"}]
    machine = workflows.machine({"A": {**INVOKE, "Catch": catch, "End": True}, "B": {"Type": "Succeed"}})
    put({"A": {"0": THROWN}})

    ended = workflows.end(workflows.start(f"{machine}#Case"))

    assert json.loads(ended["output"]) == THROWN["Throw"]


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (BEDROCK, ["TaskScheduled", "TaskStarted", "TaskSucceeded"]),
        (GLUE, ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]),
        (CALLBACK, ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]),
        (ACTIVITY, ["ActivityScheduled", "ActivityStarted", "ActivitySucceeded"]),
        (
            "arn:aws:lambda:us-east-1:000000000000:function:f",
            ["LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionSucceeded"],
        ),
        ("arn:aws:states:::aws-sdk:ec2:describeInstances", ["TaskScheduled", "TaskStarted", "TaskSucceeded"]),
    ],
)
def test_any_resource_can_be_mocked(workflows: Any, put: Put, resource: str, expected: list[str]) -> None:
    machine = workflows.machine({"A": {"Type": "Task", "Resource": resource, "End": True}})
    put({"A": {"0": {"Return": [1]}}})

    execution = workflows.start(f"{machine}#Case")

    assert json.loads(workflows.end(execution)["output"]) == [1]
    assert workflows.types(execution)[2:-2] == expected


def test_a_callback_can_fail_in_a_test_case(workflows: Any, put: Put) -> None:
    machine = workflows.machine({"A": {"Type": "Task", "Resource": CALLBACK, "End": True}})
    put({"A": {"0": {"Throw": {"Error": "Refused"}}}})

    ended = workflows.end(workflows.start(f"{machine}#Case"))

    assert (ended["status"], ended["error"]) == ("FAILED", "Refused")


def test_an_invocation_without_a_response_fails_the_execution_past_retry_and_catch(workflows: Any, put: Put) -> None:
    retry = [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 3}]
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "B"}]
    states = {"A": {**INVOKE, "Retry": retry, "Catch": catch, "End": True}, "B": {"Type": "Succeed"}}
    machine = workflows.machine(states)
    put({"A": {"0": THROWN}})

    ended = workflows.end(workflows.start(f"{machine}#Case"))

    assert (ended["status"], ended["error"]) == ("FAILED", "States.Runtime")
    assert ended["cause"] == "The test case 'Case' has no mocked response for invocation 1 of the state 'A'."


def test_a_state_that_is_not_mocked_calls_its_service(workflows: Any, put: Put, queue: Any) -> None:
    send = {"QueueUrl": queue.url, "MessageBody.$": "$.said"}
    states = {
        "A": {**INVOKE, "Next": "B"},
        "B": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": send, "End": True},
    }
    machine = workflows.machine(states)
    put({"A": {"0": {"Return": {"said": "hello"}}}})

    workflows.end(workflows.start(f"{machine}#Case"))

    assert queue.receive() == ["hello"]


def test_an_express_execution_can_be_a_test_case(workflows: Any, put: Put) -> None:
    machine = workflows.machine({"A": {**INVOKE, "End": True}}, kind="EXPRESS")
    put({"A": {"0": {"Return": 1}}})

    ended = workflows.client.start_sync_execution(stateMachineArn=f"{machine}#Case")

    assert (ended["status"], ended["output"]) == ("SUCCEEDED", "1")


def test_a_nested_execution_is_no_test_case_unless_its_arn_says_so(workflows: Any, put: Put) -> None:
    inner = workflows.machine({"A": {**INVOKE, "End": True}})
    put({"A": {"0": {"Return": "mocked"}}})
    start = {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "End": True}
    outer = workflows.machine({"Start": {**start, "Parameters": {"StateMachineArn": f"{inner}#Case"}}})

    ended = workflows.end(workflows.start(outer))

    assert json.loads(ended["output"])["Output"] == "mocked"


def test_children_of_a_test_case_are_none(workflows: Any, put: Put) -> None:
    inner = workflows.machine({"A": {**INVOKE, "End": True}})
    start = {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "End": True}
    outer = workflows.machine({"Start": {**start, "Parameters": {"StateMachineArn": inner}}})
    put({"A": {"0": {"Return": "mocked"}}}, machine="machine-2")

    ended = workflows.end(workflows.start(f"{outer}#Case"))

    assert ended["status"] == "FAILED"


def test_iterations_of_a_map_are_answered_in_their_order(workflows: Any, put: Put) -> None:
    processor = {"StartAt": "A", "States": {"A": {**INVOKE, "End": True}}}
    machine = workflows.machine({"M": {"Type": "Map", "MaxConcurrency": 1, "ItemProcessor": processor, "End": True}})
    put({"A": {"0-1": {"Return": "first"}, "2": {"Return": "last"}}})

    ended = workflows.end(workflows.start(f"{machine}#Case", [1, 2, 3]))

    assert json.loads(ended["output"]) == ["first", "first", "last"]


def test_what_runs_goes_on_with_the_responses_it_began_with(workflows: Any, put: Put) -> None:
    states = {"A": {**INVOKE, "Next": "W"}, "W": {"Type": "Wait", "Seconds": 60, "Next": "B"}, "B": {**INVOKE}}
    states["B"]["End"] = True
    machine = workflows.machine(states)
    put({"A": {"0": {"Return": 1}}, "B": {"0": {"Return": "before"}}})
    execution = workflows.start(f"{machine}#Case")
    workflows.settle()

    put({"B": {"0": {"Return": "after"}}})

    assert json.loads(workflows.end(execution)["output"]) == "before"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("machine-1#None", "The state machine 'machine-1' has no test case 'None' (there are Case)."),
        ("machine-2#Case", "The mock configuration has no state machine 'machine-2' (there are machine-1)."),
    ],
)
def test_an_unknown_test_case_is_told(workflows: Any, put: Put, asked: str, message: str, refusal: Any) -> None:
    machine = workflows.machine({"A": {**INVOKE, "End": True}})
    put({"A": {"0": {"Return": 1}}})

    refused = refusal(workflows.start, machine.replace("machine-1", asked))

    assert refused == ("ValidationException", message)


def test_a_test_case_without_a_configuration_is_told(workflows: Any) -> None:
    machine = workflows.machine({"A": {**INVOKE, "End": True}})

    with pytest.raises(botocore.exceptions.ClientError, match="There is no mock configuration for the test case 'C'"):
        workflows.start(f"{machine}#C")


def test_one_configuration_can_be_for_all_accounts(workflows: Any, running: Any) -> None:
    case = {"StateMachines": {"machine-1": {"TestCases": {"All": {"A": "R"}}}}}
    given = json.dumps({**case, "MockedResponses": {"R": {"0": {"Return": "for all"}}}})
    machine = workflows.machine({"A": {**INVOKE, "End": True}})
    everyone = {"allAccounts": True}
    running.emulator.call("stepfunctions", "PutMockConfiguration", {"configuration": given, **everyone})

    ended = workflows.end(workflows.start(f"{machine}#All"))
    running.emulator.call("stepfunctions", "DeleteMockConfiguration", everyone)

    assert json.loads(ended["output"]) == "for all"


def test_a_configuration_with_mistakes_is_refused(running: Any, aws: Any) -> None:
    configuration = json.dumps({"MockedResponses": {"R": {"2-1": {"Return": 1}}}})

    with pytest.raises(AwsError) as caught:
        running.emulator.call(
            "stepfunctions", "PutMockConfiguration", {"configuration": configuration}, account=aws.account
        )

    assert "MockedResponses.R.2-1: the range 2-1 ends before it begins" in caught.value.message

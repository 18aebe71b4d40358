"""Nested executions: started and left alone, or awaited, and given up with the one that waits."""

import json

import pytest

ARN = "arn:aws:states:::states:startExecution"


def starting(machine, form="", given=None, **fields):
    parameters = {"StateMachineArn": machine, "Input": {"n": 1} if given is None else given, "Name": "inner"}
    return {"T": {"Type": "Task", "Resource": ARN + form, "Parameters": parameters, "End": True, **fields}}


@pytest.fixture
def inner(workflows):
    return workflows.machine({"P": {"Type": "Pass", "Result": {"made": True}, "End": True}})


def test_a_started_execution_is_not_awaited(workflows):
    slow = workflows.machine({"W": {"Type": "Wait", "Seconds": 86400, "End": True}})

    output = workflows.output(starting(slow))

    shown = workflows.client.describe_execution(executionArn=output["ExecutionArn"])
    assert (shown["status"], json.loads(shown["input"])) == ("RUNNING", {"n": 1})


def test_sync_gives_the_end_of_the_execution_with_its_data_as_text(workflows, inner):
    ended = workflows.run(starting(inner, ".sync"))

    output = json.loads(ended["output"])
    assert (output["Status"], output["Name"], output["StateMachineArn"]) == ("SUCCEEDED", "inner", inner)
    assert (output["Input"], output["Output"]) == ('{"n":1}', '{"made":true}')
    types = workflows.types(ended["executionArn"])
    assert types[2:6] == ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]


def test_sync_2_gives_the_data_as_json(workflows, inner):
    output = workflows.output(starting(inner, ".sync:2"))

    assert (output["Input"], output["Output"]) == ({"n": 1}, {"made": True})


def test_a_nested_execution_that_waits_is_awaited(workflows):
    slow = workflows.machine({"W": {"Type": "Wait", "Seconds": 3600, "End": True}})

    ended = workflows.run(starting(slow, ".sync:2"))

    assert ended["status"] == "SUCCEEDED"
    assert (ended["stopDate"] - ended["startDate"]).total_seconds() == pytest.approx(3600, abs=5)


def test_a_nested_failure_fails_the_task_with_its_description(workflows):
    failing = workflows.machine({"F": {"Type": "Fail", "Error": "E", "Cause": "C"}})

    ended = workflows.run(starting(failing, ".sync:2"))

    assert (ended["status"], ended["error"]) == ("FAILED", "States.TaskFailed")
    cause = json.loads(ended["cause"])
    assert (cause["Status"], cause["Error"], cause["Cause"]) == ("FAILED", "E", "C")


def test_a_machine_that_is_not_there_fails_the_task(workflows, aws):
    gone = f"arn:aws:states:us-east-1:{aws.account}:stateMachine:none"

    ended = workflows.run(starting(gone, ".sync"))

    assert ended["error"] == "StepFunctions.StateMachineDoesNotExistException"
    assert ended["cause"].startswith(f"State Machine Does Not Exist: '{gone}' (Service: AWSStepFunctions; ")


def test_a_nested_execution_is_stopped_with_the_one_that_waits_for_it(workflows):
    slow = workflows.machine({"W": {"Type": "Wait", "Seconds": 86400, "End": True}})
    outer = workflows.start(workflows.machine(starting(slow, ".sync")))
    workflows.settle()

    workflows.client.stop_execution(executionArn=outer)

    statuses = [shown["status"] for shown in workflows.client.list_executions(stateMachineArn=slow)["executions"]]
    assert statuses == ["ABORTED"]


def test_a_nested_execution_is_stopped_when_its_task_times_out(workflows):
    slow = workflows.machine({"W": {"Type": "Wait", "Seconds": 86400, "End": True}})

    ended = workflows.run(starting(slow, ".sync", TimeoutSeconds=60))

    assert ended["error"] == "States.Timeout"
    shown = workflows.client.list_executions(stateMachineArn=slow)["executions"]
    assert [execution["status"] for execution in shown] == ["ABORTED"]


def test_an_express_machine_is_run_synchronously_by_the_sdk(workflows):
    express = workflows.machine({"W": {"Type": "Wait", "Seconds": 5, "End": True}}, "EXPRESS")
    states = starting(express, given="{}")
    states["T"]["Resource"] = "arn:aws:states:::aws-sdk:sfn:startSyncExecution"

    output = workflows.output(states)

    assert (output["Status"], output["Output"], output["StateMachineArn"]) == ("SUCCEEDED", "{}", express)
    assert output["BillingDetails"]["BilledMemoryUsedInMB"] == 64


SDK = "arn:aws:states:::aws-sdk:sfn:startExecution"


def test_an_express_machine_is_started_by_the_sdk(workflows):
    express = workflows.machine({"P": {"Type": "Pass", "End": True}}, "EXPRESS")
    states = starting(express, given="{}")
    states["T"]["Resource"] = SDK

    output = workflows.output(states)

    assert output.keys() == {"ExecutionArn", "StartDate"}
    assert ":express:" in output["ExecutionArn"]


def test_an_execution_that_the_sdk_started_goes_on_without_the_one_that_did(workflows):
    slow = workflows.machine({"W": {"Type": "Wait", "Seconds": 86400, "End": True}})
    states = starting(slow, given="{}")
    states["T"]["Resource"] = f"{SDK}.waitForTaskToken"
    outer = workflows.start(workflows.machine(states))
    workflows.settle()

    workflows.client.stop_execution(executionArn=outer)

    shown = workflows.client.list_executions(stateMachineArn=slow)["executions"]
    assert [execution["status"] for execution in shown] == ["RUNNING"]


def test_the_description_of_a_nested_execution_is_written_in_the_order_of_aws(workflows, inner):
    output = workflows.output(starting(inner, ".sync"))

    assert list(output) == sorted(output)


def test_an_express_machine_cannot_be_awaited_with_sync(workflows):
    express = workflows.machine({"P": {"Type": "Pass", "End": True}}, "EXPRESS")

    ended = workflows.run(starting(express, ".sync"))

    assert ended["error"] == "StepFunctions.StateMachineTypeNotSupportedException"


def test_two_executions_may_wait_for_the_same_one(workflows):
    slow = workflows.machine({"W": {"Type": "Wait", "Seconds": 3600, "End": True}})
    outer = workflows.machine(starting(slow, ".sync"))
    first, second = workflows.start(outer), workflows.start(outer)

    assert workflows.end(first)["status"] == "SUCCEEDED"
    assert workflows.end(second)["status"] == "SUCCEEDED"
    assert len(workflows.client.list_executions(stateMachineArn=slow)["executions"]) == 1


def test_a_machine_that_starts_itself_starts_one_after_the_other(workflows, aws):
    own = f"arn:aws:states:us-east-1:{aws.account}:stateMachine:machine-1"
    again = {"Type": "Task", "Resource": ARN, "Parameters": {"StateMachineArn": own, "Input.$": "$.left"}}
    states = {
        "C": {"Type": "Choice", "Choices": [{"Variable": "$.left", "IsPresent": True, "Next": "T"}], "Default": "E"},
        "T": {**again, "End": True},
        "E": {"Type": "Succeed"},
    }

    workflows.end(workflows.start(workflows.machine(states), {"left": {"left": {"left": {}}}}))
    workflows.settle()

    shown = workflows.client.list_executions(stateMachineArn=own)["executions"]
    assert [execution["status"] for execution in shown] == ["SUCCEEDED"] * 4

"""A Standard execution lasts a year at most, whatever it waits for, and is ended on that day by nobody's doing."""

import json
import shutil

import pytest

from emulator.storage import Query
from emulator.testing import Running
from tests.maps import distributed

ROLE = "arn:aws:iam::000000000000:role/workflows"
DAY = 86_400
YEAR = 365 * DAY
PENDING = Query("pending", "SELECT count(*) AS n FROM work WHERE kind = 'stepfunctions.timer' AND account = :account")


def waiting(queue_url, **fields):
    parameters = {"QueueUrl": queue_url, "MessageBody.$": "$$.Task.Token"}
    resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
    return {"T": {"Type": "Task", "Resource": resource, "Parameters": parameters, "End": True, **fields}}


def of_an_activity(workflows, queue):
    arn = workflows.client.create_activity(name="a")["activityArn"]
    return {"T": {"Type": "Task", "Resource": arn, "HeartbeatSeconds": 60, "End": True}}


def of_a_nested_execution(workflows, queue):
    inner = workflows.machine(waiting(queue.url))
    parameters = {"StateMachineArn": inner, "Input": {}}
    resource = "arn:aws:states:::states:startExecution.sync:2"
    return {"T": {"Type": "Task", "Resource": resource, "Parameters": parameters, "End": True}}


def of_a_map_run(workflows, queue):
    return distributed(waiting(queue.url)["T"], ItemsPath="$.l")


def of_a_branch(workflows, queue):
    brief = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 60, "End": True}}}
    held = {"StartAt": "T", "States": waiting(queue.url)}
    return {"P": {"Type": "Parallel", "Branches": [brief, held], "End": True}}


WAYS = {
    "a token": lambda workflows, queue: waiting(queue.url),
    "an activity": of_an_activity,
    "a nested execution": of_a_nested_execution,
    "a Map Run": of_a_map_run,
    "a branch": of_a_branch,
    "a timeout": lambda workflows, queue: waiting(queue.url, TimeoutSeconds=99_999_999),
    "a wait": lambda workflows, queue: {"W": {"Type": "Wait", "Seconds": 99_999_999, "End": True}},
}


def timers(aws):
    """How many timers of executions the account has."""
    return aws.running.inside(lambda ctx: ctx.tx.one(PENDING, account=ctx.account), aws.account)["n"]


@pytest.mark.parametrize("way", WAYS)
def test_an_execution_that_nobody_answers_ends_with_its_year(workflows, queue, aws, way):
    states = WAYS[way](workflows, queue)
    execution = workflows.start(workflows.machine(states), {"l": [1, 2]})

    aws.advance(YEAR - 60)
    before = workflows.client.describe_execution(executionArn=execution)
    aws.advance(120)
    after = workflows.client.describe_execution(executionArn=execution)

    assert (before["status"], after["status"], after["error"]) == ("RUNNING", "TIMED_OUT", "States.Timeout")
    assert (after["stopDate"] - after["startDate"]).total_seconds() == pytest.approx(YEAR, abs=1)
    assert workflows.types(execution)[-1] == "ExecutionTimedOut"
    assert timers(aws) == 0


def test_an_answer_leaves_nothing_that_is_due_in_a_year(workflows, queue, aws):
    execution = workflows.start(workflows.machine(waiting(queue.url)))
    workflows.settle()
    held = timers(aws)

    workflows.client.send_task_success(taskToken=queue.receive()[0], output="1")

    assert (workflows.end(execution)["status"], held, timers(aws)) == ("SUCCEEDED", 1, 0)


def test_many_that_wait_in_one_execution_have_one_alarm(workflows, queue, aws):
    each = {"StartAt": "T", "States": waiting(queue.url)}
    execution = workflows.start(
        workflows.machine({"M": {"Type": "Map", "ItemProcessor": each, "End": True}}), [1, 2, 3]
    )
    workflows.settle()

    assert timers(aws) == 1
    workflows.client.stop_execution(executionArn=execution)
    assert timers(aws) == 0


def test_a_redrive_does_not_begin_the_year_anew(workflows, queue, aws):
    execution = workflows.start(workflows.machine(waiting(queue.url)))
    token = queue.receive()[0]
    aws.advance(YEAR - 10 * DAY)
    workflows.client.send_task_failure(taskToken=token, error="E")
    workflows.settle()
    workflows.client.redrive_execution(executionArn=execution)

    ended = workflows.end(execution)

    assert ended["status"] == "TIMED_OUT"
    assert (ended["stopDate"] - ended["startDate"]).total_seconds() == pytest.approx(YEAR, abs=1)
    assert (ended["redriveStatus"], timers(aws)) == ("NOT_REDRIVABLE", 0)


def test_a_house_that_died_still_knows_when_the_year_is_over(tmp_path):
    data, image = tmp_path / "data", tmp_path / "image"
    definition = {"StartAt": "T", "States": waiting("http://localhost:4566/000000000000/q")}
    running = Running(data).start()
    running.client("sqs").create_queue(QueueName="q")
    machine = running.client("stepfunctions").create_state_machine(
        name="m", roleArn=ROLE, definition=json.dumps(definition)
    )["stateMachineArn"]
    execution = running.client("stepfunctions").start_execution(stateMachineArn=machine)["executionArn"]
    running.client("stepwell").advance_clock(Seconds=0)
    shutil.copytree(data, image, ignore=shutil.ignore_patterns("lock"))
    running.stop()

    again = Running(image).start()
    again.client("stepwell").advance_clock(Seconds=YEAR)
    ended = again.client("stepfunctions").describe_execution(executionArn=execution)
    again.stop()

    assert ended["status"] == "TIMED_OUT"

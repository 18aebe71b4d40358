"""Map Runs that are redriven, with their children."""

import json

import pytest

from tests.maps import PASS, distributed
from tests.services.stepfunctions.maps import FAIL, WAIT


@pytest.fixture
def sending(late):
    """States of a child that sends to a queue which is not there, and a function that makes it."""
    send = late.task(ResultSelector={"sent": True})
    choice = {"Variable": "$", "NumericEquals": 1, "Next": "S"}
    states = {"I": {"Type": "Choice", "Choices": [choice], "Default": "T"}, "S": {"Type": "Succeed"}, "T": send}
    return states, late.create


@pytest.mark.parametrize("kind", ["STANDARD", "EXPRESS"])
def test_a_redriven_run_runs_its_unsuccessful_children_again(maps, sending, kind):
    states, create_queue = sending
    execution = maps.begin(distributed(states, kind, ToleratedFailureCount=1), [1, 2, 3])
    assert maps.counts(execution) == {"succeeded": 1, "failed": 2}
    before = maps.children(execution)
    create_queue()

    maps.client.redrive_execution(executionArn=execution)

    ended = maps.workflows.end(execution)
    assert (ended["status"], json.loads(ended["output"])) == ("SUCCEEDED", [1, {"sent": True}, {"sent": True}])
    assert maps.counts(execution) == {"succeeded": 3}
    run = maps.described(execution)
    assert (run["status"], run["redriveCount"]) == ("SUCCEEDED", 1)
    assert run["redriveDate"] >= ended["redriveDate"]
    after = maps.children(execution)
    assert [child["executionArn"] for child in after] == [child["executionArn"] for child in before]
    assert [child["redriveCount"] for child in after] == ([0, 1, 1] if kind == "STANDARD" else [0, 0, 0])
    history = maps.workflows.history(execution)
    assert [event["type"] for event in history[-6:]] == [
        "ExecutionRedriven",
        "MapRunRedriven",
        "MapRunSucceeded",
        "MapStateSucceeded",
        "MapStateExited",
        "ExecutionSucceeded",
    ]
    assert history[-5]["mapRunRedrivenEventDetails"] == {"mapRunArn": run["mapRunArn"], "redriveCount": 1}


def test_a_redriven_standard_child_goes_on_where_it_stood(maps, sending):
    states, create_queue = sending
    execution = maps.begin(distributed(states), [2])
    create_queue()

    maps.client.redrive_execution(executionArn=execution)

    maps.workflows.end(execution)
    (child,) = maps.children(execution, redriveFilter="REDRIVEN")
    types = maps.workflows.types(child["executionArn"])
    assert types[types.index("ExecutionRedriven") :][:2] == ["ExecutionRedriven", "TaskScheduled"]


def test_items_that_had_no_turn_have_it_after_a_redrive(maps, sending):
    states, create_queue = sending
    execution = maps.begin(distributed(states, MaxConcurrency=1), [2, 1, 1])
    assert maps.counts(execution) == {"failed": 1, "pending": 2}
    create_queue()

    maps.client.redrive_execution(executionArn=execution)

    assert json.loads(maps.workflows.end(execution)["output"]) == [{"sent": True}, 1, 1]


def test_children_wait_for_their_redrive(maps):
    execution = maps.begin(distributed(WAIT, MaxConcurrency=1), [1, 2])
    maps.client.update_map_run(mapRunArn=maps.runs(execution)[0], maxConcurrency=2)
    maps.workflows.settle()
    maps.client.stop_execution(executionArn=execution)
    maps.workflows.settle()
    assert maps.counts(execution) == {"aborted": 2}

    maps.client.redrive_execution(executionArn=execution)
    maps.workflows.settle()
    assert maps.counts(execution) == {"running": 2}
    maps.client.stop_execution(executionArn=execution)
    maps.workflows.settle()
    maps.client.redrive_execution(executionArn=execution)

    assert maps.workflows.end(execution)["status"] == "SUCCEEDED"
    assert maps.counts(execution) == {"succeeded": 2}


def test_a_child_is_redriven_by_its_run_alone(maps, refusal):
    execution = maps.begin(distributed(FAIL), [1])
    (child,) = maps.children(execution)

    shown = maps.client.describe_execution(executionArn=child["executionArn"])

    assert shown["redriveStatus"] == "REDRIVABLE_BY_MAP_RUN"
    assert refusal(maps.client.redrive_execution, executionArn=child["executionArn"])[0] == "ExecutionNotRedrivable"


def test_a_run_that_could_not_read_reads_once_redriven(maps, aws):
    s3, bucket = aws("s3"), f"bucket-{aws.account}"
    s3.create_bucket(Bucket=bucket)
    parameters = {"Bucket": bucket, "Key": "late"}
    reader = {"Resource": "arn:aws:states:::s3:getObject", "Parameters": parameters}
    execution = maps.begin(distributed(PASS, ItemReader={**reader, "ReaderConfig": {"InputType": "JSON"}}), {})
    assert maps.client.describe_execution(executionArn=execution)["error"] == "States.ItemReaderFailed"
    s3.put_object(Bucket=bucket, Key="late", Body=b"[1, 2]")

    maps.client.redrive_execution(executionArn=execution)

    assert json.loads(maps.workflows.end(execution)["output"]) == [1, 2]


def test_a_run_whose_output_was_too_large_is_not_redriven_but_replaced(maps):
    big = {"Type": "Pass", "Result": "x" * 100_000, "End": True}
    execution = maps.begin(distributed(big), [1] * 3)

    maps.client.redrive_execution(executionArn=execution)

    assert maps.workflows.end(execution)["status"] == "FAILED"
    assert len(maps.runs(execution)) == 2


def test_a_redrive_that_is_stopped_at_once_leaves_no_child_at_work(maps):
    execution = maps.begin(distributed(WAIT), [1, 2])
    maps.client.stop_execution(executionArn=execution)
    maps.workflows.settle()

    maps.client.redrive_execution(executionArn=execution)
    maps.client.stop_execution(executionArn=execution)

    maps.workflows.settle()
    assert maps.described(execution)["status"] == "ABORTED"
    assert maps.counts(execution) == {"aborted": 2}


def test_a_run_is_redriven_once_its_children_have_been_stopped(maps):
    execution = maps.begin(distributed(WAIT), list(range(30)))

    maps.client.stop_execution(executionArn=execution)
    maps.client.redrive_execution(executionArn=execution)

    assert maps.workflows.end(execution)["status"] == "SUCCEEDED"
    assert maps.counts(execution) == {"succeeded": 30}

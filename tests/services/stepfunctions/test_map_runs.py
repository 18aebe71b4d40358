"""Map Runs: child executions, counts, limits and ends of a distributed Map."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.maps import PASS, distributed
from tests.services.stepfunctions.maps import FAIL, WAIT, failing


def test_standard_children_are_executions_with_a_history(maps, aws):
    execution = maps.begin(distributed(PASS, Label="L"), [7, 8])

    first, second = maps.children(execution)

    run = maps.runs(execution)[0]
    where = f"us-east-1:{aws.account}"
    assert run.startswith(f"arn:aws:states:{where}:mapRun:machine-1/L:")
    assert first["executionArn"] == f"arn:aws:states:{where}:execution:machine-1/L:{first['name']}"
    assert first["stateMachineArn"] == f"arn:aws:states:{where}:stateMachine:machine-1/L"
    assert (first["mapRunArn"], first["itemCount"], first["status"]) == (run, 1, "SUCCEEDED")
    shown = maps.client.describe_execution(executionArn=second["executionArn"])
    assert (shown["mapRunArn"], shown["input"], shown["output"]) == (run, "8", "8")
    assert maps.workflows.types(second["executionArn"]) == [
        "ExecutionStarted",
        "PassStateEntered",
        "PassStateExited",
        "ExecutionSucceeded",
    ]


def test_express_children_are_described_but_have_no_history(maps, refusal):
    execution = maps.begin(distributed(PASS, "EXPRESS", Label="L"), [7, 8])

    first, second = maps.children(execution)

    assert ":express:machine-1/L:" in first["executionArn"]
    assert maps.client.describe_execution(executionArn=second["executionArn"])["output"] == "8"
    assert refusal(maps.client.get_execution_history, executionArn=first["executionArn"])[0] == "InvalidArn"


def test_a_child_sees_itself_and_not_its_parent(maps):
    seen = {"id.$": "$$.Execution.Id", "machine.$": "$$.StateMachine.Name", "given.$": "$$.Execution.Input"}
    execution = maps.begin(distributed({"Type": "Pass", "Parameters": seen, "End": True}, Label="L"), ["x"])

    (child,) = maps.children(execution)

    (output,) = json.loads(maps.client.describe_execution(executionArn=execution)["output"])
    assert output == {"id": child["executionArn"], "machine": "machine-1/L", "given": "x"}


def test_the_machine_of_a_child_is_the_item_processor(maps):
    execution = maps.begin(distributed(PASS, Label="L"), [7])
    (child,) = maps.children(execution)

    shown = maps.client.describe_state_machine_for_execution(executionArn=child["executionArn"])

    assert (shown["mapRunArn"], shown["label"], shown["name"]) == (maps.runs(execution)[0], "L", "machine-1/L")
    assert json.loads(shown["definition"])["States"] == {"I": PASS}


def test_a_map_without_a_label_always_has_the_same_one(maps):
    states = distributed(PASS)

    (first,), (second,) = (maps.runs(maps.begin(states, [1])) for _ in range(2))

    label, again = (run.split("/")[1].split(":")[0] for run in (first, second))
    assert label == again
    assert label[14] == "3"


def test_a_run_that_ended_is_described(maps):
    execution = maps.begin(distributed(PASS, MaxConcurrency=5, ToleratedFailurePercentage=12.5), [1, 2, 3])

    run = maps.described(execution)

    assert (run["status"], run["executionArn"]) == ("SUCCEEDED", execution)
    assert (run["maxConcurrency"], run["toleratedFailurePercentage"], run["toleratedFailureCount"]) == (5, 12.5, 0)
    assert run["stopDate"] >= run["startDate"]
    assert run["redriveCount"] == 0
    nothing = dict.fromkeys(("pending", "running", "failed", "timedOut", "aborted", "resultsWritten"), 0)
    counts = {**nothing, "succeeded": 3, "total": 3, "failuresNotRedrivable": 0, "pendingRedrive": 0}
    assert run["executionCounts"] == run["itemCounts"] == counts


def test_no_more_children_run_than_wanted(maps):
    execution = maps.begin(distributed(WAIT, MaxConcurrency=2), [1, 2, 3, 4, 5])

    assert maps.counts(execution) == {"running": 2, "pending": 3}
    assert [child["status"] for child in maps.children(execution)] == ["RUNNING", "RUNNING"]
    ended = maps.workflows.end(execution)
    assert json.loads(ended["output"]) == [1, 2, 3, 4, 5]
    assert (ended["stopDate"] - ended["startDate"]).total_seconds() == pytest.approx(180, abs=5)


@pytest.mark.slow
def test_no_more_than_ten_thousand_children_run_at_a_time(maps):
    execution = maps.begin(distributed({**WAIT, "Seconds": 86_400}), list(range(10_001)))
    assert maps.counts(execution) == {"running": 10_000, "pending": 1}

    maps.client.update_map_run(mapRunArn=maps.runs(execution)[0], maxConcurrency=20_000)

    maps.workflows.settle()
    assert maps.counts(execution) == {"running": 10_000, "pending": 1}


def test_children_have_the_trace_of_their_parent(maps):
    header = "Root=1-67891233-abcdef012345678912345678;Sampled=1"
    execution = maps.workflows.start(maps.workflows.machine(distributed(WAIT)), [1], traceHeader=header)
    maps.workflows.settle()

    (child,) = maps.children(execution)

    assert maps.client.describe_execution(executionArn=child["executionArn"])["traceHeader"] == header


def test_more_children_run_once_the_run_is_changed(maps):
    execution = maps.begin(distributed(WAIT, MaxConcurrency=1), [1, 2, 3])

    maps.client.update_map_run(mapRunArn=maps.runs(execution)[0], maxConcurrency=3, toleratedFailureCount=2)

    maps.workflows.settle()
    assert maps.counts(execution) == {"running": 3}
    assert (maps.described(execution)["maxConcurrency"], maps.described(execution)["toleratedFailureCount"]) == (3, 2)


def test_a_run_that_has_ended_is_not_changed(maps, refusal):
    execution = maps.begin(distributed(PASS), [1])

    code, _ = refusal(maps.client.update_map_run, mapRunArn=maps.runs(execution)[0], maxConcurrency=3)

    assert code == "ValidationException"


@pytest.mark.parametrize("operation", ["describe_map_run", "update_map_run"])
def test_a_run_that_is_not_there_is_refused(maps, aws, operation, refusal):
    call = getattr(maps.client, operation)
    arn = f"arn:aws:states:us-east-1:{aws.account}:mapRun:m/L:x"

    assert refusal(call, mapRunArn=arn)[0] == "ResourceNotFound"
    assert refusal(call, mapRunArn=arn.replace("mapRun", "execution"))[0] == "InvalidArn"


def test_children_are_listed_by_status_and_page(maps):
    execution = maps.begin(distributed(failing(2), ToleratedFailureCount=1), [1, 2, 3])

    failed = maps.children(execution, statusFilter="FAILED")
    paged = maps.children(execution, PaginationConfig={"PageSize": 2})

    assert [child["status"] for child in failed] == ["FAILED"]
    assert [child["status"] for child in paged] == ["SUCCEEDED", "FAILED", "SUCCEEDED"]
    assert maps.children(execution, redriveFilter="REDRIVEN") == []


def test_batches_count_their_items(maps):
    execution = maps.begin(distributed(PASS, ItemBatcher={"MaxItemsPerBatch": 2}), [1, 2, 3])

    assert [child["itemCount"] for child in maps.children(execution)] == [2, 1]
    assert maps.counts(execution) == {"succeeded": 2}
    assert maps.counts(execution, "itemCounts") == {"succeeded": 3}


@pytest.mark.parametrize(
    ("tolerated", "status"),
    [
        ({}, "FAILED"),
        ({"ToleratedFailureCount": 1}, "FAILED"),
        ({"ToleratedFailureCount": 2}, "SUCCEEDED"),
        ({"ToleratedFailurePercentage": 50}, "SUCCEEDED"),
        ({"ToleratedFailurePercentage": 49}, "FAILED"),
        ({"ToleratedFailurePercentage": 50, "ToleratedFailureCount": 1}, "FAILED"),
    ],
)
def test_so_many_children_may_fail(maps, tolerated, status):
    execution = maps.begin(distributed(failing(1, 2), **tolerated), [1, 2, 3, 4])

    ended = maps.client.describe_execution(executionArn=execution)

    assert (ended["status"], maps.described(execution)["status"]) == (status, status)
    if status == "FAILED":
        assert ended["error"] == "States.ExceedToleratedFailureThreshold"
        assert maps.workflows.types(execution)[-3:] == ["MapRunFailed", "MapStateFailed", "ExecutionFailed"]
    else:
        assert json.loads(ended["output"]) == [3, 4]


def test_children_at_work_are_aborted_when_the_run_fails(maps):
    choice = {"Variable": "$", "NumericEquals": 3, "Next": "F"}
    states = {"I": {"Type": "Choice", "Choices": [choice], "Default": "W"}, "W": WAIT, "F": FAIL}

    execution = maps.begin(distributed(states), [1, 2, 3])

    assert maps.client.describe_execution(executionArn=execution)["status"] == "FAILED"
    assert maps.counts(execution) == {"aborted": 2, "failed": 1}
    assert [child["status"] for child in maps.children(execution)] == ["ABORTED", "ABORTED", "FAILED"]


@pytest.mark.parametrize("how", ["stopped", "timed out"])
def test_the_children_of_a_parent_that_ends_are_aborted(maps, how):
    execution = maps.begin(distributed(WAIT, MaxConcurrency=2), [1, 2, 3], TimeoutSeconds=30)

    if how == "stopped":
        maps.client.stop_execution(executionArn=execution)
    else:
        maps.workflows.end(execution)
    maps.workflows.settle()

    assert maps.described(execution)["status"] == "ABORTED"
    assert maps.counts(execution) == {"aborted": 2, "pending": 1}
    assert [child["status"] for child in maps.children(execution)] == ["ABORTED", "ABORTED"]


def test_a_map_that_is_given_up_with_its_branch_says_so(maps):
    branches = [
        {"StartAt": "M", "States": distributed(WAIT)},
        {"StartAt": "P", "States": {"P": {"Type": "Wait", "Seconds": 1, "Next": "F"}, "F": FAIL}},
    ]
    execution = maps.begin({"B": {"Type": "Parallel", "Branches": branches, "End": True}}, [1])

    maps.workflows.end(execution)
    maps.workflows.settle()

    types = maps.workflows.types(execution)
    assert types[-4:] == ["MapRunAborted", "MapStateAborted", "ParallelStateFailed", "ExecutionFailed"]
    assert maps.described(execution)["status"] == "ABORTED"


def test_a_run_that_failed_is_caught(maps):
    states = distributed(FAIL, Catch=[{"ErrorEquals": ["States.ALL"], "ResultPath": "$", "Next": "C"}])

    execution = maps.begin({**states, "C": PASS}, [1])

    output = json.loads(maps.client.describe_execution(executionArn=execution)["output"])
    assert output["Error"] == "States.ExceedToleratedFailureThreshold"


def test_a_map_that_is_tried_again_has_a_new_run(maps):
    states = distributed(FAIL, Retry=[{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}])

    execution = maps.begin(states, [1])
    ended = maps.workflows.end(execution)

    assert ended["status"] == "FAILED"
    statuses = [maps.client.describe_map_run(mapRunArn=run)["status"] for run in maps.runs(execution)]
    assert statuses == ["FAILED", "FAILED"]


def test_an_item_selector_that_fits_not_fails_the_run(maps):
    execution = maps.begin(distributed(PASS, ItemSelector={"x.$": "$$.Map.Item.Value.x"}), [{"x": 1}, {"y": 2}])

    ended = maps.client.describe_execution(executionArn=execution)

    assert (ended["status"], ended["error"]) == ("FAILED", "States.Runtime")
    assert ended["cause"].startswith("An error occurred while executing the state 'M' (entered at the event id #2).")
    assert maps.counts(execution)["succeeded"] == 1


def test_an_output_that_is_too_large_fails_the_run(maps):
    big = {"Type": "Pass", "Result": "x" * 100_000, "End": True}

    execution = maps.begin(
        distributed(big, Catch=[{"ErrorEquals": ["States.ALL"], "Next": "C"}]) | {"C": PASS}, [1] * 3
    )

    ended = maps.client.describe_execution(executionArn=execution)
    assert (ended["status"], ended["error"]) == ("FAILED", "States.DataLimitExceeded")


def test_a_map_inside_a_child_has_a_run_of_its_own(maps):
    inner = json.loads(json.dumps(distributed(PASS, MaxConcurrency=1, Label="Inner")["M"]).replace('"I"', '"J"'))

    execution = maps.begin(distributed(inner, Label="L"), [[1, 2], [3]])

    assert json.loads(maps.client.describe_execution(executionArn=execution)["output"]) == [[1, 2], [3]]
    first, _ = maps.children(execution)
    (run,) = maps.runs(first["executionArn"])
    assert ":mapRun:machine-1/L/Inner:" in run
    assert len(maps.children(first["executionArn"])) == 2


def test_a_processor_that_is_no_express_machine_is_refused(maps):
    task = {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "End": True}

    with pytest.raises(ClientError, match="Express state machine does not support"):
        maps.begin(distributed(task, "EXPRESS"), [1])


def test_children_tell_their_status(maps, aws, queue):
    events = aws("events")
    pattern = {"source": ["aws.states"], "detail": {"status": ["SUCCEEDED"]}}
    events.put_rule(Name="s", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="s", Targets=[{"Id": "q", "Arn": queue.arn}])

    maps.begin(distributed(PASS, Label="L"), [1])

    machines = {json.loads(body)["detail"]["stateMachineArn"].rpartition(":")[2] for body in queue.receive()}
    assert machines == {"machine-1", "machine-1/L"}

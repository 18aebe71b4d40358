"""Executions: started once for a name, described, listed, stopped, and their histories read in pages."""

import json

import pytest

PASS = {"P": {"Type": "Pass", "Result": {"made": 1}, "ResultPath": "$.p", "End": True}}
WAIT = {"W": {"Type": "Wait", "Seconds": 86400, "End": True}}


def test_an_execution_is_described_with_its_end(workflows, aws):
    machine = workflows.machine(PASS)

    shown = workflows.end(workflows.start(machine, {"n": 1}, name="run"))

    assert shown["executionArn"] == f"arn:aws:states:us-east-1:{aws.account}:execution:machine-1:run"
    assert (shown["status"], json.loads(shown["output"])) == ("SUCCEEDED", {"n": 1, "p": {"made": 1}})
    assert (shown["inputDetails"], shown["outputDetails"]) == ({"included": True}, {"included": True})
    assert (shown["redriveCount"], shown["redriveStatus"]) == (0, "NOT_REDRIVABLE")
    assert shown["redriveStatusReason"] == "Execution is SUCCEEDED and cannot be redriven"
    assert shown["startDate"] <= shown["stopDate"]


def test_metadata_alone_is_described_on_request(workflows):
    execution = workflows.start(workflows.machine(PASS), {"n": 1})
    workflows.end(execution)

    shown = workflows.client.describe_execution(executionArn=execution, includedData="METADATA_ONLY")

    assert "input" not in shown
    assert "output" not in shown
    assert (shown["inputDetails"], shown["outputDetails"]) == ({"included": False}, {"included": False})


def test_the_same_start_once_more_is_the_same_execution_while_it_runs(workflows):
    machine = workflows.machine(WAIT)
    first = workflows.client.start_execution(stateMachineArn=machine, name="x", input="{}")

    second = workflows.client.start_execution(stateMachineArn=machine, name="x", input="{}")

    assert (second["executionArn"], second["startDate"]) == (first["executionArn"], first["startDate"])
    assert len(workflows.client.list_executions(stateMachineArn=machine)["executions"]) == 1


def test_another_input_under_the_same_name_is_refused(workflows, refusal):
    machine = workflows.machine(WAIT)
    execution = workflows.start(machine, {"n": 1}, name="x")

    refused = refusal(workflows.start, machine=machine, given={"n": 2}, name="x")

    assert refused == ("ExecutionAlreadyExists", f"Execution Already Exists: '{execution}'")


def test_the_name_of_an_execution_that_has_ended_is_taken(workflows, refusal):
    machine = workflows.machine(PASS)
    workflows.end(workflows.start(machine, name="x"))

    assert refusal(workflows.start, machine=machine, name="x")[0] == "ExecutionAlreadyExists"


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"input": "{"}, "InvalidExecutionInput"),
        ({"input": ""}, "InvalidExecutionInput"),
        ({"input": "NaN"}, "InvalidExecutionInput"),
        ({"name": "a/b"}, "InvalidName"),
        ({"stateMachineArn": "arn:aws:states:us-east-1:000000000000:stateMachine:none"}, "StateMachineDoesNotExist"),
        ({"stateMachineArn": "none"}, "InvalidArn"),
    ],
)
def test_a_start_that_cannot_be_is_refused(workflows, params, code, refusal):
    machine = workflows.machine(PASS)

    assert refusal(workflows.client.start_execution, **{"stateMachineArn": machine, **params})[0] == code


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (
            "{'a': 1}",
            "core.JsonParseException: Unexpected character (''' (code 39)): was expecting double-quote to start field"
            " name\n at [Source: (String)\"{'a': 1}\"; line: 1, column: 2]",
        ),
        (
            "",
            "databind.exc.MismatchedInputException: No content to map due to end-of-input"
            '\n at [Source: (String)""; line: 1, column: 0]',
        ),
    ],
)
def test_what_is_wrong_with_an_input_is_said_in_the_words_of_the_parser(workflows, given, problem, refusal):
    machine = workflows.machine(PASS)

    _, message = refusal(workflows.client.start_execution, stateMachineArn=machine, input=given)

    assert message == f"Invalid State Machine Execution Input: 'com.fasterxml.jackson.{problem}'"


def test_an_input_over_256_kib_is_refused(workflows, refusal):
    machine = workflows.machine(PASS)

    code, _ = refusal(workflows.client.start_execution, stateMachineArn=machine, input=json.dumps("x" * 262_144))

    assert code in ("InvalidExecutionInput", "ValidationException")


def test_executions_are_listed_newest_first_in_pages(workflows):
    machine = workflows.machine(PASS)
    for number in range(5):
        workflows.end(workflows.start(machine, name=f"x{number}"))

    first = workflows.client.list_executions(stateMachineArn=machine, maxResults=2)
    rest = workflows.client.list_executions(stateMachineArn=machine, nextToken=first["nextToken"])

    names = [shown["name"] for page in (first, rest) for shown in page["executions"]]
    assert names == ["x4", "x3", "x2", "x1", "x0"]
    assert "nextToken" not in rest


def test_executions_are_listed_by_status(workflows):
    machine = workflows.machine(WAIT)
    running = workflows.start(machine)
    workflows.client.stop_execution(executionArn=workflows.start(machine))

    shown = workflows.client.list_executions(stateMachineArn=machine, statusFilter="RUNNING")["executions"]

    assert [execution["executionArn"] for execution in shown] == [running]


def test_a_stopped_execution_is_aborted_with_what_was_said(workflows):
    execution = workflows.start(workflows.machine(WAIT))
    workflows.settle()

    workflows.client.stop_execution(executionArn=execution, error="Enough", cause="said I")

    shown = workflows.client.describe_execution(executionArn=execution)
    assert (shown["status"], shown["error"], shown["cause"]) == ("ABORTED", "Enough", "said I")
    last = workflows.history(execution)[-1]
    assert last["type"] == "ExecutionAborted"
    assert last["executionAbortedEventDetails"] == {"error": "Enough", "cause": "said I"}


def test_stopping_an_execution_that_has_ended_changes_nothing(workflows):
    ended = workflows.run(PASS)

    stopped = workflows.client.stop_execution(executionArn=ended["executionArn"])

    assert stopped["stopDate"] == ended["stopDate"]
    assert workflows.client.describe_execution(executionArn=ended["executionArn"])["status"] == "SUCCEEDED"


def test_an_execution_that_is_not_there_is_named(workflows, aws, refusal):
    arn = f"arn:aws:states:us-east-1:{aws.account}:execution:m:none"

    refused = refusal(workflows.client.describe_execution, executionArn=arn)

    assert refused == ("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'")


def test_a_history_is_read_in_pages_either_way(workflows):
    execution = workflows.run(PASS)["executionArn"]

    forwards = workflows.history(execution, PaginationConfig={"PageSize": 2})
    backwards = workflows.history(execution, reverseOrder=True, PaginationConfig={"PageSize": 3})

    assert [event["id"] for event in forwards] == [1, 2, 3, 4]
    assert [event["previousEventId"] for event in forwards] == [0, 0, 2, 3]
    assert backwards == forwards[::-1]


def test_a_history_leaves_the_data_out_on_request(workflows):
    execution = workflows.run({"P": {**PASS["P"], "Assign": {"x": 1}}})["executionArn"]

    bare = workflows.history(execution, includeExecutionData=False)

    assert bare[0]["executionStartedEventDetails"].keys() == {"roleArn"}
    assert bare[1]["stateEnteredEventDetails"] == {"name": "P"}
    assert bare[2]["stateExitedEventDetails"] == {"name": "P"}


def test_a_machine_ends_its_execution_when_its_time_is_over(workflows):
    ended = workflows.run(WAIT, TimeoutSeconds=60)

    assert ended["status"] == "TIMED_OUT"
    assert (ended["stopDate"] - ended["startDate"]).total_seconds() == pytest.approx(60, abs=5)
    assert workflows.types(ended["executionArn"])[-1] == "ExecutionTimedOut"


def test_an_execution_keeps_the_definition_it_started_with(workflows):
    machine = workflows.machine(WAIT)
    execution = workflows.start(machine)
    other = {"StartAt": "F", "States": {"F": {"Type": "Fail"}}}
    workflows.client.update_state_machine(stateMachineArn=machine, definition=json.dumps(other))

    assert workflows.end(execution)["status"] == "SUCCEEDED"


def test_a_map_of_a_thousand_items_gives_a_thousand_results(workflows):
    square = {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input * $states.input %}", "End": True}
    states = {"M": {"Type": "Map", "ItemProcessor": {"StartAt": "S", "States": {"S": square}}, "End": True}}

    output = workflows.output(states, list(range(1000)))

    assert output == [number * number for number in range(1000)]


def test_branches_run_side_by_side(workflows):
    branches = [
        {"StartAt": f"W{seconds}", "States": {f"W{seconds}": {"Type": "Wait", "Seconds": seconds, "End": True}}}
        for seconds in (100, 200, 300)
    ]

    ended = workflows.run({"P": {"Type": "Parallel", "Branches": branches, "End": True}}, {"n": 1})

    assert json.loads(ended["output"]) == [{"n": 1}] * 3
    assert (ended["stopDate"] - ended["startDate"]).total_seconds() == pytest.approx(300, abs=5)


def test_a_result_over_256_kib_fails_its_state(workflows):
    double = {"Type": "Pass", "Parameters": {"a.$": "$.t", "b.$": "$.t"}, "End": True}

    ended = workflows.run({"D": double}, {"t": "x" * 200_000})

    assert (ended["status"], ended["error"]) == ("FAILED", "States.DataLimitExceeded")


def test_a_failed_execution_says_that_it_can_be_redriven(workflows):
    ended = workflows.run({"F": {"Type": "Fail", "Error": "E", "Cause": "C"}})

    assert (ended["status"], ended["error"], ended["cause"]) == ("FAILED", "E", "C")
    assert ended["redriveStatus"] == "REDRIVABLE"
    assert "redriveStatusReason" not in ended


def test_a_redrive_filter_is_for_map_runs(workflows, refusal):
    machine = workflows.machine(PASS)

    code, _ = refusal(workflows.client.list_executions, stateMachineArn=machine, redriveFilter="REDRIVEN")

    assert code == "ValidationException"


def test_the_context_object_is_the_same_after_a_wait(workflows):
    shown = {"Type": "Pass", "Parameters": {"now.$": "$$.Execution", "then.$": "$.then"}, "End": True}
    states = {
        "First": {"Type": "Pass", "Parameters": {"then.$": "$$.Execution"}, "Next": "W"},
        "W": {"Type": "Wait", "Seconds": 1, "Next": "Last"},
        "Last": shown,
    }

    seen = json.loads(workflows.run(states, {"n": [1, 2.50, "ü"]})["output"])

    assert json.dumps(seen["now"]) == json.dumps(seen["then"])
    assert seen["now"]["Input"] == {"n": [1, 2.5, "ü"]}

"""Express machines: answered to their caller, without history and without a name of their own."""

import json

WAIT = {"W": {"Type": "Wait", "Seconds": 1, "Next": "P"}, "P": {"Type": "Pass", "Result": 7, "End": True}}


def sync(workflows, states, given=None, **fields):
    workflows.aws("stepwell").set_clock(Mode="scaled", Scale=100)
    machine = workflows.machine(states, "EXPRESS", **fields)
    return workflows.client.start_sync_execution(stateMachineArn=machine, input=json.dumps(given), name="run")


def test_a_synchronous_execution_answers_its_output(workflows, aws):
    answer = sync(workflows, {"P": {"Type": "Pass", "End": True}}, {"n": 1})

    assert answer["executionArn"].startswith(f"arn:aws:states:us-east-1:{aws.account}:express:machine-1:run:")
    assert (answer["status"], answer["output"], answer["name"]) == ("SUCCEEDED", '{"n": 1}', "run")
    assert answer["billingDetails"] == {"billedMemoryUsedInMB": 64, "billedDurationInMilliseconds": 100}


def test_a_synchronous_execution_answers_its_trace(workflows):
    machine = workflows.machine({"P": {"Type": "Pass", "End": True}}, "EXPRESS")
    trace = "Root=1-5759e988-bd862e3fe1be46a994272793"

    answer = workflows.client.start_sync_execution(stateMachineArn=machine, traceHeader=trace)
    untraced = workflows.client.start_sync_execution(stateMachineArn=machine)

    assert answer["traceHeader"] == trace
    assert "traceHeader" not in untraced


def test_a_synchronous_execution_that_fails_answers_why(workflows):
    answer = sync(workflows, {"F": {"Type": "Fail", "Error": "E", "Cause": "C"}})

    assert (answer["status"], answer["error"], answer["cause"]) == ("FAILED", "E", "C")
    assert "output" not in answer


def test_a_synchronous_execution_is_awaited(workflows):
    answer = sync(workflows, WAIT)

    assert (answer["status"], answer["output"]) == ("SUCCEEDED", "7")
    assert answer["stopDate"] > answer["startDate"]


def test_a_synchronous_execution_ends_when_its_time_is_over(workflows):
    states = {"W": {"Type": "Wait", "Seconds": 100, "End": True}}

    assert sync(workflows, states, TimeoutSeconds=1)["status"] == "TIMED_OUT"


def test_a_standard_machine_is_not_run_synchronously(workflows, refusal):
    machine = workflows.machine(WAIT)

    assert refusal(workflows.client.start_sync_execution, stateMachineArn=machine)[0] == "StateMachineTypeNotSupported"


def test_an_express_execution_cannot_be_looked_at(workflows, refusal):
    machine = workflows.machine(WAIT, "EXPRESS")
    execution = workflows.start(machine, name="x")

    assert refusal(workflows.client.describe_execution, executionArn=execution)[0] == "InvalidArn"
    assert refusal(workflows.client.get_execution_history, executionArn=execution)[0] == "InvalidArn"
    assert refusal(workflows.client.describe_state_machine_for_execution, executionArn=execution)[0] == "InvalidArn"
    assert refusal(workflows.client.stop_execution, executionArn=execution)[0] == "InvalidArn"
    assert refusal(workflows.client.redrive_execution, executionArn=execution)[0] == "InvalidArn"
    assert refusal(workflows.client.list_executions, stateMachineArn=machine)[0] == "StateMachineTypeNotSupported"


def test_the_name_of_an_express_execution_may_be_used_again(workflows):
    machine = workflows.machine(WAIT, "EXPRESS")

    assert workflows.start(machine, name="x") != workflows.start(machine, name="x")


def test_an_express_execution_does_its_tasks(workflows, queue):
    send = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Parameters": {"QueueUrl": queue.url, "MessageBody.$": "$"},
        "End": True,
    }

    workflows.start(
        workflows.machine({"W": {"Type": "Wait", "Seconds": 0, "Next": "S"}, "S": send}, "EXPRESS"), {"n": 1}
    )

    assert queue.receive() == ['{"n":1}']


def test_a_synchronous_execution_answers_without_its_data_on_request(workflows):
    machine = workflows.machine(WAIT, "EXPRESS")
    workflows.aws("stepwell").set_clock(Mode="scaled", Scale=100)

    answer = workflows.client.start_sync_execution(stateMachineArn=machine, includedData="METADATA_ONLY")

    assert answer["status"] == "SUCCEEDED"
    assert not {"input", "output"} & answer.keys()
    assert answer["outputDetails"] == {"included": False}

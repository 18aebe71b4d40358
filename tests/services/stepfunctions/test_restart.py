"""Executions after a restart of the house: nothing but their rows is left of them, and they go on."""

import json

import pytest

from emulator.testing import Running

ACCOUNT = "111111111111"
ROLE = "arn:aws:iam::000000000000:role/workflows"


@pytest.fixture
def house(tmp_path):
    """A house of the test's own: `house.again()` stops it and starts it on the same data."""
    made = House(tmp_path)
    yield made
    made.running.stop()


class House:
    def __init__(self, data):
        self.data = data
        self.running = Running(data).start()

    def again(self):
        self.running.stop()
        self.running = Running(self.data).start()

    def __call__(self, service):
        return self.running.client(service, ACCOUNT)

    def start(self, states, case="", **fields):
        definition = {"StartAt": next(iter(states)), "States": states, **fields}
        machine = self("stepfunctions").create_state_machine(name="m", roleArn=ROLE, definition=json.dumps(definition))[
            "stateMachineArn"
        ]
        started = self("stepfunctions").start_execution(stateMachineArn=machine + case, input='{"n": 1}')
        self("stepwell").advance_clock(Seconds=0)
        return started["executionArn"]

    def end(self, execution):
        assert self("stepwell").wait_until(ExecutionArn=execution, TimeoutSeconds=10**7)["Reached"]
        return self("stepfunctions").describe_execution(executionArn=execution)


def test_a_wait_goes_on(house):
    execution = house.start({"W": {"Type": "Wait", "Seconds": 86400, "End": True}})

    house.again()

    ended = house.end(execution)
    assert (ended["status"], ended["output"]) == ("SUCCEEDED", '{"n": 1}')
    assert (ended["stopDate"] - ended["startDate"]).total_seconds() == pytest.approx(86400, abs=60)


def test_branches_variables_and_items_are_as_they_were(house):
    wait = {"Type": "Wait", "Seconds": 60, "Next": "V"}
    seen = {"Type": "Pass", "Parameters": {"x.$": "$x", "i.$": "$$.Map.Item.Value"}, "End": True}
    items = {"StartAt": "W", "States": {"W": wait, "V": seen}}
    each = {"Type": "Map", "ItemsPath": "$.l", "ItemProcessor": items, "End": True}
    first = {"Type": "Pass", "Assign": {"x": 7}, "Result": {"l": ["a", "b"]}, "Next": "M"}
    execution = house.start({"A": first, "M": each})

    house.again()

    assert json.loads(house.end(execution)["output"]) == [{"x": 7, "i": "a"}, {"x": 7, "i": "b"}]


def test_a_token_that_was_given_out_is_still_good(house):
    url = house("sqs").create_queue(QueueName="q")["QueueUrl"]
    name = url.rsplit(":", 1)[1].partition("/")[2]
    parameters = {"QueueUrl": f"http://localhost:4566/{name}", "MessageBody.$": "$$.Task.Token"}
    resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
    execution = house.start({"T": {"Type": "Task", "Resource": resource, "Parameters": parameters, "End": True}})
    token = house("sqs").receive_message(QueueUrl=url)["Messages"][0]["Body"]

    house.again()
    house("stepfunctions").send_task_success(taskToken=token, output="7")

    assert house.end(execution)["output"] == "7"
    history = house("stepfunctions").get_execution_history(executionArn=execution)["events"]
    assert [event["id"] for event in history] == list(range(1, len(history) + 1))


def test_the_time_of_the_machine_is_still_kept(house):
    execution = house.start({"W": {"Type": "Wait", "Seconds": 86400, "End": True}}, TimeoutSeconds=60)

    house.again()

    assert house.end(execution)["status"] == "TIMED_OUT"


@pytest.mark.parametrize("kind", ["STANDARD", "EXPRESS"])
def test_a_map_run_goes_on_with_its_children(house, kind):
    config = {"Mode": "DISTRIBUTED", "ExecutionType": kind}
    wait = {"Type": "Wait", "Seconds": 60, "End": True}
    processor = {"ProcessorConfig": config, "StartAt": "W", "States": {"W": wait}}
    first = {"Type": "Pass", "Result": [1, 2, 3], "Next": "M"}
    each = {"Type": "Map", "MaxConcurrency": 2, "ItemProcessor": processor, "End": True}
    execution = house.start({"A": first, "M": each})
    (run,) = house("stepfunctions").list_map_runs(executionArn=execution)["mapRuns"]
    before = house("stepfunctions").list_executions(mapRunArn=run["mapRunArn"])["executions"]

    house.again()

    assert json.loads(house.end(execution)["output"]) == [1, 2, 3]
    after = house("stepfunctions").list_executions(mapRunArn=run["mapRunArn"])["executions"]
    assert [child["status"] for child in after] == ["SUCCEEDED"] * 3
    assert [child["executionArn"] for child in after[1:]] == [child["executionArn"] for child in before]


def test_what_had_succeeded_in_a_branch_is_kept_for_a_redrive(house):
    url = f"http://localhost:4566/{ACCOUNT}/late"
    send = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": True}
    branches = [
        {"StartAt": "I", "States": {"I": {"Type": "Pass", "Parameters": {"id.$": "States.UUID()"}, "End": True}}},
        {"StartAt": "T", "States": {"T": {**send, "Parameters": {"QueueUrl": url, "MessageBody": "x"}}}},
    ]
    execution = house.start({"P": {"Type": "Parallel", "Branches": branches, "End": True}})
    history = house("stepfunctions").get_execution_history(executionArn=execution)["events"]
    (kept,) = (event["stateExitedEventDetails"]["output"] for event in history if event["type"] == "PassStateExited")
    house("sqs").create_queue(QueueName="late")

    house.again()
    house("stepfunctions").redrive_execution(executionArn=execution)

    ended = house.end(execution)
    assert ended["status"] == "SUCCEEDED"
    assert json.loads(ended["output"])[0] == json.loads(kept)


def test_a_test_case_goes_on_with_its_mocks_and_its_count(house):
    task = {"Type": "Task", "Resource": "arn:aws:states:::bedrock:invokeModel"}
    states = {"A": {**task, "Next": "W"}, "W": {"Type": "Wait", "Seconds": 60, "Next": "Again"}}
    states["Again"] = {
        "Type": "Choice",
        "Choices": [{"Variable": "$", "NumericEquals": 2, "Next": "E"}],
        "Default": "A",
    }
    states["E"] = {"Type": "Succeed"}
    case = {"StateMachines": {"m": {"TestCases": {"C": {"A": "R"}}}}}
    case["MockedResponses"] = {"R": {"0": {"Return": 1}, "1": {"Return": 2}}}
    given = {"configuration": json.dumps(case)}
    house.running.emulator.call("stepfunctions", "PutMockConfiguration", given, account=ACCOUNT)
    execution = house.start(states, case="#C")

    house.again()

    assert house.end(execution)["output"] == "2"

"""An account's time: advanced by hand, skipped for a waiter, and nobody else's."""

import json
from datetime import timedelta


def wait_machine(aws, seconds):
    return aws("stepfunctions").create_state_machine(
        name="wait",
        roleArn="arn:aws:iam::000000000000:role/r",
        definition=json.dumps({"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": seconds, "End": True}}}),
    )["stateMachineArn"]


def test_a_wait_of_thirty_days_ends_at_once_for_who_waits_for_it(aws):
    states = aws("stepfunctions")
    machine = wait_machine(aws, 30 * 86400)
    execution = states.start_execution(stateMachineArn=machine)["executionArn"]

    answer = aws("stepwell").wait_until(ExecutionArn=execution, TimeoutSeconds=40 * 86400)

    shown = states.describe_execution(executionArn=execution)
    assert answer["Reached"]
    assert shown["status"] == "SUCCEEDED"
    assert timedelta(days=30) <= shown["stopDate"] - shown["startDate"] < timedelta(days=30, seconds=5)


def test_time_does_not_jump_past_the_deadline_of_the_waiter(aws):
    states = aws("stepfunctions")
    execution = states.start_execution(stateMachineArn=wait_machine(aws, 86400))["executionArn"]

    answer = aws("stepwell").wait_until(ExecutionArn=execution, TimeoutSeconds=3600)

    assert not answer["Reached"]
    assert states.describe_execution(executionArn=execution)["status"] == "RUNNING"


def test_the_time_of_another_account_stands_where_it_was(aws, running):
    other = running.client("stepwell", "999999999999")
    before = other.get_clock()["Now"]

    aws.advance(86400)

    assert other.get_clock()["Now"] - before < timedelta(minutes=5)
    assert aws("stepwell").get_clock()["Now"] - before > timedelta(hours=23)


def test_advancing_does_what_becomes_due_on_the_way_at_its_own_time(aws):
    states = aws("stepfunctions")
    execution = states.start_execution(stateMachineArn=wait_machine(aws, 600))["executionArn"]

    aws.advance(3600)

    shown = states.describe_execution(executionArn=execution)
    assert shown["status"] == "SUCCEEDED"
    assert shown["stopDate"] - shown["startDate"] < timedelta(seconds=605)

"""Task: what is asked, what answers do, retries, catches and timeouts."""

from datetime import timedelta
from typing import Any

import pytest

from emulator.languages.asl import answers, effects

LAMBDA = "arn:aws:lambda:eu-west-1:000000000000:function:f"
SQS = "arn:aws:states:::sqs:sendMessage"


def task(**fields: Any) -> dict[str, Any]:
    return {"T": {"Type": "Task", "Resource": LAMBDA, "End": True, **fields}}


def succeed(run: Any, output: Any) -> None:
    asked = run.only(effects.RunTask)
    run.send(answers.TaskSucceeded(asked.task_id, asked.attempt, output))


def fail(run: Any, error: str | None, cause: str | None = None) -> None:
    asked = run.only(effects.RunTask)
    run.send(answers.TaskFailed(asked.task_id, asked.attempt, error, cause))


def test_a_task_asks_for_its_resource_with_its_parameters(begin: Any) -> None:
    run = begin(task(Parameters={"a.$": "$.x", "b": 1}), {"x": [1]})

    asked = run.only(effects.RunTask)

    assert (asked.resource, asked.parameters, asked.state_name) == (LAMBDA, {"a": [1], "b": 1}, "T")
    assert asked.context["State"]["Name"] == "T"
    assert run.types == ["ExecutionStarted", "TaskStateEntered", "LambdaFunctionScheduled"]


def test_the_answer_of_a_task_becomes_its_output(begin: Any) -> None:
    run = begin(task())

    succeed(run, {"big": 2**70, "one": 1.0})

    assert run.outcome.output == '{"big":1180591620717411303424,"one":1.0}'
    assert run.types[-4:] == [
        "LambdaFunctionStarted",
        "LambdaFunctionSucceeded",
        "TaskStateExited",
        "ExecutionSucceeded",
    ]


def test_a_late_or_repeated_answer_changes_nothing(begin: Any) -> None:
    first = {"Type": "Task", "Resource": LAMBDA, "Next": "W"}
    run = begin({"T": first, "W": {"Type": "Wait", "Seconds": 5, "End": True}})
    asked = run.only(effects.RunTask)
    answer = answers.TaskSucceeded(asked.task_id, asked.attempt, 1)
    for wrong in (
        answers.TaskSucceeded(asked.task_id, asked.attempt + 1, 1),
        answers.TaskSucceeded("0#99", asked.attempt, 1),
    ):
        assert run.send(wrong).history == []

    run.send(answer)
    again = run.send(answer)

    assert (again.history, again.effects, again.outcome) == ([], [], None)


def test_an_integration_names_its_service_and_action_in_the_history(begin: Any) -> None:
    run = begin(task(Resource=SQS, Parameters={"MessageBody": "x"}))

    scheduled = run.details("TaskScheduled")

    assert scheduled == {
        "resourceType": "sqs",
        "resource": "sendMessage",
        "region": "eu-west-1",
        "parameters": '{"MessageBody":"x"}',
    }


def test_a_task_that_waits_for_a_token_gets_one_and_shows_its_submission(begin: Any) -> None:
    run = begin(task(Resource=f"{SQS}.waitForTaskToken", Parameters={"MessageBody": {"t.$": "$$.Task.Token"}}))
    asked = run.only(effects.RunTask)

    run.send(answers.TaskSubmitted(asked.task_id, asked.attempt, {"MessageId": "1"}))
    run.send(answers.TaskSucceeded(asked.task_id, asked.attempt, "done"))

    assert asked.token_wait
    assert asked.token == asked.parameters["MessageBody"]["t"] == asked.context["Task"]["Token"]
    assert run.types[2:6] == ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]
    assert run.output == "done"


def test_a_retry_waits_longer_each_time_and_then_gives_up(begin: Any) -> None:
    retry = {"ErrorEquals": ["Boom"], "IntervalSeconds": 2, "BackoffRate": 3, "MaxAttempts": 2}
    run = begin(task(Retry=[retry]))

    delays = []
    for _ in range(2):
        fail(run, "Boom")
        delays.append(run.only(effects.StartTimer).at - run.now)
        run.fire()
    fail(run, "Boom", "why")

    assert delays == [timedelta(seconds=2), timedelta(seconds=6)]
    assert (run.outcome.error, run.outcome.cause) == ("Boom", "why")


def test_a_retry_never_waits_longer_than_its_longest_delay(begin: Any) -> None:
    retry = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 60, "MaxDelaySeconds": 61}
    run = begin(task(Retry=[retry]))

    fail(run, "Boom")
    run.fire()
    fail(run, "Boom")

    assert run.only(effects.StartTimer).at - run.now == timedelta(seconds=61)


def test_full_jitter_shortens_the_delay(begin: Any) -> None:
    retry = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 100, "JitterStrategy": "FULL"}
    run = begin(task(Retry=[retry]))

    fail(run, "Boom")

    assert timedelta() <= run.only(effects.StartTimer).at - run.now < timedelta(seconds=100)


def test_a_retried_task_sees_how_often_it_was_retried(begin: Any) -> None:
    run = begin(task(Parameters={"n.$": "$$.State.RetryCount"}, Retry=[{"ErrorEquals": ["Boom"]}]))

    fail(run, "Boom")
    run.fire()

    assert run.only(effects.RunTask).parameters == {"n": 1}
    assert run.only(effects.RunTask).attempt == 2


def test_a_catch_puts_the_error_into_the_input(begin: Any) -> None:
    catch = {"ErrorEquals": ["Boom"], "ResultPath": "$.error", "Next": "End"}
    run = begin({**task(Catch=[catch]), "End": {"Type": "Succeed"}}, {"a": 1})

    fail(run, "Boom", "why")

    assert run.output == {"a": 1, "error": {"Error": "Boom", "Cause": "why"}}


def test_the_wildcard_of_task_errors_does_not_match_a_timeout(begin: Any) -> None:
    catch = {"ErrorEquals": ["States.TaskFailed"], "Next": "End"}
    run = begin({**task(Catch=[catch], TimeoutSeconds=9), "End": {"Type": "Succeed"}})

    run.fire()

    assert (run.outcome.status, run.outcome.error) == ("FAILED", "States.Timeout")


def test_a_task_that_takes_too_long_is_cancelled(begin: Any) -> None:
    run = begin(task(TimeoutSeconds=9))
    asked = run.only(effects.RunTask)

    run.fire()

    assert effects.CancelTask(asked.task_id, asked.attempt) in run.step.effects
    assert run.details("LambdaFunctionTimedOut") == {"error": "States.Timeout"}


def test_a_heartbeat_postpones_the_heartbeat_timeout(begin: Any) -> None:
    run = begin(task(Resource=f"{SQS}.waitForTaskToken", HeartbeatSeconds=5))
    asked = run.only(effects.RunTask)
    first = run.only(effects.StartTimer)

    run.send(answers.TaskHeartbeat(asked.task_id, asked.attempt), 4)
    second = run.only(effects.StartTimer)
    stale = run.send(answers.TimerFired(first.timer_id), 1)
    run.send(answers.TimerFired(second.timer_id), 4)

    assert stale.history == []
    assert run.outcome.error == "States.Timeout"


def test_a_missed_heartbeat_is_caught_by_its_own_name(begin: Any) -> None:
    catch = {"ErrorEquals": ["States.HeartbeatTimeout"], "Next": "End"}
    run = begin({**task(Resource=SQS, HeartbeatSeconds=5, Catch=[catch]), "End": {"Type": "Succeed"}})

    run.fire()

    assert run.outcome.status == "SUCCEEDED"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (["QueueUrl.$", "MessageBody"], ["MessageBody", "QueueUrl"]),
        (["StateMachineArn.$", "Input.$", "Name.$"], ["Input", "StateMachineArn", "Name"]),
        (["StateMachineArn.$", "Name.$", "Input"], ["Input", "StateMachineArn", "Name"]),
        (["FunctionName.$", "Payload.$", "LogType.$"], ["FunctionName", "LogType", "Payload"]),
        (
            ["ApiEndpoint.$", "Method.$", "Path.$", "Stage.$", "RequestBody.$", "Headers.$"],
            ["Path", "Headers", "Stage", "ApiEndpoint", "Method", "RequestBody"],
        ),
        (["b", "a"], ["b", "a"]),
    ],
)
def test_parameters_are_written_in_the_order_of_aws(begin: Any, given: list[str], shown: list[str]) -> None:
    """What is no path first; AWS holds the names of the others in a HashMap of Java's (recorded histories)."""
    inner = {name: "$" if name.endswith(".$") else {"x.$": "$"} for name in given}

    run = begin(task(Parameters={"nested": inner, **inner}), {})

    parameters = run.only(effects.RunTask).parameters
    assert (list(parameters["nested"]), list(parameters)) == (shown, ["nested", *shown])


def test_the_heartbeats_of_a_function_with_a_token_count_from_its_end_on(begin: Any) -> None:
    run = begin(task(Resource="arn:aws:states:::lambda:invoke.waitForTaskToken", HeartbeatSeconds=5))
    asked = run.only(effects.RunTask)
    early = [timer.timer_id for timer in run.asked(effects.StartTimer)]

    run.send(answers.TaskHeartbeat(asked.task_id, asked.attempt), 60)
    beaten = [*run.asked(effects.StartTimer)]
    run.send(answers.TaskSubmitted(asked.task_id, asked.attempt, {}), 60)
    run.fire()

    assert (early, beaten, run.outcome.error) == (["execution"], [], "States.Timeout")


@pytest.mark.parametrize(
    ("unsent", "told"),
    [(True, "An error occurred while executing the state 'T' (entered at the event id #2). Why."), (False, "Why.")],
)
def test_what_fits_no_request_is_told_with_the_name_of_its_state(begin: Any, unsent: bool, told: str) -> None:
    run = begin(task(Resource=SQS))
    asked = run.only(effects.RunTask)

    run.send(answers.TaskFailed(asked.task_id, asked.attempt, "States.Runtime", "Why.", unsent))

    assert (run.details("TaskFailed")["cause"], run.outcome.cause) == ("Why.", told)


def test_an_activity_names_its_worker(begin: Any) -> None:
    run = begin(task(Resource="arn:aws:states:eu-west-1:000000000000:activity:a"), {"a": 1})
    asked = run.only(effects.RunTask)

    run.send(answers.TaskStarted(asked.task_id, asked.attempt, "me"))

    assert asked.token
    assert run.details("ActivityStarted") == {"workerName": "me"}


def test_a_result_over_256_kib_is_a_failure_that_can_be_caught(begin: Any) -> None:
    catch = {"ErrorEquals": ["States.ALL"], "Next": "End"}
    run = begin({**task(Resource=SQS, Catch=[catch]), "End": {"Type": "Succeed"}})

    succeed(run, "x" * 262_144)

    assert run.output["Error"] == "States.DataLimitExceeded"
    assert run.output["Cause"].startswith("The state/task 'sqs' returned a result")


def test_a_stopped_execution_cancels_what_it_waits_for(begin: Any) -> None:
    run = begin(task(TimeoutSeconds=9))
    asked, timer = run.only(effects.RunTask), run.only(effects.StartTimer)

    run.send(answers.StopRequested("E", "C"))

    assert run.outcome == effects.Outcome("ABORTED", None, "E", "C")
    assert run.details("ExecutionAborted") == {"error": "E", "cause": "C"}
    assert run.step.effects == [
        effects.CancelTimer(timer.timer_id),
        effects.CancelTask(asked.task_id, asked.attempt),
    ]
    assert run.step.removed == {"0"}


def test_a_machine_that_takes_too_long_is_timed_out(begin: Any) -> None:
    run = begin({"StartAt": "T", "States": task(), "TimeoutSeconds": 60})

    run.fire()

    assert run.outcome.status == "TIMED_OUT"
    assert run.types[-1] == "ExecutionTimedOut"


def test_the_timer_that_ended_an_execution_is_not_cancelled(begin: Any) -> None:
    wait = {"W": {"Type": "Wait", "Seconds": 600, "End": True}}
    run = begin({"StartAt": "W", "States": wait, "TimeoutSeconds": 60})

    run.send(answers.TimerFired("execution"), 60)

    assert "execution" not in [timer.timer_id for timer in run.asked(effects.CancelTimer)]

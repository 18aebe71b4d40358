"""Which Retry and which Catch meets an error, and what the caught error becomes."""

from typing import Any

import pytest

from emulator.languages.asl import answers, effects

TASK = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Next": "Z"}
SENT = {"Parameters": {"Token.$": "$$.Task.Token"}}
STATES = {"Z": {"Type": "Pass", "End": True}}
NAMES = ("States.ALL", "States.TaskFailed", "States.Timeout", "States.HeartbeatTimeout", "Custom")


def fail(run: Any, error: str | None, cause: str | None = "c") -> list[float]:
    """Let the task of the last step fail; the delays of the timers that are started for it."""
    task = run.only(effects.RunTask)
    run.send(answers.TaskFailed(task.task_id, task.attempt, error, cause))
    return [(timer.at - run.now).total_seconds() for timer in run.asked(effects.StartTimer)]


def test_each_retrier_counts_for_itself(begin: Any) -> None:
    """The example of the ASL specification, "Complex retry scenarios"."""
    retriers = [
        {"ErrorEquals": ["ErrorA", "ErrorB"], "IntervalSeconds": 1, "BackoffRate": 2, "MaxAttempts": 2},
        {"ErrorEquals": ["ErrorC"], "IntervalSeconds": 5},
    ]
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Z"}]
    run = begin({"X": {**TASK, **SENT, "Retry": retriers, "Catch": catch}, **STATES})
    delays = []

    for error in ("ErrorA", "ErrorB", "ErrorC"):
        delays += fail(run, error)
        run.fire()
    delays += fail(run, "ErrorB")

    assert delays == [1, 2, 5]
    assert run.output == {"Error": "ErrorB", "Cause": "c"}
    assert [event["previousEventId"] for event in run.history] == [0, 0, *range(2, len(run.history))]


@pytest.mark.parametrize(
    ("retrier", "delays"),
    [
        ({}, [1, 2, 4]),
        ({"MaxAttempts": 0}, []),
        ({"IntervalSeconds": 3, "BackoffRate": 10, "MaxDelaySeconds": 20}, [3, 20, 20]),
        ({"BackoffRate": 1.5, "MaxAttempts": 4}, [1, 1.5, 2.25, 3.375]),
    ],
)
def test_a_retrier_waits_as_it_says(begin: Any, retrier: dict[str, Any], delays: list[float]) -> None:
    run = begin({"X": {**TASK, **SENT, "Retry": [{"ErrorEquals": ["States.ALL"], **retrier}]}, **STATES})
    found = []

    while waited := fail(run, "E"):
        found += waited
        run.fire()

    assert (found, run.outcome.error) == (delays, "E")


@pytest.mark.parametrize(
    ("error", "met_by"),
    [
        ("States.Runtime", ()),
        ("States.Timeout", ("States.ALL", "States.Timeout")),
        ("States.HeartbeatTimeout", ("States.ALL", "States.HeartbeatTimeout")),
        ("States.Permissions", ("States.ALL", "States.TaskFailed")),
        ("Custom", ("States.ALL", "States.TaskFailed", "Custom")),
        (None, ("States.ALL", "States.TaskFailed")),
    ],
)
def test_an_error_is_met_by_its_name_and_by_wildcards(begin: Any, error: str | None, met_by: tuple[str, ...]) -> None:
    met = []
    for name in NAMES:
        run = begin({"X": {**TASK, **SENT, "Catch": [{"ErrorEquals": [name], "Next": "Z"}]}, **STATES})
        fail(run, error)
        if run.outcome.status == "SUCCEEDED":
            met.append(name)

    assert tuple(met) == met_by


@pytest.mark.parametrize(
    ("late", "met_by"),
    [
        ("TimeoutSeconds", ("States.ALL", "States.Timeout")),
        ("HeartbeatSeconds", ("States.ALL", "States.Timeout", "States.HeartbeatTimeout")),
    ],
)
def test_a_late_task_is_met_by_what_it_missed(begin: Any, late: str, met_by: tuple[str, ...]) -> None:
    met = []
    for name in NAMES:
        limits = {"TimeoutSeconds": 100, "HeartbeatSeconds": 10}
        run = begin({"X": {**TASK, **SENT, **limits, "Catch": [{"ErrorEquals": [name], "Next": "Z"}]}, **STATES})
        timers = {(timer.at - run.now).total_seconds(): timer for timer in run.asked(effects.StartTimer)}
        run.send(answers.TimerFired(timers[limits[late]].timer_id), limits[late])
        if run.outcome.status == "SUCCEEDED":
            met.append(name)

    assert tuple(met) == met_by


@pytest.mark.parametrize(
    ("fields", "output"),
    [
        ({"ResultPath": None}, {"a": 1}),
        ({}, {"Error": "E", "Cause": "c"}),
        ({"ResultPath": "$.e.f"}, {"a": 1, "e": {"f": {"Error": "E", "Cause": "c"}}}),
    ],
)
def test_a_caught_error_is_put_where_the_catcher_says(begin: Any, fields: dict[str, Any], output: Any) -> None:
    catch = [{"ErrorEquals": ["E"], "Next": "Z", **fields}]
    run = begin({"X": {**TASK, **SENT, "OutputPath": "$.q", "Catch": catch}, **STATES}, {"a": 1})

    fail(run, "E")

    assert run.output == output


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"ResultPath": "$.a.b"}, "States.ResultPathMatchFailure"),
        ({"Assign": {"x.$": "$.nope"}}, "States.Runtime"),
    ],
)
def test_a_catcher_that_fails_ends_the_execution(begin: Any, fields: dict[str, Any], error: str) -> None:
    catch = [{"ErrorEquals": ["E"], "Next": "Z", **fields}, {"ErrorEquals": ["States.ALL"], "Next": "Z"}]
    run = begin({"X": {**TASK, **SENT, "Catch": catch}, **STATES}, {"a": 1})

    fail(run, "E")

    assert (run.outcome.error, run.types[-2:]) == (error, ["TaskFailed", "ExecutionFailed"])

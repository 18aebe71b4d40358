"""A redrive goes on in the state in which the execution stood, and numbers its history on."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from emulator.languages.asl import answers, document, effects, machine
from tests.maps import distributed

NOW = datetime(2026, 1, 2, tzinfo=UTC)
CONTEXT = {"Execution": {"Id": "arn:aws:states:eu-west-1:000000000000:execution:m:e"}}


def redriven(run: Any, budget: int = 500) -> effects.Step:
    left = {name: run.step.state[name] for name in ("resume", "last", "next", "draws")}
    return machine.redrive(run.machine, left=left, context=CONTEXT, count=1, now=NOW, seed=3, budget=budget)


def test_a_failed_task_is_asked_again_with_what_it_got(begin: Any) -> None:
    task = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {"x.$": "$x"}, "End": True}
    run = begin({"A": {"Type": "Pass", "Assign": {"x": 7}, "Next": "T"}, "T": task})
    first = run.only(effects.RunTask)
    run.send(answers.TaskFailed(first.task_id, 1, "E", "C"))

    step = redriven(run)

    (asked,) = (effect for effect in step.effects if isinstance(effect, effects.RunTask))
    assert asked.parameters == {"x": 7}
    assert asked.task_id != first.task_id
    assert asked.context["Execution"]["RedriveCount"] == 1
    assert [event["type"] for event in step.history] == ["ExecutionRedriven", "TaskScheduled"]
    assert [event["id"] for event in step.history] == [len(run.history) + 1, len(run.history) + 2]


def test_the_time_of_the_machine_begins_anew(begin: Any) -> None:
    wait = {"W": {"Type": "Wait", "Seconds": 600, "End": True}}
    run = begin({"StartAt": "W", "States": wait, "TimeoutSeconds": 60})
    run.send(answers.TimerFired("execution"), 60)

    step = redriven(run)

    timers = {effect.timer_id: effect.at for effect in step.effects if isinstance(effect, effects.StartTimer)}
    assert (timers["execution"] - NOW).total_seconds() == 60


@pytest.mark.parametrize(("seconds", "status"), [(59, "RUNNING"), (60, "TIMED_OUT")])
def test_the_timer_of_before_a_redrive_is_late(begin: Any, seconds: int, status: str) -> None:
    run = begin({"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 600, "End": True}}, "TimeoutSeconds": 60})
    run.send(answers.StopRequested())
    step = redriven(run)

    now = NOW + timedelta(seconds=seconds)
    step = machine.advance(run.machine, step.state, answers.TimerFired("execution"), now=now, seed=3)

    assert step.state["status"] == status


def test_an_execution_that_succeeded_keeps_nothing_to_resume(begin: Any) -> None:
    run = begin({"P": {"Type": "Pass", "End": True}})

    assert "resume" not in run.step.state


TASK = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {"x.$": "$"}, "End": True}


def tasks(step: effects.Step) -> list[effects.RunTask]:
    return [effect for effect in step.effects if isinstance(effect, effects.RunTask)]


def answered(run: Any, step: effects.Step, asked: effects.RunTask, output: Any) -> effects.Step:
    event = answers.TaskSucceeded(asked.task_id, asked.attempt, output)
    return machine.advance(run.machine, step.state, event, now=NOW, seed=4)


def result(run: Any, step: effects.Step, asked: effects.RunTask, output: Any) -> str | None:
    """What the execution ends with when its last task is answered."""
    outcome = answered(run, step, asked, output).outcome
    assert outcome is not None
    return outcome.output


def test_branches_that_had_succeeded_are_not_run_again(begin: Any) -> None:
    branches = [{"StartAt": name, "States": {name: TASK}} for name in ("A", "B", "C")]
    run = begin({"P": {"Type": "Parallel", "Branches": branches, "End": True}}, '"in"')
    first, second, _ = run.asked(effects.RunTask)
    run.send(answers.TaskSucceeded(first.task_id, 1, "a"))
    run.send(answers.TaskFailed(second.task_id, 1, "E", "C"))

    step = redriven(run)

    again = tasks(step)
    assert [asked.state_name for asked in again] == ["B", "C"]
    assert [event["type"] for event in step.history] == ["ExecutionRedriven", "TaskScheduled", "TaskScheduled"]
    step = answered(run, step, again[1], "c")
    assert result(run, step, again[0], "b") == '["a","b","c"]'


def test_iterations_that_had_succeeded_are_not_run_again(begin: Any) -> None:
    processor = {"StartAt": "T", "States": {"T": TASK}}
    run = begin({"M": {"Type": "Map", "MaxConcurrency": 2, "ItemProcessor": processor, "End": True}}, [0, 1, 2, 3])
    first, second = run.asked(effects.RunTask)
    run.send(answers.TaskSucceeded(first.task_id, 1, "zero"))
    (third,) = run.asked(effects.RunTask)
    run.send(answers.TaskFailed(second.task_id, 1, "E", "C"))

    step = redriven(run)

    again = tasks(step)
    assert [asked.parameters for asked in again] == [{"x": 1}, {"x": 2}]
    assert third.parameters == {"x": 2}
    step = answered(run, step, again[0], "one")
    (last,) = tasks(step)
    assert last.parameters == {"x": 3}
    step = answered(run, step, last, "three")
    assert result(run, step, again[1], "two") == '["zero","one","two","three"]'


def test_a_map_inside_a_branch_goes_on_where_it_was_stopped(begin: Any) -> None:
    processor = {"StartAt": "T", "States": {"T": {**TASK, "Parameters": {"x.$": "$$.Map.Item.Value"}}}}
    inner = {"M": {"Type": "Map", "ItemProcessor": processor, "End": True}}
    branches = [{"StartAt": "M", "States": inner}, {"StartAt": "B", "States": {"B": {"Type": "Pass", "End": True}}}]
    run = begin({"P": {"Type": "Parallel", "Branches": branches, "End": True}}, ["x", "y"])
    first, _ = run.asked(effects.RunTask)
    run.send(answers.TaskSucceeded(first.task_id, 1, "done"))
    run.send(answers.StopRequested())

    step = redriven(run)

    (asked,) = tasks(step)
    assert asked.parameters == {"x": "y"}
    assert result(run, step, asked, "too") == '[["done","too"],["x", "y"]]'


def test_what_failed_for_the_size_of_its_data_is_run_again_as_a_whole(begin: Any) -> None:
    big = {"Type": "Pass", "Result": "x" * 150_000, "End": True}
    branches = [{"StartAt": name, "States": {name: big}} for name in ("A", "B")]
    run = begin({"P": {"Type": "Parallel", "Branches": branches, "End": True}})
    assert run.outcome.error == "States.DataLimitExceeded"

    step = redriven(run)

    types = [event["type"] for event in step.history]
    assert types[:4] == ["ExecutionRedriven", "ParallelStateStarted", "PassStateEntered", "PassStateExited"]


def test_what_is_redriven_twice_keeps_the_results_of_both_attempts(begin: Any) -> None:
    branches = [{"StartAt": name, "States": {name: TASK}} for name in ("A", "B", "C")]
    run = begin({"P": {"Type": "Parallel", "Branches": branches, "End": True}}, '"in"')
    first, second, _ = run.asked(effects.RunTask)
    run.send(answers.TaskSucceeded(first.task_id, 1, "a"))
    run.send(answers.TaskFailed(second.task_id, 1, "E", "C"))
    run.step = redriven(run)
    second, third = tasks(run.step)
    run.send(answers.TaskSucceeded(second.task_id, 1, "b"))
    run.send(answers.TaskFailed(third.task_id, 1, "E", "C"))

    step = redriven(run)

    (asked,) = tasks(step)
    assert asked.state_name == "C"
    assert result(run, step, asked, "c") == '["a","b","c"]'


def test_what_is_stopped_before_it_could_go_on_keeps_its_results(begin: Any) -> None:
    branches = [{"StartAt": name, "States": {name: TASK}} for name in ("A", "B")]
    inner = {"P": {"Type": "Parallel", "Branches": branches, "End": True}}
    wait = {"W": {"Type": "Wait", "Seconds": 9, "End": True}}
    outer = [{"StartAt": "W", "States": wait}, {"StartAt": "P", "States": inner}]
    run = begin({"O": {"Type": "Parallel", "Branches": outer, "End": True}})
    run.send(answers.TaskSucceeded(run.asked(effects.RunTask)[0].task_id, 1, "a"))
    run.send(answers.StopRequested())
    run.step = redriven(run, budget=1)
    assert run.step.more
    run.send(answers.StopRequested())

    step = redriven(run)

    assert [asked.state_name for asked in tasks(step)] == ["B"]


def test_a_map_that_once_ran_inline_goes_on_inline(begin: Any) -> None:
    processor = {"StartAt": "T", "States": {"T": TASK}}
    inline = {"Type": "Map", "ItemProcessor": processor, "End": True}
    run = begin({"M": inline}, ["x", "y"])
    first, second = run.asked(effects.RunTask)
    run.send(answers.TaskSucceeded(first.task_id, 1, "X"))
    run.send(answers.TaskFailed(second.task_id, 1, "E", "C"))
    batched = {"StartAt": "M", "States": {"M": {**inline, "ItemBatcher": {"MaxItemsPerBatch": 2}}}}
    run.machine = document.parse(json.dumps(batched), "STANDARD")

    step = redriven(run)

    (asked,) = tasks(step)
    assert asked.parameters == {"x": "y"}
    assert result(run, step, asked, "Y") == '["X","Y"]'


def test_a_map_run_is_redriven_and_counted(begin: Any) -> None:
    run = begin(distributed({"Type": "Succeed"}), [1])
    asked = run.only(effects.StartMapRun)
    run.send(answers.TaskFailed(asked.task_id, 1, "States.ExceedToleratedFailureThreshold", "too many"))

    step = redriven(run)

    (again,) = step.effects
    assert isinstance(again, effects.RedriveMapRun)
    assert again.arn == asked.arn
    assert step.history[1]["mapRunRedrivenEventDetails"] == {"mapRunArn": asked.arn, "redriveCount": 1}

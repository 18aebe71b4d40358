"""A redrive goes on in the state in which the execution stood, and numbers its history on."""

from datetime import UTC, datetime
from typing import Any

from emulator.languages.asl import answers, effects, machine

NOW = datetime(2026, 1, 2, tzinfo=UTC)
CONTEXT = {"Execution": {"Id": "arn:aws:states:eu-west-1:000000000000:execution:m:e"}}


def redriven(run: Any) -> effects.Step:
    left = {name: run.step.state[name] for name in ("resume", "last", "next", "draws")}
    return machine.redrive(run.machine, left=left, context=CONTEXT, count=1, now=NOW, seed=3)


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


def test_an_execution_that_succeeded_keeps_nothing_to_resume(begin: Any) -> None:
    run = begin({"P": {"Type": "Pass", "End": True}})

    assert "resume" not in run.step.state

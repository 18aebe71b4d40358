"""What an execution may not exceed: a year, the size of its data and of its variables."""

from datetime import UTC, datetime
from typing import Any

import pytest

from emulator.languages import searching
from emulator.languages.asl import answers, assigning, effects, history, machine
from emulator.languages.paths import regexes

YEAR = 365 * 86400
ID = "arn:aws:states:eu-west-1:000000000000:execution:m:e"
TASK = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f", "End": True}
HELD = {**TASK, "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken"}
AGAIN = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1}
CAUSE = "The state/task '{}' returned a result with a size exceeding the maximum number of bytes service limit."


def test_a_wait_of_more_than_a_year_times_the_execution_out_after_one(begin: Any) -> None:
    execution = begin({"W": {"Type": "Wait", "Seconds": 99_999_999, "End": True}})

    seconds = (execution.only(effects.StartTimer).at - execution.now).total_seconds()
    execution.fire()

    assert seconds == YEAR
    assert (execution.outcome.status, execution.types[-1]) == ("TIMED_OUT", "ExecutionTimedOut")


def test_whatever_comes_after_a_year_times_the_execution_out(begin: Any) -> None:
    execution = begin({"T": TASK})
    task = execution.only(effects.RunTask)

    execution.send(answers.TaskSucceeded(task.task_id, 1, {}), YEAR)

    assert execution.outcome.status == "TIMED_OUT"


def test_a_machine_may_take_no_longer_than_a_year_whatever_it_says(begin: Any) -> None:
    execution = begin({"StartAt": "T", "States": {"T": TASK}, "TimeoutSeconds": 99_999_999})

    seconds = (execution.only(effects.StartTimer).at - execution.now).total_seconds()
    execution.fire()

    assert (seconds, execution.outcome.status) == (YEAR, "TIMED_OUT")


def test_what_ends_with_its_year_cancels_its_other_timers_alone(begin: Any) -> None:
    wait = {"W": {"Type": "Wait", "Seconds": 99_999_999, "End": True}}
    execution = begin({"StartAt": "W", "States": wait, "TimeoutSeconds": 99_999_998})
    (_, timer) = execution.asked(effects.StartTimer)

    execution.send(answers.TimerFired(timer.timer_id), YEAR)

    assert execution.step.effects == [effects.CancelTimer("execution")]


@pytest.mark.parametrize("answered", [False, True])
def test_what_ends_for_want_of_history_cancels_nothing_that_is_over(begin: Any, answered: bool) -> None:
    execution = begin({"T": {**TASK, "TimeoutSeconds": 5}})
    task, timer = execution.only(effects.RunTask), execution.only(effects.StartTimer)
    execution.step.state["last"] = history.LIMIT - 1
    event = answers.TaskSucceeded(task.task_id, 1, {}) if answered else answers.TimerFired(timer.timer_id)

    execution.send(event, 5)

    cancelled = effects.CancelTimer(timer.timer_id) if answered else effects.CancelTask(task.task_id, 1)
    assert (execution.outcome.cause, execution.types[-1]) == (history.FULL_CAUSE, "ExecutionFailed")
    assert set(execution.step.effects) == {cancelled}


def test_the_year_of_what_waits_for_an_answer_has_a_timer_of_its_own(begin: Any) -> None:
    execution = begin({"T": HELD})
    task, alarm = execution.only(effects.RunTask), execution.only(effects.StartTimer)

    execution.send(answers.TaskSucceeded(task.task_id, 1, {}))

    assert (alarm.at - execution.now).total_seconds() == YEAR
    assert execution.step.effects == [effects.CancelTimer(alarm.timer_id)]


@pytest.mark.parametrize(("fields", "timers"), [({}, 1), ({"TimeoutSeconds": 99_999_999}, 1), ({"Retry": [AGAIN]}, 2)])
def test_what_a_timer_ends_needs_no_other(begin: Any, fields: dict[str, Any], timers: int) -> None:
    execution = begin({"T": {**HELD, **fields}})
    asked = execution.asked(effects.StartTimer)
    task = execution.only(effects.RunTask)

    execution.send(answers.TaskFailed(task.task_id, 1, "E", None))

    assert len(asked + execution.asked(effects.StartTimer)) == timers


def test_a_year_that_began_with_a_leap_year_ends_in_it(begin: Any) -> None:
    machine_of = begin({"T": HELD}).machine
    given = {"Execution": {"Id": ID, "StartTime": "2028-01-01T00:00:00Z"}, "StateMachine": {}}
    common: dict[str, Any] = {"seed": 1}
    step = machine.start(machine_of, input="{}", context=given, now=datetime(2028, 1, 1, tzinfo=UTC), **common)
    (alarm,) = (effect for effect in step.effects if isinstance(effect, effects.StartTimer))

    step = machine.advance(machine_of, step.state, answers.TimerFired(alarm.timer_id), now=alarm.at, **common)

    assert alarm.at == datetime(2028, 12, 31, tzinfo=UTC)
    assert step.outcome is not None
    assert step.outcome.status == "TIMED_OUT"


def test_what_comes_before_a_year_is_over_is_taken_in(begin: Any) -> None:
    execution = begin({"T": TASK})
    task = execution.only(effects.RunTask)

    execution.send(answers.TaskSucceeded(task.task_id, 1, {}), YEAR - 1)

    assert execution.outcome.status == "SUCCEEDED"


@pytest.mark.parametrize(
    "state",
    [
        {"Type": "Pass", "Result": "x" * 262_143},
        {"Type": "Pass", "Parameters": {"a.$": "$.x", "b.$": "$.x"}},
        {"Type": "Pass", "ResultPath": "$.again"},
        {"Type": "Pass", "Assign": {"v.$": "States.Array($.x, $.x)"}},
        {"Type": "Pass", "Assign": {"v.$": "$.x", "w.$": "$.x"}},
        {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input.x & $states.input.x %}"},
        {"Type": "Pass", "QueryLanguage": "JSONata", "Assign": {"v": "{% $states.input.x & $states.input.x %}"}},
        {"Type": "Wait", "Seconds": 0, "QueryLanguage": "JSONata", "Output": "{% [$states.input, $states.input] %}"},
        {"Type": "Parallel", "Parameters": {"a.$": "$.x", "b.$": "$.x"}, "Branches": []},
    ],
)
def test_data_over_the_limit_end_the_execution(begin: Any, state: dict[str, Any]) -> None:
    if "Branches" in state:
        state = {**state, "Branches": [{"StartAt": "I", "States": {"I": {"Type": "Pass", "End": True}}}]}

    execution = begin({"S": {**state, "End": True}}, {"x": "x" * 150_000})

    assert execution.outcome == effects.Outcome("FAILED", None, "States.DataLimitExceeded", CAUSE.format("S"))


def test_arguments_over_the_limit_are_caught(begin: Any) -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "E"}]
    task = {**TASK, "Parameters": {"a.$": "$.x", "b.$": "$.x"}, "Catch": catch}

    execution = begin({"T": task, "E": {"Type": "Succeed"}}, {"x": "x" * 150_000})

    assert execution.output["Error"] == "States.DataLimitExceeded"


def test_the_variables_of_an_execution_have_a_limit_together(begin: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assigning, "ALL", 1000)
    inner = {"I": {"Type": "Pass", "Assign": {"w.$": "$.x"}, "End": True}}
    states = {
        "A": {"Type": "Pass", "Assign": {"v.$": "$.x"}, "Next": "B"},
        "B": {"Type": "Parallel", "Branches": [{"StartAt": "I", "States": inner}], "End": True},
    }

    small, large = begin(states, {"x": "x" * 490}), begin(states, {"x": "x" * 510})

    assert small.outcome.status == "SUCCEEDED"
    assert (large.outcome.status, large.outcome.error) == ("FAILED", "States.DataLimitExceeded")


def test_a_variable_that_is_set_again_counts_once(begin: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assigning, "ALL", 1000)
    states = {
        str(number): {"Type": "Pass", "Assign": {"v.$": "$.x"}, "Next": str(number + 1)} for number in range(1, 9)
    }

    execution = begin({**states, "9": {"Type": "Succeed"}}, {"x": "x" * 490})

    assert execution.outcome.status == "SUCCEEDED"


@pytest.mark.parametrize(("character", "fits"), [("x", True), ("é", True), ("é", False)])
def test_the_variables_of_an_assign_are_counted_in_bytes(begin: Any, character: str, fits: bool) -> None:
    text = '"' + character * (262_142 // len(character.encode())) + '"'
    assign = {"v.$": "$"} if fits else {"v.$": "$", "w": 1}

    execution = begin({"A": {"Type": "Pass", "Assign": assign, "OutputPath": None, "End": True}}, text)

    assert execution.outcome.status == ("SUCCEEDED" if fits else "FAILED")


@pytest.mark.parametrize(("character", "fits"), [("x", True), ("é", False)])
def test_the_variables_of_an_execution_are_counted_in_bytes(
    begin: Any, monkeypatch: pytest.MonkeyPatch, character: str, fits: bool
) -> None:
    monkeypatch.setattr(assigning, "ALL", 1000)
    states = {
        "A": {"Type": "Pass", "Assign": {"v.$": "$"}, "Next": "B"},
        "B": {"Type": "Pass", "Assign": {"w.$": "$"}, "End": True},
    }

    execution = begin(states, f'"{character * 300}"')

    assert execution.outcome.status == ("SUCCEEDED" if fits else "FAILED")


@pytest.mark.parametrize("seconds", [10**25, 100_000_000, 0, -1, 1.5])
def test_a_timeout_is_a_whole_number_of_seconds_that_is_not_too_large(begin: Any, seconds: Any) -> None:
    execution = begin({"T": {**TASK, "TimeoutSecondsPath": "$.s"}}, {"s": seconds})

    assert (execution.outcome.error, execution.asked(effects.RunTask)) == ("States.Runtime", [])


HOPELESS = "$.l[?(@.s =~ /(a|aa)+/)]"


@pytest.mark.parametrize(
    "state",
    [
        {"Type": "Pass", "Parameters": {"x.$": HOPELESS}, "Next": "S"},
        {"Type": "Pass", "InputPath": HOPELESS, "Next": "S"},
        {"Type": "Pass", "Parameters": {"x.$": f"States.ArrayLength({HOPELESS})"}, "Next": "S"},
        {"Type": "Choice", "Choices": [{"Variable": HOPELESS, "IsPresent": True, "Next": "S"}], "Default": "S"},
    ],
)
def test_a_path_whose_regular_expression_never_ends_is_a_runtime_error(
    begin: Any, state: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regexes, "SECONDS", 0.02)

    execution = begin({"P": state, "S": {"Type": "Succeed"}}, {"l": [{"s": "a" * 60 + "b"}]})

    assert (execution.outcome.status, execution.outcome.error) == ("FAILED", "States.Runtime")
    assert "The regular expression /(a|aa)+/ cannot be matched in reasonable time" in execution.outcome.cause


def test_a_query_whose_regular_expression_never_ends_is_a_query_error(
    begin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "SECONDS", (0.001,))
    output = "{% $contains($states.input.s, /^(a|aa)+$/) %}"

    execution = begin(
        {"P": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": output, "End": True}}, {"s": "a" * 60 + "b"}
    )

    assert execution.outcome.error == "States.QueryEvaluationError"
    assert "a regular expression takes too long" in execution.outcome.cause

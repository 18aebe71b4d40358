"""Pass, Choice, Wait, Succeed, Fail, Parallel and Map, and the machine around them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from emulator.languages.asl import answers, effects, machine

TASK = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": True}
PASS = {"Type": "Pass", "End": True}


def inner(state: dict[str, Any], name: str = "I") -> dict[str, Any]:
    return {"StartAt": name, "States": {name: state}}


def test_unchanged_input_keeps_its_text(begin: Any) -> None:
    run = begin({"P": PASS}, '{ "one": 1.0,  "big": 18446744073709551617, "huge": 1e400 }')

    assert run.outcome.output == '{ "one": 1.0,  "big": 18446744073709551617, "huge": 1e400 }'


def test_numbers_survive_a_change_of_their_document(begin: Any) -> None:
    run = begin({"P": {**PASS, "Result": 1, "ResultPath": "$.r"}}, '{"one": 1.0, "big": 18446744073709551617}')

    assert run.outcome.output == '{"one":1.0,"big":18446744073709551617,"r":1}'


def test_a_result_path_that_does_not_fit_is_a_failure(begin: Any) -> None:
    run = begin({"P": {**PASS, "Result": 1, "ResultPath": "$.a.b"}}, {"a": 1})

    assert run.outcome.error == "States.ResultPathMatchFailure"


def test_an_input_path_of_null_hides_the_input(begin: Any) -> None:
    run = begin({"P": {**PASS, "InputPath": None}}, {"a": 1})

    assert run.output == {}


def test_parameters_see_the_context_object_and_the_variables(begin: Any) -> None:
    run = begin(
        {
            "A": {"Type": "Pass", "Assign": {"v.$": "$.a"}, "Next": "B"},
            "B": {**PASS, "Parameters": {"v.$": "$v", "name.$": "$$.State.Name"}},
        },
        {"a": [1]},
    )

    assert run.output == {"v": [1], "name": "B"}
    assert [e for e in run.history if "assignedVariables" in str(e)]


def test_a_choice_without_a_match_and_without_default_fails(begin: Any) -> None:
    rule = {"Variable": "$.a", "NumericEquals": 1, "Next": "S"}
    run = begin({"C": {"Type": "Choice", "Choices": [rule]}, "S": {"Type": "Succeed"}}, {"a": 2})

    assert run.outcome.error == "States.Runtime"
    assert "The state does not point to a next state." in run.outcome.cause


def test_a_choice_that_looks_at_nothing_is_a_runtime_error(begin: Any) -> None:
    rule = {"Variable": "$.b", "NumericEquals": 1, "Next": "S"}
    run = begin({"C": {"Type": "Choice", "Choices": [rule]}, "S": {"Type": "Succeed"}}, {"a": 2})

    assert run.outcome.error == "States.Runtime"
    assert "The choice state's condition path references an invalid value." in run.outcome.cause


@pytest.mark.parametrize(
    ("form", "seconds"),
    [
        ({"Seconds": 7}, 7),
        ({"SecondsPath": "$.s"}, 9),
        ({"Timestamp": "2026-01-01T00:00:11Z"}, 11),
        ({"TimestampPath": "$.t"}, 13.5),
    ],
)
def test_a_wait_ends_at_its_time(begin: Any, form: dict[str, Any], seconds: float) -> None:
    run = begin({"W": {"Type": "Wait", "End": True, **form}}, {"s": 9, "t": "2026-01-01T01:00:13.5+01:00"})
    at = run.only(effects.StartTimer).at - run.now

    run.fire()

    assert at == timedelta(seconds=seconds)
    assert run.types[-2:] == ["WaitStateExited", "ExecutionSucceeded"]


def test_a_wait_for_the_past_does_not_wait(begin: Any) -> None:
    run = begin({"W": {"Type": "Wait", "Timestamp": "2020-01-01T00:00:00Z", "End": True}})

    assert run.output == {}


def test_a_fail_state_takes_error_and_cause_from_its_input(begin: Any) -> None:
    fail = {"Type": "Fail", "ErrorPath": "$.e", "CausePath": "States.Format('so {}', $.c)"}
    run = begin({"F": fail}, {"e": "E", "c": 1})

    assert (run.outcome.error, run.outcome.cause) == ("E", "so 1")


def test_the_outputs_of_branches_come_in_the_order_of_the_branches(begin: Any) -> None:
    run = begin({"P": {"Type": "Parallel", "Branches": [inner(TASK, "A"), inner(TASK, "B")], "End": True}})
    first, second = run.asked(effects.RunTask)

    run.send(answers.TaskSucceeded(second.task_id, 1, "b"))
    run.send(answers.TaskSucceeded(first.task_id, 1, "a"))

    assert run.output == ["a", "b"]


def test_a_failed_branch_cancels_the_others(begin: Any) -> None:
    branches = [inner(TASK, "A"), inner({"Type": "Wait", "Seconds": 9, "End": True}, "B")]
    run = begin({"P": {"Type": "Parallel", "Branches": branches, "End": True}})
    asked, timer = run.only(effects.RunTask), run.only(effects.StartTimer)

    run.send(answers.TaskFailed(asked.task_id, 1, "Boom", None))

    assert run.step.effects == [effects.CancelTimer(timer.timer_id)]
    assert run.types[-4:] == ["TaskFailed", "WaitStateAborted", "ParallelStateFailed", "ExecutionFailed"]
    assert run.outcome.error == "Boom"


def test_an_answer_for_an_abandoned_branch_is_ignored(begin: Any) -> None:
    parallel = {"Type": "Parallel", "Branches": [inner(TASK, "A"), inner(TASK, "B")]}
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "W"}]
    wait = {"Type": "Wait", "Seconds": 9, "End": True}
    run = begin({"P": {**parallel, "Catch": catch, "Next": "W"}, "W": wait})
    first, second = run.asked(effects.RunTask)

    run.send(answers.TaskFailed(first.task_id, 1, "Boom", "c"))
    timer = run.only(effects.StartTimer)
    late = run.send(answers.TaskSucceeded(second.task_id, 1, "b"))
    run.send(answers.TimerFired(timer.timer_id), 9)

    assert (late.history, late.effects) == ([], [])
    assert run.output == {"Error": "Boom", "Cause": "c"}


def test_a_map_runs_at_most_so_many_iterations_at_a_time(begin: Any) -> None:
    run = begin({"M": {"Type": "Map", "MaxConcurrency": 2, "ItemProcessor": inner(TASK), "End": True}}, [1, 2, 3])

    first, second = run.asked(effects.RunTask)
    run.send(answers.TaskSucceeded(second.task_id, 1, "two"))
    third = run.only(effects.RunTask)
    run.send(answers.TaskSucceeded(third.task_id, 1, "three"))
    run.send(answers.TaskSucceeded(first.task_id, 1, "one"))

    assert run.output == ["one", "two", "three"]


def test_a_map_selects_from_input_and_item(begin: Any) -> None:
    selector = {"i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value", "all.$": "$.x"}
    map_state = {"Type": "Map", "ItemsPath": "$.l", "ItemSelector": selector, "End": True}
    run = begin({"M": {**map_state, "ItemProcessor": inner(PASS)}}, {"l": ["a"], "x": 7})

    assert run.output == [{"i": 0, "v": "a", "all": 7}]


def test_an_iteration_sees_its_item_in_the_context(begin: Any) -> None:
    look = {**PASS, "Parameters": {"v.$": "$$.Map.Item.Value"}}
    nested = inner({"Type": "Parallel", "Branches": [inner(look, "L")], "End": True}, "N")
    run = begin({"M": {"Type": "Map", "ItemProcessor": nested, "End": True}}, ["a", "b"])

    assert run.output == [[{"v": "a"}], [{"v": "b"}]]


def test_a_map_over_nothing_is_an_empty_list(begin: Any) -> None:
    run = begin({"M": {"Type": "Map", "ItemProcessor": inner(PASS), "End": True}}, [])

    assert run.output == []


def test_an_iteration_reads_outer_variables_and_keeps_its_own(begin: Any) -> None:
    look = {"Type": "Pass", "Assign": {"own.$": "$v"}, "Next": "J"}
    scope = {"StartAt": "I", "States": {"I": look, "J": {**PASS, "Parameters": {"o.$": "$own"}}}}
    run = begin(
        {
            "A": {"Type": "Pass", "Assign": {"v": 5}, "Next": "M"},
            "M": {"Type": "Map", "ItemProcessor": scope, "Next": "Z"},
            "Z": {**PASS, "Parameters": {"o.$": "$own"}},
        },
        [1],
    )

    assert run.details("MapStateExited")["output"] == '[{"o":5}]'
    assert run.outcome.error == "States.Runtime"


def test_a_call_never_does_more_than_its_budget(begin: Any) -> None:
    run = begin({"M": {"Type": "Map", "ItemProcessor": inner(PASS), "End": True}}, list(range(30)), budget=7)

    calls = 1
    while run.step.more:
        assert len([t for t in run.step.history if t["type"].endswith("StateEntered")]) <= 7
        run.send(answers.Continue())
        calls += 1

    assert run.output == list(range(30))
    assert calls >= 4


@pytest.mark.parametrize("characters", [600, 15_000, 80_000])
def test_a_call_does_less_where_the_outputs_are_large(begin: Any, characters: int) -> None:
    passes = {f"P{number}": {"Type": "Pass", "Next": f"P{number + 1}"} for number in range(499)}
    run = begin({**passes, "P499": PASS}, json.dumps("x" * characters))

    while run.step.more:
        recorded = sum(len(event.get("stateExitedEventDetails", {}).get("output", "")) for event in run.step.history)
        assert recorded < 500_000
        run.send(answers.Continue())

    assert run.types.count("PassStateExited") == 500


def test_a_call_does_less_where_the_variables_are_large(begin: Any) -> None:
    assigns = {"Type": "Pass", "Assign": {"v.$": "$"}, "OutputPath": None}
    run = begin({"P": {**assigns, "Next": "Q"}, "Q": {**assigns, "End": True}}, json.dumps("x" * 2_000), budget=4)

    assert run.step.more
    run.send(answers.Continue())

    assert run.output == {}


@pytest.mark.parametrize(("language", "most"), [("JSONPath", 16), ("JSONata", 4)])
@pytest.mark.parametrize("characters", [1, 600])
def test_a_call_pauses_when_it_is_told_to(begin: Any, language: str, most: int, characters: int) -> None:
    passes = {f"P{number}": {"Type": "Pass", "Next": f"P{number + 1}"} for number in range(99)}
    definition = {"QueryLanguage": language, "StartAt": "P0", "States": {**passes, "P99": PASS}}
    given, text = begin(definition).machine, json.dumps("x" * characters)

    step = machine.start(
        given, input=text, context={}, now=datetime(2026, 1, 1, tzinfo=UTC), seed=1, pause=lambda: True
    )

    assert step.more
    assert len([event for event in step.history if event["type"] == "PassStateEntered"]) <= most


def test_a_step_names_the_frames_it_touched(begin: Any) -> None:
    run = begin({"M": {"Type": "Map", "ItemProcessor": inner(TASK), "End": True}}, list(range(20)))
    asked = run.asked(effects.RunTask)[3]

    run.send(answers.TaskSucceeded(asked.task_id, 1, "x"))

    assert run.step.changed == {"0", "1.out.0"}
    assert run.step.removed == {asked.task_id.partition("#")[0]}


def test_the_state_given_is_not_changed(begin: Any) -> None:
    run = begin({"P": {"Type": "Parallel", "Branches": [inner(TASK, "A"), inner(TASK, "B")], "End": True}})
    state, asked = run.step.state, run.asked(effects.RunTask)[0]
    before = json.dumps(state)

    run.send(answers.TaskSucceeded(asked.task_id, 1, "a"))

    assert json.dumps(state) == before


def test_an_execution_ends_at_25_000_events(begin: Any) -> None:
    run = begin(
        {
            "A": {"Type": "Pass", "Next": "B"},
            "B": {
                "Type": "Choice",
                "Default": "A",
                "Choices": [{"Variable": "$", "IsNull": True, "Next": "Z"}],
            },
            "Z": {"Type": "Succeed"},
        },
        budget=5000,
    )

    while run.step.more:
        run.send(answers.Continue())

    assert len(run.history) == 25_000
    assert run.types[-1] == "ExecutionFailed"
    assert run.outcome.error == "States.Runtime"


def test_an_output_over_256_kib_ends_the_execution(begin: Any) -> None:
    run = begin({"P": {**PASS, "Parameters": {"a.$": "$", "b.$": "$"}}}, json.dumps("x" * 140_000))

    assert run.outcome.error == "States.DataLimitExceeded"


def test_same_seed_same_execution(begin: Any) -> None:
    state = {"P": {**PASS, "Parameters": {"u.$": "States.UUID()", "r.$": "States.MathRandom(0, 1000000)"}}}

    first, second = begin(state), begin(state)

    assert first.output == second.output
    assert first.output["u"][14] == "4"


def test_what_is_begun_and_given_up_in_one_step_is_never_asked_for(begin: Any) -> None:
    branches = [inner(TASK, "A"), inner({"Type": "Fail", "Error": "E"}, "B")]
    run = begin({"P": {"Type": "Parallel", "Branches": branches, "End": True}})

    assert run.outcome.error == "E"
    assert run.step.effects == []


def test_an_express_execution_lasts_five_minutes_at_most(begin: Any) -> None:
    run = begin({"W": {"Type": "Wait", "Seconds": 900, "End": True}}, kind="EXPRESS")
    timer = next(timer for timer in run.asked(effects.StartTimer) if timer.timer_id == "execution")

    run.send(answers.TimerFired(timer.timer_id), 300)

    assert timer.at - run.now == timedelta()
    assert run.outcome.status == "TIMED_OUT"


def test_variables_over_256_kib_end_the_execution(begin: Any) -> None:
    run = begin({"P": {**PASS, "Assign": {"a.$": "$", "b.$": "$"}}}, json.dumps("x" * 140_000))

    assert run.outcome.error == "States.DataLimitExceeded"

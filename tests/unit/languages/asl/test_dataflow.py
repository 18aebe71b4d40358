"""InputPath, Parameters, ResultSelector, ResultPath, OutputPath and Assign: what they make, and how they fail."""

from typing import Any

import pytest

from emulator.languages.asl import answers, effects

GIVEN = '{"a": {"b": 1}, "l": [1, 2, 3], "s": "x", "z": null, "jar": [{"a": 1}, {"a": 5}, {"a": 7}]}'
PASS = {"Type": "Pass", "End": True}
TASK = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage"}
NO_INPUT = "Unable to apply Path transformation to null or empty input."


def because(cause: str, state: str = "P", event: int = 2) -> str:
    return f"An error occurred while executing the state '{state}' (entered at the event id #{event}). {cause}"


@pytest.mark.parametrize(
    ("fields", "output"),
    [
        ({"InputPath": "$.l[0,1]"}, [1, 2]),
        ({"InputPath": "$.l[0:2]"}, [1, 2]),
        ({"InputPath": "$.q[*]"}, []),
        ({"InputPath": "$$.Execution.Name"}, "e"),
        ({"OutputPath": "$$.StateMachine.Name"}, "m"),
        ({"OutputPath": None}, {}),
        ({"Result": 5, "ResultPath": "$.r.q", "OutputPath": "$.r"}, {"q": 5}),
        ({"Result": 5, "ResultPath": "$.l[1]", "OutputPath": "$.l"}, [1, 5, 3]),
        ({"Result": {"x.$": "$.a"}}, {"x.$": "$.a"}),
        ({"Result": 1, "Parameters": {"x": 2}}, 1),
        ({"Parameters": {"x": [{"y.$": "$.s"}]}}, {"x": [{"y": "x"}]}),
        ({"Parameters": {"x.$": "$..b"}}, {"x": [1]}),
        ({"Parameters": {"x.$": "$.l[?(@ > 1)]", "y.$": "$.jar[?(@.a >= 5)]"}}, {"x": [], "y": [{"a": 5}, {"a": 7}]}),
        ({"Parameters": {"x.$": "$.l[-1]", "y.$": "$['s','z']"}}, {"x": 3, "y": {"s": "x", "z": None}}),
        ({"Parameters": {"z.$": "$.s", "a": 1, "M.$": "$.a.b"}}, {"z": "x", "a": 1, "M": 1}),
    ],
)
def test_the_fields_of_a_state_make_its_output(begin: Any, fields: dict[str, Any], output: Any) -> None:
    assert begin({"P": {**PASS, **fields}}, GIVEN).output == output


@pytest.mark.parametrize(
    ("fields", "given", "error", "cause"),
    [
        ({"InputPath": "$.q"}, GIVEN, "States.Runtime", "Invalid path '$.q' : No results for path: $['q']"),
        ({"InputPath": "$.q.r.s"}, GIVEN, "States.Runtime", "Invalid path '$.q.r.s' : Missing property in path $['q']"),
        (
            {"InputPath": "$.a.q['r.s']"},
            GIVEN,
            "States.Runtime",
            "Invalid path '$.a.q['r.s']' : Missing property in path $['a']['q']",
        ),
        ({"InputPath": "$.l[9]"}, GIVEN, "States.Runtime", "Invalid path '$.l[9]' : No results for path: $['l'][9]"),
        (
            {"InputPath": "$$.Execution.Nope"},
            GIVEN,
            "States.Runtime",
            "Invalid path '$$.Execution.Nope' : No results for path: $['Execution']['Nope']",
        ),
        (
            {"InputPath": "$['a', 'b'].v"},
            GIVEN,
            "States.Runtime",
            "Invalid path '$['a', 'b'].v' : Multi properties can only be used as path leafs: $['a', 'b']",
        ),
        (
            {"Parameters": {"Jobs.$": "$.Jobs.sum()"}},
            '{"Jobs":[0,1]}',
            "States.Runtime",
            "The JSONPath '$.Jobs.sum()' specified for the field 'Jobs.$' could not be found in the input"
            " '{\"Jobs\":[0,1]}'",
        ),
        ({"InputPath": "$.a"}, "null", "States.Runtime", NO_INPUT),
        ({"OutputPath": "$[*]"}, "null", "States.Runtime", NO_INPUT),
        ({"Parameters": {"x": [{"y.$": "$"}]}}, "null", "States.Runtime", NO_INPUT),
        (
            {"Parameters": {"x.$": "$.q"}},
            '{ "a" : 1.0,\n "b": [ ] }',
            "States.Runtime",
            "The JSONPath '$.q' specified for the field 'x.$' could not be found in the input "
            '\'{ "a" : 1.0,\n "b": [ ] }\'',
        ),
        (
            {"InputPath": "$.a", "Parameters": {"x.$": "$.q"}},
            GIVEN,
            "States.Runtime",
            "The JSONPath '$.q' specified for the field 'x.$' could not be found in the input '{\"b\":1}'",
        ),
        (
            {"Result": 5, "ResultPath": "$.l[3]"},
            '{ "l":[] }',
            "States.ResultPathMatchFailure",
            'Unable to apply ReferencePath $.l[3] to input { "l":[] }',
        ),
        (
            {"Result": 5, "ResultPath": "$.x"},
            '"foo"',
            "States.ResultPathMatchFailure",
            'Unable to apply ReferencePath $.x to input "foo"',
        ),
    ],
)
def test_a_path_that_cannot_be_followed_fails_the_state(
    begin: Any, fields: dict[str, Any], given: str, error: str, cause: str
) -> None:
    outcome = begin({"P": {**PASS, **fields}}, given).outcome

    assert (outcome.error, outcome.cause) == (error, because(cause))


@pytest.mark.parametrize(
    ("fields", "output"),
    [({}, None), ({"Parameters": {"x": 1}}, {"x": 1}), ({"Parameters": {"x.$": "$$.Execution.Name"}}, {"x": "e"})],
)
def test_null_is_handed_on_where_no_path_looks_into_it(begin: Any, fields: dict[str, Any], output: Any) -> None:
    assert begin({"P": {**PASS, **fields}}, "null").output == output


def test_assign_sees_the_result_as_it_came(begin: Any) -> None:
    read = {**PASS, "Parameters": {"v.$": "$v", "in.$": "$"}}
    task = {**TASK, "ResultSelector": {"only.$": "$.m"}, "Assign": {"v.$": "$"}, "Next": "Z"}
    run = begin({"T": task, "Z": read})

    run.send(answers.TaskSucceeded(run.only(effects.RunTask).task_id, 1, {"m": 1, "n": 2}))

    assert run.output == {"v": {"m": 1, "n": 2}, "in": {"only": 1}}


@pytest.mark.parametrize(
    ("states", "given", "output"),
    [
        (
            {
                "A": {"Type": "Pass", "Assign": {"x": 3, "a": 6}, "Next": "B"},
                "B": {"Assign": {"x.$": "$a", "n.$": "$x"}},
            },
            {},
            {"x": 6, "n": 3},
        ),
        (
            {"A": {"Type": "Pass", "Assign": {"x.$": "$.q", "n": None}, "Next": "B"}, "B": {}},
            {"q": [1]},
            {"x": [1], "n": None},
        ),
        (
            {
                "C": {
                    "Type": "Choice",
                    "InputPath": "$.in",
                    "Choices": [{"Variable": "$.n", "NumericEquals": 1, "Assign": {"x.$": "$", "n": 0}, "Next": "B"}],
                    "Assign": {"x": "default", "n.$": "$.n"},
                    "Default": "B",
                },
                "B": {},
            },
            {"in": {"n": 1}},
            {"x": {"n": 1}, "n": 0},
        ),
        (
            {
                "W": {
                    "Type": "Wait",
                    "Seconds": 0,
                    "InputPath": "$.in",
                    "Assign": {"x.$": "$", "n": 1},
                    "Next": "B",
                },
                "B": {},
            },
            {"in": 7},
            {"x": 7, "n": 1},
        ),
    ],
)
def test_variables_take_effect_in_the_next_state(begin: Any, states: dict[str, Any], given: Any, output: Any) -> None:
    last = {"Z": {**PASS, "Parameters": {"x.$": "$x", "n.$": "$n"}}}
    run = begin({**states, "B": {"Type": "Pass", "Next": "Z", **states["B"]}, **last}, given)

    assert run.output == output


@pytest.mark.parametrize(
    ("fields", "cause"),
    [
        (
            {"Parameters": {"x.$": "$w"}},
            "The JSONPath '$w' specified for the field 'x.$' could not be found in the input '{ }'",
        ),
        (
            {"Parameters": {"x.$": "$v.q"}},
            "The JSONPath '$v.q' specified for the field 'x.$' could not be found in the input '{ }'",
        ),
        ({"InputPath": "$w.a"}, "Invalid path '$w.a' : No results for path: $w['a']"),
    ],
)
def test_a_variable_that_is_not_there_fails_the_state(begin: Any, fields: dict[str, Any], cause: str) -> None:
    assign = {"Type": "Pass", "Assign": {"v": {"a": 1}}, "Next": "P"}

    outcome = begin({"A": assign, "P": {**PASS, **fields}}, "{ }").outcome

    assert (outcome.error, outcome.cause) == ("States.Runtime", because(cause, event=4))

"""Wait and Fail states: the values they take from data, and the causes when those do not fit."""

import json
from typing import Any

import pytest

from emulator.languages.asl import effects


def because(cause: str, state: str) -> str:
    return f"An error occurred while executing the state '{state}' (entered at the event id #2). {cause}"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2027-01-01T00:00:00+05:30", 31_516_200.0),
        ("2026-01-01T00:00:05.123456789Z", 5.123456),
        ("2026-01-01T00:00:05-00:00", 5.0),
    ],
)
def test_a_timestamp_has_a_zone_and_any_fraction(begin: Any, text: str, seconds: float) -> None:
    run = begin({"W": {"Type": "Wait", "TimestampPath": "$.t", "End": True}}, {"t": text})

    assert (run.only(effects.StartTimer).at - run.now).total_seconds() == seconds


@pytest.mark.parametrize(
    ("form", "value", "cause"),
    [
        *(
            (
                "SecondsPath",
                value,
                f"The SecondsPath parameter cannot be parsed as a long value: $.v == {json.dumps(value)}",
            )
            for value in (1.0, 1.5, -1, "5", None, True, 100_000_000, [1], {}, 10**30)
        ),
        *(
            (
                "TimestampPath",
                value,
                "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format"
                f" string: $.v == {value if isinstance(value, str) else json.dumps(value)}",
            )
            for value in (
                *("2027-01-01", "2027-01-01T00:00:00", "2027-01-01t00:00:00Z", "2027-01-01T00:00Z", "", 5, None),
                *("2027-02-30T00:00:00Z", "2027-01-01T24:00:00Z", "2027-01-01T00:00:60Z"),
            )
        ),
        ("SecondsPath", ..., "The SecondsPath parameter does not reference an input value: $.v"),
        ("TimestampPath", ..., "The TimestampPath parameter does not reference an input value: $.v"),
    ],
)
def test_a_wait_for_what_is_no_time_fails(begin: Any, form: str, value: Any, cause: str) -> None:
    given = {} if value is ... else {"v": value}

    outcome = begin({"W": {"Type": "Wait", form: "$.v", "End": True}}, given).outcome

    assert (outcome.error, outcome.cause) == ("States.Runtime", because(cause, "W"))


@pytest.mark.parametrize(
    ("field", "expression"),
    [
        *(("Seconds", value) for value in ("-1", "1.5", "'5'", "null", "true", "100000000", "1e300", "$nope")),
        *(("Timestamp", value) for value in ("'x'", "5", "null", "$nope")),
    ],
)
def test_a_wait_in_jsonata_fails_in_its_field(begin: Any, field: str, expression: str) -> None:
    wait = {"Type": "Wait", "QueryLanguage": "JSONata", field: f"{{% {expression} %}}", "End": True}

    run = begin({"W": wait})

    assert run.outcome.error == "States.QueryEvaluationError"
    assert run.details("EvaluationFailed")["location"] == field
    assert run.types[-2:] == ["EvaluationFailed", "ExecutionFailed"]


@pytest.mark.parametrize(
    ("fields", "error", "cause"),
    [
        ({}, None, None),
        ({"Error": "", "Cause": ""}, "", ""),
        ({"ErrorPath": "$.e", "CausePath": "$$.Execution.Name"}, "E", "e"),
        ({"ErrorPath": "States.Format('{}!', $.e)", "CausePath": "States.JsonToString($)"}, "E!", '{"e":"E","n":5}'),
        (
            {"ErrorPath": "$.q"},
            "States.Runtime",
            because(
                "The JSONPath '$.q' specified for the field 'ErrorPath' could not be found in the input "
                '\'{"e": "E", "n": 5}\'',
                "F",
            ),
        ),
        (
            {"ErrorPath": "$.n"},
            "States.Runtime",
            because("The ErrorPath field must refer to a string, but refers to: 5", "F"),
        ),
        ({"Cause": "half a pair: \ud800"}, None, "half a pair: ?"),
    ],
)
def test_a_fail_state_says_what_it_is_told(begin: Any, fields: dict[str, str], error: Any, cause: Any) -> None:
    run = begin({"F": {"Type": "Fail", **fields}}, {"e": "E", "n": 5})

    assert (run.outcome.error, run.outcome.cause) == (error, cause)
    assert run.types == ["ExecutionStarted", "FailStateEntered", "ExecutionFailed"]

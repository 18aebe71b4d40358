"""The comparisons of Choice states in JSONPath: what holds, what does not, and what cannot be compared."""

from typing import Any

import pytest

GIVEN = {
    "n": 1,
    "f": 1.0,
    "s": "1",
    "b": True,
    "z": None,
    "e": "",
    "u": "é",
    "l": [1],
    "big": 9007199254740993,
    "w": "foo*bar\\baz",
    "t": "2026-01-01T00:00:00Z",
    "t1": "2026-01-01T01:00:00+01:00",
    "tf": "2026-01-01T00:00:00.000000001Z",
}


def choose(begin: Any, rule: dict[str, Any], given: Any = GIVEN) -> Any:
    states: dict[str, Any] = {"C": {"Type": "Choice", "Choices": [{**rule, "Next": "Y"}], "Default": "N"}}
    states |= {name: {"Type": "Pass", "Result": name, "End": True} for name in "YN"}
    return begin(states, given)


@pytest.mark.parametrize(
    ("variable", "operator", "operand", "holds"),
    [
        ("$.n", "NumericEquals", 1.0, True),
        ("$.n", "NumericEqualsPath", "$.f", True),
        ("$.s", "NumericEquals", 1, False),
        ("$.b", "NumericEquals", 1, False),
        ("$.z", "NumericLessThan", 1, False),
        ("$.n", "NumericEqualsPath", "$.s", False),
        ("$.big", "NumericEquals", 9007199254740992, False),
        ("$.n", "StringEquals", "1", False),
        ("$.u", "StringGreaterThan", "z", True),
        ("$.b", "BooleanEquals", True, True),
        ("$.s", "BooleanEquals", True, False),
        ("$.t", "TimestampEqualsPath", "$.t1", True),
        ("$.t", "TimestampEquals", "2025-12-31T23:00:00-01:00", True),
        ("$.tf", "TimestampGreaterThanPath", "$.t", True),
        ("$.s", "TimestampEquals", "2026-01-01T00:00:00Z", False),
        ("$.t", "StringEquals", "2026-01-01T00:00:00Z", True),
        ("$.t", "IsTimestamp", True, True),
        ("$.s", "IsTimestamp", False, True),
        ("$.b", "IsNumeric", True, False),
        ("$.e", "IsString", True, True),
        ("$.z", "IsNull", True, True),
        ("$.z", "IsPresent", True, True),
        ("$.nope", "IsPresent", False, True),
        ("$nope", "IsPresent", False, True),
        ("$.s.x", "IsPresent", False, True),
        ("$.l[9]", "IsPresent", True, False),
        ("$.l[?(@ > 5)]", "IsPresent", True, False),
        ("$$.Execution.Name", "IsPresent", True, True),
        ("$.l[*]", "NumericEquals", 1, False),
        ("$.w", "StringMatches", "foo*", True),
        ("$.w", "StringMatches", "foo\\*bar*", True),
        ("$.w", "StringMatches", "*\\\\baz", True),
        ("$.w", "StringMatches", "*o*ar*z", True),
        ("$.w", "StringMatches", "foo", False),
        ("$.w", "StringMatches", "f?o*", False),
        ("$.w", "StringMatches", "*z*z", False),
        ("$.e", "StringMatches", "*", True),
        ("$.n", "StringMatches", "*", False),
    ],
)
def test_a_comparison_holds_or_not(begin: Any, variable: str, operator: str, operand: Any, holds: bool) -> None:
    run = choose(begin, {"Variable": variable, operator: operand})

    assert run.output == ("Y" if holds else "N")


MISSING = {"Variable": "$.nope", "NumericEquals": 1}
ONE = {"Variable": "$.n", "NumericEquals": 1}


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ({"And": [{"Variable": "$.nope", "IsPresent": True}, MISSING]}, False),
        ({"Or": [ONE, MISSING]}, True),
        ({"Not": {"And": [ONE, {"Not": ONE}]}}, True),
    ],
)
def test_what_is_decided_is_not_evaluated_further(begin: Any, rule: dict[str, Any], holds: bool) -> None:
    assert choose(begin, rule).output == ("Y" if holds else "N")


@pytest.mark.parametrize(
    "rule",
    [
        MISSING,
        {"Not": MISSING},
        {"Or": [MISSING, ONE]},
        {"Variable": "$.nope", "IsNull": False},
        {"Variable": "$.nope", "IsTimestamp": True},
        {"Variable": "$.n", "NumericEqualsPath": "$.nope"},
    ],
)
def test_a_comparison_with_what_is_not_there_is_a_runtime_error(begin: Any, rule: dict[str, Any]) -> None:
    outcome = choose(begin, rule).outcome

    assert outcome.error == "States.Runtime"
    assert outcome.cause.endswith(
        "Invalid path '$.nope': The choice state's condition path references an invalid value."
    )


@pytest.mark.parametrize("pattern", ["foo\\x*", "foo*\\"])
def test_a_backslash_that_escapes_nothing_is_a_runtime_error(begin: Any, pattern: str) -> None:
    outcome = choose(begin, {"Variable": "$.w", "StringMatches": pattern}).outcome

    assert (outcome.error, "open escape" in outcome.cause) == ("States.Runtime", True)


def test_a_pattern_of_many_wildcards_is_matched_at_once(begin: Any) -> None:
    run = choose(begin, {"Variable": "$.s", "StringMatches": "*a" * 30 + "*b"}, {"s": "a" * 5000})

    assert run.output == "N"

"""The functions that Step Functions adds to JSONata, and the one it takes away."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from emulator.languages.jsonata import JsonataError, expression

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def evaluate(text: str) -> Any:
    return expression(text).evaluate(None, {}, now=NOW, seed=1)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$partition([1, 2, 3, 4, 5], 2)", [[1, 2], [3, 4], [5]]),
        ("$partition([1, 2], 5)", [[1, 2]]),
        ("$partition([], 2)", []),
        ("$partition([1, 2, 3, 4], 2.9)", [[1, 2], [3, 4]]),
        ("$range(1.9, 5.9, 2.5)", [1, 3, 5]),
        ("$random(1.5) = $random(1)", True),
        ("$range(1, 9, 2)", [1, 3, 5, 7, 9]),
        ("$range(1, 8, 3)", [1, 4, 7]),
        ("$range(3, 1, -1)", [3, 2, 1]),
        ("$range(1, 0, 1)", []),
        ("$hash('a', 'MD5')", "0cc175b9c0f1b6a831c399e269772661"),
        ("$hash('a', 'SHA-1')", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
        ("$length($hash('a', 'SHA-256'))", 64),
        ("$length($hash('a', 'SHA-384'))", 96),
        ("$length($hash('a', 'SHA-512'))", 128),
        ("$parse('{\"a\": [1, null]}')", {"a": [1, None]}),
        ("$parse('[1, 2]')[1]", 2),
        ("'a' ~> $hash('MD5')", "0cc175b9c0f1b6a831c399e269772661"),
        ("$map(['1', '2'], $parse)", [1, 2]),
        ("( $h := $hash; $h('a', 'MD5') )", "0cc175b9c0f1b6a831c399e269772661"),
    ],
)
def test_a_function_gives_its_value(text: str, value: Any) -> None:
    assert evaluate(text) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("$partition([1], 0)", "T0410"),
        ("$partition([1], 0.5)", "T0410"),
        ("$range(1, 5)", "T0410"),
        ("$range(1, 5, 0)", "T0410"),
        ("$range(1, 1e12, 1)", "D2014"),
        ("$hash(1, 'MD5')", "T0410"),
        ("$hash('a', 'CRC')", "T0410"),
        ("$hash('a')", "T0410"),
        ("$parse('{')", "D3120"),
        ("$parse('NaN')", "D3120"),
        ("$random(1, 2)", "T0410"),
        ("$uuid(1)", "T0410"),
    ],
)
def test_wrong_arguments_are_refused(text: str, code: str) -> None:
    with pytest.raises(JsonataError) as caught:
        evaluate(text)

    assert caught.value.code == code


def test_the_message_names_the_function_as_it_was_written() -> None:
    with pytest.raises(JsonataError) as caught:
        evaluate("$shuffle([1], 2)")

    assert caught.value.message == 'Argument 2 of function "shuffle" does not match function signature'


def test_the_function_that_step_functions_takes_away_is_a_problem() -> None:
    assert expression("$eval('1 + 1')").problems() == ["$eval is not supported; use $parse"]

"""The 18 intrinsic functions and the text of their calls."""

from typing import Any

import pytest

GIVEN = {"a": [1, 2, 3, 4], "s": "x,y", "o": {"k": 1}, "n": 5, "dup": [1, 1.0, True, "1", None, None]}


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ("States.Array(1, 'two', null, $.n)", [1, "two", None, 5]),
        ("States.Array()", []),
        ("States.ArrayPartition($.a, 3)", [[1, 2, 3], [4]]),
        ("States.ArrayContains($.a, 2)", True),
        ("States.ArrayContains($.dup, false)", False),
        ("States.ArrayRange(1, 9, 4)", [1, 5, 9]),
        ("States.ArrayRange(3, 1, -1)", [3, 2, 1]),
        ("States.ArrayGetItem($.a, 3)", 4),
        ("States.ArrayLength($.a)", 4),
        ("States.ArrayUnique($.dup)", [1, 1.0, True, "1", None]),
        ("States.Base64Encode('hällo')", "aMOkbGxv"),
        ("States.Base64Decode('aMOkbGxv')", "hällo"),
        ("States.Hash('a', 'SHA-1')", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
        ("States.JsonMerge($.o, States.StringToJson('\\{\"k\": 2\\}'), false)", {"k": 2}),
        ("States.JsonToString($.o)", '{"k":1}'),
        ("States.MathAdd($.n, -2.5)", 3),
        ("States.StringSplit($.s, ',')", ["x", "y"]),
        ("States.Format('{} \\'and\\' \\{\\} {}', $.n, $.o)", "5 'and' {} {k=1}"),
        ("States.ArrayGetItem(States.StringSplit($.s, ','), States.MathAdd(0, 1))", "y"),
    ],
)
def test_an_intrinsic_function_has_its_value(evaluate: Any, call: str, value: Any) -> None:
    found = evaluate(call, GIVEN)

    assert found == value


@pytest.mark.parametrize(
    "call",
    [
        "States.ArrayPartition($.a, 0)",
        "States.ArrayGetItem($.a, 4)",
        "States.ArrayLength($.n)",
        "States.ArrayRange(0, 9, 0)",
        "States.ArrayRange(0, 2000, 1)",
        "States.Base64Decode('*')",
        "States.Hash('a', 'CRC')",
        "States.JsonMerge($.o, $.o, true)",
        "States.JsonMerge($.o, $.a, false)",
        "States.StringToJson('nonsense')",
        "States.MathAdd('1', 2)",
        "States.MathRandom(2, 2)",
        "States.Format('{}')",
    ],
)
def test_a_wrong_argument_is_a_runtime_error_that_names_the_call(evaluate: Any, call: str) -> None:
    outcome = evaluate(call, GIVEN)

    assert outcome.error == "States.Runtime"
    assert f"The function '{call}' had the following error: " in outcome.cause


def test_a_random_number_lies_in_its_range(evaluate: Any) -> None:
    found = evaluate("States.MathRandom(5, 7)")

    assert found in (5, 6)


def test_a_seeded_random_number_repeats(evaluate: Any) -> None:
    assert evaluate("States.MathRandom(0, 1000, 3)") == evaluate("States.MathRandom(0, 1000, 3)")


def test_a_range_beyond_any_machine_word_is_a_runtime_error(evaluate: Any) -> None:
    assert evaluate("States.ArrayRange(1, 100000000000000000000000, 1)").error == "States.Runtime"

"""The 18 intrinsic functions and the text of their calls."""

import json
from typing import Any

import pytest

from emulator.languages.asl import document

GIVEN = {
    "a": [1, 2, 3, 4],
    "s": "x,y",
    "o": {"k": 1},
    "n": 5,
    "dup": [1, 1.0, True, "1", None, None],
    "half": "\ud800",
    "t": "a\\b",
    "big": 2147483647,
    "json": '{"a": [1.50, null]}',
}


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
        ("States.Array( 'a' , -3e2,2.0 )", ["a", -300.0, 2.0]),
        ("States.Array($.a[1:3], $.missing[*], $$.Execution.Name)", [[2, 3], [], "e"]),
        ("States.ArrayPartition($.a, 2.5)", [[1, 2, 3], [4]]),
        ("States.ArrayContains($.a, 2.0)", True),
        ("States.ArrayRange(0.5, 3.5, 1)", [1, 2, 3, 4]),
        ("States.ArrayRange(5, 1, 1)", []),
        ("States.ArrayLength(States.ArrayRange(1, 1000, 1))", 1000),
        ("States.ArrayGetItem($.a, 1.5)", 3),
        ("States.ArrayUnique(States.Array($.o, $.o, $.a))", [{"k": 1}, [1, 2, 3, 4]]),
        ("States.Base64Encode($.half)", "Pw=="),
        ("States.Hash($.half, 'MD5')", "d1457b72c3fb323a2671125aef3eab5d"),
        ("States.Hash($.o, 'MD5')", "e59138f35192e320088b83d28388d6bb"),
        ("States.StringToJson($.json)", {"a": [1.5, None]}),
        ("States.StringToJson('null')", None),
        ("States.JsonToString($.s)", '"x,y"'),
        ("States.MathAdd($.big, 1)", 2147483648),
        ("States.StringSplit('This.is+a,test=string', '.+,=')", ["This", "is", "a", "test", "string"]),
        ("States.StringSplit('a]b^c-d', '^]-')", ["a", "b", "c", "d"]),
        ("States.StringSplit($.t, '\\\\')", ["a", "b"]),
        ("States.StringSplit('', ',')", []),
        ("States.Format('{} {} {}', 1.0, null, true)", "1.0 null true"),
        ("States.Format('\\\\{}', 1)", "\\1"),
        ("States.Array(" * 10 + ")" * 10, [[[[[[[[[[]]]]]]]]]]),
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
        "States.Format('a', 'b')",
        "States.Format($.n)",
        "States.Format('an open \\\\x escape')".replace("\\\\", "\\"),
        "States.ArrayPartition($.a, 0.4)",
        "States.ArrayGetItem($.a, -1)",
        "States.ArrayGetItem($.a, '1')",
        "States.ArrayRange(0, 1000, 1)",
        "States.ArrayUnique($.s)",
        "States.Base64Encode($.n)",
        "States.Base64Decode('YQ==YQ==')",
        "States.Hash('a', 'md5')",
        "States.StringToJson('')",
        "States.StringToJson('NaN')",
        "States.MathAdd(2147483648, 0)",
        "States.MathAdd(0, -2147483649)",
        "States.MathRandom(1, 5, 'x')",
        "States.StringSplit($.n, ',')",
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


@pytest.mark.parametrize("function", ["Base64Encode($)", "Base64Decode($)", "Hash($, 'MD5')"])
def test_text_of_more_than_ten_thousand_characters_is_refused(evaluate: Any, function: str) -> None:
    short, long = (json.dumps("YWFh" * count) for count in (2500, 2501))

    assert isinstance(evaluate(f"States.{function}", short), str)
    assert evaluate(f"States.{function}", long).error == "States.Runtime"


@pytest.mark.parametrize("path", ["$.missing", "$v.x", "$$.Task.Token", "$.a[9]"])
def test_an_argument_that_is_not_there_is_named_with_its_call(begin: Any, path: str) -> None:
    call = f"States.Array({path})"
    run = begin({"P": {"Type": "Pass", "Parameters": {"v.$": call}, "End": True}}, '{ "a": [ 1 ] }')

    assert run.outcome.error == "States.Runtime"
    assert run.outcome.cause.endswith(
        f"The function '{call}' had the following error: The JsonPath argument for the field '{path}' could not be"
        " found in the input '{ \"a\": [ 1 ] }'"
    )


@pytest.mark.parametrize(
    "call",
    [
        *("States.Array(01)", "States.Array(1e99999)", "States.Array(+1)", "States.Array(.5)", "States.Array(1,)"),
        *('States.Array("a")', "States.Array('a'", "states.Array(1)", "States.Foo(1)", "States.UUID(1)"),
        "States.Array(" * 11 + ")" * 11,
    ],
)
def test_what_is_no_call_is_refused_when_the_machine_is_created(begin: Any, call: str) -> None:
    with pytest.raises(document.InvalidDefinition):
        begin({"P": {"Type": "Pass", "Parameters": {"v.$": call}, "End": True}})

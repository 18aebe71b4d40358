"""What a JSONata expression gives: plain JSON, UNDEFINED or an error with a code."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from emulator.languages import searching
from emulator.languages.jsonata import UNDEFINED, JsonataError, budget, expression

NOON = datetime(2026, 1, 2, 12, 0, 0, 345000, tzinfo=UTC)
STATES: dict[str, Any] = {
    "input": {
        "order": {"id": "o-1", "total": 12},
        "lines": [{"sku": "tea", "n": 2}, {"sku": "cup", "n": 1}],
        "gap": None,
    },
    "context": {"Execution": {"Name": "run-1"}},
}


def evaluate(text: str, **variables: Any) -> Any:
    return expression(text).evaluate(UNDEFINED, {"states": STATES, **variables}, now=NOON, seed=7)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$states.input.order.total", 12),
        ("$states.input.lines[n > 1].sku", "tea"),
        ("$states.input.lines.{sku: n * 1.5}", [{"tea": 3}, {"cup": 1.5}]),
        ("$states.input.lines[]", STATES["input"]["lines"]),
        ("$sum($states.input.lines.n)", 3),
        ("$states.context.Execution.Name & '!'", "run-1!"),
        ("$states.input.gap", None),
        ("$count([1..5])", 5),
        ("(  $x := 2; $x * 3 )", 6),
        ("[1, [2, 3]]", [1, [2, 3]]),
    ],
)
def test_an_expression_gives_plain_json(text: str, value: Any) -> None:
    assert evaluate(text) == value


def test_variables_are_bound_by_name() -> None:
    assert evaluate("$price * $count", price=2.5, count=4) == 10


def test_whole_numbers_are_integers() -> None:
    assert type(evaluate("2.5 * 2")) is int
    assert type(evaluate("$x", x=[3.0])[0]) is int


@pytest.mark.parametrize(
    "text", ["$states.input.nothing", "$unknown", "$states.input.lines[n > 9]", "$hash($unknown, 'MD5')"]
)
def test_what_leads_nowhere_is_undefined_and_not_null(text: str) -> None:
    assert evaluate(text) is UNDEFINED


def test_an_undefined_input_or_variable_is_undefined() -> None:
    assert evaluate("$x", x=UNDEFINED) is UNDEFINED
    assert evaluate("$") is UNDEFINED
    assert not UNDEFINED


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1 + 'a'", "T2002"),
        ("'a' - 1", "T2001"),
        ("$sum('a')", "T0412"),
        ("$error('no')", "D3137"),
        ("$assert(false, 'no')", "D3141"),
        ("$nope(1)", "T1006"),
        ("1 / 0", "D1001"),
        ("[1..100000000]", "D2014"),
        ("( $f := function($x) { $f($x) + 1 }; $f(1) )", "U1001"),
        ("( $f := function($x) { $f($x + 1) }; $f(1) )", "U1001"),
        ("$uppercase", ""),
        ("[$uppercase]", ""),
    ],
)
def test_a_failure_carries_the_code_of_jsonata(text: str, code: str) -> None:
    with pytest.raises(JsonataError) as caught:
        evaluate(text)

    assert caught.value.code == code
    assert caught.value.message


def test_the_message_of_an_error_is_the_expressions_own() -> None:
    with pytest.raises(JsonataError) as caught:
        evaluate("$error('Out of tea')")

    assert caught.value.message == "Out of tea"


@pytest.mark.parametrize(
    ("text", "code"),
    [("1 +", "S0207"), ("(1", "S0203"), ("'abc", "S0101"), ("{'a': 1", "S0203"), ("", "S0207")],
)
def test_what_is_not_jsonata_is_refused_when_it_is_read(text: str, code: str) -> None:
    with pytest.raises(JsonataError) as caught:
        expression(text)

    assert caught.value.code == code


def test_an_expression_is_compiled_once() -> None:
    assert expression("$states.input") is expression("$states.input")


def test_the_input_is_not_changed() -> None:
    document = {"a": [{"b": 1}]}

    result = expression("$ ~> |a|{'b': 2}|").evaluate(document, {}, now=NOON, seed=1)

    assert result == {"a": [{"b": 2}]}
    assert document == {"a": [{"b": 1}]}


@pytest.mark.parametrize(
    "text",
    [
        "$states.input.lines[n > 1]",
        "$states.input.lines.{'a': sku, 'b': $}",
        "$states.input.lines^(>n).sku",
        "$states.input.lines{sku: $sum(n)}",
        "$map($states.input.lines, function($l) { $l.sku })",
        "$states.input[$ = 1]",
        "$states.input ~> |lines|{'n': n + 1}|",
        "( $x := 1; $x + 1 )",
        "'text'",
    ],
)
def test_names_inside_a_path_are_no_problem(text: str) -> None:
    assert expression(text).problems() == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("$.a", "$"),
        ("$$.a", "$$"),
        ("order", "'order'"),
        ("$sum(order.n)", "'order'"),
        ("{'a': b}", "'b'"),
        ("*", "*"),
        ("function($x) { $x + total }", "'total'"),
        ("states.input", "'states'"),
        ("(a; $states)", "'a'"),
    ],
)
def test_what_refers_to_an_input_at_the_top_is_a_problem(text: str, name: str) -> None:
    problems = expression(text).problems()

    assert len(problems) == 1
    assert name in problems[0]


@pytest.mark.parametrize("name", ["count", "sum", "type", "now", "random", "hash", "map", "values", "eval"])
def test_a_variable_hides_the_function_of_its_name(name: str) -> None:
    assert evaluate(f"${name} + 1", **{name: 4}) == 5

    with pytest.raises(JsonataError) as caught:
        evaluate(f"${name}(1)", **{name: 4})
    assert caught.value.code == "T1006"


@pytest.mark.parametrize("name", ["values", "flatten", "typeOf", "parseNumber"])
def test_functions_that_jsonata_2_0_6_does_not_have_are_not_defined(name: str) -> None:
    with pytest.raises(JsonataError) as caught:
        evaluate(f"${name}('1')")

    assert (caught.value.code, caught.value.message) == ("T1006", "Attempted to invoke a non-function")


@pytest.mark.parametrize(
    "text",
    [
        "$map([1..9999], function($i) { $sum($map([1..9999], function($j) { $i * $j })) })",
        "$map([1..9999], function($i) { $sum([1..9999].($ * $i)) })",
        "$reduce([1..60], function($a, $b) { $a & $a }, 'x')",
        "$reduce([1..60], function($a, $b) { $append($a, $a) }, [1])",
        "$reduce([1..60], function($a, $b) { {'a': $a, 'b': $a} }, 1)",
        "[1..9999999]",
        "$pad('a', 1e9)",
        "$replace($pad('a', 1e5, 'a'), 'a', $pad('b', 1e5))",
        "($f := function($n) { $n > 0 ? $f($n + 1) : 1 }; $f(1))",
        "$eval('$map([1..9999], function($i) { $sum([1..9999].($ * $i)) })')",
        "$contains($pad('a', 40, 'a') & 'b', /^(a|aa)+$/)",
        "$match($pad('a', 60, 'a') & 'b', /(a|aa)+$/)",
        "$replace($pad('a', 60, 'a') & 'b', /(a|aa)+c/, '')",
        "$split($pad('a', 60, 'a') & 'b', /(a|aa)+c/)",
        "($pad('a', 60, 'a') & 'b') ~> /^(a|aa)+$/",
        "$contains('a', /((a{1000}){1000}){1000}/)",
        "$contains('a', /a{0000000003000000}/)",
        "$map([1..9999], function($i) { $contains('item-7', /item-.*8/) })",
        "$map([1..9999], function($i) { $contains('a', /" + "b" * 1000 + "/) })",
    ],
)
def test_what_would_go_on_for_ever_ends_in_an_error(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "OPERATIONS", 100_000)
    monkeypatch.setattr(searching, "SECONDS", (0.001, 0.01))

    with pytest.raises(JsonataError) as caught:
        evaluate(text)

    assert caught.value.code == "U1001"


def test_searches_that_each_take_long_are_too_much_together(monkeypatch: pytest.MonkeyPatch) -> None:
    long = "$contains($pad('a', 20, 'a') & 'b', /(a|aa)+c/)"
    monkeypatch.setattr(searching, "FIRST_SECONDS", 0)
    monkeypatch.setattr(searching, "SECONDS", (0.4, 10.0))

    assert evaluate(f"[{long}, {long}]") == [False, False]
    with pytest.raises(JsonataError) as caught:
        evaluate(f"[{long}, {long}, {long}]")

    assert (caught.value.code, caught.value.message) == (
        "U1001",
        "Expression evaluation timeout: a regular expression takes too long",
    )


@pytest.mark.parametrize("regex", ["(?R)?", "(a)(?1)?", "(?<n>a)(?&n)?", "(?a)x", "(?V1)[a--b]"])
def test_a_regular_expression_that_ecmascript_does_not_have_is_an_error(regex: str) -> None:
    with pytest.raises(JsonataError, match="The expression cannot be evaluated"):
        evaluate(f"$contains('a', /{regex}/)")


@pytest.mark.parametrize(
    ("text", "found"),
    [("$contains('b', /a{e}/)", False), ("$contains('a{e}', /a{e}/)", True), ("$contains('a', /[[:alpha:]]/)", False)],
)
def test_braces_and_brackets_that_are_no_syntax_stand_for_themselves(text: str, found: bool) -> None:
    assert evaluate(text) is found


def test_many_searches_of_a_large_text_are_evaluated() -> None:
    assert evaluate("$count($split($pad('', 200000, 'a,'), /,/))") == 100_001
    assert evaluate("$count($split($pad('', 150000, 'a, '), /,\\s*/))") == 50_001
    assert evaluate("$count($filter([1..1000], function($i) { $contains('item-' & $i, /item-.*7/) }))") == 271


def test_what_takes_its_time_but_ends_is_evaluated() -> None:
    assert evaluate("$count([1..1000000])") == 1_000_000
    assert evaluate("$sum($map([1..500], function($i) { $sum([1..50].($ * $i)) }))") == 125250 * 1275


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$eval('[1, $string(2)]')", [1, "2"]),
        ("($x := 5; $eval('$x + $y'))", 7),
        ("$eval('$millis() = ' & $string($millis()))", True),
        ("$eval(\"$eval('$random()') < 1\")", True),
    ],
)
def test_an_expression_can_be_made_by_another(text: str, value: Any) -> None:
    assert evaluate(text, y=2) == value


@pytest.mark.parametrize(("text", "code"), [("$eval('[')", "D3120"), ("$eval('string(1)')", "D3121")])
def test_an_expression_that_another_has_made_wrong_is_an_error(text: str, code: str) -> None:
    with pytest.raises(JsonataError) as caught:
        evaluate(text)

    assert caught.value.code == code


@pytest.mark.parametrize("text", ["$contains('a', /a)/)", "function($x)<n-n':n>{$x}(1)", "$x.($y := )", "'\\u12'"])
def test_whatever_is_wrong_with_an_expression_is_a_jsonata_error(text: str) -> None:
    with pytest.raises(JsonataError):
        evaluate(text)

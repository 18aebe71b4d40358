"""What a JSONPath leads to, in the document, the context object and the variables."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.languages.paths import (
    EvaluationFailed,
    InvalidPath,
    PathError,
    PathNotFound,
    SearchGivenUp,
    path,
    regexes,
    state_path,
)

ORDER: dict[str, Any] = {
    "id": "o-1",
    "total": 12.5,
    "note": None,
    "customer": {"name": "Ada", "e-mail": "ada@example.com", "address": {"city": "London"}},
    "lines": [
        {"sku": "tea", "count": 2, "gift": True},
        {"sku": "cup", "count": 1},
        {"sku": "pot", "count": 7},
    ],
    "tags": ["new", "big", "blue"],
    "grid": [[1, 2], [3]],
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$", ORDER),
        ("$.customer.name", "Ada"),
        ("$['customer']['e-mail']", "ada@example.com"),
        ('$["customer"].name', "Ada"),
        ("$.note", None),
        ("$.lines[0].sku", "tea"),
        ("$.lines[-1].count", 7),
        ("$.grid[0][1]", 2),
        ("$.lines.length()", 3),
        ("$.customer.keys()", ["name", "e-mail", "address"]),
        ("$.tags.first()", "new"),
        ("$.tags.last()", "blue"),
        ("$.tags.append(1)", ["new", "big", "blue", 1]),
        ("$.customer['name','e-mail']", {"name": "Ada", "e-mail": "ada@example.com"}),
        ("$..count.sum()", 10.0),
    ],
)
def test_a_definite_path_gives_the_value_itself(text: str, value: Any) -> None:
    assert path(text).definite
    assert path(text).read(ORDER) == value


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("$.lines[*].sku", ["tea", "cup", "pot"]),
        ("$.lines[0,2].sku", ["tea", "pot"]),
        ("$.tags[1:]", ["big", "blue"]),
        ("$.tags[:-1]", ["new", "big"]),
        ("$.tags[0:2]", ["new", "big"]),
        ("$..city", ["London"]),
        ("$..lines[0].sku", ["tea"]),
        ("$.lines[?(@.count > 1)].sku", ["tea", "pot"]),
        ("$.lines[?(@.count == '7')].sku", ["pot"]),
        ("$.lines[?(@.gift)].sku", ["tea"]),
        ("$.lines[?(!@.gift)].sku", ["cup", "pot"]),
        ("$.lines[?(@.sku == $.tags[0])].sku", []),
        ("$.lines[?(@.sku in ['cup', 'tea'] && @.count < 2)].sku", ["cup"]),
        ("$.lines[?(@.sku =~ /P.*/i || @.count == 1)].sku", ["cup", "pot"]),
        ("$.lines[?(!(@.count > 1))].sku", ["cup"]),
        ("$.lines[?(@.missing == 1)]", []),
        ("$..nothing", []),
    ],
)
def test_an_indefinite_path_gives_a_list(text: str, values: list[Any]) -> None:
    assert not path(text).definite
    assert path(text).read(ORDER) == values


@pytest.mark.parametrize(
    "text",
    [
        "$.missing",
        "$.customer.name.first",
        "$.id[0]",
        "$.lines.sku",
        "$.lines[3]",
        "$.customer[0]",
        "$.missing[*]",
    ],
)
def test_a_definite_path_that_leads_nowhere_is_not_found(text: str) -> None:
    with pytest.raises(PathNotFound) as caught:
        path(text).read(ORDER)

    assert caught.value.path == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "$.",
        "$..",
        "$.a.",
        "$x y",
        "$['a'",
        "$['a',]",
        "$.a b",
        "$.a[]",
        "$.a[b]",
        "$.a[0 : 2]",
        "$.a[?@.b]",
        "$.a[(1)]",
        "$.a[?(@.b ==)]",
        "$.a[?(@.b == 'x]",
        "$.a[?(@.b ~ 1)]",
        "$.a.sum(1",
        "$.a[::2]",
        "$.a[1-2]",
        "$.a[?(1)]",
    ],
)
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(InvalidPath):
        path(text)


HOPELESS = [{"s": "a" * 60 + "b"}, {"s": "a" * 60 + "bc"}]


@pytest.mark.parametrize("regex", ["(a|aa)+", "(?=(a|aa)+d).*", "((a|aa)+){5,50}d"])
def test_a_regular_expression_that_takes_too_long_is_given_up(regex: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regexes, "SECONDS", 0.02)

    with pytest.raises(SearchGivenUp, match="cannot be matched in reasonable time"):
        path(f"$[?(@.s =~ /{regex}/)]").read(HOPELESS)


@pytest.mark.parametrize(("regex", "found"), [("(a+)+b", 1), ("(.*a){20}.*", 2), (".*(b|c)(?<!c)", 1)])
def test_a_regular_expression_that_only_looks_bad_is_matched(regex: str, found: int) -> None:
    assert len(path(f"$[?(@.s =~ /{regex}/)]").read(HOPELESS)) == found


def test_many_matches_that_each_take_little_are_too_much_together() -> None:
    objects = [{"s": "item-7"}] * 400

    assert path("$[?(@.s =~ /item-.*7/)].s").read(objects) == ["item-7"] * 400
    with pytest.raises(SearchGivenUp):
        path("$[?($[*].s =~ /item-8.*/)]").read(objects)


@pytest.mark.parametrize(
    "regex",
    ["((a{9}){999}){999}", "(a{1000}) {3000}/x", "(?R)?", "a{e}", "(?a)x", "(?L)x", "(?V0)(?V1)x", "[a&&[b]]", "["],
)
def test_a_regular_expression_that_java_does_not_have_is_refused(regex: str) -> None:
    with pytest.raises(InvalidPath):
        path(f"$[?(@.s =~ /{regex})]" if "/" in regex else f"$[?(@.s =~ /{regex}/)]")


def test_two_dollars_read_the_context_object() -> None:
    context = {"Execution": {"Id": "arn", "Input": {"a": [1, 2]}}}

    assert state_path("$$.Execution.Id").read({}, context=context) == "arn"
    assert state_path("$$.Execution.Input.a[1:]").read({}, context=context) == [2]
    assert state_path("$$").read({}, context=context) == context


def test_a_name_after_the_dollar_reads_a_variable() -> None:
    variables = {"order": ORDER, "größe": 3}

    assert state_path("$order.customer.name").read({}, variables=variables) == "Ada"
    assert state_path("$order.lines[?(@.count>1)].sku").read({}, variables=variables) == ["tea", "pot"]
    assert state_path("$größe").read({}, variables=variables) == 3


@pytest.mark.parametrize("variables", [None, {}, {"other": 1}])
def test_an_unknown_variable_is_not_found(variables: dict[str, Any] | None) -> None:
    with pytest.raises(PathNotFound):
        state_path("$order.id").read(ORDER, variables=variables)


@pytest.mark.parametrize("function", ["avg", "stddev", "sum"])
@pytest.mark.parametrize("numbers", [[10**400, 1], [1e308, 1e308]])
def test_a_number_too_large_to_be_calculated_with_is_a_failure(function: str, numbers: list[Any]) -> None:
    with pytest.raises(EvaluationFailed):
        path(f"$.{function}()").read(numbers)


@pytest.mark.parametrize(
    ("text", "value"),
    [("$.f.length()", "a name"), ("$.n[?(@ > 1)]", []), ("$.o[?(@.a > 1)].a", [2])],
)
def test_a_path_of_a_state_has_no_functions_and_filters_objects(text: str, value: Any) -> None:
    given = {"f": {"length()": "a name"}, "n": [1, 2, 3], "o": [{"a": 1}, {"a": 2}, 3]}

    assert state_path(text).read(given) == value


@pytest.mark.parametrize(
    ("text", "printed"),
    [("$['a', 'b'].v", "$['a', 'b']"), ("$.x[0]['a','b'][*]", "$['x'][0]['a', 'b']"), ("$$['a','b'].v", "$['a', 'b']")],
)
def test_several_names_are_the_end_of_a_path_of_a_state(text: str, printed: str) -> None:
    with pytest.raises(EvaluationFailed) as caught:
        state_path(text).read({"a": {"v": 1}}, context={})

    assert caught.value.message == f"Multi properties can only be used as path leafs: {printed}"


@pytest.mark.parametrize("text", ["$.customer.avg()", "$.tags.sum()", "$.id.first()", "$.tags.index(9)"])
def test_a_function_without_anything_to_work_on_fails(text: str) -> None:
    with pytest.raises(EvaluationFailed):
        path(text).read(ORDER)


def test_a_filter_on_a_primitive_is_an_invalid_path() -> None:
    with pytest.raises(InvalidPath):
        path("$.id[?(@.a)]").read(ORDER)


def test_true_is_not_one_and_one_is_one_point_zero() -> None:
    document = [{"v": 1}, {"v": True}, {"v": 1.0}, {"v": "1"}]

    assert path("$[?(@.v == 1)].v").read(document) == [1, 1.0, "1"]
    assert path("$[?(@.v === 1)].v").read(document) == [1, 1.0]
    assert path("$[?(@.v == true)].v").read(document) == [True]


def test_a_path_is_compiled_once() -> None:
    assert path("$.a.b") is path("$.a.b")


def test_reading_leaves_the_document_alone() -> None:
    document = {"list": [1]}

    path("$.list.append(2)").read(document)

    assert document == {"list": [1]}


@given(st.text(alphabet="$@.[]()'\"?*!&|=<>~/,:-0 1ab\\", max_size=25))
def test_any_text_is_a_path_or_refused(text: str) -> None:
    with contextlib.suppress(PathError):
        path(f"$.lines{text}").read(ORDER)


def test_a_path_nested_too_deeply_is_refused() -> None:
    with pytest.raises(InvalidPath):
        path(f"$.a[?({'(' * 5000}@.b{')' * 5000})]")


@pytest.mark.parametrize("text", ["$a", "$a.b", "$$", "$$.Execution"])
def test_the_roots_of_the_states_language_are_none_of_a_plain_path(text: str) -> None:
    with pytest.raises(InvalidPath):
        path(text)

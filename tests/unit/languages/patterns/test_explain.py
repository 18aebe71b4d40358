"""Why an event does not match."""

from __future__ import annotations

from emulator.languages.patterns import Mismatch, compile


def test_a_matching_event_has_nothing_to_explain() -> None:
    assert compile({"a": [1]}).explain({"a": 1}) == []


def test_each_field_that_fails_is_named_with_what_was_found() -> None:
    pattern = compile(
        {"source": ["a", {"prefix": "b"}], "detail": {"n": [{"numeric": [">", 0, "<=", 5]}], "ok": [True]}}
    )

    mismatches = pattern.explain({"source": "c", "detail": {"ok": True, "n": [6, "x"]}})

    assert mismatches == [
        Mismatch("detail.n", "numeric > 0 <= 5", '6, "x"'),
        Mismatch("source", '"a" or prefix "b"', '"c"'),
    ]


def test_an_absent_field_is_told_from_null() -> None:
    pattern = compile({"a": ["x"], "b": ["x"]})

    assert [mismatch.found for mismatch in pattern.explain({"a": None})] == ["null", "(absent)"]


def test_operators_are_named_as_in_the_pattern() -> None:
    tests = [
        {"anything-but": {"prefix": ["p", "q"]}},
        {"wildcard": "*x"},
        {"cidr": "10.0.0.0/8"},
        {"suffix": {"equals-ignore-case": "S"}},
        {"exists": False},
    ]
    (mismatch,) = compile({"f": [*tests]}).explain({"f": "p"})

    assert mismatch.expected == (
        'anything-but prefix ["p", "q"] or wildcard "*x" or cidr "10.0.0.0/8"'
        ' or suffix equals-ignore-case "S" or does not exist'
    )


def test_what_every_branch_of_or_lacks_stands_alone() -> None:
    pattern = compile({"s": ["a"], "$or": [{"x": [1]}, {"y": [2], "z": [3]}]})

    mismatches = pattern.explain({"s": "b", "x": 0, "z": 3})

    assert mismatches == [
        Mismatch("s", '"a"', '"b"'),
        Mismatch("$or", "(x 1) or (y 2)", "x 0, y (absent)"),
    ]


def test_only_the_common_field_is_named_when_a_branch_of_or_matches() -> None:
    pattern = compile({"s": ["a"], "$or": [{"x": [1]}, {"y": [2]}]})

    assert pattern.explain({"s": "b", "x": 1}) == [Mismatch("s", '"a"', '"b"')]


def test_fields_that_match_only_in_different_elements_are_named_together() -> None:
    pattern = compile({"l": {"a": [1], "b": [2]}})

    (mismatch,) = pattern.explain({"l": [{"a": 1}, {"b": 2}]})

    assert mismatch == Mismatch("l.a + l.b", "in one array element: l.a 1, l.b 2", "only in different elements")

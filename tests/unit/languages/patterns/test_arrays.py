"""Arrays in events: any element will do for one field, the same element for fields that share an array."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from emulator.languages.patterns import compile
from emulator.languages.patterns.fields import Field

PEOPLE = {"people": [{"first": "John", "last": "Doe"}, {"first": "Anna", "last": "Smith"}]}


def test_any_element_of_an_array_matches() -> None:
    pattern = compile({"tags": ["b", "c"]})

    assert pattern.matches({"tags": ["a", "b"]})
    assert not pattern.matches({"tags": ["a", "d"]})
    assert not pattern.matches({"tags": []})


def test_anything_but_matches_an_array_with_one_other_element() -> None:
    pattern = compile({"tags": [{"anything-but": "a"}]})

    assert pattern.matches({"tags": ["a", "b"]})
    assert not pattern.matches({"tags": ["a"]})


def test_one_element_must_satisfy_all_fields_below_an_array() -> None:
    pattern = compile({"people": {"first": ["Anna"], "last": ["Smith"]}})
    crossed = compile({"people": {"first": ["Anna"], "last": ["Doe"]}})

    assert pattern.matches(PEOPLE)
    assert not crossed.matches(PEOPLE)


def test_arrays_in_arrays_are_opened_and_kept_apart() -> None:
    event = {"a": [[{"x": 1, "y": 1}], [{"x": 2, "y": 2}, 5]]}

    assert compile({"a": {"x": [2], "y": [2]}}).matches(event)
    assert not compile({"a": {"x": [1], "y": [2]}}).matches(event)
    assert compile({"a": [5]}).matches(event)


def test_elements_of_nested_arrays_agree_at_every_level() -> None:
    event = {"o": [{"id": 1, "l": [{"s": "a", "q": 1}]}, {"id": 2, "l": [{"s": "b", "q": 1}, {"s": "c", "q": 2}]}]}

    assert compile({"o": {"id": [2], "l": {"s": ["c"], "q": [2]}}}).matches(event)
    assert not compile({"o": {"id": [2], "l": {"s": ["b"], "q": [2]}}}).matches(event)
    assert not compile({"o": {"id": [1], "l": {"s": ["c"]}}}).matches(event)


def test_different_arrays_do_not_constrain_each_other() -> None:
    event = {"a": [{"x": 1}, {"x": 2}], "b": [{"y": 1}, {"y": 2}]}

    assert compile({"a": {"x": [1]}, "b": {"y": [2]}}).matches(event)


def test_absence_is_judged_in_the_element_chosen_by_the_fields_before_it() -> None:
    event = {"a": [{"k": 1}, {"k": 2, "z": 1}]}

    assert compile({"a": {"k": [1], "z": [{"exists": False}]}}).matches(event)
    assert not compile({"a": {"k": [2], "z": [{"exists": False}]}}).matches(event)
    assert not compile({"a": {"z": [{"exists": False}]}}).matches(event)


def test_large_arrays_that_never_agree_are_decided_quickly() -> None:
    event = {"a": [{"x": number % 2, "y": (number + 1) % 2} for number in range(4000)]}

    assert not compile({"a": {"x": [1], "y": [1]}}).matches(event)


NAMES = st.sampled_from(["a", "b", "a.b"])
SCALARS = st.sampled_from(["x", 1, None])
VALUES = st.recursive(
    SCALARS,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(NAMES, below, max_size=2),
    max_leaves=8,
)
LEAVES = st.lists(SCALARS | st.just({"exists": True}) | st.just({"anything-but": "x"}), min_size=1, max_size=2)
PATTERNS = st.dictionaries(NAMES, LEAVES | st.dictionaries(NAMES, LEAVES, min_size=1, max_size=2), min_size=1)


def _some_choice_is_consistent(fields: Sequence[Field], event: dict[str, Any]) -> bool:
    """The rule as AWS words it: try every choice of one accepted value per field."""
    accepted = [[where for value, where in field.collect(event) if field.accepts(value)] for field in fields]
    return any(
        all(dict(one).get(route, index) == index for one, other in combinations(choice, 2) for route, index in other)
        for choice in product(*accepted)
    )


@given(PATTERNS, st.dictionaries(NAMES, VALUES, min_size=1))
def test_a_match_is_a_choice_of_values_without_two_elements_of_one_array(
    document: dict[str, Any], event: dict[str, Any]
) -> None:
    pattern = compile(document)

    assert pattern.matches(event) == _some_choice_is_consistent(pattern.alternatives[0].by_path, event)

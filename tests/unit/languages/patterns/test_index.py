"""The index finds what matching one by one finds."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from emulator.languages.patterns import Index, compile

SCALARS = st.sampled_from(["x", "y", "z", "::1", 0, 1, 1.5, 7_000_000_000, True, False, None])
NAMES = st.sampled_from(["a", "b", "a.b"])
TESTS: st.SearchStrategy[Any] = SCALARS | st.sampled_from(
    [{"prefix": "x"}, {"exists": False}, {"exists": True}, {"anything-but": "x"}, {"numeric": [">", 0]}]
)
LEAVES = st.lists(TESTS, min_size=1, max_size=2)
OBJECTS = st.dictionaries(NAMES, LEAVES | st.dictionaries(NAMES, LEAVES, min_size=1, max_size=2), min_size=1)
PATTERNS = OBJECTS | st.builds(lambda fields, left, right: {**fields, "$or": [left, right]}, OBJECTS, OBJECTS, OBJECTS)
VALUES = st.recursive(
    SCALARS,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(NAMES, below, max_size=2),
    max_leaves=6,
)
EVENTS = st.dictionaries(NAMES, VALUES)


@given(st.lists(PATTERNS, max_size=40), st.lists(EVENTS, min_size=1, max_size=4), st.sets(st.integers(0, 39)))
def test_the_index_answers_as_matching_one_by_one(
    documents: list[dict[str, Any]], events: list[dict[str, Any]], removed: set[int]
) -> None:
    patterns = dict(enumerate(map(compile, documents)))
    index: Index[int] = Index()
    for key, pattern in patterns.items():
        index.add(key, pattern)
    for key in removed:
        index.remove(key)
        patterns.pop(key, None)

    for event in events:
        assert index.match(event) == [key for key, pattern in patterns.items() if pattern.matches(event)]
    assert len(index) == len(patterns)


def test_adding_under_a_known_key_replaces_the_pattern() -> None:
    index: Index[str] = Index()
    index.add("rule", compile({"a": [1]}))
    index.add("rule", compile({"a": [2]}))

    assert index.match({"a": 1}) == []
    assert index.match({"a": 2}) == ["rule"]


def test_a_pattern_with_several_ways_to_match_is_returned_once() -> None:
    index: Index[str] = Index()
    index.add("rule", compile({"$or": [{"a": [1, 2]}, {"b": [{"exists": True}]}]}))

    assert index.match({"a": [1, 2], "b": 1}) == ["rule"]


def test_patterns_are_filed_by_the_field_that_tells_them_apart() -> None:
    index: Index[int] = Index()
    asked: list[str] = []

    class Event(dict[str, Any]):
        def get(self, key: str, default: object = None) -> Any:
            asked.append(key)
            return super().get(key, default)

    for number in range(200):
        index.add(number, compile({"source": ["shop"], "kind": [f"k{number}"]}))

    assert index.match(Event(source="shop", kind="k7")) == [7]
    assert asked == ["kind", "source"]

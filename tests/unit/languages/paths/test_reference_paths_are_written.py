"""Where a Reference Path puts a value, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.languages.paths import InvalidPath, ReferencePathMismatch, path, reference

NAMES = st.text(alphabet="abcdeé_", min_size=1, max_size=3)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("text", "document", "written"),
    [
        ("$", {"a": 1}, "new"),
        ("$.a", {"a": 1, "b": 2}, {"a": "new", "b": 2}),
        ("$.x.y.z", {"a": 1}, {"a": 1, "x": {"y": {"z": "new"}}}),
        ("$['x y'].z", {}, {"x y": {"z": "new"}}),
        ("$.list[1]", {"list": [1, 2, 3]}, {"list": [1, "new", 3]}),
        ("$.list[0].a", {"list": [{"b": 1}]}, {"list": [{"b": 1, "a": "new"}]}),
    ],
)
def test_a_value_is_put_where_the_path_points(text: str, document: Any, written: Any) -> None:
    assert reference(text).write(document, "new") == written


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("$.a", "text"),
        ("$.a", [1]),
        ("$.a.b", {"a": 1}),
        ("$.a.b", {"a": None}),
        ("$.list[3]", {"list": [1, 2, 3]}),
        ("$.list[0]", {}),
        ("$[0]", {"a": 1}),
    ],
)
def test_what_is_in_the_way_is_a_mismatch(text: str, document: Any) -> None:
    with pytest.raises(ReferencePathMismatch):
        reference(text).write(document, "new")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.b",
        "@.a",
        "$$.a",
        "$name.a",
        "$.a[*]",
        "$..a",
        "$.a[0,1]",
        "$.a[1:2]",
        "$.a[-1]",
        "$.a[?(@.b)]",
        "$.a['b','c']",
        "$.a.length()",
        "$.a.*",
        "$.a[",
        "$.a[0]b",
        "$.a b",
    ],
)
def test_only_paths_to_a_single_place_are_reference_paths(text: str) -> None:
    with pytest.raises(InvalidPath):
        reference(text)


def test_the_given_document_is_unchanged_and_shared_beside_the_path() -> None:
    document = {"a": {"b": 1}, "beside": {"c": [1, 2]}}

    written = reference("$.a.b").write(document, 2)

    assert document == {"a": {"b": 1}, "beside": {"c": [1, 2]}}
    assert written["beside"] is document["beside"]


@given(
    document=st.dictionaries(NAMES, JSON, max_size=3),
    names=st.lists(NAMES, min_size=1, max_size=3),
    value=JSON,
)
def test_what_is_written_is_read_back(document: dict[str, Any], names: list[str], value: Any) -> None:
    text = "$" + "".join(f"['{name}']" for name in names)

    try:
        written = reference(text).write(document, value)
    except ReferencePathMismatch:
        return

    assert path(text).read(written) == value

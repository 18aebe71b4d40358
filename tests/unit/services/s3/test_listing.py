"""Pages of listings against a plain model: every key or common prefix once, in order, whatever the page size."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.services.s3.model.listing import Page, encoded, page, roll_up

Row = dict[str, str]
KEYS = ["a", "a/", "a/1", "a/2/x", "a/2/y", "a0", "b/b", "b/c", "c", "Ä", "\uffff", "😀/x"]


def fetcher(keys: list[str]) -> Callable[[str, str, int], list[Row]]:
    ordered = sorted(set(keys))
    return lambda start, end, count: [{"key": key} for key in ordered if start <= key < end][:count]


def every_page(keys: list[str], prefix: str, delimiter: str, most: int) -> list[str]:
    shown: list[str] = []
    after = ""
    while True:
        found: Page[Row] = page(fetcher(keys), prefix=prefix, delimiter=delimiter, after=after, most=most)
        shown += sorted([str(row["key"]) for row in found.rows] + found.prefixes)
        if not found.truncated:
            return shown
        assert len(found.rows) + len(found.prefixes) == most
        after = found.last


def expected(keys: list[str], prefix: str, delimiter: str) -> list[str]:
    entries = set()
    for key in keys:
        if key.startswith(prefix):
            at = key.find(delimiter, len(prefix)) if delimiter else -1
            entries.add(key if at < 0 else key[: at + len(delimiter)])
    return sorted(entries)


@pytest.mark.parametrize("most", [1, 2, 3, 1000])
@pytest.mark.parametrize("prefix", ["", "a", "a/", "a/2", "b/", "nothing", "😀"])
@pytest.mark.parametrize("delimiter", ["", "/", "2/"])
def test_all_pages_together_show_every_entry_once_and_in_order(prefix: str, delimiter: str, most: int) -> None:
    assert every_page(KEYS, prefix, delimiter, most) == expected(KEYS, prefix, delimiter)


@given(
    keys=st.lists(st.text("ab/\ud7ff\ue000😀", min_size=1, max_size=5), max_size=30),
    prefix=st.text("ab/", max_size=2),
    delimiter=st.sampled_from(["", "/", "a", "//"]),
    most=st.integers(1, 4),
)
def test_any_keys_are_paged_as_the_plain_model_says(keys: list[str], prefix: str, delimiter: str, most: int) -> None:
    assert every_page(keys, prefix, delimiter, most) == expected(keys, prefix, delimiter)


def test_keys_below_a_common_prefix_are_jumped_over() -> None:
    keys = [f"many/{number:05}" for number in range(5000)] + ["z"]
    asked: list[str] = []

    def fetch(start: str, end: str, count: int) -> list[Row]:
        asked.append(start)
        return fetcher(keys)(start, end, count)

    found: Page[Row] = page(fetch, prefix="", delimiter="/", after="", most=10)

    assert (found.prefixes, [row["key"] for row in found.rows]) == (["many/"], ["z"])
    assert len(asked) == 2


def test_a_marker_below_a_common_prefix_leaves_that_prefix_out() -> None:
    keys = ["folder/sub/1", "folder/sub/2", "folder/file1", "folder/file2"]

    found: Page[Row] = page(fetcher(keys), prefix="folder/", delimiter="/", after="folder/sub/1", most=10)

    assert (found.rows, found.prefixes) == ([], [])


def test_a_page_of_no_entries_is_empty_and_not_truncated() -> None:
    found: Page[Row] = page(fetcher(KEYS), prefix="", delimiter="", after="", most=0)

    assert (found.rows, found.truncated) == ([], False)


def test_a_key_that_comes_twice_is_rolled_up_once() -> None:
    rows = [{"key": "a/1"}, {"key": "a/1"}, {"key": "b"}, {"key": "b"}]

    found = roll_up(rows, prefix="", delimiter="/", after="", most=3)

    assert found.prefixes == ["a/"]
    assert [row["key"] for row in found.rows] == ["b", "b"]
    assert not found.truncated


def test_keys_are_percent_encoded_as_a_form_is() -> None:
    assert encoded("a b/ä+~%", "url") == "a+b/%C3%A4%2B%7E%25"
    assert encoded("a b", None) == "a b"

"""Which files of a bucket's folder are meant to be objects."""

from __future__ import annotations

from pathlib import Path

import pytest

from emulator.project import drops


@pytest.mark.parametrize("path", ["a.csv", "in/side/a.csv", "a b.txt", "tilde~a", "part"])
def test_an_ordinary_file_is_an_object(path: str) -> None:
    assert drops.counts(Path(path))


@pytest.mark.parametrize(
    "path", [".a", ".git/config", "in/.hidden/a", "a.part", "a.crdownload", "a.txt~", ".stepwell-x"]
)
def test_a_hidden_or_partial_file_is_none(path: str) -> None:
    assert not drops.counts(Path(path))


def test_the_state_of_a_file_changes_with_its_content(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("1")
    before = drops.state_of(file)

    file.write_text("22")

    assert drops.state_of(file) != before
    assert drops.state_of(tmp_path) is None
    assert drops.state_of(tmp_path / "nothing") is None

"""Durations and moments as people write them."""

from __future__ import annotations

import pytest

from emulator.cli import times
from emulator.errors import EmulatorError


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        ("1.5", 1.5),
        ("30s", 30),
        ("10m", 600),
        ("1.5h", 5400),
        ("1d12h", 129_600),
        ("2w", 1_209_600),
        ("250ms", 0.25),
    ],
)
def test_a_duration_is_read_as_seconds(text: str, seconds: float) -> None:
    assert times.seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "d", "1y", "-1d", "1d 2h", "1dd", "one"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(EmulatorError, match="is not a duration"):
        times.seconds(text)


@pytest.mark.parametrize(
    "text", ["2026-12-24T18:00:00Z", "2026-12-24T18:00:00", "2026-12-24 19:00:00+01:00", "2026-12-24T18:00"]
)
def test_a_moment_without_an_offset_is_utc(text: str) -> None:
    assert times.shown(times.moment(text)) == "2026-12-24 18:00:00.000Z"


def test_what_is_no_moment_is_refused() -> None:
    with pytest.raises(EmulatorError, match="is not a moment"):
        times.moment("tomorrow")

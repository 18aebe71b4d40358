"""How a moment is shown to a workflow."""

from datetime import UTC, datetime

import pytest

from emulator.languages.asl.timestamps import stamp


@pytest.mark.parametrize(
    ("microsecond", "fraction"), [(0, ""), (999, ""), (1_000, ".001"), (120_000, ".120"), (123_456, ".123")]
)
def test_a_moment_has_milliseconds_or_no_fraction(microsecond: int, fraction: str) -> None:
    assert stamp(datetime(2026, 1, 2, 3, 4, 5, microsecond, UTC)) == f"2026-01-02T03:04:05{fraction}Z"

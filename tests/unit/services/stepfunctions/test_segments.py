"""Segments of a history, packed and unpacked."""

from datetime import UTC, datetime

import pytest

from emulator.services.stepfunctions.work.segments import pack, unpack

MOMENT = datetime(2026, 1, 1, 12, 0, 0, 123000, tzinfo=UTC)


@pytest.mark.parametrize("count", [1, 40, 1_000])
@pytest.mark.parametrize("value", [{"a": 1}, {"big": 10**30}, {"odd": "\ud800"}])
def test_a_history_of_any_size_is_packed_and_unpacked_unchanged(value: dict[str, object], count: int) -> None:
    events = [{"id": number, "timestamp": MOMENT, "details": value} for number in range(count)]

    assert unpack(pack(events)) == events


@pytest.mark.parametrize(("count", "most"), [(1, 1.1), (40, 0.3), (1_000, 0.3)])
def test_what_repeats_itself_is_packed_small(count: int, most: float) -> None:
    events = [{"id": number, "timestamp": MOMENT, "type": "PassStateEntered"} for number in range(count)]

    assert len(pack(events)) < most * count * len(str(events[0]))

"""An account's time follows from wall time by its mode, and never jumps when the mode changes."""

from datetime import UTC, datetime, timedelta

import pytest

from emulator.clock import AccountTime, FrozenClock, from_micros, to_micros

DAY = 86_400_000_000


def test_a_moment_survives_the_way_through_microseconds():
    moment = datetime(2026, 2, 28, 23, 59, 59, 999_999, tzinfo=UTC)

    assert from_micros(to_micros(moment)) == moment


def test_microseconds_are_exact_far_from_the_epoch():
    moment = datetime(9998, 12, 31, 23, 59, 59, 1, tzinfo=UTC)

    assert from_micros(to_micros(moment)) == moment


def test_a_moment_before_the_epoch_is_negative():
    assert to_micros(datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)) == -1_000_000


def test_a_frozen_wall_clock_moves_only_by_hand():
    clock = FrozenClock(datetime(2026, 1, 1, tzinfo=UTC))
    before = clock.micros()

    clock.advance(timedelta(seconds=3))

    assert clock.micros() - before == 3_000_000


def test_an_account_never_touched_has_wall_time():
    assert AccountTime().emulated(123) == 123
    assert AccountTime().wall(123) == 123


@pytest.mark.parametrize(
    ("time", "after_ten"),
    [
        pytest.param(AccountTime("real", 1.0, 100, 5_000), 5_010, id="real"),
        pytest.param(AccountTime("scaled", 60.0, 100, 5_000), 5_600, id="scaled"),
        pytest.param(AccountTime("frozen", 1.0, 100, 5_000), 5_000, id="frozen"),
    ],
)
def test_time_runs_as_its_mode_says(time, after_ten):
    assert time.emulated(110) == after_ten


@pytest.mark.parametrize("mode", ["real", "scaled"])
def test_the_wall_time_of_a_moment_is_when_the_account_reaches_it(mode):
    time = AccountTime(mode, 4.0 if mode == "scaled" else 1.0, 1_000, 9_000)

    wall = time.wall(9_400)

    assert wall is not None
    assert time.emulated(wall) == 9_400


def test_a_frozen_account_reaches_no_moment():
    assert AccountTime("frozen", 1.0, 0, 5).wall(6) is None


@pytest.mark.parametrize("mode", ["real", "scaled", "frozen"])
@pytest.mark.parametrize("later", ["real", "scaled", "frozen"])
def test_a_change_of_mode_does_not_move_time(mode, later):
    time = AccountTime(mode, 10.0 if mode == "scaled" else 1.0, 0, DAY)

    changed = time.in_mode(later, 3.0, 777)

    assert changed.emulated(777) == time.emulated(777)
    assert changed.mode == later


@pytest.mark.parametrize("mode", ["real", "scaled", "frozen"])
def test_a_jump_keeps_mode_and_pace(mode):
    time = AccountTime(mode, 2.0, 0, 0)

    moved = time.moved_to(DAY, 500)

    assert moved.emulated(500) == DAY
    assert (moved.mode, moved.scale) == (mode, 2.0)

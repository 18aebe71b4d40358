"""Requests that wait are called again in their order, once, and none misses what happens while it parks."""

import pytest

from emulator.kit.parking import Parked, Parking

ACCOUNT = "111111111111"


@pytest.fixture
def parking(timers):
    return Parking(timers.call_later)


@pytest.fixture
def heard():
    return []


@pytest.fixture
def park(parking, heard):
    def park(name, *keys, seconds=10.0, since=None, **more):
        parked = Parked(ACCOUNT, keys or ("key",), lambda expired: heard.append((name, expired)), **more)
        parking.park(parked, seconds, parking.sequence if since is None else since)
        return parked

    return park


def test_a_wake_calls_everyone_who_waits_in_the_order_of_their_coming(parking, park, heard):
    for name in "abc":
        park(name)

    parking.wake("key")

    assert heard == [("a", False), ("b", False), ("c", False)]
    assert len(parking) == 0


def test_a_wake_with_a_count_calls_those_who_waited_longest(parking, park, heard):
    for name in "abc":
        park(name)

    parking.wake("key", 2)

    assert [name for name, _ in heard] == ["a", "b"]
    assert len(parking) == 1


def test_a_wake_calls_nobody_of_another_key(parking, park, heard):
    park("a", "other")

    parking.wake("key")

    assert heard == []


def test_who_waits_for_two_keys_is_called_once(parking, park, heard):
    park("a", "one", "two")

    parking.wake("two")
    parking.wake("one")

    assert heard == [("a", False)]


def test_a_wake_between_reading_and_parking_is_not_missed(parking, park, heard, timers):
    seen = parking.sequence
    parking.wake("key")

    park("late", since=seen)
    timers.settle()

    assert heard == [("late", False)]
    assert len(parking) == 0


def test_a_wake_before_the_reading_is_no_reason_to_be_called(parking, park, heard, timers):
    parking.wake("key")

    park("a")
    timers.settle()

    assert heard == []


def test_a_wake_of_a_key_that_is_no_longer_remembered_is_not_missed(parking, park, heard, timers):
    seen = parking.sequence
    parking.wake("key")
    for number in range(parking.REMEMBERED):
        parking.wake(f"other {number}")

    park("late", since=seen)
    timers.settle()

    assert heard == [("late", False)]


def test_who_is_not_woken_hears_of_the_deadline(parking, park, heard, timers):
    park("a", seconds=10)

    timers.pass_time(9.9)
    before = list(heard)
    timers.pass_time(0.2)

    assert before == []
    assert heard == [("a", True)]
    assert len(parking) == 0


def test_who_was_woken_hears_nothing_at_the_deadline(parking, park, heard, timers):
    park("a", seconds=10)
    parking.wake("key")

    timers.pass_time(20)

    assert heard == [("a", False)]


def test_who_left_is_not_called(parking, park, heard, timers):
    parked = park("a", "one", "two", wake_at=5)

    parking.leave(parked)
    parking.wake("one")
    parking.wake_due(ACCOUNT, 10)
    timers.pass_time(60)

    assert heard == []
    assert parking.next_wake(ACCOUNT) is None


def test_leaving_twice_does_no_harm(parking, park, heard):
    parked, _ = park("a"), park("b")

    parking.leave(parked)
    parking.leave(parked)
    parking.wake("key")

    assert heard == [("b", False)]


def test_a_moment_of_its_own_calls_a_request(parking, park, heard):
    park("early", wake_at=100)
    park("late", wake_at=200)

    parking.wake_due(ACCOUNT, 150)

    assert heard == [("early", False)]
    assert parking.next_wake(ACCOUNT) == 200


def test_the_account_s_time_may_jump_as_far_as_the_most_patient_allows(parking, park):
    park("a", skip_until=100)
    park("b", skip_until=300, wake_at=300)
    park("c", wake_at=50)

    assert parking.skip_until(ACCOUNT) == 300
    assert parking.next_wake(ACCOUNT) == 50
    assert parking.skip_until("222222222222") is None


def test_an_account_is_watched_while_somebody_waits_for_rest_or_a_jump(parking, park):
    quiet = parking.watches(ACCOUNT)
    parked = park("a", f"idle:{ACCOUNT}")

    watched = parking.watches(ACCOUNT)
    parking.leave(parked)

    assert (quiet, watched, parking.watches(ACCOUNT)) == (False, True, False)


def test_one_that_is_woken_twice_at_once_is_called_once(parking, heard):
    def first(expired):
        heard.append("first")
        parking.wake("key")

    parking.park(Parked(ACCOUNT, ("key",), first), 10, parking.sequence)
    parking.park(Parked(ACCOUNT, ("key",), lambda expired: heard.append("second")), 10, parking.sequence)

    parking.wake("key")

    assert heard == ["first", "second"]


def test_at_the_end_everyone_hears_of_a_deadline_and_nobody_parks_any_more(parking, park, heard, timers):
    park("a")

    parking.resume_all()
    park("late")
    timers.settle()

    assert heard == [("a", True), ("late", True)]
    assert len(parking) == 0

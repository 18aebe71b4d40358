"""Work that sleeps costs nothing, hears every wake of its keys, and is asked to look again at each start."""

import pytest

from emulator.kit.parking import Parked
from emulator.kit.results import Sleep
from emulator.kit.runner import Runner

ACCOUNT = "111111111111"


@pytest.fixture
def sleeper(workshop, done):
    """Work that notes each of its runs and sleeps again; its payload says until when."""

    def run(ctx, item):
        done.append(ctx.micros)
        seconds = item.payload.get("seconds")
        return Sleep(("key", "other"), None if seconds is None else ctx.after(seconds))

    return workshop.kind("sleep", run)


def wake(workshop, key, count=None):
    workshop.do(lambda ctx: ctx.wake(key, count))
    workshop.settle()


def test_sleeping_work_is_run_at_each_wake_of_its_keys(workshop, sleeper, done):
    workshop.add(sleeper)
    workshop.settle()

    wake(workshop, "key", 1)
    wake(workshop, "other")
    wake(workshop, "nothing")

    assert len(done) == 3


def test_sleeping_work_is_not_counted_among_the_requests_that_wait(workshop, sleeper, done):
    heard = []
    workshop.add(sleeper)
    workshop.settle()
    parking = workshop.house.parking
    parking.park(Parked(ACCOUNT, ("key",), heard.append), 600, parking.sequence)

    wake(workshop, "key", 1)

    assert (len(done), heard) == (2, [False])


def test_a_wake_while_work_lies_down_is_not_missed(workshop, done):
    def run(ctx, item):
        done.append(item.id)
        if len(done) == 1:
            workshop.house.parking.wake("key")
        return Sleep(("key",))

    workshop.add(workshop.kind("sleep", run))
    workshop.settle()

    assert len(done) == 2


def test_sleeping_work_is_run_when_its_moment_has_come(workshop, sleeper, done):
    workshop.add(sleeper, {"seconds": 60})
    workshop.settle()

    workshop.timers.pass_time(150)

    assert [moment - done[0] for moment in done] == [0, 60_000_000, 120_000_000]


def test_an_account_whose_work_sleeps_is_quiet_and_has_nothing_pending(workshop, sleeper):
    workshop.add(sleeper)
    workshop.settle()

    quiet, due = workshop.do(lambda ctx: (ctx.quiet(), ctx.house.work.next_due(ctx.tx, ACCOUNT)))

    assert (quiet, due) == (True, None)
    assert workshop.rows() == []


def test_sleeping_work_that_is_cancelled_is_not_run_again(workshop, sleeper, done):
    workshop.add(sleeper, key="k")
    workshop.settle()

    workshop.do(lambda ctx: ctx.cancel_work(sleeper, "k"))
    wake(workshop, "key")

    assert len(done) == 1


def test_at_its_first_look_a_process_runs_what_slept_before(workshop, sleeper, done):
    workshop.add(sleeper)
    workshop.settle()

    again = Runner(workshop.house, workshop.timers.call_later, {})
    again.look()
    workshop.settle()
    again.look()
    workshop.settle()

    assert len(done) == 2

"""Time jumps for who asks for it, to what is next and no further; frozen and scaled accounts keep their pace."""

import asyncio
from datetime import timedelta

import pytest

from emulator.clock import AccountTime
from emulator.kit.parking import Parked
from emulator.kit.results import Outside

ACCOUNT, OTHER = "111111111111", "222222222222"
SECOND = 1_000_000


@pytest.fixture
def note(workshop, done):
    return workshop.kind("note", lambda ctx, item: done.append(ctx.micros))


def now(workshop, account=ACCOUNT):
    return workshop.do(lambda ctx: ctx.micros, account)


def wait(workshop, heard, *keys, skip=None, wake=None, account=ACCOUNT):
    """A request that waits until it is called, as Calls would park it."""
    parked = Parked(account, keys, lambda expired: heard.append(expired), wake, skip)
    workshop.house.parking.park(parked, 600, workshop.house.parking.sequence)
    workshop.runner.alarms.parked(parked)
    return parked


def test_without_a_waiter_time_does_not_jump(workshop, note, done):
    workshop.add(note, after=3600)

    workshop.settle()

    assert done == []


def test_time_jumps_to_what_is_due_next_and_then_to_the_waiter_s_moment(workshop, note, done):
    start, heard = now(workshop), []
    workshop.add(note, after=3600)
    workshop.add(note, after=60)
    limit = start + 7200 * SECOND

    wait(workshop, heard, "key", skip=limit, wake=limit)
    workshop.settle()

    assert [moment - start for moment in done] == [60 * SECOND, 3600 * SECOND]
    assert heard == [False]
    assert now(workshop) == limit


def test_time_does_not_jump_past_the_waiter_s_limit(workshop, note, done):
    start, heard = now(workshop), []
    workshop.add(note, after=3600)

    wait(workshop, heard, "key", skip=start + 60 * SECOND, wake=start + 60 * SECOND)
    workshop.settle()

    assert done == []
    assert now(workshop) == start + 60 * SECOND


def test_with_several_waiters_each_is_called_at_its_own_moment(workshop, note, done):
    start, near, far = now(workshop), [], []
    workshop.add(note, after=100)

    wait(workshop, far, "key", skip=start + 200 * SECOND, wake=start + 200 * SECOND)
    wait(workshop, near, "key", skip=start + 50 * SECOND, wake=start + 50 * SECOND)
    workshop.timers.step()
    while not near and workshop.timers.step():
        pass
    at_the_first = now(workshop)
    workshop.settle()

    assert at_the_first == start + 50 * SECOND
    assert done == [start + 100 * SECOND]
    assert far == [False]


def test_a_waiter_whose_condition_never_holds_leaves_the_loop_in_peace(workshop):
    heard = []

    wait(workshop, heard, "never", skip=now(workshop) + 60 * SECOND)
    workshop.timers.settle(rounds=50)

    assert heard == []
    assert len(workshop.house.parking) == 1


def test_time_stands_for_a_waiter_while_something_is_performed_outside(workshop, done):
    start, heard = now(workshop), []
    kind = workshop.kind("outside", lambda ctx, item: Outside("x"), finish=lambda *_: done.append(1))
    workshop.add(kind)

    wait(workshop, heard, "key", skip=start + 60 * SECOND, wake=start + 60 * SECOND)
    workshop.settle()
    during = now(workshop)
    workshop.performed[0][1](None)
    workshop.settle()

    assert during == start
    assert done == [1]
    assert now(workshop) == start + 60 * SECOND


def test_the_jump_of_an_account_is_not_another_s(workshop):
    before, heard = now(workshop, OTHER), []
    limit = now(workshop) + 60 * SECOND

    wait(workshop, heard, "key", skip=limit, wake=limit)
    workshop.settle()

    assert now(workshop, OTHER) == before


def test_who_waits_for_rest_hears_of_it_when_the_last_item_is_done(workshop, note, done):
    heard = []
    workshop.add(note)
    workshop.add(note)

    wait(workshop, heard, f"idle:{ACCOUNT}")
    early = list(heard)
    workshop.settle()

    assert early == []
    assert len(done) == 2
    assert heard == [False]


def test_rest_that_comes_between_looking_and_waiting_is_not_missed(workshop, note):
    workshop.add(note)
    seen = workshop.house.parking.sequence
    workshop.settle()
    heard = []

    workshop.house.parking.park(Parked(ACCOUNT, (f"idle:{ACCOUNT}",), heard.append), 600, seen)
    workshop.settle()

    assert heard == [False]


# -- frozen and scaled


def set_time(workshop, **change):
    def unit(ctx):
        time = ctx.house.accounts.time(ctx.tx, ACCOUNT)
        changed = time.in_mode(change["mode"], change.get("scale", 1.0), ctx.wall)
        if "jump" in change:
            changed = changed.moved_to(changed.emulated(ctx.wall) + change["jump"] * SECOND, ctx.wall)
        ctx.house.accounts.set(ctx.tx, ACCOUNT, changed)
        ctx.time_changed()

    workshop.do(unit)


def test_a_frozen_account_s_work_waits_until_somebody_moves_its_time(workshop, note, done):
    set_time(workshop, mode="frozen")
    workshop.add(note, after=10)

    workshop.timers.pass_time(3600)
    before = list(done)
    set_time(workshop, mode="frozen", jump=11)
    workshop.settle()

    assert before == []
    assert len(done) == 1


def test_a_frozen_account_does_what_is_due_already(workshop, note, done):
    set_time(workshop, mode="frozen")

    for _ in range(250):
        workshop.add(note, after=0)
    workshop.settle()

    assert len(done) == 250


def test_a_frozen_account_s_time_jumps_for_a_waiter(workshop, note, done):
    set_time(workshop, mode="frozen")
    start, heard = now(workshop), []
    workshop.add(note, after=30)

    wait(workshop, heard, "key", skip=start + 60 * SECOND, wake=start + 60 * SECOND)
    workshop.settle()

    assert done == [start + 30 * SECOND]
    assert now(workshop) == start + 60 * SECOND


def test_a_scaled_account_s_work_is_done_sooner(workshop, note, done):
    set_time(workshop, mode="scaled", scale=60.0)
    start = now(workshop)
    workshop.add(note, after=3600)

    workshop.timers.pass_time(59.9)
    before = list(done)
    workshop.timers.pass_time(0.2)

    assert before == []
    assert 0 <= done[0] - start - 3600 * SECOND < SECOND


def test_a_timer_follows_a_change_of_pace(workshop, note, done):
    workshop.add(note, after=3600)

    set_time(workshop, mode="scaled", scale=3600.0)
    workshop.timers.pass_time(1.01)

    assert len(done) == 1


def test_thawing_goes_on_from_where_time_stood(workshop, note, done):
    set_time(workshop, mode="frozen")
    workshop.add(note, after=10)
    workshop.timers.pass_time(100)

    set_time(workshop, mode="real")
    workshop.timers.pass_time(9)
    before = list(done)
    workshop.timers.pass_time(2)

    assert before == []
    assert len(done) == 1


# -- the row of an account


def test_an_account_never_touched_has_no_row_and_wall_time(workshop):
    assert now(workshop) == workshop.wall.micros()


def test_an_account_s_time_is_kept_in_the_store(workshop):
    set_time(workshop, mode="scaled", scale=7.0, jump=100)
    before = now(workshop)

    workshop.house.accounts.forget(ACCOUNT)

    assert now(workshop) == before
    assert workshop.do(lambda ctx: ctx.house.accounts.time(ctx.tx, ACCOUNT)).scale == 7.0


def test_a_change_of_time_that_is_rolled_back_never_was(workshop):
    before = now(workshop)

    def unit(tx):
        workshop.house.accounts.set(tx, ACCOUNT, AccountTime("frozen", 1.0, 0, 5))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        workshop.house.store.run(unit)

    assert now(workshop) == before


def test_time_does_not_jump_over_what_is_being_claimed(workshop, note, done):
    start, heard, loop = now(workshop), [], asyncio.new_event_loop()
    limit = start + 7200 * SECOND
    workshop.add(note, after=60)
    workshop.wall.advance(timedelta(seconds=60))
    workshop.house.store.bind(loop)

    workshop.runner.alarms.look_at(ACCOUNT)
    wait(workshop, heard, "key", skip=limit, wake=limit)
    workshop.timers.settle()  # before the store tells what was claimed
    for _ in range(20):
        loop.run_until_complete(asyncio.sleep(0))
        workshop.timers.settle()
    workshop.house.store.bind(None)
    loop.close()

    assert [moment - start for moment in done] == [60 * SECOND]
    assert heard == [False]

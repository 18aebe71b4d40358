"""Work is done once, in order and in slices; what goes wrong is kept and tried again."""

from datetime import timedelta

import pytest

from emulator.kit.results import Again, Outside
from emulator.kit.runner import SLICE

ACCOUNT, OTHER = "111111111111", "222222222222"


def test_an_item_is_run_once_and_its_row_is_gone(workshop, done):
    kind = workshop.kind("note", lambda ctx, item: done.append((item.payload, ctx.account, ctx.region)))

    workshop.add(kind, {"n": 1})
    workshop.settle()
    workshop.timers.pass_time(3600)

    assert done == [({"n": 1}, ACCOUNT, "us-east-1")]
    assert workshop.rows() == []


def test_an_item_runs_under_the_trace_of_its_cause(workshop, done):
    kind = workshop.kind("note", lambda ctx, item: done.append((ctx.origin.trace_id, ctx.origin.cause)))

    workshop.add(kind)
    workshop.settle()

    assert done == [("1-trace", "test")]


def test_items_run_in_the_order_in_which_they_were_added(workshop, done):
    kind = workshop.kind("note", lambda ctx, item: done.append(item.payload["n"]))

    for number in range(20):
        workshop.add(kind, {"n": number})
    workshop.settle()

    assert done == list(range(20))


def test_an_item_for_later_runs_when_the_account_s_time_has_come(workshop, done):
    kind = workshop.kind("note", lambda ctx, item: done.append(ctx.micros - item.due))

    workshop.add(kind, after=60)
    workshop.timers.pass_time(59)
    before = list(done)
    workshop.timers.pass_time(2)

    assert before == []
    assert done == [0]


def test_items_for_later_run_in_the_order_of_their_moments(workshop, done):
    kind = workshop.kind("note", lambda ctx, item: done.append(item.payload["after"]))

    for after in (30, 10, 20):
        workshop.add(kind, {"after": after}, after=after)
    workshop.timers.pass_time(31)

    assert done == [10, 20, 30]


def test_more_than_a_batch_that_is_due_at_once_is_done(workshop, done):
    kind = workshop.kind("note", lambda ctx, item: done.append(item.id))

    for _ in range(450):
        workshop.add(kind, after=5)
    workshop.timers.pass_time(6)

    assert len(done) == len(set(done)) == 450


def test_work_added_by_work_runs_as_well(workshop, done):
    def run(ctx, item):
        done.append(item.payload["n"])
        if item.payload["n"] < 3:
            ctx.add_work("test.chain", {"n": item.payload["n"] + 1})

    workshop.kind("chain", run)

    workshop.add("test.chain", {"n": 0})
    workshop.settle()

    assert done == [0, 1, 2, 3]


def test_what_runs_longer_than_a_slice_lets_the_loop_go_on(workshop, done):
    def run(ctx, item):
        done.append(item.id)
        workshop.wall.advance(timedelta(microseconds=SLICE + 1))

    kind = workshop.kind("slow", run)
    for _ in range(3):
        workshop.add(kind)

    seen = []
    while workshop.timers.step():
        seen.append(len(done))

    assert seen[:3] == [1, 2, 3]


def test_many_short_items_share_a_slice(workshop, done):
    kind = workshop.kind("short", lambda ctx, item: done.append(item.id))
    for _ in range(50):
        workshop.add(kind)

    workshop.timers.step()

    assert len(done) == 50


# -- cancelling


def test_a_cancelled_item_does_not_run(workshop, done):
    kind = workshop.kind("note", lambda ctx, item: done.append(1))
    workshop.add(kind, after=10, key="k")

    taken = workshop.do(lambda ctx: ctx.cancel_work(kind, "k"))
    workshop.timers.pass_time(60)

    assert taken
    assert done == []


@pytest.mark.parametrize("answer", ["done", "again", "outside"])
def test_the_effects_of_an_item_that_was_cancelled_in_hand_are_undone(workshop, answer):
    def run(ctx, item):
        workshop.leave(ctx, "run")
        return {"done": None, "again": Again(ctx.after(5)), "outside": Outside("effect")}[answer]

    kind = workshop.kind("note", run, finish=lambda ctx, item, outcome: None)
    workshop.add(kind, key="k")

    workshop.do(lambda ctx: ctx.cancel_work(kind, "k"))
    workshop.timers.pass_time(60)

    assert workshop.left() == []
    assert workshop.rows() == []
    assert workshop.performed == []
    assert workshop.runner.busy(ACCOUNT) == 0


def test_what_was_cancelled_is_not_there_to_be_cancelled_again(workshop):
    kind = workshop.kind("note", lambda ctx, item: None)
    workshop.add(kind, after=10, key="k")

    first = workshop.do(lambda ctx: ctx.cancel_work(kind, "k"))
    second = workshop.do(lambda ctx: ctx.cancel_work(kind, "k"))

    assert (first, second) == (True, False)


# -- again


def test_again_runs_the_item_once_more_with_what_it_was_given(workshop, done):
    def run(ctx, item):
        done.append((item.attempts, item.payload))
        return Again(ctx.after(10), {"n": item.payload["n"] + 1}) if len(done) < 3 else None

    kind = workshop.kind("again", run)

    workshop.add(kind, {"n": 0})
    workshop.timers.pass_time(60)

    assert done == [(0, {"n": 0}), (1, {"n": 1}), (2, {"n": 2})]
    assert workshop.rows() == []


def test_again_without_a_payload_keeps_it(workshop, done):
    def run(ctx, item):
        done.append(item.payload)
        return Again(ctx.after(1)) if len(done) < 2 else None

    kind = workshop.kind("again", run)

    workshop.add(kind, {"kept": 2**70})
    workshop.timers.pass_time(5)

    assert done == [{"kept": 2**70}] * 2

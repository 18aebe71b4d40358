"""Work is done once, in order and in slices; what goes wrong is kept and tried again."""

import logging
from datetime import timedelta

import pytest

from emulator.errors import AwsError
from emulator.kit.results import Again, Outside
from emulator.kit.runner import BACK_OFF, SLICE
from emulator.kit.work import SQL
from emulator.storage import Queries

ACCOUNT, OTHER = "111111111111", "222222222222"
EFFECT = Queries.parse(
    """
-- name: leave
INSERT INTO attempts (account, region, trace_id, cause, target, at, attempt, outcome, wall)
VALUES ('effect', '', '', '', :target, 0, 0, '', 0)
-- name: left
SELECT target FROM attempts WHERE account = 'effect' ORDER BY id
"""
)


@pytest.fixture
def done():
    return []


def left(workshop):
    """What runs of work have left in the store."""
    return [row["target"] for row in workshop.do(lambda ctx: ctx.tx.all(EFFECT.left))]


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
        ctx.tx.execute(EFFECT.leave, target="run")
        return {"done": None, "again": Again(ctx.after(5)), "outside": Outside("effect")}[answer]

    kind = workshop.kind("note", run, finish=lambda ctx, item, outcome: None)
    workshop.add(kind, key="k")

    workshop.do(lambda ctx: ctx.cancel_work(kind, "k"))
    workshop.timers.pass_time(60)

    assert left(workshop) == []
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


# -- outside


def outside(workshop, done, **more):
    return workshop.kind(
        "outside",
        lambda ctx, item: Outside("effect"),
        finish=lambda ctx, item, outcome: done.append(outcome),
        **more,
    )


def test_what_leaves_the_process_is_finished_with_its_outcome(workshop, done):
    workshop.add(outside(workshop, done))
    workshop.settle()
    during = workshop.rows()
    (effect, answer), *others = workshop.performed

    answer("outcome")
    workshop.settle()

    assert (effect, others) == ("effect", [])
    assert [row["started"] for row in during] == [1]
    assert done == ["outcome"]
    assert workshop.rows() == []


def test_an_account_is_busy_until_what_left_the_process_came_back(workshop, done):
    workshop.add(outside(workshop, done))
    workshop.settle()
    during = workshop.runner.busy(ACCOUNT)

    workshop.performed[0][1]("outcome")
    workshop.settle()

    assert (during, workshop.runner.busy(ACCOUNT)) == (1, 0)


def test_what_was_started_cannot_be_cancelled(workshop, done):
    workshop.add(outside(workshop, done), key="k")
    workshop.settle()

    assert not workshop.do(lambda ctx: ctx.cancel_work("test.outside", "k"))


def test_what_a_lost_process_had_started_counts_as_lost(workshop, done):
    kind = outside(workshop, done, lost=lambda ctx, item: done.append("lost"))
    workshop.do(lambda ctx: ctx.tx.execute(ADOPT.started, kind=kind))

    workshop.runner.recover("dead")
    workshop.settle()

    assert done == ["lost"]
    assert workshop.rows() == []
    assert workshop.performed == []


def test_what_a_lost_process_had_not_begun_is_done(workshop, done):
    kind = workshop.kind("note", lambda ctx, item: done.append("run"))
    workshop.do(lambda ctx: ctx.tx.execute(ADOPT.claimed, kind=kind))

    workshop.runner.recover("dead")
    workshop.runner.look()
    workshop.settle()

    assert done == ["run"]


ADOPT = Queries.parse(
    """
-- name: started
INSERT INTO work (kind, role, account, region, due, payload, trace_id, cause, owner, started)
VALUES (:kind, 'runner', '111111111111', 'us-east-1', 0, '{}', 't', 'c', 'dead', 1)
-- name: claimed
INSERT INTO work (kind, role, account, region, due, payload, trace_id, cause, owner, started)
VALUES (:kind, 'runner', '111111111111', 'us-east-1', 0, '{}', 't', 'c', 'dead', 0)
"""
)


# -- mistakes


def failing_until(number, done):
    def run(ctx, item):
        ctx.tx.execute(EFFECT.leave, target=str(len(done)))
        done.append(item.attempts)
        if len(done) < number:
            raise ZeroDivisionError("ours")

    return run


def test_a_mistake_of_ours_is_logged_kept_and_tried_again_later(workshop, done, caplog):
    kind = workshop.kind("wrong", failing_until(3, done))

    with caplog.at_level(logging.ERROR, "stepwell.work"):
        workshop.add(kind)
        workshop.settle()
        kept = workshop.rows()
        workshop.timers.pass_time(BACK_OFF[0] + BACK_OFF[1] + 1)

    assert len(kept) == 1
    assert done == [0, 1, 2]
    assert left(workshop) == ["2"]
    assert [record.exc_info is not None for record in caplog.records] == [True, True]
    assert workshop.rows() == []


def test_the_pauses_after_mistakes_grow(workshop, done, caplog):
    times = []

    def run(ctx, item):
        times.append(workshop.wall.micros())
        raise ZeroDivisionError

    with caplog.at_level(logging.CRITICAL, "stepwell.work"):
        workshop.add(workshop.kind("wrong", run))
        workshop.timers.pass_time(sum(BACK_OFF) + 2 * BACK_OFF[-1] + 5)

    pauses = [round((b - a) / 1e6) for a, b in zip(times, times[1:], strict=False)]
    assert pauses[: len(BACK_OFF) + 1] == [*BACK_OFF, BACK_OFF[-1]]


def test_an_error_of_aws_that_nobody_expects_is_a_mistake_of_ours(workshop, done, caplog):
    def run(ctx, item):
        done.append(1)
        raise AwsError("Code", "text")

    workshop.add(workshop.kind("wrong", run))
    workshop.settle()

    assert done == [1]
    assert "Code: text" in caplog.text
    assert len(workshop.rows()) == 1


def test_an_error_of_aws_is_dealt_with_by_who_expects_it(workshop, done):
    def run(ctx, item):
        ctx.tx.execute(EFFECT.leave, target="run")
        raise AwsError("Code", "text")

    def failed(ctx, item, error):
        ctx.tx.execute(EFFECT.leave, target="failed")
        done.append(error.code)

    workshop.add(workshop.kind("expected", run, failed=failed))
    workshop.settle()

    assert done == ["Code"]
    assert left(workshop) == ["failed"]
    assert workshop.rows() == []


def test_work_of_a_kind_that_nobody_knows_is_kept(workshop, caplog):
    workshop.kind("known", lambda ctx, item: None)
    workshop.do(lambda ctx: ctx.tx.execute(ADOPT.claimed, kind="test.unknown"))

    workshop.runner.recover("dead")
    workshop.settle()

    assert "test.unknown" in caplog.text
    assert len(workshop.rows()) == 1


@pytest.mark.parametrize("effect", [7, "broken"])
def test_an_effect_that_cannot_be_performed_is_tried_again_later(workshop, effect, caplog):
    def perform(effect, done):
        raise OSError("no threads left")

    workshop.runner._performers = {str: perform}
    workshop.add(workshop.kind("outside", lambda ctx, item: Outside(effect), finish=lambda *_: None))
    workshop.settle()

    assert [row["started"] for row in workshop.rows()] == [0]
    assert workshop.runner.busy(ACCOUNT) == 0
    assert "failed" in caplog.text


def test_after_the_stop_nothing_begins_and_every_row_stays(workshop, done):
    kind = workshop.kind("note", lambda ctx, item: done.append(1))
    workshop.add(kind)
    workshop.add(kind, after=1)

    workshop.runner.stop()
    workshop.timers.pass_time(60)

    assert done == []
    assert len(workshop.do(lambda ctx: ctx.tx.all(SQL.of_account, account=ACCOUNT, most=10))) == 2

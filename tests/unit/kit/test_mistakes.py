"""What leaves the process comes back or is lost; what goes wrong is logged, kept and tried again later."""

import logging
from itertools import pairwise

import pytest

from emulator.errors import AwsError
from emulator.kit.results import Outside
from emulator.kit.runner import BACK_OFF
from emulator.kit.work import SQL
from emulator.storage import Queries, StoreError

ACCOUNT = "111111111111"


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


def test_what_was_performed_is_not_performed_again_when_finishing_it_fails(workshop, done, caplog):
    def finish(ctx, item, outcome):
        raise ZeroDivisionError

    kind = workshop.kind(
        "outside",
        lambda ctx, item: Outside("effect"),
        finish=finish,
        lost=lambda ctx, item: done.append("lost"),
    )
    workshop.add(kind)
    workshop.settle()

    workshop.performed[0][1]("outcome")
    workshop.timers.pass_time(60)

    assert len(workshop.performed) == 1
    assert done == ["lost"]
    assert workshop.rows() == []
    assert "outside" in caplog.text


def test_what_cannot_be_postponed_is_tried_again_when_the_store_is_back(workshop, done, caplog):
    submit, broken = workshop.house.store.submit, []

    def unreliable(unit, heard, **more):
        if len(done) == 1 and len(broken) < 3:
            broken.append(1)
            heard(StoreError("the disk is full"))
        else:
            submit(unit, heard, **more)

    workshop.add(workshop.kind("wrong", failing_until(2, workshop, done)))
    workshop.house.store.submit = unreliable
    workshop.timers.pass_time(60)

    assert len(broken) == 3
    assert done == [0, 1]
    assert workshop.rows() == []
    assert workshop.runner.busy(ACCOUNT) == 0


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


def failing_until(number, workshop, done):
    def run(ctx, item):
        workshop.leave(ctx, str(len(done)))
        done.append(item.attempts)
        if len(done) < number:
            raise ZeroDivisionError("ours")

    return run


def test_a_mistake_of_ours_is_logged_kept_and_tried_again_later(workshop, done, caplog):
    kind = workshop.kind("wrong", failing_until(3, workshop, done))

    with caplog.at_level(logging.ERROR, "stepwell.work"):
        workshop.add(kind)
        workshop.settle()
        kept = workshop.rows()
        workshop.timers.pass_time(BACK_OFF[0] + BACK_OFF[1] + 1)

    assert len(kept) == 1
    assert done == [0, 1, 2]
    assert workshop.left() == ["2"]
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

    pauses = [round((b - a) / 1e6) for a, b in pairwise(times)]
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
        workshop.leave(ctx, "run")
        raise AwsError("Code", "text")

    def failed(ctx, item, error):
        workshop.leave(ctx, "failed")
        done.append(error.code)

    workshop.add(workshop.kind("expected", run, failed=failed))
    workshop.settle()

    assert done == ["Code"]
    assert workshop.left() == ["failed"]
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


def test_the_account_that_hears_the_answer_is_busy_as_well(workshop, done):
    asker = "222222222222"
    workshop.add(outside(workshop, done), {"reply": {"kind": "test.answer", "account": asker}})
    workshop.settle()
    during = workshop.runner.busy(ACCOUNT), workshop.runner.busy(asker)

    workshop.performed[0][1]("outcome")
    workshop.settle()

    assert (during, workshop.runner.busy(ACCOUNT), workshop.runner.busy(asker)) == ((1, 1), 0, 0)

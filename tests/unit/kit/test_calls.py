"""A call answers exactly once: at once, when it is woken, at its deadline, or when nobody hears it any more."""

import pytest

from emulator.errors import AwsError
from emulator.kit.calls import Abandoned, Call, Calls
from emulator.kit.context import Origin
from emulator.kit.directory import Bound
from emulator.kit.results import PENDING, Wait
from emulator.services import MODELS
from emulator.wire import models

models.add_path(MODELS)
ACCOUNT = "111111111111"


@pytest.fixture
def begin(workshop):
    """Start a call of an operation that the test writes; the ticket, and the list its answers go to."""
    calls = Calls(workshop.house, workshop.runner.alarms.parked)
    operation = models.service("stepwell").operations["GetClock"]

    def start(function):
        workshop.directory._bound[("stepwell", "GetClock")] = Bound(function, frozenset())
        answers = []
        call = Call("stepwell", operation, {}, ACCOUNT, "us-east-1", "request", Origin("trace", "cause"))
        return calls.begin(call, answers.append), answers

    return start


def test_an_answer_that_is_known_is_given_at_once(begin):
    _, answers = begin(lambda ctx: {"Now": ctx.account})

    assert answers == [{"Now": ACCOUNT}]


@pytest.mark.parametrize("error", [AwsError("Code", "text"), ZeroDivisionError("ours")])
def test_an_error_is_an_answer(begin, error):
    def operation(ctx):
        raise error

    _, answers = begin(operation)

    assert answers == [error]


def test_a_call_that_waits_is_called_again_when_it_is_woken(begin, workshop):
    ready = []
    _, answers = begin(lambda ctx: {"Mode": "real"} if ready else Wait(("key",), 10))
    before = list(answers)

    workshop.house.wake("key")
    ready.append(1)
    workshop.house.wake("key")
    workshop.house.wake("key")

    assert before == []
    assert answers == [{"Mode": "real"}]
    assert len(workshop.house.parking) == 0


def test_a_call_that_waits_answers_at_the_deadline_of_its_first_wait(begin, workshop):
    _, answers = begin(lambda ctx: {} if ctx.expired else Wait(("key",), 10))

    workshop.timers.pass_time(6)
    workshop.house.wake("key")
    workshop.timers.pass_time(3.9)
    before = list(answers)
    workshop.timers.pass_time(0.2)

    assert before == []
    assert answers == [{}]


def test_what_was_found_out_before_the_wait_is_not_found_out_again(begin, workshop):
    asked = []

    def operation(ctx):
        asked.append(1)
        return Wait(("key",), 10, again=lambda ctx: {"Mode": "real"})

    _, answers = begin(operation)
    workshop.house.wake("key")

    assert asked == [1]
    assert answers == [{"Mode": "real"}]


def test_a_wake_while_the_operation_looks_is_not_missed(begin, workshop):
    looked = []

    def operation(ctx):
        looked.append(1)
        if len(looked) == 1:
            workshop.house.wake("key")
            return Wait(("key",), 10)
        return {}

    _, answers = begin(operation)
    workshop.settle()

    assert answers == [{}]


@pytest.mark.parametrize("answer", [Wait(("key",), 10), PENDING])
def test_an_operation_that_does_not_answer_when_it_must_is_a_mistake_of_ours(begin, workshop, answer):
    _, answers = begin(lambda ctx: answer)

    workshop.timers.pass_time(11)

    assert [type(found) for found in answers] == [RuntimeError]


def test_a_call_whose_client_went_away_is_not_called_again(begin, workshop):
    called = []

    def operation(ctx):
        called.append(1)
        return Wait(("key",), 10)

    ticket, answers = begin(operation)
    ticket.abort()
    workshop.house.wake("key")
    workshop.timers.pass_time(60)

    assert called == [1]
    assert [type(found) for found in answers] == [Abandoned]
    assert len(workshop.house.parking) == 0


def test_at_the_end_a_call_that_waits_answers_as_at_its_deadline(begin, workshop):
    _, answers = begin(lambda ctx: {} if ctx.expired else Wait(("key",), 600))

    workshop.house.parking.resume_all()

    assert answers == [{}]

"""What becomes of an execution does not depend on how its steps were cut, kept and repeated, nor on who reads it."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.languages.asl import effects
from emulator.languages.asl.history import FULL_CAUSE, LIMIT
from tests.laws.lives import Life, check_history
from tests.laws.machines_at_random import EXPRESS, definitions, parsed

REDRIVES = 2
seeds = st.integers(0, 2**32)
examples_of_all = pytest.mark.parametrize("examples", [25, pytest.param(600, marks=pytest.mark.slow)])
examples_of_some = pytest.mark.parametrize("examples", [15, pytest.param(300, marks=pytest.mark.slow)])


def whole(life: Life) -> tuple[effects.Outcome, list[dict[str, Any]]]:
    """How a life ended, redriven as often as may be, and its history; nothing that it asked for is left over."""
    outcome = life.run()
    while True:
        assert (life.timers, life.tasks) == ({}, {})
        check_history(life.history)
        if not life.redrivable or life.redrives == REDRIVES:
            return outcome, life.history
        outcome = life.redrive()


@examples_of_all
def test_steps_may_be_cut_anywhere_and_events_may_come_again(examples: int) -> None:
    @settings(max_examples=examples, derandomize=True)
    @given(definitions(), seeds, st.integers(2, 9))
    def check(definition: dict[str, Any], seed: int, budget: int) -> None:
        compiled, dice = parsed(definition), random.Random(seed)
        plain = whole(Life(compiled, seed))

        assert whole(Life(compiled, seed, noisy=True)) == plain
        assert whole(Life(compiled, seed, budget=1)) == plain
        assert whole(Life(compiled, seed, budget=budget, noisy=True)) == plain
        assert whole(Life(compiled, seed, pause=lambda: dice.random() < 0.3)) == plain

    check()


@examples_of_some
def test_answers_that_come_in_the_middle_of_a_burst_leave_nothing_over(examples: int) -> None:
    @settings(max_examples=examples, derandomize=True)
    @given(definitions(), seeds, st.integers(1, 4))
    def check(definition: dict[str, Any], seed: int, budget: int) -> None:
        whole(Life(parsed(definition), seed, budget=budget, hurried=True, noisy=True))

    check()


@examples_of_some
@pytest.mark.parametrize(
    ("kind", "limits"), [("STANDARD", {}), ("EXPRESS", {"distributed": False, "resources": EXPRESS})]
)
def test_what_nobody_reads_ends_as_what_is_read(kind: str, limits: dict[str, Any], examples: int) -> None:
    @settings(max_examples=examples, derandomize=True)
    @given(definitions(**limits), seeds, st.sampled_from([1, 500]))
    def check(definition: dict[str, Any], seed: int, budget: int) -> None:
        compiled = parsed(definition, kind)
        read, silent = Life(compiled, seed, noisy=True), Life(compiled, seed, silent=True, budget=budget)

        assert silent.run() == read.run()
        assert silent.history == []
        assert silent.state == read.state
        check_history(read.history)

    check()


@examples_of_some
def test_whoever_has_used_up_the_history_ends_with_its_last_event(examples: int) -> None:
    @settings(max_examples=examples, derandomize=True)
    @given(definitions(), seeds, st.integers(1, 40), st.sampled_from([1, 500]))
    def check(definition: dict[str, Any], seed: int, room: int, budget: int) -> None:
        compiled = parsed(definition)
        life, other = Life(compiled, seed, noisy=True), Life(compiled, seed, budget=budget)

        outcome = life.run(room=room)

        assert (life.timers, life.tasks) == ({}, {})
        assert life.state["last"] <= LIMIT
        if outcome.status in ("SUCCEEDED", "FAILED"):  # the others may end with the last event as well
            assert (outcome.cause == FULL_CAUSE) == (life.state["last"] == LIMIT)
        assert (other.run(room=room), other.history) == (outcome, life.history)

    check()

"""Whatever stopped an execution, and however often: what has succeeded is not done again when it is redriven."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.laws.lives import Life, check_history
from tests.laws.machines_at_random import definitions, parsed

REDRIVES = 5  # from then on nothing goes wrong


def redriven(life: Life) -> Life:
    """The life, redriven until it has succeeded."""
    life.run()
    while life.redrivable:
        assert (life.timers, life.tasks) == ({}, {})
        check_history(life.history)
        if life.redrives == REDRIVES:
            life.errors, life.stops = (), 0
        life.redrive()
    check_history(life.history)
    return life


@pytest.mark.parametrize("examples", [25, pytest.param(600, marks=pytest.mark.slow)])
def test_each_task_succeeds_as_often_as_if_nothing_had_gone_wrong(examples: int) -> None:
    @settings(max_examples=examples, derandomize=True)
    @given(definitions(calm=True), st.integers(0, 2**32))
    def check(definition: dict[str, Any], seed: int) -> None:
        compiled = parsed(definition)
        undisturbed = Life(compiled, seed, stops=0, errors=(), quick=True)
        assert undisturbed.run().status == "SUCCEEDED"

        whole = redriven(Life(compiled, seed, errors=("Boom",), noisy=True, quick=True))
        hurried = redriven(Life(compiled, seed, errors=("Boom",), stops=0.1, budget=1, hurried=True, quick=True))

        assert Counter(whole.done) == Counter(undisturbed.done)
        assert Counter(hurried.done) == Counter(undisturbed.done)

    check()

"""Time and chance inside an expression depend on what is given, never on the machine."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.languages.jsonata import Chance, expression

NOON = datetime(2026, 1, 2, 12, 0, 0, 345000, tzinfo=UTC)
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def evaluate(text: str, *, now: datetime = NOON, seed: int = 7) -> Any:
    return expression(text).evaluate(None, {}, now=now, seed=seed)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$now()", "2026-01-02T12:00:00.345Z"),
        ("$now('[Y]/[M]', '+0000')", "2026/1"),
        ("$millis()", 1767355200345),
        ("$toMillis('13:45', '[H]:[m]') ~> $fromMillis()", "2026-01-02T13:45:00.000Z"),
    ],
)
def test_the_time_is_the_one_given(text: str, value: Any) -> None:
    assert evaluate(text) == value


def test_the_time_is_told_in_utc() -> None:
    paris = NOON.astimezone(timezone(timedelta(hours=1)))

    assert evaluate("$now()", now=paris) == "2026-01-02T12:00:00.345Z"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        evaluate("1", now=NOON.replace(tzinfo=None))


@pytest.mark.parametrize("text", ["$random()", "$uuid()", "$shuffle([1..40])", "[1..3].$random()"])
def test_chance_depends_on_the_seed_alone(text: str) -> None:
    assert evaluate(text, seed=1) == evaluate(text, seed=1)
    assert evaluate(text, seed=1) != evaluate(text, seed=2)


def test_draws_of_one_evaluation_differ() -> None:
    first, second = evaluate("[$random(), $random()]")

    assert first != second


def test_a_seed_of_its_own_gives_the_same_number_everywhere() -> None:
    assert evaluate("$random(5)", seed=1) == evaluate("$random(5)", seed=2)
    assert evaluate("$random(5) = $random(5)") is True


def test_shuffling_keeps_the_elements() -> None:
    assert sorted(evaluate("$shuffle([1..40])")) == list(range(1, 41))


@given(seed=st.integers())
def test_draws_are_in_range_and_identifiers_are_of_version_4(seed: int) -> None:
    chance = Chance(seed)

    assert 0 <= chance.number() < 1
    assert UUID.fullmatch(chance.identifier())


def test_a_users_own_function_of_that_name_stays_his() -> None:
    assert evaluate("( $random := function() { 4 }; $random() )") == 4
    assert evaluate("(function($shuffle) { $shuffle + 1 })(3)") == 4

"""A search is tried for longer and longer, as long as somebody pays for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from emulator.languages.searching import FIRST_SECONDS, SECONDS, found_in_time, is_too_large


def taking(needed: float, tried: list[float]) -> Callable[[float], str]:
    """A search that takes so many seconds; it keeps what it was allowed."""

    def search(seconds: float) -> str:
        tried.append(seconds)
        if seconds < needed:
            raise TimeoutError
        return "found"

    return search


@pytest.mark.parametrize(
    ("needed", "attempts"),
    [
        (0, []),
        (FIRST_SECONDS, []),
        (0.0005, [0.001]),
        (0.05, [0.001, 0.01, 0.1]),
        (0.5, [*SECONDS]),
    ],
)
def test_each_attempt_but_the_first_is_paid_for(needed: float, attempts: list[float]) -> None:
    tried: list[float] = []
    paid: list[float] = []

    found = found_in_time(taking(needed, tried), paid.append)

    assert found == "found"
    assert (tried, paid) == ([FIRST_SECONDS, *attempts], attempts)


def test_what_takes_longer_than_the_last_attempt_is_given_up() -> None:
    tried: list[float] = []

    with pytest.raises(TimeoutError):
        found_in_time(taking(1000, tried), lambda _: None)

    assert tried == [FIRST_SECONDS, *SECONDS]


def test_who_cannot_pay_does_not_try() -> None:
    tried: list[float] = []

    def pay(seconds: float) -> None:
        if seconds > 0.01:
            raise KeyError

    with pytest.raises(KeyError):
        found_in_time(taking(1, tried), pay)
    assert tried == [FIRST_SECONDS, 0.001, 0.01]


@pytest.mark.parametrize(
    ("expression", "too_large"),
    [
        ("(a{1000}){1000}", True),
        ("a{100000000}", True),
        ("a{99999999999999999999}", True),
        ("(?:[ab]{200,}c){600}", True),
        ("((ab{300}){300}|c){2}", True),
        ("a{100000}", False),
        ("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}" * 20, False),
        (r"\{99999999\}[{99999999}][]{99999999}]x{,99999999}", False),
        ("a{0,99999999}", False),
        ("{9})(", False),
    ],
)
def test_how_large_an_expression_is_when_its_repeats_are_written_out(expression: str, too_large: bool) -> None:
    assert is_too_large(expression) is too_large

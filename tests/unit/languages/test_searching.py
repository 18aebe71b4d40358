"""A search is tried for longer and longer, as long as somebody pays for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
import regex  # type: ignore[import-untyped]

from emulator.languages.searching import FIRST_SECONDS, SECONDS, find, found_in_time


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


def test_what_uses_up_the_memory_is_given_up() -> None:
    def search(_: float) -> str:
        raise MemoryError

    with pytest.raises(TimeoutError):
        found_in_time(search, lambda _: None)


def test_other_threads_do_not_shorten_a_search() -> None:
    expression = regex.compile("(a|aa)+b")
    enough = threading.Event()

    def spin() -> None:
        while not enough.is_set():
            sum(range(1000))

    thread = threading.Thread(target=spin)
    thread.start()
    try:
        before = time.thread_time()
        with pytest.raises(TimeoutError):
            find(expression.search, lambda _: None, "a" * 60)
        taken = time.thread_time() - before
    finally:
        enough.set()
        thread.join()

    assert taken > 0.9 * sum((FIRST_SECONDS, *SECONDS))

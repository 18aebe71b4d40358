"""Waiting for what another thread or process brings about: the one place where tests sleep."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
LEAST, MOST = 0.002, 0.02  # seconds between two looks: more, the longer it takes


def until(holds: Callable[[], T], seconds: float = 20, told: Callable[[], str] = str) -> T:
    """What `holds` returns, once it is true; fails where that takes longer, with what is `told` of it."""
    end, pause = time.monotonic() + seconds, LEAST
    while not (found := holds()):
        assert time.monotonic() < end, f"it did not come about in {seconds} s. {told()}"
        time.sleep(pause)
        pause = min(2 * pause, MOST)
    return found

"""One page of a list: at most 50 items, and a marker where there are more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from emulator.services.lambda_ import limits

T = TypeVar("T")


def page(
    member: str,
    found: Sequence[T],
    shown: Callable[[T], Any],
    marker: Callable[[T], object],
    max_items: int | None,
    most: int = limits.PAGE,
) -> dict[str, Any]:
    """The first of what was found, as `shown`; `marker` makes the NextMarker of the last of them."""
    size = min(max_items or most, most)
    answer: dict[str, Any] = {member: [shown(item) for item in found[:size]]}
    if len(found) > size:
        answer["NextMarker"] = str(marker(found[size - 1]))
    return answer

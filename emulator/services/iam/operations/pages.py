"""Lists in pages: the marker is the key after which the next page begins."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from emulator.errors import AwsError
from emulator.services.iam import limits

T = TypeVar("T")


def page(
    items: Sequence[T], key: Callable[[T], str], marker: str | None, max_items: int | None
) -> tuple[list[T], dict[str, Any]]:
    """One page of `items`, which are in the order of `key`, and what an answer says of the rest.

    `max_items` is 1..1000, 100 where it is not given. Error: ValidationError for a marker that is none.
    """
    after = _after(marker)
    left = [item for item in items if after is None or key(item) > after]
    found = left[: max_items or limits.PAGE]
    if len(found) == len(left):
        return found, {"IsTruncated": False}
    token = base64.b64encode(key(found[-1]).encode()).decode()
    return found, {"IsTruncated": True, "Marker": token}


def _after(marker: str | None) -> str | None:
    if marker is None:
        return None
    try:
        return base64.b64decode(marker, validate=True).decode()
    except (binascii.Error, ValueError):
        raise AwsError("ValidationError", "Invalid Marker.") from None

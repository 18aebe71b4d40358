"""The events of GetExecutionHistory, numbered and linked as AWS numbers and links them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

LIMIT = 25_000  # events of a Standard execution (AWS: Step Functions quotas)
FULL_CAUSE = "The execution reached the maximum number of history events (25000)."
WHOLE = {"truncated": False}


class HistoryFull(Exception):
    """The execution has used up its 25,000 events."""


class History:
    """Appends events; `last` is the id of the newest one."""

    __slots__ = ("events", "last", "now")

    def __init__(self, now: datetime, last: int) -> None:
        self.now = now
        self.last = last
        self.events: list[dict[str, Any]] = []

    def add(self, kind: str, previous: int, details_name: str = "", details: Any = None) -> int:
        """Append an event of this type and return its id."""
        self.last = event_id = self.last + 1
        event: dict[str, Any] = {
            "timestamp": self.now,
            "type": kind,
            "id": event_id,
            "previousEventId": previous,
        }
        if details_name:
            event[details_name] = details
        self.events.append(event)
        return event_id


def failure(error: str | None, cause: str | None) -> dict[str, Any]:
    """The details of a failed event: absent parts are left out."""
    details: dict[str, Any] = {}
    if error is not None:
        details["error"] = error
    if cause is not None:
        details["cause"] = cause
    return details

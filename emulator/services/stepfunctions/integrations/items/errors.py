"""How an item reader fails."""

from __future__ import annotations

FAILED = "States.ItemReaderFailed"


class UnreadableError(Exception):
    """The items cannot be read; the message is the cause of States.ItemReaderFailed."""

"""Growing pauses between attempts to reach a server."""

from __future__ import annotations

import threading

_FIRST_SECONDS = 0.1
_LONGEST_SECONDS = 5.0


class Pause:
    """0.1 seconds, then twice as long each time up to 5; ends early when `stop` is set."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._seconds = _FIRST_SECONDS

    def wait(self) -> None:
        """Wait before the next attempt."""
        self._stop.wait(self._seconds)
        self._seconds = min(2 * self._seconds, _LONGEST_SECONDS)

    def reset(self) -> None:
        """An attempt succeeded."""
        self._seconds = _FIRST_SECONDS

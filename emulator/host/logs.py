"""A function's log: bytes it wrote to events, with the lines that Lambda itself writes between them."""

from __future__ import annotations

from datetime import datetime

from emulator.host.model import LogLine
from emulator.host.runtime.output import SOFT_NEWLINE

# What one invocation may log before the host stops keeping it (and says so): memory is finite.
BYTES_MAX = 16 * 1024 * 1024


class Log:
    """The log of one worker since it was last taken."""

    def __init__(self) -> None:
        self._lines: list[LogLine] = []
        self._rest = b""
        self._bytes = 0
        self._dropped = 0

    def write(self, data: bytes, at_us: int) -> None:
        """Bytes that the function wrote; each newline ends an event."""
        room = max(0, BYTES_MAX - self._bytes)
        self._dropped += max(0, len(data) - room)
        self._bytes += len(data)
        *whole, self._rest = (self._rest + data[:room]).split(b"\n")
        for line in whole:
            self._lines.append(LogLine(at_us, _text(line)))

    def add(self, text: str, at_us: int) -> None:
        """A line of Lambda's own, none where it is empty; an unfinished line of the function ends before it."""
        self._finish(at_us)
        if text:
            self._lines.append(LogLine(at_us, text))

    def take(self) -> list[LogLine]:
        """All events so far; the log is empty afterwards."""
        lines, self._lines = self._lines, []
        self._bytes = 0
        return lines

    def _finish(self, at_us: int) -> None:
        if self._rest:
            self._lines.append(LogLine(at_us, _text(self._rest)))
            self._rest = b""
        if self._dropped:
            text = f"[WARNING] stepwell dropped {self._dropped} bytes of this log: more than {BYTES_MAX}\n"
            self._lines.append(LogLine(at_us, text))
            self._dropped = 0


def _text(line: bytes) -> str:
    return line.replace(SOFT_NEWLINE, b"\n").decode("utf-8", "replace") + "\n"


def log_stream_name(version: str, today: datetime, unique: str) -> str:
    """`2026/11/20/[$LATEST]0123...`, `unique` being 32 hexadecimal digits."""
    return f"{today:%Y/%m/%d}/[{version}]{unique}"

"""A function's log: bytes it wrote to events, and the lines that Lambda itself writes around them."""

from __future__ import annotations

import hashlib
import math
from datetime import datetime

from emulator.host.model import Function, LogLine
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
        """A line of Lambda's own; an unfinished line of the function ends before it."""
        self._finish(at_us)
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


def runtime_version_arn(runtime: str, region: str) -> str:
    """The ARN of the runtime version a function runs on; one per runtime and Region."""
    digest = hashlib.sha256(runtime.encode()).hexdigest()
    return f"arn:aws:lambda:{region}::runtime:{digest}"


def init_start(function: Function) -> str:
    """The line that begins the life of a worker."""
    version = function.runtime.replace("python", "python:") + ".v1"
    arn = runtime_version_arn(function.runtime, function.region)
    return f"INIT_START Runtime Version: {version}\tRuntime Version ARN: {arn}\n"


def start(request_id: str, version: str) -> str:
    """The line that begins an invocation."""
    return f"START RequestId: {request_id} Version: {version}\n"


def end(request_id: str) -> str:
    """The line that ends an invocation."""
    return f"END RequestId: {request_id}\n"


def report(
    request_id: str, *, duration_ms: float, init_ms: float | None, memory_mb: int, used_mb: int, status: str
) -> str:
    """The line that sums an invocation up; `status` is what an abnormal end adds, or empty."""
    init = "" if init_ms is None else f"Init Duration: {init_ms:.2f} ms\t"
    return (
        f"REPORT RequestId: {request_id}\tDuration: {duration_ms:.2f} ms\t"
        f"Billed Duration: {billed_ms(duration_ms, init_ms)} ms\tMemory Size: {memory_mb} MB\t"
        f"Max Memory Used: {used_mb} MB\t{init}{status}\n"
    )


def billed_ms(duration_ms: float, init_ms: float | None) -> int:
    """Whole milliseconds, rounded up; since August 2025 the initialisation is billed as well.

    https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/
    """
    return max(1, math.ceil(duration_ms + (init_ms or 0.0)))

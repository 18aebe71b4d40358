"""A function, an invocation of it and the answer to that, as the host sees them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html; the number as in the error's text.
RESPONSE_BYTES_MAX = 6_291_556

_PYTHON = re.compile(r"python3\.(\d+)")


@dataclass(frozen=True, slots=True)
class Logging:
    """A function's LoggingConfig but for its group; the levels count where the format is JSON."""

    format: Literal["Text", "JSON"] = "Text"
    application_level: str = "INFO"
    system_level: str = "INFO"

    @property
    def is_text(self) -> bool:
        """Whether lines are written as they are rather than as JSON objects."""
        return self.format == "Text"


@dataclass(frozen=True, slots=True)
class Function:
    """One version of a function's code and configuration.

    `key` changes whenever code or configuration does: workers are kept per key. `code` is a folder with the
    unpacked code, `layers` are those of its layers, a later one over an earlier one; `handler` is `module.name`.
    `arn` is the ARN as invoked (with the qualifier, if any); it may differ between invocations under one key.
    """

    key: str
    name: str
    arn: str
    version: str
    handler: str
    code: Path
    runtime: str
    environment: Mapping[str, str]
    timeout_seconds: float
    memory_mb: int
    log_group: str
    region: str
    account: str
    layers: tuple[Path, ...] = ()
    logging: Logging = Logging()


@dataclass(frozen=True, slots=True)
class LogLine:
    """One log event: microseconds of wall time, and its text with the final newline, as CloudWatch has it."""

    at_us: int
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """How an invocation ended. `payload` is the result's JSON or, if `error` is set, the error document.

    `logs` begins with INIT_START (first invocation of a worker) or START and ends with REPORT. `init_ms` is
    None unless the worker was new.
    """

    request_id: str
    payload: bytes
    error: Literal["Unhandled"] | None
    logs: list[LogLine]
    duration_ms: float
    billed_ms: int
    init_ms: float | None
    max_memory_mb: int
    log_stream: str


@dataclass(frozen=True, slots=True)
class Invocation:
    """One call of a function that has been accepted; `done` gets the answer."""

    function: Function
    payload: bytes
    request_id: str
    client_context: str | None
    trace_id: str
    done: Callable[[Answer], None]


def python_minor(runtime: str) -> int | None:
    """14 for `python3.14`; None for a runtime that is not a Python 3."""
    match = _PYTHON.fullmatch(runtime)
    return int(match[1]) if match else None

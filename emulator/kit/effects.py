"""What work may ask of the world outside the store; each is done by the performer of its type (see app.py)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class InvokeFunction:
    """Run a function once; the outcome is a host.Answer. `function` is a host.Function, `trace_id` X-Ray's root id."""

    function: Any
    payload: bytes
    request_id: str
    client_context: str | None = None
    trace_id: str = ""


@dataclass(frozen=True, slots=True)
class RetireFunctions:
    """End the workers of these keys of host.Functions: their code or configuration is gone. The outcome is None."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Call what blocks, in a thread: it touches files alone. The outcome is what it returns, or the OSError."""

    how: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class WriteFile:
    """Put `source` (bytes, or a file to copy) at `path` atomically; the outcome is None or the OSError."""

    path: Path
    source: bytes | Path


@dataclass(frozen=True, slots=True)
class RemoveFile:
    """Remove the file at `path` if it is there; the outcome is None or the OSError."""

    path: Path


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One HTTP request; the outcome is an HttpAnswer of any status, or the OSError that prevented one.

    The time counts until the whole answer is there.
    """

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    timeout_seconds: float = 15.0


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came back over the network; a name may be among the headers more than once."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

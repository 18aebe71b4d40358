"""What work may ask of the world outside the store; each is done by the performer of its type (see app.py)."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class InvokeFunction:
    """Run a function once; the outcome is a host.Answer. `function` is a host.Function."""

    function: Any
    payload: bytes
    request_id: str
    client_context: str | None = None


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
    """One HTTP request over the network; the outcome is an HttpAnswer, or the OSError that prevented one."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    timeout_seconds: float = 15.0


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came back over the network."""

    status: int
    headers: dict[str, str]
    body: bytes

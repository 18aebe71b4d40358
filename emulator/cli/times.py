"""Durations and moments as people write them, and as we show them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from emulator.errors import EmulatorError

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d|w)")


def seconds(text: str) -> float:
    """`90`, `1.5h`, `1d12h` as seconds. Raises EmulatorError for anything else."""
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise EmulatorError(f"{text!r} is not a duration; write 30s, 10m, 1.5h, 1d or 1d12h.")
    return sum(float(number) * _UNITS[unit] for number, unit in parts)


def moment(text: str) -> float:
    """A moment of ISO 8601 as seconds since the epoch; without an offset it is UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise EmulatorError(f"{text!r} is not a moment; write 2026-12-24T18:00:00Z.") from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def shown(epoch: float) -> str:
    """A moment of the wire (seconds since the epoch) as UTC text with milliseconds."""
    return f"{datetime.fromtimestamp(epoch, UTC):%Y-%m-%d %H:%M:%S.%f}"[:-3] + "Z"

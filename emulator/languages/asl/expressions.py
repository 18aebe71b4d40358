"""Which strings of a JSONata state are expressions; JSONata itself is loaded by the first machine that has one."""

from __future__ import annotations

from typing import Any

from emulator.languages.asl.problems import InvalidQuery


def is_expression(value: Any) -> bool:
    """Is it a string between `{%` and `%}`?"""
    return isinstance(value, str) and value.startswith("{%") and value.endswith("%}") and len(value) >= 4


def require_closed(text: str, location: str) -> None:
    """Raises InvalidQuery for a string with one end of an expression alone (Step Functions Developer Guide,
    "Transforming data with JSONata": opened or closed improperly)."""
    if text.startswith("{%") != text.endswith("%}"):
        raise InvalidQuery(f"The JSONata expression in '{location}' must begin with {{% and end with %}}")

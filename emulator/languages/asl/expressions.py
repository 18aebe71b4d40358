"""Which strings of a JSONata state are expressions; JSONata itself is loaded by the first machine that has one."""

from __future__ import annotations

from typing import Any


def is_expression(value: Any) -> bool:
    """Is it a string between `{%` and `%}`?"""
    return isinstance(value, str) and value.startswith("{%") and value.endswith("%}") and len(value) >= 4

"""The operators of the pattern language: the name in a match expression, and the reading of its operand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from emulator.languages.patterns.operators import (
    anything_but,
    cidr,
    equals_ignore_case,
    exact,
    exists,
    numeric,
    prefix,
    suffix,
    wildcard,
)
from emulator.languages.patterns.operators.operator import Operator
from emulator.languages.patterns.tokens import Tokens

__all__ = ["OPERATORS", "Operator"]

OPERATORS: Final[dict[str, Callable[[Tokens], Operator]]] = {
    "anything-but": anything_but.read,
    "cidr": cidr.read,
    "equals-ignore-case": equals_ignore_case.read,
    "exactly": exact.read,
    "exists": exists.read,
    "numeric": numeric.read,
    "prefix": prefix.read,
    "suffix": suffix.read,
    "wildcard": wildcard.read,
}

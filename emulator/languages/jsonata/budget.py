"""How much work one evaluation may do, counted in operations: what the machine is does not decide the outcome.

An operation is a call, an element that a function goes over, or 64 characters of a text. Step Functions gives an
expression one second (Developer Guide, "Handling expression errors"), which is about what these take.
"""

from __future__ import annotations

from contextvars import ContextVar

from jsonata2py import JsonataEvaluationError

OPERATIONS = 2_000_000

_left: ContextVar[list[int]] = ContextVar("operations")


def begin() -> None:
    """An evaluation begins."""
    _left.set([OPERATIONS])


def charge(operations: int) -> None:
    """Count operations. Raises the library's error with the code U1001 when there are too many."""
    left = _left.get()
    left[0] -= operations
    if left[0] < 0:
        raise JsonataEvaluationError("U1001", f"Expression evaluation timeout: more than {OPERATIONS} operations")

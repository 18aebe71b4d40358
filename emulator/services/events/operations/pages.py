"""Lists of named things, a page at a time; the token is the last name of the page before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from emulator.errors import AwsError

PAGE = 100


class Named(Protocol):
    """A row, or what has columns like one."""

    def __getitem__(self, column: str, /) -> Any: ...


One = TypeVar("One", bound=Named)


def page(
    member: str, rows: Sequence[One], limit: int | None, shown: Callable[[One], Any], key: str = "name"
) -> dict[str, Any]:
    """The answer that has the first of `rows` as `member`, and a NextToken where there are more."""
    found = rows[: limit or PAGE]
    answer: dict[str, Any] = {member: [shown(row) for row in found]}
    if len(found) < len(rows):
        answer["NextToken"] = found[-1][key]
    return answer


def require_one_filter(operation: str, *filters: str | None) -> None:
    """Raise ValidationException where a list is asked for by more than one thing at a time."""
    if sum(given is not None for given in filters) > 1:
        raise AwsError(
            "ValidationException",
            f"At most one filter is allowed for {operation}. Use either : State, EventSourceArn, or NamePrefix.",
        )

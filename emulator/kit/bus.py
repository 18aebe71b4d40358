"""Events that AWS services themselves put on the default bus (sources `aws.*`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emulator.kit.context import Context


def emit(ctx: Context, source: str, detail_type: str, resources: list[str], details: Sequence[dict[str, Any]]) -> None:
    """Put events of a service, one a detail, on the default bus of the caller's account and region, in its transaction.

    PutEvents refuses sources of AWS, so this is a function of the events service that is no operation of its API.
    """
    put = ctx.house.directory.require_function("events", "put_service_events")
    put(ctx, source=source, detail_type=detail_type, resources=resources, details=details)


def prepare(ctx: Context) -> None:
    """Have at hand what `emit` needs: else the first event of a service would wait for it, and the loop with it."""
    ctx.house.directory.require_function("events", "put_service_events")


@dataclass(frozen=True, slots=True)
class Unheard:
    """An event as its service can tell it again; `at` is microseconds of the account's time, `wall` of wall time."""

    id: str
    region: str
    at: int
    wall: int
    source: str
    detail_type: str
    resources: list[str]
    detail: dict[str, Any]
    trace_id: str
    cause: str


Known = tuple[tuple[str, str], ...]
"""What is known of an event before it is made: dotted paths outside arrays, each with its value."""


def is_heard(ctx: Context, *known: Known) -> bool:
    """Whether a rule or an archive of the default bus of the caller's account and region may take one of such events.

    Where none may, a service whose rows hold all that its events say need not put them: `unheard` finds them there.
    """
    heard: bool = ctx.house.directory.require_function("events", "is_heard")(ctx, *known)
    return heard


def unheard(ctx: Context, *, most: int, event_id: str | None = None) -> list[Unheard]:
    """The account's latest events that were not put because no bus heard them, `most` of each service, the latest
    first; or the one of an id, perhaps among others."""
    directory = ctx.house.directory
    tellers = [service.name for service in directory.services.values() if service.unheard]
    told = [directory.require_function(name, "unheard_events")(ctx, most=most, event_id=event_id) for name in tellers]
    return [event for events in told for event in events]

"""Events that AWS services themselves put on the default bus (sources `aws.*`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emulator.kit.context import Context


def emit(
    ctx: Context, *, source: str, detail_type: str, detail: dict[str, Any], resources: list[str] | None = None
) -> None:
    """Put an event of a service on the default bus of the caller's account and region, in its transaction.

    PutEvents refuses sources of AWS, so this is a function of the events service that is no operation of its API.
    """
    put = ctx.house.directory.require_function("events", "put_service_event")
    put(ctx, source=source, detail_type=detail_type, detail=detail, resources=resources or [])

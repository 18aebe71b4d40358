"""Events that AWS services themselves put on the default bus (sources `aws.*`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emulator.kit.context import Context


def emit(ctx: Context, source: str, detail_type: str, resources: list[str], details: Sequence[dict[str, Any]]) -> None:
    """Put events of a service, one a detail, on the default bus of the caller's account and region, in its transaction.

    PutEvents refuses sources of AWS, so this is a function of the events service that is no operation of its API.
    """
    put = ctx.house.directory.require_function("events", "put_service_events")
    put(ctx, source=source, detail_type=detail_type, resources=resources, details=details)

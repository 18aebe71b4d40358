"""Events that AWS services themselves put on the default bus (sources `aws.*`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.kit.work import dump

if TYPE_CHECKING:
    from emulator.kit.context import Context


def emit(
    ctx: Context, *, source: str, detail_type: str, detail: dict[str, Any], resources: list[str] | None = None
) -> None:
    """Put an event of a service on the default bus of the caller's account and region, in its transaction."""
    entry = {
        "Source": source,
        "DetailType": detail_type,
        "Detail": dump(detail),
        "Resources": resources or [],
        "Time": ctx.now,
    }
    ctx.call("events", "PutEvents", {"Entries": [entry]}, principal=source.removeprefix("aws."))

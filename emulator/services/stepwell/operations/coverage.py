"""Which operations are emulated, read off the functions themselves."""

from __future__ import annotations

from typing import Any

from emulator.errors import AwsError
from emulator.kit.context import Context


def list_coverage(ctx: Context, *, service: str | None = None) -> dict[str, Any]:
    names = sorted(ctx.house.directory.services) if service is None else [service]
    if service is not None and service not in ctx.house.directory.services:
        raise AwsError("InvalidParameterException", f"Stepwell does not emulate the service {service}.")
    return {
        "Operations": [
            {
                "Service": entry.service,
                "Operation": entry.operation,
                "Emulated": entry.emulated,
                "NotActedOn": list(entry.not_acted_on),
            }
            for name in names
            for entry in ctx.house.directory.coverage(name)
        ]
    }

"""Connections of EventBridge: what they add to the calls of those services that use them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emulator.kit.context import Context


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection and what it adds to a call: its authorization and its InvocationHttpParameters, secrets in clear.

    It adds nothing before its state is AUTHORIZED.
    """

    state: str
    headers: dict[str, str]
    query: dict[str, str]
    body: dict[str, str]


def require_connection(ctx: Context, arn: str) -> Connection:
    """The connection of the caller's account and region that an ARN names. Error: ResourceNotFoundException.

    No operation of EventBridge tells its secrets, so this is a function that no client can call.
    """
    state, added = ctx.house.directory.require_function("events", "use_connection")(ctx, arn=arn)
    return Connection(state, added.get("headers", {}), added.get("query", {}), added.get("body", {}))


def renew(ctx: Context, arn: str) -> None:
    """An endpoint has refused what the connection added: where that was a token, a new one is asked for."""
    ctx.house.directory.require_function("events", "renew_connection")(ctx, arn=arn)

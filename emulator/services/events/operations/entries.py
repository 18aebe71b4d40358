"""PutEvents and TestEventPattern."""

from __future__ import annotations

import json
from typing import Any

from emulator import ids
from emulator.arns import find_arn
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.events import limits
from emulator.services.events.model import event_of, iso, load
from emulator.services.events.operations.buses import DEFAULT, SQL
from emulator.services.events.operations.routes import route
from emulator.services.events.operations.rules import compile_pattern

_REQUIRED = (("Source", "Source"), ("DetailType", "DetailType"), ("Detail", "Detail"))


def put_events(ctx: Context, *, entries: list[dict[str, Any]]) -> dict[str, Any]:
    if sum(map(_size, entries)) > limits.ENTRIES_BYTES_MAX:
        raise AwsError("ValidationException", "Total size of the entries in the request is over the limit.")
    answers = [_put(ctx, entry) for entry in entries]
    return {"FailedEntryCount": sum("ErrorCode" in answer for answer in answers), "Entries": answers}


def _size(entry: dict[str, Any]) -> int:
    """The size of an entry in bytes (EventBridge User Guide, "Calculating PutEvents event entry size")."""
    texts = [entry.get(name) or "" for name in ("Source", "DetailType", "Detail")] + (entry.get("Resources") or [])
    return (14 if "Time" in entry else 0) + sum(map(_bytes, texts))


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode(errors="surrogatepass"))


def _put(ctx: Context, entry: dict[str, Any]) -> dict[str, str]:
    for name, shown in _REQUIRED:
        if not entry.get(name):
            return _failure(
                "InvalidArgument", f"Parameter {shown} is not valid. Reason: {shown} is a required argument."
            )
    if not ctx.principal and entry["Source"].startswith("aws."):
        return _failure("NotAuthorizedForSourceException", "Not authorized for the source.")
    try:
        detail = load(entry["Detail"])
    except ValueError:
        detail = None
    if not isinstance(detail, dict):
        return _failure("MalformedDetail", "Detail is malformed.")
    event = event_of(
        id=ids.new_uuid(),
        source=entry["Source"],
        detail_type=entry["DetailType"],
        account=ctx.account,
        region=ctx.region,
        time=iso(entry.get("Time") or ctx.now),
        resources=entry.get("Resources") or [],
        detail=detail,
    )
    return _to_bus(ctx, entry.get("EventBusName") or DEFAULT, event)


def put_service_event(
    ctx: Context, *, source: str, detail_type: str, detail: dict[str, Any], resources: list[str]
) -> None:
    """Route an event of an AWS service on the default bus (see kit/bus.py)."""
    event = event_of(
        id=ids.new_uuid(),
        source=source,
        detail_type=detail_type,
        account=ctx.account,
        region=ctx.region,
        time=iso(ctx.now),
        resources=resources,
        detail=detail,
    )
    route(ctx, DEFAULT, event)


def _to_bus(ctx: Context, bus: str, event: dict[str, Any]) -> dict[str, str]:
    """Route the event on a bus of this account, or of another one whose policy lets us."""
    if bus == DEFAULT:
        route(ctx, DEFAULT, event)
        return {"EventId": event["id"]}
    arn = find_arn(bus)
    if arn is None:
        route(ctx, bus, event)
    elif arn.account == ctx.account and arn.region == ctx.region:
        route(ctx, arn.name, event)
    else:
        there = ctx.elsewhere(arn.account, arn.region)
        if arn.account != ctx.account and not _admits(there, arn.name, ctx.account):
            return _failure("AccessDeniedException", f"Not authorized to put events on {bus}.")
        route(there, arn.name, event)
    return {"EventId": event["id"]}


def _admits(ctx: Context, bus: str, account: str) -> bool:
    """Whether the policy of a bus names an account, or everybody."""
    row = ctx.tx.one(SQL.find_bus, account=ctx.account, region=ctx.region, name=bus)
    if row is None or row["policy"] is None:
        return False
    for statement in json.loads(row["policy"])["Statement"]:
        principal = statement.get("Principal")
        named = principal if isinstance(principal, str) else json.dumps(principal)
        if statement.get("Effect") == "Allow" and (principal == "*" or account in named or '"*"' in named):
            return True
    return False


def _failure(code: str, message: str) -> dict[str, str]:
    return {"ErrorCode": code, "ErrorMessage": message}


def test_event_pattern(ctx: Context, *, event_pattern: str, event: str) -> dict[str, Any]:
    pattern = compile_pattern(event_pattern)
    try:
        parsed = load(event)
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        raise AwsError("ValidationException", "Parameter Event is not valid.")
    return {"Result": pattern.matches(parsed)}

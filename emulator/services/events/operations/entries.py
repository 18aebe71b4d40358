"""PutEvents and TestEventPattern."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from emulator import ids
from emulator.arns import find_arn
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.events import limits
from emulator.services.events.model.values import event_of, iso, load
from emulator.services.events.operations.buses import DEFAULT, SQL
from emulator.services.events.operations.routes import route
from emulator.services.events.operations.rules import compile_pattern

_REQUIRED = ("Source", "DetailType", "Detail")


def put_events(ctx: Context, *, entries: list[dict[str, Any]]) -> dict[str, Any]:
    if sum(map(_size, entries)) > limits.ENTRIES_BYTES_MAX:
        raise AwsError("ValidationException", "Total size of the entries in the request is over the limit.")
    answers: list[dict[str, str]] = []
    for bus, group in groupby(entries, lambda entry: entry.get("EventBusName") or DEFAULT):
        answers += _put(ctx, bus, list(group))
    return {"FailedEntryCount": sum("ErrorCode" in answer for answer in answers), "Entries": answers}


def _size(entry: dict[str, Any]) -> int:
    """The size of an entry in bytes (EventBridge User Guide, "Calculating PutEvents event entry size")."""
    texts = [entry.get(name) or "" for name in ("Source", "DetailType", "Detail")] + (entry.get("Resources") or [])
    return (14 if "Time" in entry else 0) + sum(map(_bytes, texts))


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode(errors="surrogatepass"))


def _put(ctx: Context, bus: str, entries: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Put entries on a bus of this account, or of another one whose policy lets us; an answer for each."""
    events = [_event(ctx, entry) for entry in entries]
    there, name = ctx, bus
    arn = find_arn(bus)
    if arn is not None:
        name = arn.name
        if (arn.account, arn.region) != (ctx.account, ctx.region):
            there = ctx.elsewhere(arn.account, arn.region)
            if arn.account != ctx.account and not _admits(there, name, ctx.account):
                refused = AwsError("AccessDeniedException", f"Not authorized to put events on {bus}.")
                events = [event if isinstance(event, AwsError) else refused for event in events]
    route(there, name, [event for event in events if not isinstance(event, AwsError)])
    return [
        {"ErrorCode": event.code, "ErrorMessage": event.message}
        if isinstance(event, AwsError)
        else {"EventId": event["id"]}
        for event in events
    ]


def _event(ctx: Context, entry: dict[str, Any]) -> dict[str, Any] | AwsError:
    """The event that an entry describes, or what is wrong with the entry."""
    for name in _REQUIRED:
        if not entry.get(name):
            return AwsError("InvalidArgument", f"Parameter {name} is not valid. Reason: {name} is a required argument.")
    if not ctx.principal and entry["Source"].startswith("aws."):
        return AwsError("NotAuthorizedForSourceException", "Not authorized for the source.")
    try:
        detail = load(entry["Detail"])
    except ValueError:
        detail = None
    if not isinstance(detail, dict):
        return AwsError("MalformedDetail", "Detail is malformed.")
    return event_of(
        id=ids.new_uuid(),
        source=entry["Source"],
        detail_type=entry["DetailType"],
        account=ctx.account,
        region=ctx.region,
        time=iso(entry.get("Time") or ctx.now),
        resources=entry.get("Resources") or [],
        detail=detail,
    )


def put_service_events(
    ctx: Context, *, source: str, detail_type: str, resources: list[str], details: Sequence[dict[str, Any]]
) -> None:
    """Route events of an AWS service on the default bus (see kit/bus.py)."""
    time = iso(ctx.now)
    events = [
        event_of(
            id=ids.new_uuid(),
            source=source,
            detail_type=detail_type,
            account=ctx.account,
            region=ctx.region,
            time=time,
            resources=resources,
            detail=detail,
        )
        for detail in details
    ]
    route(ctx, DEFAULT, events)


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


def test_event_pattern(ctx: Context, *, event_pattern: str, event: str) -> dict[str, Any]:
    pattern = compile_pattern(event_pattern)
    try:
        parsed = load(event)
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        raise AwsError("ValidationException", "Parameter Event is not valid.")
    return {"Result": pattern.matches(parsed)}

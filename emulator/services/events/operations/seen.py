"""Stepwell's own: the events of the last hour, and why a rule took one or did not."""

from __future__ import annotations

import json
from typing import Any

from emulator.clock import from_micros
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.languages import patterns
from emulator.services.events.model.values import load
from emulator.services.events.operations.buses import SQL
from emulator.storage import Row

_ALL = 100


def list_seen_events(ctx: Context, *, limit: int | None = None) -> dict[str, Any]:
    """The account's latest events on any bus, the latest first."""
    return {"Events": [_seen(row) for row in ctx.tx.all(SQL.seen, account=ctx.account, most=limit or _ALL)]}


def _seen(row: Row) -> dict[str, Any]:
    event = load(row["body"])
    shown = {
        "EventId": row["event_id"],
        "EventBusName": row["bus"],
        "Region": row["region"],
        "At": from_micros(row["at"]),
        "Source": event["source"],
        "DetailType": event["detail-type"],
        "Event": row["body"],
        "Matched": json.loads(row["matched"]),
        "TraceId": row["trace_id"],
        "Cause": row["cause"],
    }
    return shown | ({"Note": row["note"]} if row["note"] else {})


def explain_event(ctx: Context, *, event_id: str) -> dict[str, Any]:
    """The rules of the event's bus as they are now: which took it then, and what keeps the others from it."""
    row = ctx.tx.one(SQL.find_seen, account=ctx.account, event_id=event_id)
    if row is None:
        raise AwsError("ResourceNotFoundException", f"No event {event_id} was seen in the last hour.")
    event, matched = load(row["body"]), json.loads(row["matched"])
    rules = ctx.tx.all(SQL.rules, account=ctx.account, region=row["region"], bus=row["bus"], after="")
    told = {
        "EventId": event_id,
        "EventBusName": row["bus"],
        "At": from_micros(row["at"]),
        "Event": row["body"],
        "TraceId": row["trace_id"],
        "Cause": row["cause"],
        "Rules": [_explained(rule, event, rule["name"] in matched) for rule in rules],
    }
    return told | ({"Note": row["note"]} if row["note"] else {})


def _explained(rule: Row, event: dict[str, Any], matched: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"Name": rule["name"], "State": rule["state"], "Matched": matched}
    if not matched and rule["pattern"] is not None:
        told["Mismatches"] = [
            {"Path": found.path, "Expected": found.expected, "Found": found.found}
            for found in patterns.compile(rule["pattern"]).explain(event)
        ]
    return told

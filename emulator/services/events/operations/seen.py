"""Stepwell's own: the events of the last hour, and why a rule took one or did not."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from emulator.clock import from_micros
from emulator.errors import AwsError
from emulator.kit import bus
from emulator.kit.context import Context
from emulator.languages import patterns
from emulator.services.events.model.values import dump, event_of, iso, load
from emulator.services.events.operations.buses import DEFAULT, SQL
from emulator.services.events.operations.routes import NO_RULE
from emulator.storage import Row

_ALL = 100


@dataclass(frozen=True, slots=True)
class Seen:
    """An event that was on a bus: its text, the JSON list of the rules that took it, why none did; `row` tells when."""

    event_id: str
    body: str
    matched: str
    note: str
    row: Row | dict[str, Any]

    def shown(self) -> dict[str, Any]:
        """What is told of it in both answers."""
        told = {
            "EventId": self.event_id,
            "EventBusName": self.row["bus"],
            "At": from_micros(self.row["at"]),
            "Event": self.body,
            "TraceId": self.row["trace_id"],
            "Cause": self.row["cause"],
        }
        return told | ({"Note": self.note} if self.note else {})


def _seen(row: Row) -> list[Seen]:
    """The events of a row, in the order in which they were put."""
    ids, bodies, matched, notes = (row[name].split("\n") for name in ("event_ids", "bodies", "matched", "notes"))
    return [Seen(*told, row) for told in zip(ids, bodies, matched, notes, strict=True)]


def _unheard(ctx: Context, **wanted: Any) -> list[Seen]:
    """Events that were not put for want of anything that could hear them."""
    return [_seen_by_nobody(ctx, event) for event in bus.unheard(ctx, **wanted)]


def _seen_by_nobody(ctx: Context, event: bus.Unheard) -> Seen:
    row = {name: getattr(event, name) for name in ("region", "at", "wall", "trace_id", "cause")} | {"bus": DEFAULT}
    text = event_of(
        id=event.id,
        source=event.source,
        detail_type=event.detail_type,
        account=ctx.account,
        region=event.region,
        time=iso(from_micros(event.at)),
        resources=event.resources,
        detail=event.detail,
    )
    return Seen(event.id, dump(text), "[]", NO_RULE, row)


def list_seen_events(ctx: Context, *, limit: int | None = None) -> dict[str, Any]:
    """The account's latest events on any bus, the latest first."""
    most = limit or _ALL
    rows = ctx.tx.all(SQL.seen, account=ctx.account, most=most)
    seen = [seen for row in rows for seen in reversed(_seen(row))]
    seen += _unheard(ctx, most=most)
    seen.sort(key=lambda seen: -seen.row["wall"])
    return {"Events": [_listed(each) for each in seen[:most]]}


def _listed(seen: Seen) -> dict[str, Any]:
    event = load(seen.body)
    return seen.shown() | {
        "Region": seen.row["region"],
        "Source": event["source"],
        "DetailType": event["detail-type"],
        "Matched": json.loads(seen.matched),
    }


def explain_event(ctx: Context, *, event_id: str) -> dict[str, Any]:
    """The rules of the event's bus as they are now: which took it then, and what keeps the others from it."""
    row = ctx.tx.one(SQL.find_seen, account=ctx.account, line="\n", like=f"%\n{_literal(event_id)}\n%")
    known = _unheard(ctx, most=2, event_id=event_id) if row is None else _seen(row)
    seen = next((seen for seen in known if seen.event_id == event_id), None)
    if seen is None:
        raise AwsError("ResourceNotFoundException", f"No event {event_id} was seen in the last hour.")
    event, matched = load(seen.body), json.loads(seen.matched)
    where = {"region": seen.row["region"], "bus": seen.row["bus"]}
    rules = ctx.tx.all(SQL.rules, account=ctx.account, after="", **where)
    return seen.shown() | {"Rules": [_explained(rule, event, rule["name"] in matched) for rule in rules]}


def _literal(text: str) -> str:
    """A text in a LIKE pattern where it stands for itself."""
    return re.sub("[!%_]", r"!\g<0>", text)


def _explained(rule: Row, event: dict[str, Any], matched: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"Name": rule["name"], "State": rule["state"], "Matched": matched}
    if not matched and rule["pattern"] is not None:
        told["Mismatches"] = [
            {"Path": found.path, "Expected": found.expected, "Found": found.found}
            for found in patterns.compile(rule["pattern"]).explain(event)
        ]
    return told

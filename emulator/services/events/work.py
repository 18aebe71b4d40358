"""Scheduled rules: at each firing a "Scheduled Event" goes to the rule's targets."""

from __future__ import annotations

import json

from emulator import ids
from emulator.clock import from_micros
from emulator.kit import delivery
from emulator.kit.context import Context
from emulator.kit.results import Again, Done
from emulator.kit.service import Item, Kind
from emulator.services.events.model import dump, event_of, iso, target_of
from emulator.services.events.operations.buses import SQL
from emulator.services.events.operations.routes import Seen, see
from emulator.services.events.operations.rules import TICK, arn_of, find_rule, next_firing


def tick(ctx: Context, item: Item) -> Done:
    """Fire a scheduled rule and plan its next firing; a rule that is gone or disabled fires no more."""
    bus, name = item.payload["bus"], item.payload["rule"]
    rule = find_rule(ctx, bus, name)
    if rule is None or rule["schedule"] is None or rule["state"] == "DISABLED":
        return None
    arn = arn_of(ctx, bus, name)
    fired = from_micros(item.due)
    event = event_of(
        id=ids.new_uuid(),
        source="aws.events",
        detail_type="Scheduled Event",
        account=ctx.account,
        region=ctx.region,
        time=iso(fired),
        resources=[arn],
        detail={},
    )
    text = dump(event)
    for row in ctx.tx.all(SQL.targets, account=ctx.account, region=ctx.region, bus=bus, rule=name):
        target = target_of(arn, name, json.loads(row["body"]))
        delivery.send(ctx, target.delivery(event, text, ctx.now))
    see(ctx, bus, [Seen(event["id"], text, [name], None)])
    due = next_firing(rule["schedule"], max(fired, ctx.now), from_micros(rule["created"]))
    return None if due is None else Again(due)


KINDS = (Kind(TICK, "router", tick),)

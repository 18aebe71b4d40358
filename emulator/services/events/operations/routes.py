"""From an event on a bus to the deliveries to the targets of the rules that match it."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Sequence
from typing import Any

from emulator.kit import delivery
from emulator.kit.bus import Known
from emulator.kit.context import Context
from emulator.languages import patterns
from emulator.services.events import limits
from emulator.services.events.model.values import Archive, Routes, Target, dump, target_of
from emulator.services.events.operations.archives import keep
from emulator.services.events.operations.buses import DEFAULT, SQL, find_bus
from emulator.services.events.operations.rules import arn_of

CALL = "events.call"

# What is remembered of an event: its id, its text, the JSON list of the rules that took it, why none did.
Remembered = tuple[str, str, str, str]

_NO_BUS = "There is no bus of this name: the event was dropped, as AWS drops it."
NO_RULE = "No rule of the bus matches the event."
_NO_TARGET = "The rules that match have no target."


def route(ctx: Context, bus: str, events: Iterable[dict[str, Any]], rules: Container[str] | None = None) -> None:
    """Remember events, and queue a delivery of each to the targets of the rules that match (of `rules`, where given).

    In this order: what a delivery brings about at once is remembered after its cause.
    """
    routes = routes_of(ctx, bus)
    if not routes.patterns and not routes.archives:
        note = _note(ctx, bus)
        see(ctx, bus, [(event["id"], dump(event), "[]", note) for event in events])
        return
    seen: list[Remembered] = []
    deliveries: list[tuple[Target, dict[str, Any], str]] = []
    for event in events:
        text = dump(event)
        if routes.archives:
            keep(ctx, routes.archives, event, text)
        matched = routes.index.match(event)
        if rules is not None:
            matched = [rule for rule in matched if rule in rules]
        targets = [target for rule in matched for target in routes.targets[rule]]
        note = "" if targets else _NO_TARGET if matched else _note(ctx, bus)
        seen.append((event["id"], text, dump(matched) if matched else "[]", note))
        deliveries += [(target, event, text) for target in targets]
    see(ctx, bus, seen)
    for target, event, text in deliveries:
        hand_on(ctx, target, event, text)


def is_heard(ctx: Context, *known: Known) -> bool:
    """Whether anything may take one of such events of the default bus (see kit/bus.py)."""
    routes = routes_of(ctx, DEFAULT)
    return any(map(routes.may_hear, known))


def hand_on(ctx: Context, target: Target, event: dict[str, Any], text: str) -> None:
    """Send an event to a target, or have an API destination called with it."""
    made = target.delivery(event, text, ctx.now)
    if target.called:
        ctx.add_work(CALL, delivery.payload_of(ctx, made))
    else:
        delivery.send(ctx, made)


def see(ctx: Context, bus: str, seen: Sequence[Remembered]) -> None:
    """Remember events for an hour, in one row for all of them."""
    if not seen:
        return
    event_ids, bodies, matched, notes = zip(*seen, strict=True)
    ctx.tx.append(
        SQL.see,
        account=ctx.account,
        region=ctx.region,
        bus=bus,
        event_ids="\n".join(event_ids),
        at=ctx.micros,
        bodies="\n".join(bodies),  # compact JSON has no line breaks
        matched="\n".join(matched),
        notes="\n".join(notes),
        trace_id=ctx.origin.trace_id,
        cause=ctx.origin.cause,
        wall=ctx.wall,
    )
    ctx.forget("events", SQL.forget_seen, limits.SEEN_MICROS)


def _note(ctx: Context, bus: str) -> str:
    return NO_RULE if bus == DEFAULT or find_bus(ctx, bus) is not None else _NO_BUS


def routes_of(ctx: Context, bus: str) -> Routes:
    """The enabled rules of a bus, compiled; remembered until one of them changes."""
    memory: dict[Any, Any] = ctx.memory("events")
    key = (ctx.account, ctx.region, bus)
    known: Routes | None = memory.get(key)
    if known is not None and ctx.tx.exclusive:
        return known
    row = ctx.tx.one(SQL.version, account=ctx.account, region=ctx.region, bus=bus)
    version = 0 if row is None else int(row["version"])
    if known is None or known.version != version:
        known = _compile(ctx, bus, version)
        memory[key] = known
        ctx.tx.after_rollback(lambda: memory.pop(key, None))
    return known


def _compile(ctx: Context, bus: str, version: int) -> Routes:
    where = {"account": ctx.account, "region": ctx.region, "bus": bus}
    routes = Routes(version)
    for rule in ctx.tx.all(SQL.rules, after="", **where):
        if rule["pattern"] is not None and rule["state"] != "DISABLED":
            routes.add(rule["name"], patterns.compile(rule["pattern"]))
    for row in ctx.tx.all(SQL.archives_of_bus, **where):
        pattern = None if row["pattern"] is None else patterns.compile(row["pattern"])
        routes.archives.append(Archive(row["id"], pattern, row["retention"]))
    for row in ctx.tx.all(SQL.targets_of_bus, **where):
        rule_name = row["rule"]
        routes.targets.setdefault(rule_name, []).append(
            target_of(arn_of(ctx, bus, rule_name), rule_name, json.loads(row["body"]))
        )
    return routes

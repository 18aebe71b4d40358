"""Rules: what they match, or when they fire."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from emulator.clock import from_micros
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.languages import patterns, schedules
from emulator.services.events import limits
from emulator.services.events.operations.buses import DEFAULT, SQL, require_bus
from emulator.services.events.operations.pages import page
from emulator.storage import Row

TICK = "events.tick"


def arn_of(ctx: Context, bus: str, name: str) -> str:
    """The ARN of a rule of this account and region."""
    return ctx.arn("events", f"rule/{name}" if bus == DEFAULT else f"rule/{bus}/{name}")


def find_rule(ctx: Context, bus: str, name: str) -> Row | None:
    return ctx.tx.one(SQL.find_rule, account=ctx.account, region=ctx.region, bus=bus, name=name)


def require_rule(ctx: Context, bus: str, name: str) -> Row:
    """The rule's row; raises ResourceNotFoundException."""
    row = find_rule(ctx, bus, name)
    if row is None:
        raise AwsError("ResourceNotFoundException", f"Rule {name} does not exist on EventBus {bus}.")
    return row


def changed(ctx: Context, bus: str) -> None:
    """The rules or targets of a bus are not what they were: forget what is remembered of them."""
    ctx.tx.execute(SQL.next_version, account=ctx.account, region=ctx.region, bus=bus)
    routes = ctx.memory("events")
    key = (ctx.account, ctx.region, bus)
    routes.pop(key, None)  # type: ignore[call-overload]
    ctx.tx.after_commit(lambda: routes.pop(key, None))  # type: ignore[call-overload]


def put_rule(
    ctx: Context,
    *,
    name: str,
    schedule_expression: str | None = None,
    event_pattern: str | None = None,
    state: str | None = None,
    description: str | None = None,
    role_arn: str | None = None,
    tags: list[dict[str, str]] | None = None,
    event_bus_name: str | None = None,
) -> dict[str, Any]:
    bus = require_bus(ctx, event_bus_name)
    _check(bus, schedule_expression, event_pattern)
    existing = find_rule(ctx, bus, name)
    ctx.tx.execute(
        SQL.put_rule,
        account=ctx.account,
        region=ctx.region,
        bus=bus,
        name=name,
        pattern=event_pattern or None,
        schedule=schedule_expression or None,
        state=state or "ENABLED",
        description=description,
        role_arn=role_arn,
        tags=existing["tags"] if existing is not None else json.dumps(tags or []),
        now=ctx.micros,
    )
    changed(ctx, bus)
    plan(ctx, bus, name)
    return {"RuleArn": arn_of(ctx, bus, name)}


def _check(bus: str, schedule: str | None, pattern: str | None) -> None:
    if not schedule and not pattern:
        raise AwsError("ValidationException", "Parameter(s) EventPattern or ScheduleExpression must be specified.")
    if schedule:
        if bus != DEFAULT:
            raise AwsError("ValidationException", "ScheduleExpression is supported only on the default event bus.")
        try:
            schedules.parse(schedule)
        except schedules.InvalidSchedule:
            raise AwsError("ValidationException", "Parameter ScheduleExpression is not valid.") from None
    if pattern:
        if len(pattern) > limits.PATTERN_CHARACTERS_MAX:
            raise AwsError("InvalidEventPatternException", "Event pattern is not valid. Reason: Pattern is too long")
        compile_pattern(pattern)


def compile_pattern(text: str) -> patterns.Pattern:
    """A compiled pattern; raises InvalidEventPatternException as PutRule does."""
    try:
        return patterns.compile(text)
    except patterns.InvalidPattern as error:
        raise AwsError("InvalidEventPatternException", error.message) from None


def plan(ctx: Context, bus: str, name: str) -> None:
    """See to the next firing of a scheduled rule, or to none any more."""
    key = arn_of(ctx, bus, name)
    ctx.cancel_work(TICK, key)
    row = find_rule(ctx, bus, name)
    if row is None or row["schedule"] is None or row["state"] == "DISABLED":
        return
    due = next_firing(row["schedule"], ctx.now, from_micros(row["created"]))
    if due is not None:
        ctx.add_work(TICK, {"bus": bus, "rule": name}, due=due, key=key)


def next_firing(expression: str, now: datetime, created: datetime) -> datetime | None:
    """When a rule fires next; rates count from the rule's creation."""
    return schedules.parse(expression).next_after(now, start=created)


def describe_rule(ctx: Context, *, name: str, event_bus_name: str | None = None) -> dict[str, Any]:
    bus = require_bus(ctx, event_bus_name)
    return {**_shown(ctx, require_rule(ctx, bus, name)), "CreatedBy": ctx.account}


def list_rules(
    ctx: Context,
    *,
    name_prefix: str | None = None,
    event_bus_name: str | None = None,
    next_token: str | None = None,
    limit: int | None = None,
) -> dict[str, Any]:
    bus = require_bus(ctx, event_bus_name)
    rows = ctx.tx.all(SQL.rules, account=ctx.account, region=ctx.region, bus=bus, after=next_token or "")
    wanted = [row for row in rows if row["name"].startswith(name_prefix or "")]
    return page("Rules", wanted, limit, lambda row: _shown(ctx, row))


def _shown(ctx: Context, row: Row) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "Name": row["name"],
        "Arn": arn_of(ctx, row["bus"], row["name"]),
        "State": row["state"],
        "EventBusName": row["bus"],
    }
    optional = (
        ("EventPattern", "pattern"),
        ("ScheduleExpression", "schedule"),
        ("Description", "description"),
        ("RoleArn", "role_arn"),
    )
    for member, column in optional:
        if row[column] is not None:
            shown[member] = row[column]
    return shown


def list_rule_names_by_target(
    ctx: Context,
    *,
    target_arn: str,
    event_bus_name: str | None = None,
    next_token: str | None = None,
    limit: int | None = None,
) -> dict[str, Any]:
    bus = require_bus(ctx, event_bus_name)
    rows = ctx.tx.all(SQL.rules_of_target, account=ctx.account, region=ctx.region, bus=bus, arn=target_arn)
    wanted = [row for row in rows if row["rule"] > (next_token or "")]
    return page("RuleNames", wanted, limit, lambda row: row["rule"], key="rule")


def delete_rule(ctx: Context, *, name: str, event_bus_name: str | None = None) -> dict[str, Any]:
    bus = require_bus(ctx, event_bus_name)
    if ctx.tx.all(SQL.targets, account=ctx.account, region=ctx.region, bus=bus, rule=name):
        raise AwsError("ValidationException", "Rule can't be deleted since it has targets.")
    ctx.tx.execute(SQL.remove_rule, account=ctx.account, region=ctx.region, bus=bus, name=name)
    ctx.cancel_work(TICK, arn_of(ctx, bus, name))
    changed(ctx, bus)
    return {}


def enable_rule(ctx: Context, *, name: str, event_bus_name: str | None = None) -> dict[str, Any]:
    return _set_state(ctx, name, event_bus_name, "ENABLED")


def disable_rule(ctx: Context, *, name: str, event_bus_name: str | None = None) -> dict[str, Any]:
    return _set_state(ctx, name, event_bus_name, "DISABLED")


def _set_state(ctx: Context, name: str, event_bus_name: str | None, state: str) -> dict[str, Any]:
    bus = require_bus(ctx, event_bus_name)
    require_rule(ctx, bus, name)
    ctx.tx.execute(SQL.set_state, account=ctx.account, region=ctx.region, bus=bus, name=name, state=state)
    changed(ctx, bus)
    plan(ctx, bus, name)
    return {}

"""What happens when nobody calls: scheduled rules fire, replays go on, API destinations are called."""

from __future__ import annotations

import json
from typing import Any

from emulator import ids
from emulator.arns import find_arn
from emulator.clock import from_micros
from emulator.errors import AwsError
from emulator.kit import delivery
from emulator.kit.context import Context
from emulator.kit.delivery import Delivery
from emulator.kit.delivery.attempts import record
from emulator.kit.delivery.local import is_local, not_local
from emulator.kit.effects import HttpAnswer
from emulator.kit.removing import removal
from emulator.kit.results import Again, Done, Outside
from emulator.kit.service import Item, Kind
from emulator.services.events import limits
from emulator.services.events.model import calls
from emulator.services.events.model.values import dump, event_of, iso, replayed, target_of
from emulator.services.events.operations.archives import REMOVE, oldest
from emulator.services.events.operations.buses import SQL
from emulator.services.events.operations.connections import (
    AUTHORIZE,
    find_connection,
    find_connection_of,
    renew_connection,
)
from emulator.services.events.operations.connections import set_state as set_connection
from emulator.services.events.operations.destinations import find_destination
from emulator.services.events.operations.replays import REPLAY, find_replay, set_state
from emulator.services.events.operations.routes import CALL, hand_on, route, see
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
    see(ctx, bus, [(event["id"], text, dump([name]), "")])
    for row in ctx.tx.all(SQL.targets, account=ctx.account, region=ctx.region, bus=bus, rule=name):
        hand_on(ctx, target_of(arn, name, json.loads(row["body"])), event, text)
    due = next_firing(rule["schedule"], max(fired, ctx.now), from_micros(rule["created"]))
    return None if due is None else Again(due)


def replay(ctx: Context, item: Item) -> Done:
    """Replay the next events of an archive in the order of their own times, until there are none of its time left."""
    name = item.payload["name"]
    row = find_replay(ctx, name)
    if row is None:
        return None
    where = {"account": ctx.account, "region": ctx.region}
    archive = ctx.tx.one(SQL.find_archive, name=row["archive"], **where)
    if row["state"] == "CANCELLING" or archive is None:
        set_state(ctx, name, "FAILED" if archive is None else "CANCELLED", ctx.micros)
        return None
    events = ctx.tx.all(
        SQL.to_replay,
        archive=archive["id"],
        oldest=oldest(ctx, archive["retention"]),
        until_time=row["until_time"],
        last_at=row["from_time"] if row["last_at"] is None else row["last_at"],
        last_id=row["last_id"] or 0,
        most=limits.REPLAY_SLICE,
    )
    filters = json.loads(row["destination"]).get("FilterArns")
    rules = {arn.rsplit("/", 1)[-1] for arn in filters} if filters else None
    route(ctx, row["bus"], [replayed(event["body"], name) for event in events], rules)
    if events:
        ctx.tx.execute(SQL.replayed, name=name, last_at=events[-1]["at"], last_id=events[-1]["id"], **where)
    if len(events) == limits.REPLAY_SLICE:
        return Again(ctx.now)
    set_state(ctx, name, "COMPLETED", ctx.micros)
    return None


def call(ctx: Context, item: Item) -> Done:
    """Call an API destination with what a rule has for it. Errors: those by which a delivery fails."""
    made = Delivery(**item.payload)
    if made.invalid:
        raise AwsError("INVALID_JSON", made.invalid)
    arn = find_arn(made.target_arn)
    assert arn is not None
    destination = find_destination(ctx, arn.name.split("/")[0])
    if destination is None:
        raise AwsError("ResourceNotFoundException", f"The ApiDestination {made.target_arn} does not exist.")
    connection = find_connection_of(ctx, destination["connection_arn"])
    if connection is None or connection["state"] == "DEAUTHORIZED":
        raise AwsError("ResourceNotFoundException", "The ApiDestination has no authorized connection.")
    if connection["state"] != "AUTHORIZED":
        raise AwsError("ERROR_FROM_TARGET", "The connection of the ApiDestination is not authorized yet.")
    request = calls.request(
        destination["method"],
        destination["endpoint"],
        connection["kind"],
        json.loads(connection["auth"]),
        connection["token"],
        made.parameters.get("HttpParameters") or {},
        made.input,
    )
    if not is_local(request.url):
        raise not_local()
    return Outside(request)


def called(ctx: Context, item: Item, outcome: Any) -> Done:
    """A call was answered, or was not. Errors: those by which a delivery fails."""
    made = Delivery(**item.payload)
    if not isinstance(outcome, HttpAnswer):
        raise AwsError("CONNECTION_FAILURE", f"Unable to invoke ApiDestination endpoint: {outcome}")
    calls.require_success(outcome.status)
    record(ctx, made.source_arn, made.target_arn, item.attempts + 1, "delivered")
    return None


def not_called(ctx: Context, item: Item, error: AwsError) -> Done:
    """What follows a call that failed; a token that was refused is asked for anew."""
    arn = find_arn(item.payload["target_arn"])
    if error.code == calls.UNAUTHORIZED and arn is not None:
        destination = find_destination(ctx, arn.name.split("/")[0])
        if destination is not None:
            renew_connection(ctx, arn=destination["connection_arn"])
    return delivery.failed(ctx, item, error)


def authorize(ctx: Context, item: Item) -> Done:
    """Ask the OAuth endpoint of a connection for a token."""
    connection = find_connection(ctx, item.payload["name"])
    if connection is None or connection["state"] == "DEAUTHORIZED":
        return None
    request = calls.token_request(json.loads(connection["auth"]))
    if is_local(request.url):
        return Outside(request)
    set_connection(ctx, connection, "DEAUTHORIZED", reason=not_local().message)
    return None


def authorized(ctx: Context, item: Item, outcome: Any) -> Done:
    """The OAuth endpoint answered, or did not."""
    connection = find_connection(ctx, item.payload["name"])
    if connection is None:
        return None
    token, reason = None, f"The authorization endpoint cannot be reached: {outcome}"
    if isinstance(outcome, HttpAnswer):
        reason = f"The authorization endpoint answered with the status {outcome.status} and no access token."
        token = calls.token_of(outcome.body) if 200 <= outcome.status < 300 else None
    if token is None:
        set_connection(ctx, connection, "DEAUTHORIZED", reason=reason)
    else:
        set_connection(ctx, connection, "AUTHORIZED", token=token)
    return None


KINDS = (
    Kind(TICK, "router", tick),
    Kind(REPLAY, "router", replay),
    Kind(CALL, "router", call, finish=called, failed=not_called),
    Kind(AUTHORIZE, "router", authorize, finish=authorized),
    removal(REMOVE, SQL),
)

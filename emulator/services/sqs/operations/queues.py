"""Queues: create, find, list, change, empty and delete them."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.kit.removing import remove
from emulator.services.sqs import limits
from emulator.services.sqs.model import attributes as rules
from emulator.services.sqs.model.errors import invalid_parameter, queue_does_not_exist, unknown_attribute
from emulator.services.sqs.model.queue import Queue, queue_of, require_name
from emulator.services.sqs.operations.counts import counts_of, forget_counts
from emulator.services.sqs.operations.lookup import (
    find_queue,
    find_queue_by_arn,
    forget_queue,
    micros,
    require_queue,
    url_of,
)
from emulator.services.sqs.operations.statements import SQL
from emulator.services.sqs.operations.tags import checked_tags

REMOVE = "sqs.remove"


def create_queue(
    ctx: Context,
    *,
    queue_name: str,
    attributes: dict[str, str] | None = None,
    tags: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Create a queue; one that has these attributes already is left as it is, tags included.

    Errors: QueueNameExists, InvalidAttributeName, InvalidAttributeValue, InvalidParameterValue.
    """
    given = attributes or {}
    fifo = given.get("FifoQueue", "").lower() == "true"
    require_name(queue_name, fifo=fifo)
    wanted = rules.checked(given, fifo=fifo, creating=True)
    labels = checked_tags({}, tags or {})
    existing = find_queue(ctx, ctx.account, ctx.region, queue_name)
    if existing is not None:
        _require_same(existing, wanted)
    else:
        kept = rules.merged({}, wanted)
        queue = queue_of(0, ctx.account, ctx.region, queue_name, kept, ctx.micros, ctx.micros)
        _require_dead_letter(ctx, queue)
        forget_queue(ctx, ctx.account, ctx.region, queue_name)
        ctx.tx.execute(
            SQL.insert_queue,
            account=ctx.account,
            region=ctx.region,
            name=queue_name,
            attributes=json.dumps(kept),
            tags=json.dumps(labels),
            dead_letter=queue.dead_letter,
            now=ctx.micros,
        )
    return {"QueueUrl": url_of(ctx, ctx.account, queue_name)}


def _require_same(existing: Queue, wanted: dict[str, str]) -> None:
    different = rules.first_difference(rules.effective(existing.attributes, fifo=existing.fifo), wanted)
    if different is not None:
        raise AwsError(
            "QueueNameExists",
            "A queue already exists with the same name and a different value for attribute " + different,
        )


def _require_dead_letter(ctx: Context, queue: Queue) -> None:
    """The dead-letter queue must be there, of the same kind, place and owner, and willing."""
    if queue.dead_letter is None:
        return
    policy = queue.attributes["RedrivePolicy"]
    target = find_queue_by_arn(ctx, queue.dead_letter)
    if target is None or (target.account, target.region) != (queue.account, queue.region):
        raise invalid_parameter(policy, "RedrivePolicy", "Dead letter target does not exist.")
    if target.fifo != queue.fifo:
        raise invalid_parameter(policy, "RedrivePolicy", "Dead-letter queue must be same type of queue as the source.")
    if not rules.allows_source(target.attributes.get("RedriveAllowPolicy"), queue.arn):
        raise invalid_parameter(
            policy,
            "RedrivePolicy",
            "The RedriveAllowPolicy of the dead-letter queue does not allow this source queue.",
        )


def get_queue_url(ctx: Context, *, queue_name: str, queue_owner_aws_account_id: str | None = None) -> dict[str, Any]:
    """The URL of a queue, also of another account's. Error: QueueDoesNotExist."""
    account = queue_owner_aws_account_id or ctx.account
    if find_queue(ctx, account, ctx.region, queue_name) is None:
        raise queue_does_not_exist()
    return {"QueueUrl": url_of(ctx, account, queue_name)}


def list_queues(
    ctx: Context,
    *,
    queue_name_prefix: str | None = None,
    next_token: str | None = None,
    max_results: int | None = None,
) -> dict[str, Any]:
    """The URLs of the account's queues by name; `NextToken` only where `max_results` asked for pages."""
    most = _page_size(max_results)
    prefix = queue_name_prefix or ""
    rows = ctx.tx.all(
        SQL.list_queues,
        account=ctx.account,
        region=ctx.region,
        after=_after(next_token),
        prefix=prefix,
        length=len(prefix),
        most=most + 1,
    )
    names = [row["name"] for row in rows]
    page = _page(names, most, max_results)
    urls = [url_of(ctx, ctx.account, name) for name in names[:most]]
    return {**({"QueueUrls": urls} if urls else {}), **page}


def list_dead_letter_source_queues(
    ctx: Context, *, queue_url: str, next_token: str | None = None, max_results: int | None = None
) -> dict[str, Any]:
    """The URLs of the queues whose RedrivePolicy names this one. Error: QueueDoesNotExist."""
    queue = require_queue(ctx, queue_url)
    most = _page_size(max_results)
    rows = ctx.tx.all(SQL.list_sources, arn=queue.arn, after=_after(next_token), most=most + 1)
    urls = [url_of(ctx, row["account"], row["name"]) for row in rows[:most]]
    return {"queueUrls": urls, **_page([row["name"] for row in rows], most, max_results)}


def _page_size(max_results: int | None) -> int:
    if max_results is not None and not 1 <= max_results <= limits.LIST_MOST:
        raise invalid_parameter(max_results, "MaxResults", "MaxResults must be an integer between 1 and 1000.")
    return max_results or limits.LIST_MOST


def _after(token: str | None) -> str:
    try:
        return base64.b64decode(token, validate=True).decode() if token else ""
    except (binascii.Error, ValueError):
        raise invalid_parameter(token, "NextToken", "Invalid NextToken.") from None


def _page(names: list[str], most: int, max_results: int | None) -> dict[str, Any]:
    if max_results is None or len(names) <= most:
        return {}
    return {"NextToken": base64.b64encode(names[most - 1].encode()).decode()}


def get_queue_attributes(ctx: Context, *, queue_url: str, attribute_names: list[str] | None = None) -> dict[str, Any]:
    """The attributes asked for that have a value. Errors: QueueDoesNotExist, InvalidAttributeName."""
    queue = require_queue(ctx, queue_url)
    names = set(attribute_names or ())
    for name in attribute_names or ():
        if name not in rules.KNOWN:
            raise unknown_attribute(name)
    everything = "All" in names
    shown = rules.effective(queue.attributes, fifo=queue.fifo) | {
        "QueueArn": queue.arn,
        "CreatedTimestamp": str(queue.created // 1_000_000),
        "LastModifiedTimestamp": str(queue.modified // 1_000_000),
    }
    if everything or not names.isdisjoint(rules.COUNTS):
        shown |= {name: str(count) for name, count in counts_of(ctx, queue).items()}
    found = {name: value for name, value in shown.items() if everything or name in names}
    return {"Attributes": found} if found else {}


def set_queue_attributes(ctx: Context, *, queue_url: str, attributes: dict[str, str]) -> dict[str, Any]:
    """Change attributes; an empty policy or key takes it away.

    Errors: QueueDoesNotExist, InvalidAttributeName, InvalidAttributeValue, InvalidParameterValue.
    """
    queue = require_queue(ctx, queue_url)
    store_attributes(ctx, queue, rules.checked(attributes, fifo=queue.fifo, creating=False))
    return {}


def store_attributes(ctx: Context, queue: Queue, changes: dict[str, str]) -> None:
    """Keep changed attributes of a queue; they hold from now on, also for messages that are there."""
    kept = rules.merged(queue.attributes, changes)
    now = micros(ctx, queue)
    changed = queue_of(queue.id, queue.account, queue.region, queue.name, kept, queue.created, now)
    if "RedrivePolicy" in changes:
        _require_dead_letter(ctx, changed)
    forget_queue(ctx, queue.account, queue.region, queue.name)
    ctx.tx.execute(
        SQL.set_attributes,
        id=queue.id,
        attributes=json.dumps(kept),
        dead_letter=changed.dead_letter,
        now=now,
    )


def delete_queue(ctx: Context, *, queue_url: str) -> dict[str, Any]:
    """Delete a queue with its messages. Error: QueueDoesNotExist."""
    queue = require_queue(ctx, queue_url)
    forget_queue(ctx, queue.account, queue.region, queue.name)
    ctx.tx.execute(SQL.delete_queue, id=queue.id)
    remove(ctx, REMOVE, SQL.delete_messages, content=queue.content)
    remove(ctx, REMOVE, SQL.delete_deduplications, id=queue.id)
    ctx.wake(queue.wake_key)
    return {}


def purge_queue(ctx: Context, *, queue_url: str) -> dict[str, Any]:
    """Delete every message, those in flight too. Errors: QueueDoesNotExist, PurgeQueueInProgress."""
    queue = require_queue(ctx, queue_url)
    now = micros(ctx, queue)
    if not ctx.tx.execute(SQL.purge_began, id=queue.id, now=now, before=now - limits.PURGE_SECONDS * 1_000_000):
        raise AwsError(
            "PurgeQueueInProgress",
            f"Only one PurgeQueue operation on {queue.name} is allowed every 60 seconds.",
        )
    forget_queue(ctx, queue.account, queue.region, queue.name)
    forget_counts(ctx, queue)
    remove(ctx, REMOVE, SQL.delete_messages, content=queue.content)
    return {}

"""Telling of what happened to an object: to EventBridge, to queues, topics and functions, to the bound folder."""

from __future__ import annotations

import json

from emulator.kit import bus
from emulator.kit.context import Context
from emulator.kit.delivery import Delivery, send
from emulator.services.s3.model.notifications import Happened, Where, detail, detail_type, record
from emulator.services.s3.operations.lookup import Bucket

MIRROR = "s3.mirror"


def tell(ctx: Context, bucket: Bucket, happened: Happened, *, mirrored: bool = True) -> None:
    """In this transaction: the notifications that the bucket's configuration asks for, and the folder's work.

    Not `mirrored`: the object came from the folder; writing it back might undo an edit made since.
    """
    if bucket.notifications is not None:
        _notify(ctx, bucket, happened)
    if mirrored and bucket.folder is not None and happened.event.startswith(("ObjectCreated", "ObjectRemoved")):
        removed = happened.event.startswith("ObjectRemoved")
        mirror(ctx, bucket, happened.key, happened.sequencer, removed=removed)


def mirror(ctx: Context, bucket: Bucket, key: str, sequencer: str, *, removed: bool = False) -> None:
    """Work that brings the file of a key to what the object was at `sequencer`, when it was put or `removed`."""
    payload = {
        "bucket": bucket.name,
        "key": key,
        "sequencer": sequencer,
        "removed": removed,
        "failures": 0,
    }
    ctx.add_work(MIRROR, payload, region=bucket.region)


def where_of(ctx: Context, bucket: Bucket) -> Where:
    """The bucket, the request and the moment, as records tell them."""
    return Where(bucket.name, bucket.account, bucket.region, ctx.request_id, ctx.now)


def _notify(ctx: Context, bucket: Bucket, happened: Happened) -> None:
    assert bucket.notifications is not None
    there = ctx if ctx.region == bucket.region else ctx.elsewhere(bucket.account, bucket.region)
    where = where_of(ctx, bucket)
    if bucket.notifications.event_bridge:
        bus.emit(
            there,
            "aws.s3",
            detail_type(happened.event),
            [f"arn:aws:s3:::{bucket.name}"],
            [detail(where, happened)],
        )
    for target in bucket.notifications.targets:
        if target.takes(happened.event, happened.key):
            records = {"Records": [record(where, happened, target.id)]}
            deliver(there, bucket, target.arn, json.dumps(records, separators=(",", ":")))


def deliver(ctx: Context, bucket: Bucket, arn: str, text: str) -> None:
    """Send a message of S3 to a queue, a topic or a function."""
    send(
        ctx,
        Delivery(
            target_arn=arn,
            input=text,
            source_arn=f"arn:aws:s3:::{bucket.name}",
            source_service="s3",
            parameters={"Subject": "Amazon S3 Notification"},
        ),
    )

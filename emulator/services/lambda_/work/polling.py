"""Event source mappings at work: messages are received, handed to the function in batches, and deleted.

A mapping is one row of work. It sleeps while its queue is empty, and costs nothing then.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from emulator.arns import Arn, find_arn
from emulator.clock import from_micros
from emulator.errors import AwsError
from emulator.kit.context import Context, Origin
from emulator.kit.delivery import attempts
from emulator.kit.results import Again, Done, Sleep, Wait
from emulator.kit.service import Item
from emulator.services.lambda_ import limits
from emulator.services.lambda_.model import mappings
from emulator.services.lambda_.model.invocations import error_message
from emulator.services.lambda_.model.mappings import POLLED, Batch, Settings
from emulator.services.lambda_.operations.statements import SQL
from emulator.storage import Row

_ROUNDS = 8  # batches begun, or receives made, in one transaction
_MISSING = ("QueueDoesNotExist", "InvalidAddress")


@dataclass(frozen=True, slots=True)
class _Mapping:
    """A mapping as its row has it now."""

    row: Row
    settings: Settings
    source: Arn
    key: str


def poll(ctx: Context, item: Item) -> Done:
    """Begin as many batches as there are messages and room for, then sleep until something changes."""
    for _ in range(_ROUNDS):
        mapping = _find(ctx, item.payload["uuid"])
        if mapping is None:
            return None
        if not mapping.row["enabled"]:
            if mapping.row["held"]:
                _put_held(ctx, mapping, [])
            return Sleep((mapping.key,))
        if mapping.row["running"] >= mappings.concurrency(mapping.settings):
            return Sleep((mapping.key,))
        sleep = _round(ctx, mapping)
        if sleep is not None:
            return sleep
    return Again(ctx.now)


def _find(ctx: Context, uuid: str) -> _Mapping | None:
    """The mapping, now in the state that was asked for; None when it is deleted."""
    place = {"account": ctx.account, "region": ctx.region, "uuid": uuid}
    row = ctx.tx.one(SQL.find_mapping, **place)
    if row is None:
        return None
    if row["state"] == "Deleting":
        ctx.tx.execute(SQL.remove_mapping, **place)
        ctx.tx.execute(SQL.forget_records, mapping=uuid)
        return None
    state = "Enabled" if row["enabled"] else "Disabled"
    if row["state"] != state:
        ctx.tx.execute(SQL.put_mapping_state, state=state, **place)
    source = find_arn(row["source"])
    assert source is not None
    return _Mapping(row, json.loads(row["settings"]), source, mappings.wake_key(ctx.account, ctx.region, uuid))


def _round(ctx: Context, mapping: _Mapping) -> Sleep | None:
    """One receive, and a batch if one is complete; how long to sleep where there is nothing more to do."""
    row, settings = mapping.row, mapping.settings
    size, window = mappings.batch_size(settings), mappings.window_seconds(settings)
    received: list[str] = []
    wait: Wait | None = None
    if row["held"] < size:
        try:
            received, wait = _receive(ctx, mapping, min(size - row["held"], limits.RECEIVE_MOST))
        except AwsError as error:
            if error.code not in _MISSING:
                raise
            return Sleep((mapping.key, f"sqs:{mapping.source}"))
    if not row["held"]:
        if received and not window and mappings.fitting(_sizes(received), size) == len(received):
            _begin(ctx, mapping, received)
            return None
        if not received:
            return None if wait is None else _until(ctx, mapping, wait, None)
    return _hold(ctx, mapping, received, wait)


def _hold(ctx: Context, mapping: _Mapping, received: list[str], wait: Wait | None) -> Sleep | None:
    """Add what was received to what is held, and begin a batch if it is large or old enough."""
    row, settings = mapping.row, mapping.settings
    size = mappings.batch_size(settings)
    for record in received:
        ctx.tx.execute(SQL.hold_record, account=ctx.account, region=ctx.region, mapping=row["uuid"], record=record)
    held, total = row["held"] + len(received), row["held_bytes"] + sum(_sizes(received))
    flush = row["flush"] or ctx.micros + mappings.window_seconds(settings) * 1_000_000
    if held < size and total < limits.SYNC_PAYLOAD_BYTES and ctx.micros < flush:
        if received:
            _count_held(ctx, mapping, held, total, flush)
        return None if wait is None else _until(ctx, mapping, wait, flush)
    rows = ctx.tx.all(SQL.held_records, mapping=row["uuid"], most=size + limits.RECEIVE_MOST)
    records = [found["record"] for found in rows]
    fit = mappings.fitting(_sizes(records), size)
    ctx.tx.execute(SQL.release_records, mapping=row["uuid"], last=rows[fit - 1]["id"])
    _put_held(ctx, mapping, records[fit:])
    _begin(ctx, mapping, records[:fit])
    return None


def _sizes(records: list[str]) -> list[int]:
    return [len(record.encode(errors="surrogatepass")) for record in records]


def _until(ctx: Context, mapping: _Mapping, wait: Wait, flush: int | None) -> Sleep:
    """Until a message comes, one becomes visible again, or the batching window ends."""
    moments = [] if wait.wake_at is None else [wait.wake_at]
    if flush is not None:
        moments.append(from_micros(flush))
    # A queue of another account has another time: whatever that says, this does not spin.
    soonest = ctx.now + timedelta(milliseconds=1)
    return Sleep((mapping.key, *wait.keys), max(soonest, min(moments)) if moments else None)


def _put_held(ctx: Context, mapping: _Mapping, left: list[str]) -> None:
    """What is held is `left` alone; that goes with the next batch, which is due at once."""
    if not left:
        ctx.tx.execute(SQL.forget_records, mapping=mapping.row["uuid"])
    _count_held(ctx, mapping, len(left), sum(_sizes(left)), ctx.micros if left else None)


def _count_held(ctx: Context, mapping: _Mapping, held: int, total: int, flush: int | None) -> None:
    place = {"account": ctx.account, "region": ctx.region, "uuid": mapping.row["uuid"]}
    ctx.tx.execute(SQL.put_held, held=held, held_bytes=total, flush=flush, **place)


def _receive(ctx: Context, mapping: _Mapping, most: int) -> tuple[list[str], Wait | None]:
    """Messages as records, those that no filter wants deleted; or what to wait for, where the queue has none."""
    url = _url(ctx, mapping.source)
    answer = ctx.ask(
        "sqs",
        "ReceiveMessage",
        {
            "QueueUrl": url,
            "MaxNumberOfMessages": most,
            "WaitTimeSeconds": 20,
            "MessageSystemAttributeNames": ["All"],
            "MessageAttributeNames": ["All"],
        },
    )
    if isinstance(answer, Wait):
        return [], answer
    filters = (mapping.settings.get("FilterCriteria") or {}).get("Filters") or []
    patterns = mappings.patterns_of(json.dumps(filters))
    records = [mappings.record_of(message, mapping.source) for message in answer.get("Messages", ())]
    chosen = [record for record in records if mappings.wanted(record, patterns)]
    if len(chosen) < len(records):
        _delete(ctx, url, [record["receiptHandle"] for record in records if record not in chosen])
    return [mappings.dump(record) for record in chosen], None


def _url(ctx: Context, source: Arn) -> str:
    return f"{ctx.endpoint}/{source.account}/{source.resource}"


def _delete(ctx: Context, url: str, handles: list[str]) -> None:
    for start in range(0, len(handles), 10):
        entries = [
            {"Id": str(place), "ReceiptHandle": handle} for place, handle in enumerate(handles[start : start + 10])
        ]
        ctx.call("sqs", "DeleteMessageBatch", {"QueueUrl": url, "Entries": entries})


def _begin(ctx: Context, mapping: _Mapping, records: list[str]) -> None:
    """Hand a batch to the function; `polled` hears what became of it."""
    row = mapping.row
    parsed = [json.loads(record) for record in records]
    batch = Batch(
        row["uuid"],
        row["function_arn"],
        row["source"],
        mappings.reports_items(mapping.settings),
        {record["messageId"]: record["receiptHandle"] for record in parsed},
    )
    inner = ctx.elsewhere(ctx.account, ctx.region)
    inner.origin = _origin(parsed[0], row["uuid"])
    reply = inner.reply_here(POLLED, asdict(batch))
    try:
        inner.call(
            "lambda",
            "Invoke",
            {"FunctionName": row["function_arn"], "Payload": mappings.event_of(records)},
            reply=reply,
        )
    except AwsError as error:
        inner.answer(reply, error={"code": error.code, "message": error.message})
    place = {"account": ctx.account, "region": ctx.region, "uuid": row["uuid"]}
    ctx.tx.execute(SQL.count_running, more=1, **place)


def _origin(record: dict[str, Any], uuid: str) -> Origin:
    """The trace that the first message carries, else a new one."""
    cause = f"lambda:event-source-mapping:{uuid}"
    for part in record["attributes"].get("AWSTraceHeader", "").split(";"):
        if part.startswith("Root="):
            return Origin(part[5:], cause)
    return Origin.new(cause)


def polled(ctx: Context, item: Item) -> Done:
    """A batch ended: what succeeded is deleted, what failed is seen again when its visibility timeout is over."""
    payload = item.payload
    batch = Batch(**{name: payload[name] for name in Batch.__dataclass_fields__})
    failed, error = _failed(batch, payload)
    done = [handle for id, handle in batch.receipts.items() if id not in failed]
    try:
        _delete(ctx, _url(ctx, batch.source), done)
    except AwsError as gone:
        if gone.code not in _MISSING:
            raise
    _record(ctx, batch, error)
    place = {"account": ctx.account, "region": ctx.region, "uuid": batch.mapping}
    ctx.tx.execute(SQL.count_running, more=-1, **place)
    ctx.wake(mappings.wake_key(ctx.account, ctx.region, batch.mapping))
    return None


def _failed(batch: Batch, payload: dict[str, Any]) -> tuple[set[str], AwsError | None]:
    """The message ids that failed, and why."""
    every = set(batch.receipts)
    if "error" in payload:
        return every, AwsError(payload["error"]["code"], payload["error"]["message"])
    result = payload["result"]
    if "FunctionError" in result:
        return every, AwsError(result["FunctionError"], error_message(result["Payload"]))
    if not batch.partial:
        return set(), None
    failed = mappings.failed_items(result["Payload"], list(batch.receipts))
    text = f"{len(failed)} of {len(every)} messages failed."
    return failed, AwsError("BatchItemFailures", text) if failed else None


def _record(ctx: Context, batch: Batch, error: AwsError | None) -> None:
    """One row among the attempts of deliveries: a batch for a function is one."""
    outcome = "delivered" if error is None else "failed"
    attempts.record(ctx, ctx.origin.cause, batch.function_arn, 1, outcome, error)

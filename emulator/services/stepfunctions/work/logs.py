"""The log of an execution: the events of its history that the machine's level wants, in a group of CloudWatch Logs."""

from __future__ import annotations

import json
from typing import Any

from emulator.arns import find_arn
from emulator.clock import from_micros
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.languages.asl.texts import dump, size_of
from emulator.services.stepfunctions.model import Execution, bare

BATCH = 500  # events in one call; far below what PutLogEvents takes
LONGEST = 250_000  # bytes of a log event (CloudWatch Logs quotas: 256 KB with its overhead)

# Step Functions Developer Guide, "Log levels": what ERROR adds to FATAL.
_FATAL = frozenset({"ExecutionAborted", "ExecutionFailed", "ExecutionTimedOut"})
_ERRORS = ("Failed", "TimedOut", "Aborted")


def write(ctx: Context, execution: Execution, events: list[dict[str, Any]]) -> None:
    """Log events of a history. Logging is best effort on AWS: without the group, nothing is logged."""
    if execution.logging is None or not events:
        return
    configuration = json.loads(execution.logging)
    wanted = [event for event in events if _wants(configuration["level"], event["type"])]
    group = _group(configuration)
    if not wanted or group is None:
        return
    with_data = configuration.get("includeExecutionData", False)
    entries = [_entry(execution, event, with_data=with_data) for event in wanted]
    stream = _stream(execution)
    for start in range(0, len(entries), BATCH):
        _put(ctx, execution, group, stream, entries[start : start + BATCH])


def _wants(level: str, kind: str) -> bool:
    if level == "ALL":
        return True
    if level == "ERROR":
        return kind in _FATAL or kind == "FailStateEntered" or kind.endswith(_ERRORS)
    return level == "FATAL" and kind in _FATAL


def _group(configuration: dict[str, Any]) -> str | None:
    """The log group's name out of its ARN, `arn:aws:logs:region:account:log-group:name:*`."""
    for destination in configuration.get("destinations") or ():
        arn = find_arn(destination.get("cloudWatchLogsLogGroup", {}).get("logGroupArn", ""))
        if arn is not None and arn.kind == "log-group":
            return arn.name.removesuffix(":*")
    return None


def _stream(execution: Execution) -> str:
    started = from_micros(execution.started)
    return f"states/{execution.machine}/{started:%Y-%m-%d-%H-%M}/{execution.seed % 2**32:08x}"


def _entry(execution: Execution, event: dict[str, Any], *, with_data: bool) -> dict[str, Any]:
    milliseconds = int(event["timestamp"].timestamp() * 1000)
    text = _text(execution, event if with_data else bare(event), milliseconds)
    if size_of(text) > LONGEST:
        text = _text(execution, bare(event, truncated=True), milliseconds)
    return {"timestamp": milliseconds, "message": text}


def _text(execution: Execution, event: dict[str, Any], milliseconds: int) -> str:
    """One event as Step Functions logs it: numbers and times as text."""
    details: dict[str, Any] = next((value for name, value in event.items() if name.endswith("EventDetails")), {})
    return dump(
        {
            "id": str(event["id"]),
            "type": event["type"],
            "details": details,
            "redrive_count": str(execution.redrives),
            "previous_event_id": str(event["previousEventId"]),
            "event_timestamp": str(milliseconds),
            "execution_arn": execution.arn,
        }
    )


def _put(ctx: Context, execution: Execution, group: str, stream: str, entries: list[dict[str, Any]]) -> None:
    where = {"logGroupName": group, "logStreamName": stream}
    account, region = execution.account, execution.region
    for make_stream in (False, True):
        try:
            with ctx.tx.savepoint():
                if make_stream:
                    ctx.call("logs", "CreateLogStream", where, account=account, region=region)
                ctx.call("logs", "PutLogEvents", {**where, "logEvents": entries}, account=account, region=region)
        except AwsError:
            continue
        return

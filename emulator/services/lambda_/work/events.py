"""Asynchronous invocations: retries, event age, destinations, dead-letter queue; every attempt is recorded."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from emulator import ids
from emulator.clock import in_millis, to_micros
from emulator.errors import AwsError
from emulator.host import Answer
from emulator.kit import delivery
from emulator.kit.context import Context
from emulator.kit.delivery import Delivery, attempts
from emulator.kit.results import Again, Done
from emulator.services.lambda_ import limits
from emulator.services.lambda_.model.invocations import error_message, invocation_record
from emulator.services.lambda_.model.names import LATEST, arn_of
from emulator.services.lambda_.operations.lookup import find_target

log = logging.getLogger("stepwell.lambda")

_EVENT_TYPES = {
    "OnFailure": "Lambda Function Invocation Result - Failure",
    "OnSuccess": "Lambda Function Invocation Result - Success",
}


@dataclass(frozen=True, slots=True)
class _Outcome:
    """One attempt: `response` is the function's JSON text, None where it gave none."""

    condition: str
    response: str | None
    function_error: str | None


def ended(ctx: Context, payload: dict[str, Any], answer: Answer | None) -> Done:
    """An attempt ended; without an answer its host died. A failed one is tried again while that is allowed."""
    payload = {**payload, "tries": payload.get("tries", 0) + 1}
    response = None if answer is None else answer.payload.decode(errors="surrogatepass")
    if answer is not None and answer.error is None:
        _record(ctx, payload, "delivered", None)
        _tell(ctx, payload, "OnSuccess", _Outcome("Success", response, None))
        return None
    settings = _settings(ctx, payload)
    tries = payload["tries"]
    if tries > settings.get("MaximumRetryAttempts", limits.RETRIES):
        return give_up(ctx, payload, "RetriesExhausted", response)
    due = ctx.after(limits.RETRY_SECONDS[min(tries, len(limits.RETRY_SECONDS)) - 1])
    if expires(ctx, payload, due):
        return give_up(ctx, payload, "EventAgeExceeded", response)
    _record(ctx, payload, "failed", _error_of(response))
    return Again(due, payload)


def expires(ctx: Context, payload: dict[str, Any], due: datetime) -> bool:
    """Whether the event would be too old at `due` (the account's time)."""
    settings = _settings(ctx, payload)
    age: int = settings.get("MaximumEventAgeInSeconds", limits.EVENT_AGE_SECONDS)
    since: int = payload["since"]
    return to_micros(due) - since > age * 1_000_000


def give_up(ctx: Context, payload: dict[str, Any], condition: str, response: str | None) -> Done:
    """The event is not tried again: to the failure destination and the dead-letter queue, or dropped aloud."""
    _record(ctx, payload, "given up", _error_of(response))
    function_error = None if response is None else "Unhandled"
    outcome = _Outcome(condition, response, function_error)
    told = _tell(ctx, payload, "OnFailure", outcome)
    buried = _bury(ctx, payload, outcome)
    if not told and not buried:
        log.warning(
            "an event for %s was given up after %d attempts (%s) and has no destination: request %s",
            _arn(ctx, payload),
            payload.get("tries", 0),
            condition,
            payload["request"],
        )
    return None


def refused(ctx: Context, payload: dict[str, Any], error: AwsError) -> None:
    """The function is gone or cannot be run: there is nothing to try again."""
    _record(ctx, payload, "given up", error)
    log.warning("an event for %s was dropped: %s", _arn(ctx, payload), error)


def _tell(ctx: Context, payload: dict[str, Any], which: str, outcome: _Outcome) -> bool:
    """Send the invocation record to a destination, if there is one."""
    settings = _settings(ctx, payload)
    target = ((settings.get("DestinationConfig") or {}).get(which) or {}).get("Destination")
    if not target:
        return False
    arn = _arn(ctx, payload)
    record = invocation_record(
        arn=f"{arn}:{LATEST}" if payload["qualifier"] is None else arn,
        version=payload["version"],
        request_id=payload["request"],
        condition=outcome.condition,
        tries=payload.get("tries", 0),
        request=payload["payload"],
        response=outcome.response,
        function_error=outcome.function_error,
        timestamp=in_millis(ctx.now),
    )
    _send(ctx, arn, target, json.dumps(_dressed(ctx, target, which, record), separators=(",", ":")))
    return True


def _dressed(ctx: Context, target: str, which: str, record: dict[str, Any]) -> dict[str, Any]:
    """What a destination receives: an event bus gets the record as an event of Lambda's."""
    if target.split(":")[2:3] != ["events"]:
        return record
    return {
        "version": "0",
        "id": ids.new_uuid(),
        "detail-type": _EVENT_TYPES[which],
        "source": "lambda",
        "account": ctx.account,
        "time": f"{ctx.now:%Y-%m-%dT%H:%M:%SZ}",
        "region": ctx.region,
        "resources": [target, record["requestContext"]["functionArn"]],
        "detail": record,
    }


def _settings(ctx: Context, payload: dict[str, Any]) -> Mapping[str, Any]:
    """What was set for events; nothing of a function that is no more."""
    target = find_target(ctx, ctx.account, ctx.region, payload["name"], payload["qualifier"])
    return {} if target is None else target.events


def _bury(ctx: Context, payload: dict[str, Any], outcome: _Outcome) -> bool:
    """Send the event itself to the function's dead-letter queue or topic, if it has one."""
    target = find_target(ctx, ctx.account, ctx.region, payload["name"], payload["qualifier"])
    if target is None or not target.dead_letter_arn:
        return False
    texts = {
        "RequestID": ("String", payload["request"]),
        "ErrorCode": ("Number", "200"),
        "ErrorMessage": ("String", error_message(outcome.response) or outcome.condition),
    }
    attributes = {name: {"DataType": kind, "StringValue": text} for name, (kind, text) in texts.items()}
    _send(ctx, _arn(ctx, payload), target.dead_letter_arn, payload["payload"], {"MessageAttributes": attributes})
    return True


def _send(ctx: Context, source: str, target: str, text: str, parameters: dict[str, Any] | None = None) -> None:
    delivery.send(
        ctx,
        Delivery(
            target_arn=target,
            input=text,
            source_arn=source,
            source_service="lambda",
            parameters=parameters or {},
        ),
    )


def _arn(ctx: Context, payload: dict[str, Any]) -> str:
    return arn_of(ctx.account, ctx.region, payload["name"], payload["qualifier"])


def _error_of(response: str | None) -> AwsError:
    return AwsError("Unhandled", error_message(response) or "The function gave no answer.")


def _record(ctx: Context, payload: dict[str, Any], outcome: str, error: AwsError | None) -> None:
    """One row among the attempts of deliveries: an event for a function is one."""
    attempts.record(ctx, ctx.origin.cause, _arn(ctx, payload), payload.get("tries", 0), outcome, error)

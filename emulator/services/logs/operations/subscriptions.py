"""Subscription filters: what is put into a group is sent on to functions, as far as a pattern matches it."""

from __future__ import annotations

import base64
import gzip
import json
import logging
from typing import Any

from emulator.arns import find_arn
from emulator.errors import AwsError, not_implemented
from emulator.kit import delivery
from emulator.kit.context import Context
from emulator.kit.delivery import Delivery
from emulator.services.logs import limits
from emulator.services.logs.model.filters import Matches, SearchGivenUp, compile_filter
from emulator.services.logs.model.positions import Position, event_id
from emulator.services.logs.operations import filters
from emulator.services.logs.operations.groups import group_arn
from emulator.services.logs.operations.statements import SQL

log = logging.getLogger("stepwell.logs")

Events = list[dict[str, Any]]


def put_subscription_filter(
    ctx: Context,
    *,
    log_group_name: str,
    filter_name: str,
    filter_pattern: str,
    destination_arn: str,
    role_arn: str | None = None,
    distribution: str | None = None,
) -> dict[str, Any]:
    """Send what matches to a function from now on.

    Errors: AccessDeniedException, InvalidParameterException, ResourceNotFoundException, LimitExceededException;
    501 for destinations that are no functions.
    """
    _require_destination(ctx, destination_arn, role_arn)
    settings = {
        "filterPattern": filter_pattern,
        "destinationArn": destination_arn,
        "distribution": distribution or "ByLogStream",
        "applyOnTransformedLogs": False,
    }
    filters.put(ctx, log_group_name, "subscription", filter_name, settings, limits.SUBSCRIPTIONS)
    return {}


def _require_destination(ctx: Context, text: str, role_arn: str | None) -> None:
    arn = find_arn(text)
    if arn is None:
        raise AwsError("InvalidParameterException", f"{text} is not an ARN.")
    if arn.service in ("kinesis", "firehose") and role_arn is None:
        raise AwsError(
            "InvalidParameterException", f"destinationArn for vendor {arn.service} cannot be used without roleArn"
        )
    if arn.service != "lambda":
        raise not_implemented("logs", "PutSubscriptionFilter", f"with a destination in {arn.service}")
    if arn.account != ctx.account:
        raise AwsError(
            "AccessDeniedException",
            "Cross-account lambda invocation passing is not allowed. You must use DestinationPolicies to create cross "
            "account lambda triggers.",
        )
    try:
        ctx.call_arn(arn, "lambda", "GetFunctionConfiguration", {"FunctionName": text})
    except AwsError as error:
        raise AwsError(
            "InvalidParameterException",
            "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute "
            "your function.",
        ) from error


def describe_subscription_filters(
    ctx: Context,
    *,
    log_group_name: str,
    filter_name_prefix: str | None = None,
    next_token: str | None = None,
    limit: int | None = None,
) -> dict[str, Any]:
    """The subscription filters of a group, by name. Errors: ResourceNotFoundException."""
    shown = [
        {
            "filterName": row["name"],
            "logGroupName": log_group_name,
            "creationTime": row["created"],
            **json.loads(row["settings"]),
        }
        for row in filters.of_group(ctx, log_group_name, "subscription")
        if row["name"].startswith(filter_name_prefix or "")
    ]
    return filters.page("subscriptionFilters", shown, next_token, limit)


def delete_subscription_filter(ctx: Context, *, log_group_name: str, filter_name: str) -> dict[str, Any]:
    """Send nothing any more. Errors: ResourceNotFoundException."""
    filters.remove(ctx, log_group_name, "subscription", filter_name)
    return {}


def tell(ctx: Context, group: int, group_name: str, stream: str, events: Events) -> None:
    """Send events that were just put to whom it concerns, one delivery for each filter.

    An event that a filter's regular expression cannot be matched against in reasonable time is not sent, and one
    warning says how many there were: whoever puts events cannot help it, and they are kept.
    """
    for row in ctx.tx.all(SQL.filters, log_group=group, kind="subscription"):
        settings = json.loads(row["settings"])
        matches = compile_filter(settings["filterPattern"])
        found = _matching(matches, events, row["name"], group_name)
        if not found:
            continue
        document = _message(ctx, group_name, stream, row["name"], found)
        delivery.send(
            ctx,
            Delivery(
                target_arn=settings["destinationArn"],
                input=json.dumps({"awslogs": {"data": _packed(document)}}, separators=(",", ":")),
                source_arn=group_arn(ctx, group_name),
                source_service="logs",
            ),
        )


def _matching(matches: Matches, events: Events, filter_name: str, group_name: str) -> Events:
    """The events that match, as far as the filter can tell."""
    found: Events = []
    unknown: list[SearchGivenUp] = []
    for event in events:
        try:
            if matches(event["message"]):
                found.append(event)
        except SearchGivenUp as error:
            unknown.append(error)
    if unknown:
        log.warning("%s: filter %s of %s skipped %d events", unknown[0], filter_name, group_name, len(unknown))
    return found


def _message(ctx: Context, group: str, stream: str, filter_name: str, events: Events) -> dict[str, Any]:
    """What a subscriber reads (CloudWatch Logs User Guide, "Log group-level subscription filters")."""
    return {
        "messageType": "DATA_MESSAGE",
        "owner": ctx.account,
        "logGroup": group,
        "logStream": stream,
        "subscriptionFilters": [filter_name],
        "logEvents": [
            {
                "id": event_id(Position(event["timestamp"], ctx.micros + place)),
                "timestamp": event["timestamp"],
                "message": event["message"],
            }
            for place, event in enumerate(events)
        ],
    }


def _packed(document: dict[str, Any]) -> str:
    text = json.dumps(document, separators=(",", ":")).encode()
    return base64.b64encode(gzip.compress(text, 1, mtime=0)).decode()

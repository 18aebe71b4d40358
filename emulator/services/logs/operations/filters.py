"""Metric filters: kept and shown. Rows of both kinds of filters are written and found here."""

from __future__ import annotations

import json
from typing import Any, Literal

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.logs import limits
from emulator.services.logs.model.filters import compile_filter
from emulator.services.logs.operations.groups import require_group
from emulator.services.logs.operations.statements import SQL
from emulator.storage import Row

Kind = Literal["metric", "subscription"]


def put_metric_filter(
    ctx: Context,
    *,
    log_group_name: str,
    filter_name: str,
    filter_pattern: str,
    metric_transformations: list[dict[str, Any]],
    apply_on_transformed_logs: bool | None = None,
) -> dict[str, Any]:
    """Keep a filter. Errors: ResourceNotFoundException, InvalidParameterException, LimitExceededException."""
    settings = {
        "filterPattern": filter_pattern,
        "metricTransformations": metric_transformations,
        "applyOnTransformedLogs": bool(apply_on_transformed_logs),
    }
    put(ctx, log_group_name, "metric", filter_name, settings, limits.METRIC_FILTERS)
    return {}


def describe_metric_filters(
    ctx: Context,
    *,
    log_group_name: str | None = None,
    filter_name_prefix: str | None = None,
    metric_name: str | None = None,
    metric_namespace: str | None = None,
    next_token: str | None = None,
    limit: int | None = None,
) -> dict[str, Any]:
    """The filters of a group, or those of a metric, by name. Errors: ResourceNotFoundException."""
    if log_group_name is None:
        rows = ctx.tx.all(SQL.every_filter, account=ctx.account, region=ctx.region, kind="metric")
        shown = [_shown(row, row["log_group"]) for row in rows]
    else:
        shown = [_shown(row, log_group_name) for row in of_group(ctx, log_group_name, "metric")]
    wanted = {"metricName": metric_name, "metricNamespace": metric_namespace}
    found = [
        each
        for each in shown
        if each["filterName"].startswith(filter_name_prefix or "")
        and all(value is None or value == each["metricTransformations"][0][name] for name, value in wanted.items())
    ]
    return page("metricFilters", found, next_token, limit)


def delete_metric_filter(ctx: Context, *, log_group_name: str, filter_name: str) -> dict[str, Any]:
    """A filter less. Errors: ResourceNotFoundException."""
    remove(ctx, log_group_name, "metric", filter_name)
    return {}


def _shown(row: Row, log_group: str) -> dict[str, Any]:
    return {
        "filterName": row["name"],
        "logGroupName": log_group,
        "creationTime": row["created"],
        **json.loads(row["settings"]),
    }


def put(ctx: Context, group_name: str, kind: Kind, name: str, settings: dict[str, Any], most: int) -> None:
    """Write a filter of a group that has at most so many of the kind.

    Errors: ResourceNotFoundException, InvalidParameterException for its pattern, LimitExceededException.
    """
    group = require_group(ctx, group_name)
    compile_filter(settings["filterPattern"])
    known = [row["name"] for row in ctx.tx.all(SQL.filters, log_group=group["id"], kind=kind)]
    if name not in known and len(known) >= most:
        raise AwsError("LimitExceededException", "Resource limit exceeded.")
    ctx.tx.execute(
        SQL.put_filter,
        account=ctx.account,
        region=ctx.region,
        log_group=group["id"],
        kind=kind,
        name=name,
        settings=json.dumps(settings),
        created=ctx.micros // 1000,
    )
    ctx.tx.execute(SQL.count_filters, id=group["id"])


def of_group(ctx: Context, group_name: str, kind: Kind) -> list[Row]:
    """The filters of a group, by name. Errors: ResourceNotFoundException."""
    return ctx.tx.all(SQL.filters, log_group=require_group(ctx, group_name)["id"], kind=kind)


def remove(ctx: Context, group_name: str, kind: Kind, name: str) -> None:
    """Take a filter away. Errors: ResourceNotFoundException."""
    id = require_group(ctx, group_name)["id"]
    if ctx.tx.one(SQL.remove_filter, log_group=id, kind=kind, name=name) is None:
        raise AwsError("ResourceNotFoundException", f"The specified {kind} filter does not exist.")
    ctx.tx.execute(SQL.count_filters, id=id)


def page(member: str, found: list[dict[str, Any]], token: str | None, limit: int | None) -> dict[str, Any]:
    """One page of a list; a token is where the next begins. Errors: InvalidParameterException."""
    if token is not None and not (token.isascii() and token.isdigit()):
        raise AwsError("InvalidParameterException", "The specified nextToken is invalid.")
    start = int(token or 0)
    end = start + (limit or limits.PAGE)
    answer: dict[str, Any] = {member: found[start:end]}
    if end < len(found):
        answer["nextToken"] = str(end)
    return answer

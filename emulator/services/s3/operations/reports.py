"""What a bucket is to be measured and reported by: configurations by id, kept and shown; no report is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.s3.model.errors import malformed_xml
from emulator.services.s3.operations.lookup import require_bucket
from emulator.services.s3.operations.statements import SQL

Answer = dict[str, Any]


def _put(ctx: Context, bucket: str, owner: str | None, kind: str, id: str, value: Answer) -> Answer:
    found = require_bucket(ctx, bucket, owner)
    if value.get("Id") != id:
        raise malformed_xml()
    text = json.dumps(value, separators=(",", ":"))
    ctx.tx.execute(SQL.put_configuration, bucket=found.id, kind=f"{kind}/{id}", account=found.account, body=text)
    return {}


def _missing() -> AwsError:
    return AwsError("NoSuchConfiguration", "The specified configuration does not exist.", status=404)


def _showing(kind: str) -> Callable[..., Answer]:
    """The operation that shows one configuration."""

    def show(ctx: Context, *, bucket: str, id: str, expected_bucket_owner: str | None = None) -> Answer:
        found = require_bucket(ctx, bucket, expected_bucket_owner)
        row = ctx.tx.one(SQL.find_configuration, bucket=found.id, kind=f"{kind}/{id}")
        if row is None:
            raise _missing()
        return {f"{kind}Configuration": json.loads(row["body"])}

    return show


def _deleting(kind: str) -> Callable[..., Answer]:
    """The operation that takes one configuration away."""

    def delete(ctx: Context, *, bucket: str, id: str, expected_bucket_owner: str | None = None) -> Answer:
        found = require_bucket(ctx, bucket, expected_bucket_owner)
        if not ctx.tx.execute(SQL.remove_configuration, bucket=found.id, kind=f"{kind}/{id}"):
            raise _missing()
        return {}

    return delete


def _listing(kind: str) -> Callable[..., Answer]:
    """The operation that shows all configurations, in the order of their ids, on one page."""

    def list_all(ctx: Context, *, bucket: str, expected_bucket_owner: str | None = None) -> Answer:
        found = require_bucket(ctx, bucket, expected_bucket_owner)
        rows = ctx.tx.all(SQL.configurations, bucket=found.id, start=f"{kind}/", end=f"{kind}0")
        shown = [json.loads(row["body"]) for row in rows]
        return {"IsTruncated": False, f"{kind}ConfigurationList": shown or None}

    return list_all


def put_bucket_analytics_configuration(
    ctx: Context, *, bucket: str, id: str, analytics_configuration: Answer, expected_bucket_owner: str | None = None
) -> Answer:
    return _put(ctx, bucket, expected_bucket_owner, "Analytics", id, analytics_configuration)


def put_bucket_intelligent_tiering_configuration(
    ctx: Context,
    *,
    bucket: str,
    id: str,
    intelligent_tiering_configuration: Answer,
    expected_bucket_owner: str | None = None,
) -> Answer:
    return _put(ctx, bucket, expected_bucket_owner, "IntelligentTiering", id, intelligent_tiering_configuration)


def put_bucket_inventory_configuration(
    ctx: Context, *, bucket: str, id: str, inventory_configuration: Answer, expected_bucket_owner: str | None = None
) -> Answer:
    return _put(ctx, bucket, expected_bucket_owner, "Inventory", id, inventory_configuration)


def put_bucket_metrics_configuration(
    ctx: Context, *, bucket: str, id: str, metrics_configuration: Answer, expected_bucket_owner: str | None = None
) -> Answer:
    return _put(ctx, bucket, expected_bucket_owner, "Metrics", id, metrics_configuration)


get_bucket_analytics_configuration = _showing("Analytics")
get_bucket_intelligent_tiering_configuration = _showing("IntelligentTiering")
get_bucket_inventory_configuration = _showing("Inventory")
get_bucket_metrics_configuration = _showing("Metrics")

delete_bucket_analytics_configuration = _deleting("Analytics")
delete_bucket_intelligent_tiering_configuration = _deleting("IntelligentTiering")
delete_bucket_inventory_configuration = _deleting("Inventory")
delete_bucket_metrics_configuration = _deleting("Metrics")

list_bucket_analytics_configurations = _listing("Analytics")
list_bucket_intelligent_tiering_configurations = _listing("IntelligentTiering")
list_bucket_inventory_configurations = _listing("Inventory")
list_bucket_metrics_configurations = _listing("Metrics")

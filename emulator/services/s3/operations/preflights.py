"""Preflight requests of browsers: which requests of another origin the rules of a bucket allow."""

from __future__ import annotations

from typing import Any

from emulator.kit.context import Context
from emulator.services.s3.model import cors
from emulator.services.s3.operations.configurations import find
from emulator.services.s3.operations.lookup import Bucket, find_bucket, require_bucket
from emulator.services.s3.operations.statements import SQL


def preflight_object(
    ctx: Context,
    *,
    bucket: str,
    key: str,
    origin: str | None = None,
    access_control_request_method: str | None = None,
    access_control_request_headers: str | None = None,
) -> dict[str, Any]:
    """Errors: NoSuchBucket, BadRequest, AccessForbidden."""
    rules = find(ctx, _require_bucket(ctx, bucket), "cors")
    return dict(cors.answer(rules, origin, access_control_request_method, access_control_request_headers, "OBJECT"))


def preflight_bucket(
    ctx: Context,
    *,
    bucket: str,
    origin: str | None = None,
    access_control_request_method: str | None = None,
    access_control_request_headers: str | None = None,
) -> dict[str, Any]:
    """Errors: NoSuchBucket, BadRequest, AccessForbidden."""
    rules = find(ctx, _require_bucket(ctx, bucket), "cors")
    return dict(cors.answer(rules, origin, access_control_request_method, access_control_request_headers, "BUCKET"))


def _require_bucket(ctx: Context, name: str) -> Bucket:
    """The bucket of the asker's account or, as browsers do not sign preflight requests, the only one of that name."""
    found = find_bucket(ctx, name)
    if found is None:
        owners = ctx.tx.all(SQL.owners_of_name, name=name)
        if len(owners) == 1:
            return require_bucket(ctx.elsewhere(owners[0]["account"], ctx.region), name)
    return require_bucket(ctx, name) if found is None else found

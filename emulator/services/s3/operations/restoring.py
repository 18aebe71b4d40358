"""RestoreObject, and what becomes of it with time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from emulator.clock import from_micros, to_micros
from emulator.errors import AwsError, not_implemented
from emulator.kit.context import Context
from emulator.kit.service import Item
from emulator.services.s3.model import archives, headers
from emulator.services.s3.model.notifications import Happened
from emulator.services.s3.operations.happenings import tell
from emulator.services.s3.operations.lookup import (
    Bucket,
    find_bucket,
    find_version,
    keep_headers,
    new_sequencer,
    require_bucket,
    require_object,
)
from emulator.storage import Row

RESTORE, EXPIRE = "s3.restore", "s3.expire_copy"


@dataclass(frozen=True, slots=True)
class _Archived:
    """A version in an archive class, and its headers as its row keeps them."""

    bucket: Bucket
    row: Row
    kept: dict[str, Any]

    def tell(self, ctx: Context, event: str, until: datetime | None = None) -> None:
        row, shown = self.row, self.bucket.version_members(self.row["version"]).get("VersionId")
        where = (event, "", row["key"], new_sequencer(ctx), row["size"], row["etag"], shown)
        tell(ctx, self.bucket, Happened(*where, storage_class=self.kept["StorageClass"], restored_until=until))

    def keep(self, ctx: Context, restore: str | None) -> None:
        rest = {name: value for name, value in self.kept.items() if name != "Restore"}
        keep_headers(ctx, self.bucket, self.row, rest if restore is None else {**rest, "Restore": restore})

    def expire(self, ctx: Context, moment: datetime) -> None:
        """Until `moment` there is a copy to read."""
        self.keep(ctx, archives.until(moment))
        ctx.add_work(EXPIRE, {**self._payload, "until": to_micros(moment)}, due=moment, region=self.bucket.region)

    def restore(self, ctx: Context, due: datetime, days: int) -> None:
        self.keep(ctx, archives.ONGOING)
        ctx.add_work(RESTORE, {**self._payload, "days": days}, due=due, region=self.bucket.region)

    @property
    def _payload(self) -> dict[str, Any]:
        return {"bucket": self.bucket.name, "key": self.row["key"], "version": self.row["version"]}


def restore_object(
    ctx: Context,
    *,
    bucket: str,
    key: str,
    version_id: str | None = None,
    restore_request: dict[str, Any] | None = None,
    expected_bucket_owner: str | None = None,
) -> dict[str, Any]:
    """Errors: NoSuchKey, InvalidObjectState, RestoreAlreadyInProgress, InvalidArgument, MalformedXML."""
    found = require_bucket(ctx, bucket, expected_bucket_owner)
    row = require_object(ctx, found, key, version_id, method="POST")
    request, kept = restore_request or {}, headers.raw(row["headers"])
    if request.get("Type") is not None or request.get("OutputLocation") is not None:
        raise not_implemented("s3", "RestoreObject", "with S3 Select")
    if kept.get("StorageClass") not in archives.CLASSES:
        message = "Restore is not allowed for the object's current storage class"
        raise AwsError("InvalidObjectState", message, status=403)
    if kept.get("Restore") == archives.ONGOING:
        raise AwsError("RestoreAlreadyInProgress", "Object restore is already in progress", status=409)
    archived, days = _Archived(found, row, kept), archives.days_of(request)
    if "Restore" in kept:  # the copy that is there stays for longer, or less long
        archived.expire(ctx, archives.expiry(ctx.now, days))
        return {"HttpStatusCode": 200}
    archived.restore(ctx, ctx.now + archives.time_of(kept["StorageClass"], request), days)
    archived.tell(ctx, "ObjectRestore:Post")
    return {}


def _find(ctx: Context, item: Item) -> _Archived | None:
    bucket = find_bucket(ctx, item.payload["bucket"])
    row = None if bucket is None else find_version(ctx, bucket, item.payload["key"], item.payload["version"])
    if bucket is None or row is None:
        return None
    kept = headers.raw(row["headers"])
    return _Archived(bucket, row, kept) if "Restore" in kept else None


def complete(ctx: Context, item: Item) -> None:
    """The copy is there, until it goes; unless the object was overwritten or removed meanwhile."""
    archived = _find(ctx, item)
    if archived is not None and archived.kept["Restore"] == archives.ONGOING:
        moment = archives.expiry(ctx.now, item.payload["days"])
        archived.expire(ctx, moment)
        archived.tell(ctx, "ObjectRestore:Completed", moment)


def expire(ctx: Context, item: Item) -> None:
    """The copy goes, unless it was asked for anew meanwhile."""
    archived = _find(ctx, item)
    if archived is not None and archived.kept["Restore"] == archives.until(from_micros(item.payload["until"])):
        archived.keep(ctx, None)
        archived.tell(ctx, "ObjectRestore:Delete")

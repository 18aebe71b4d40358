"""What S3 does when nobody calls: the files of bound buckets follow their objects, archived ones are restored."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from emulator.kit.context import Context
from emulator.kit.effects import RemoveFile, WriteFile
from emulator.kit.results import Again, Done, Outside
from emulator.kit.service import Item, Kind
from emulator.services.s3.model.folders import why_no_file
from emulator.services.s3.operations.bodies import Stored
from emulator.services.s3.operations.happenings import MIRROR, mirror
from emulator.services.s3.operations.lookup import Bucket, find_bucket, find_object
from emulator.services.s3.operations.restoring import EXPIRE, RESTORE, complete, expire
from emulator.services.s3.operations.statements import SQL
from emulator.storage import FileRange, Row

log = logging.getLogger("stepwell.s3")

# Seconds between attempts to write or remove a file; after the last one the object is recorded as unwritten.
BACK_OFF = (1, 2, 5, 10, 30, 60, 300)
_SLICE = 2 * 1024 * 1024  # bytes compared in one run of the work


def _run(ctx: Context, item: Item) -> Done:
    """Bring the file to what the object was at the item's sequencer; what has changed since has its own item."""
    bucket = find_bucket(ctx, item.payload["bucket"])
    if bucket is None or bucket.folder is None:
        return None
    key = item.payload["key"]
    row = find_object(ctx, bucket, key)
    if _superseded(item, row):
        return None
    folder = Path(bucket.folder)
    reason = why_no_file(key) or _why_outside(folder, folder / key)
    if reason is not None:
        return _done(ctx, bucket, key) if row is None else _give_up(ctx, bucket, key, reason)
    path = folder / key
    if row is None:
        return Outside(RemoveFile(path)) if path.is_file() else _done(ctx, bucket, key)
    return _write(ctx, bucket, item, row, path)


def _superseded(item: Item, row: Row | None) -> bool:
    """Whether the object was written or removed again since the item was made.

    A file is removed only for an object that was: without one, it may be a new file that has not settled yet.
    """
    if row is None:
        return not item.payload["removed"]
    return bool(row["sequencer"] != item.payload["sequencer"])


def _write(ctx: Context, bucket: Bucket, item: Item, row: Row, path: Path) -> Done:
    """Write the file unless it has the object's bytes already: a file that was put from there stays untouched."""
    offset = item.payload.get("equal", 0)
    equal = _equal_until(ctx, row, path, offset)
    if equal is None:
        body = Stored(ctx, row).open()
        if isinstance(body, bytes):
            return Outside(WriteFile(path, body))
        return Outside(WriteFile(path, body.path if isinstance(body, FileRange) else body.read()))
    if equal < row["size"]:
        ctx.add_work(MIRROR, {**item.payload, "equal": equal}, region=item.region)
        return None
    return _done(ctx, bucket, row["key"])


def _equal_until(ctx: Context, row: Row, path: Path, offset: int) -> int | None:
    """How far file and object are the same, looking at one slice from `offset`; None where they differ."""
    try:
        with path.open("rb") as file:
            if path.stat().st_size != row["size"]:
                return None
            file.seek(offset)
            there = file.read(_SLICE)
    except OSError:
        return None
    body = Stored(ctx, row).open(offset, len(there))
    same = there == (body if isinstance(body, bytes) else body.read())
    return offset + len(there) if same else None


def _why_outside(folder: Path, path: Path) -> str | None:
    """Why a path is not within the folder once links are followed; None where it is."""
    if path.resolve().is_relative_to(folder.resolve()):
        return None
    return "A link in the folder leads out of it."


def _done(ctx: Context, bucket: Bucket, key: str) -> Done:
    ctx.tx.execute(SQL.remove_unwritten, bucket=bucket.id, key=key)
    return None


def _give_up(ctx: Context, bucket: Bucket, key: str, reason: str) -> Done:
    log.warning("the object %r of bucket %s is not written to %s: %s", key, bucket.name, bucket.folder, reason)
    ctx.tx.execute(SQL.put_unwritten, bucket=bucket.id, key=key, account=bucket.account, reason=reason, at=ctx.micros)
    return None


def _finish(ctx: Context, item: Item, outcome: Any) -> Done:
    """The file is written or removed (None), or an OSError says why not."""
    bucket = find_bucket(ctx, item.payload["bucket"])
    if bucket is None or bucket.folder is None:
        return None
    key = item.payload["key"]
    row = find_object(ctx, bucket, key)
    if _superseded(item, row):
        # A later file operation may have been done before ours: look once more at what is there now.
        mirror(ctx, bucket, key, "" if row is None else row["sequencer"], removed=row is None)
        return None
    if outcome is None:
        return _done(ctx, bucket, key)
    failures = item.payload["failures"]
    if failures >= len(BACK_OFF):
        return _give_up(ctx, bucket, key, f"{type(outcome).__name__}: {outcome}")
    log.info("the file of %r in %s failed, again in %d s: %s", key, bucket.folder, BACK_OFF[failures], outcome)
    return Again(ctx.after(BACK_OFF[failures]), {**item.payload, "failures": failures + 1})


KINDS = (
    Kind(MIRROR, role="router", run=_run, finish=_finish, lost=_run),
    Kind(RESTORE, role="router", run=complete),
    Kind(EXPIRE, role="router", run=expire),
)

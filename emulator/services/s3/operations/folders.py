"""Buckets bound to folders of this machine: operations of our own (see extras.json)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from emulator.clock import from_micros
from emulator.kit.context import Context
from emulator.services.s3.model.errors import invalid_argument
from emulator.services.s3.operations.happenings import mirror
from emulator.services.s3.operations.lookup import forget_bucket, require_bucket
from emulator.services.s3.operations.statements import SQL

FOLDERS = "s3:folders"  # what wakes when a bucket is bound to a folder, or no more


def put_bucket_folder(ctx: Context, *, bucket: str, folder: str) -> dict[str, Any]:
    """Bind a bucket to a folder, an absolute path; its objects appear there as files.

    Errors: NoSuchBucket, InvalidArgument.
    """
    found = require_bucket(ctx, bucket)
    if not Path(folder).is_absolute() or "\0" in folder:
        raise invalid_argument("The folder must be an absolute path.", "folder", folder.replace("\0", "�"))
    ctx.tx.execute(SQL.put_folder, bucket=found.id, account=found.account, path=folder)
    ctx.tx.execute(SQL.remove_all_unwritten, bucket=found.id)
    forget_bucket(ctx, bucket)
    ctx.wake(FOLDERS)
    for row in ctx.tx.all(SQL.all_sequencers, bucket=found.id):
        mirror(ctx, found, row["key"], row["sequencer"])
    return {}


def get_bucket_folder(ctx: Context, *, bucket: str) -> dict[str, Any]:
    """The folder of a bucket, {} where it has none, and the objects that could not become files."""
    found = require_bucket(ctx, bucket)
    if found.folder is None:
        return {}
    unwritten = [
        {"Key": row["key"], "Reason": row["reason"], "At": from_micros(row["at"])}
        for row in ctx.tx.all(SQL.unwritten, bucket=found.id)
    ]
    return {"Folder": found.folder, "Unwritten": unwritten}


def delete_bucket_folder(ctx: Context, *, bucket: str) -> dict[str, Any]:
    """Unbind a bucket; objects and files stay."""
    found = require_bucket(ctx, bucket)
    ctx.tx.execute(SQL.remove_folder, bucket=found.id)
    ctx.tx.execute(SQL.remove_all_unwritten, bucket=found.id)
    forget_bucket(ctx, bucket)
    ctx.wake(FOLDERS)
    return {}


def list_bucket_folders(ctx: Context, *, all_accounts: bool | None = None) -> dict[str, Any]:
    """The bound buckets of this account, or of all."""
    rows = ctx.tx.all(SQL.folders_of_all) if all_accounts else ctx.tx.all(SQL.folders, account=ctx.account)
    return {
        "Folders": [
            {"Account": row["account"], "Bucket": row["name"], "Region": row["region"], "Folder": row["path"]}
            for row in rows
        ]
    }

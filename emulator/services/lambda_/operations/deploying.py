"""From the code that a request brings to a folder: small archives at once, large ones by a thread meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.kit.results import Wait
from emulator.services.lambda_ import limits
from emulator.services.lambda_.model.errors import invalid, too_large
from emulator.services.lambda_.operations.code import Code, of_folder, unpack
from emulator.services.lambda_.operations.statements import SQL

UNPACK = "lambda.unpack"
COLLECT = "lambda.collect"
RETIRE = "lambda.retire"

# What is unpacked within the call: a slice of the loop has 2 ms.
_AT_ONCE_BYTES = 65_536
_SECONDS = 600.0


def deploy(ctx: Context, given: Mapping[str, Any], operation: str) -> Code | Wait:
    """The code that a request brings, on disk when this returns it; or until when the call has to wait.

    Errors: InvalidParameterValueException where there is none, too much, or no archive;
    RequestEntityTooLargeException.
    """
    if given.get("Folder"):
        return of_folder(Path(given["Folder"]))
    archive = _archive(ctx, given, operation)
    # Only a call from outside can wait, and only where all calls share one loop is that of use.
    waits = ctx.tx.exclusive and ctx.origin.cause == f"lambda:{operation}" and len(archive) > _AT_ONCE_BYTES
    code = _unpacked(ctx, archive) if waits else unpack(archive, parent(ctx))
    if isinstance(code, Code):
        ctx.tx.execute(SQL.touch_code, folder=str(code.folder))
        if not code.folder.is_dir():  # collected since: see work/code
            code = unpack(archive, parent(ctx))
    return code


def _archive(ctx: Context, given: Mapping[str, Any], operation: str) -> bytes:
    if given.get("ZipFile"):
        if len(given["ZipFile"]) > limits.ZIPPED_BYTES:
            raise too_large(
                f"Request must be smaller than {limits.CODE_REQUEST_BYTES} bytes for the {operation} operation"
            )
        return bytes(given["ZipFile"])
    if given.get("S3Bucket") and given.get("S3Key"):
        return _fetch(ctx, given)
    raise invalid("Please provide a source for function code.")


def parent(ctx: Context) -> Path:
    """The folder that holds the unpacked code of all functions."""
    return ctx.house.data.resolve() / "functions"


def _fetch(ctx: Context, given: Mapping[str, Any]) -> bytes:
    wanted = {"Bucket": given["S3Bucket"], "Key": given["S3Key"]}
    if given.get("S3ObjectVersion"):
        wanted["VersionId"] = given["S3ObjectVersion"]
    try:
        body = ctx.call("s3", "GetObject", wanted).get("Body", b"")
    except AwsError as error:
        if error.status == 501:
            raise
        raise invalid(
            f"Error occurred while GetObject. S3 Error Code: {error.code}. S3 Error Message: {error.message}",
        ) from error
    return bytes(body) if isinstance(body, (bytes, bytearray, memoryview)) else bytes(body.read())


def _unpacked(ctx: Context, archive: bytes) -> Code | Wait:
    """What a thread has made of the archive, once it has: its caller is called again then."""
    request = ctx.request_id
    ended = ctx.memory("lambda").setdefault("unpacked", {}).pop(request, None)
    if isinstance(ended, AwsError):
        raise ended
    if isinstance(ended, Code):
        return ended
    if ctx.expired:
        raise AwsError("ServiceException", "Stepwell stopped waiting for the code to be unpacked.", status=500)
    archives = ctx.memory("lambda").setdefault("archives", {})
    if request not in archives:
        archives[request] = archive
        ctx.add_work(UNPACK, {"request": request})
    return Wait(keys=(unpacked_key(request),), seconds=_SECONDS)


def unpacked_key(request: str) -> str:
    """What a call waits for whose code is being unpacked."""
    return f"lambda:unpacked:{request}"


def let_go(ctx: Context, keys: Sequence[str], folders: Sequence[str]) -> None:
    """Workers and folders that this transaction has left without a function; see work/code."""
    if keys:
        ctx.add_work(RETIRE, {"keys": list(keys)})
    ours = sorted({folder for folder in folders if Path(folder).parent == parent(ctx)})
    if ours:
        ctx.add_work(COLLECT, {"folders": ours})

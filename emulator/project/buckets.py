"""[buckets.NAME]: `folder` (where its objects also lie as files) and `eventbridge` (events of its objects)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from emulator.errors import AwsError
from emulator.project.documents import Document
from emulator.project.names import Names
from emulator.project.problems import UnusableError
from emulator.project.resources import Calls, Resource, Wanted

KIND = "bucket"


def read(document: Document, name: str, table: dict[str, Any], names: Names, wanted: Wanted, data: Path) -> None:
    """Ask for a bucket. `folder` is a path from the project, false for none, else <data>/buckets/<name>."""
    for key in table:
        if key not in ("folder", "eventbridge"):
            reason = f"there is no property {key} (there are eventbridge, folder)"
            raise UnusableError(document.problem(reason, ("buckets", name, key)))
    given = table.get("folder", True)
    folder = None
    if isinstance(given, str):
        folder = (document.file.parent / given).resolve()
    elif given is True:
        folder = (data / "buckets" / name).resolve()
    elif given is not False:
        raise UnusableError(document.problem("folder is a path, or false", ("buckets", name, "folder")))
    events = table.get("eventbridge", False)
    if not isinstance(events, bool):
        raise UnusableError(document.problem("eventbridge is true or false", ("buckets", name, "eventbridge")))
    body = {"folder": None if folder is None else str(folder), "eventbridge": events}
    wanted.add(KIND, name, document, body, ("buckets", name))


async def apply(calls: Calls, resource: Resource) -> None:
    """Create the bucket if need be, set its notifications and its folder. Raises AwsError, UnusableError."""
    name, folder = resource.name, resource.body["folder"]
    await _create(calls, name)
    known = await calls("s3", "GetBucketNotificationConfiguration", {"Bucket": name})
    kept = {key: value for key, value in known.items() if key.endswith("Configurations") and value}
    if resource.body["eventbridge"]:
        kept["EventBridgeConfiguration"] = {}
    params = {"Bucket": name, "NotificationConfiguration": kept}
    await calls("s3", "PutBucketNotificationConfiguration", params)
    if folder is None:
        return
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableError(resource.document.problem(str(error), (*resource.place, "folder"))) from None
    bound = await calls("s3", "GetBucketFolder", {"Bucket": name})
    if bound.get("Folder") != folder:  # binding writes every object into it, over what was dropped meanwhile
        await calls("s3", "PutBucketFolder", {"Bucket": name, "Folder": folder})


async def _create(calls: Calls, name: str) -> None:
    try:
        await calls("s3", "HeadBucket", {"Bucket": name})
    except AwsError:
        try:
            await calls("s3", "CreateBucket", {"Bucket": name})
        except AwsError as error:
            if error.code != "BucketAlreadyOwnedByYou":
                raise


async def remove(calls: Calls, name: str) -> None:
    """Delete the bucket; one with objects in it is refused, and stays."""
    await calls("s3", "DeleteBucket", {"Bucket": name})

"""The objects of a bucket as items, or with LOAD_AND_FLATTEN the items of all of them.

A place is the key of the last object; where objects are loaded, [key before, key, place in the object].
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from emulator.services.stepfunctions.integrations.items import formats
from emulator.services.stepfunctions.integrations.items.errors import UnreadableError
from emulator.services.stepfunctions.integrations.items.objects import Bucket, Entries


def entries(bucket: Bucket, config: dict[str, Any], at: Any) -> Entries:
    """The items of a listing from a place on. Raises UnreadableError."""
    transformation = config.get("Transformation", "NONE")
    if transformation == "LOAD_AND_FLATTEN":
        if "InputType" not in config:
            raise UnreadableError("The Transformation LOAD_AND_FLATTEN needs the InputType of the objects.")
        return _loaded(bucket, config, at)
    if transformation != "NONE":
        raise UnreadableError(f"The Transformation {transformation} is none of NONE, LOAD_AND_FLATTEN.")
    bucket.source = f"S3://{bucket.parameters.get('Bucket')}"
    return ((_described(found), found["Key"]) for found in _listed(bucket, at))


def _listed(bucket: Bucket, after: str | None) -> Iterator[dict[str, Any]]:
    """The objects after a key, page after page."""
    params = bucket.parameters if after is None else {**bucket.parameters, "StartAfter": after}
    while True:
        page = bucket.call("ListObjectsV2", params)
        yield from page.get("Contents") or ()
        if not page.get("NextContinuationToken"):
            return
        params = {**params, "ContinuationToken": page["NextContinuationToken"]}


def _described(found: dict[str, Any]) -> dict[str, Any]:
    return {
        "Etag": found["ETag"],
        "Key": found["Key"],
        "LastModified": int(found["LastModified"].timestamp()),
        "Size": found["Size"],
        "StorageClass": found.get("StorageClass", "STANDARD"),
    }


def _loaded(bucket: Bucket, config: dict[str, Any], at: list[Any] | None) -> Entries:
    before, key, inner = at or (None, None, None)
    for found in _listed(bucket, before):
        start = inner if found["Key"] == key else None
        opened = bucket.named(bucket.parameters.get("Bucket"), found["Key"])
        for item, place in formats.of_object(opened, config, start):
            yield item, [before, found["Key"], place]
        before = found["Key"]

"""Manifests: objects that name the objects in which the items are.

A place is [number of the data file, place in it].
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from emulator.services.stepfunctions.integrations.items import formats
from emulator.services.stepfunctions.integrations.items.errors import UnreadableError
from emulator.services.stepfunctions.integrations.items.objects import Bucket, Entries, Object
from emulator.services.stepfunctions.integrations.items.rows import Lines, value_of

ATHENA, INVENTORY = "ATHENA_DATA", "S3_INVENTORY"
LARGEST_INVENTORY = 8 * 1024 * 1024  # bytes of a manifest.json, which lists some hundred thousand files


def athena(bucket: Bucket, config: dict[str, Any], at: list[Any] | None) -> Entries:
    """The items of the files that an Athena query wrote: the manifest has an s3:// URI a line."""
    if config.get("InputType") not in ("CSV", "JSONL", "PARQUET"):
        raise UnreadableError("An Athena manifest needs the InputType of its data files: CSV, JSONL or PARQUET.")
    lines = Lines(Object(bucket, bucket.parameters))
    named = (line.strip() for line in lines)
    yield from _files((_of_uri(bucket, uri) for uri in named if uri), config, at)


def _of_uri(bucket: Bucket, uri: str) -> Object:
    scheme, _, path = uri.strip('"').partition("://")
    name, _, key = path.partition("/")
    if scheme != "s3" or not name or not key:
        raise UnreadableError(f"The Athena manifest names no object of S3: {uri[:200]}")
    return bucket.named(name, key)


def inventory(bucket: Bucket, config: dict[str, Any], at: list[Any] | None) -> Entries:
    """The objects that a report of S3 Inventory lists, in the columns of its fileSchema, all of them texts."""
    described = Object(bucket, bucket.parameters)
    described.describe()
    if described.size > LARGEST_INVENTORY:
        raise UnreadableError(f"The manifest of S3 Inventory is larger than {LARGEST_INVENTORY} bytes.")
    manifest = value_of(b"".join(described.chunks()))
    if not isinstance(manifest, dict) or not {"destinationBucket", "files", "fileSchema"} <= manifest.keys():
        raise UnreadableError("The object of the item reader is no manifest.json of S3 Inventory.")
    if manifest.get("fileFormat", "CSV").upper() != "CSV":
        raise UnreadableError(f"S3 Inventory in {manifest['fileFormat']} is not supported by Step Functions: use CSV.")
    names = [name.strip() for name in manifest["fileSchema"].split(",")]
    where = manifest["destinationBucket"].rpartition(":")[2]
    files = (bucket.named(where, file["key"]) for file in manifest["files"])
    columns = {"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": names}
    yield from _files(files, columns, at)


def _files(files: Iterator[Object], config: dict[str, Any], at: list[Any] | None) -> Entries:
    first, inner = at or (0, None)
    for number, found in enumerate(islice(files, first, None), first):
        for item, place in formats.of_object(found, config, inner):
            yield item, [number, place]
        inner = None

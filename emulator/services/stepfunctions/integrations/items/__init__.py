"""Item readers of a distributed Map: objects of S3 taken apart, item by item (AWS: "ItemReader (Map)").

Exact: `s3:getObject` of CSV (every delimiter, both forms of header, AWS's quoting), JSON (ItemsPointer), JSONL and
PARQUET, compressed with gzip or zstd or not; manifests of Athena and of S3 Inventory in CSV; `s3:listObjectsV2` with
and without LOAD_AND_FLATTEN; MaxItems. Nothing is read before it is wanted, and reading goes on where it stopped.
"""

from __future__ import annotations

from typing import Any

from emulator.kit.context import Context
from emulator.services.stepfunctions.integrations.items.errors import FAILED, UnreadableError
from emulator.services.stepfunctions.integrations.items.source import Items, Source, open_items
from emulator.services.stepfunctions.integrations.task import Failed, Task

__all__ = ["FAILED", "Items", "Source", "UnreadableError", "open_items", "read"]


def read(ctx: Context, task: Task, config: dict[str, Any]) -> list[Any] | Failed:
    """All the items that an ItemReader names; `config` is its ReaderConfig."""
    try:
        return list(open_items(ctx, Source.of(task, config)))
    except UnreadableError as error:
        return Failed(FAILED, str(error))

"""What an object holds, by the InputType of its reader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emulator.services.stepfunctions.integrations.items import arrays, parquet, rows
from emulator.services.stepfunctions.integrations.items.errors import UnreadableError
from emulator.services.stepfunctions.integrations.items.objects import Bucket, Entries, Object

Format = Callable[[Object, dict[str, Any], Any], Entries]
_FORMATS: dict[str, Format] = {
    "CSV": rows.of_csv,
    "JSON": arrays.of_json,
    "JSONL": rows.of_lines,
    "PARQUET": parquet.of_parquet,
}


def of_parameters(bucket: Bucket, config: dict[str, Any], at: Any) -> Entries:
    """The items of the one object that the parameters name."""
    return of_object(Object(bucket, bucket.parameters), config, at)


def of_object(found: Object, config: dict[str, Any], at: Any) -> Entries:
    """The items of an object from a position on, which is [ETag, place in the object]."""
    kind = config.get("InputType", "JSON")
    read = _FORMATS.get(kind)
    if read is None:
        raise UnreadableError(f"The InputType {kind} is none of {', '.join(_FORMATS)}.")
    found.begin()
    if at is not None:
        found.etag = at[0]
    for item, place in read(found, config, None if at is None else at[1]):
        yield item, [found.etag, place]

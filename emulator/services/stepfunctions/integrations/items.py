"""Item readers of a distributed Map: an object of S3 taken apart, or a bucket's listing.

Emulated: `s3:getObject` of CSV, JSON (ItemsPointer) and JSONL, `s3:listObjectsV2` with LOAD_AND_FLATTEN.
Not emulated: PARQUET and manifests; a reader of those fails its state and says so.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import Any

from emulator.kit.context import Context
from emulator.languages.asl.texts import load
from emulator.services.stepfunctions.integrations.dressing import to_api
from emulator.services.stepfunctions.integrations.task import Failed, Task
from emulator.wire import models

FAILED = "States.ItemReaderFailed"
_DELIMITERS = {"COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "SPACE": " ", "TAB": "\t"}


class UnreadableError(Exception):
    """The items cannot be read; the message is the cause."""


def read(ctx: Context, task: Task, config: dict[str, Any]) -> list[Any] | Failed:
    """The items that an ItemReader names; `config` is its ReaderConfig. AwsError as S3 answers."""
    most = config.get("MaxItems", 0)
    try:
        if isinstance(most, bool) or not isinstance(most, int) or most < 0 or (most == 0 and "MaxItems" in config):
            raise UnreadableError("field MaxItems must be positive")
        return list(islice(_items(ctx, task, config), most or None))
    except UnreadableError as error:
        return Failed(FAILED, str(error))


def _items(ctx: Context, task: Task, config: dict[str, Any]) -> Iterator[Any]:
    if task.service == "s3" and task.action == "getObject":
        return _entries(_object(ctx, task, task.members()), config)
    if task.service == "s3" and task.action == "listObjectsV2":
        return _listed(ctx, task, config)
    raise UnreadableError(f"Stepwell does not emulate the item reader {task.resource}.")


def _object(ctx: Context, task: Task, params: dict[str, Any]) -> str:
    body = _call(ctx, task, "GetObject", params)["Body"]
    data: bytes = body if isinstance(body, bytes) else body.read()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError("The object of the item reader is not UTF-8 text.") from None


def _call(ctx: Context, task: Task, name: str, params: dict[str, Any]) -> dict[str, Any]:
    shape = models.service("s3").operations[name].input
    return ctx.call("s3", name, to_api(shape, params), account=task.account)


def _listed(ctx: Context, task: Task, config: dict[str, Any]) -> Iterator[Any]:
    """The objects of a listing, page after page; their items with LOAD_AND_FLATTEN."""
    params = task.members()
    flatten = config.get("Transformation", "NONE") == "LOAD_AND_FLATTEN"
    while True:
        page = _call(ctx, task, "ListObjectsV2", params)
        for found in page.get("Contents") or ():
            if flatten:
                where = {"Bucket": params.get("Bucket"), "Key": found["Key"]}
                yield from _entries(_object(ctx, task, where), config)
            else:
                yield {
                    "Etag": found["ETag"],
                    "Key": found["Key"],
                    "LastModified": int(found["LastModified"].timestamp()),
                    "Size": found["Size"],
                    "StorageClass": found.get("StorageClass", "STANDARD"),
                }
        if not page.get("NextContinuationToken"):
            return
        params = {**params, "ContinuationToken": page["NextContinuationToken"]}


def _entries(text: str, config: dict[str, Any]) -> Iterator[Any]:
    kind = config.get("InputType", "JSON")
    if kind == "CSV":
        return _csv(text, config)
    if kind == "JSONL":
        return (_json(line) for line in text.splitlines() if line.strip())
    if kind == "JSON":
        return iter(_array(_json(text), config.get("ItemsPointer", "")))
    raise UnreadableError(f"Stepwell does not emulate item readers of the InputType {kind}.")


def _json(text: str) -> Any:
    try:
        return load(text)
    except ValueError as error:
        raise UnreadableError(f"The item reader found no valid JSON: {error}") from None


def _array(value: Any, pointer: str) -> list[Any]:
    """The array that a JSON Pointer (RFC 6901) names."""
    for step in pointer.split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            raise UnreadableError(f"ItemsPointer {pointer} does not point to anything in the object.")
    if not isinstance(value, list):
        raise UnreadableError("Attempting to map over non-iterable node.")
    return value


def _csv(text: str, config: dict[str, Any]) -> Iterator[Any]:
    """One object of texts a row; a row that is short lacks nothing: its missing fields are empty."""
    delimiter = _DELIMITERS.get(config.get("CSVDelimiter", "COMMA"))
    if delimiter is None:
        raise UnreadableError(f"The CSVDelimiter {config['CSVDelimiter']} is none of {', '.join(_DELIMITERS)}.")
    rows = (row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row)
    where = config.get("CSVHeaderLocation")
    if where == "FIRST_ROW":
        headers = next(rows, [])
    elif where == "GIVEN":
        headers = list(config.get("CSVHeaders") or ())
    else:
        raise UnreadableError("CSVHeaderLocation must be FIRST_ROW or GIVEN.")
    if len(set(headers)) != len(headers):
        raise UnreadableError("CSV headers cannot contain duplicates.")
    return (dict(zip(headers, [*row, *[""] * (len(headers) - len(row))], strict=False)) for row in rows)

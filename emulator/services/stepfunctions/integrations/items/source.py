"""Where the items of a Map Run come from, and the iterator over them that can stop and go on."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.languages.asl.map_checks import ITEMS_MAX
from emulator.languages.asl.texts import dump
from emulator.services.stepfunctions.integrations.items import formats, listing, manifests
from emulator.services.stepfunctions.integrations.items.errors import UnreadableError
from emulator.services.stepfunctions.integrations.items.objects import Bucket, Entries
from emulator.services.stepfunctions.integrations.task import Task

KEPT = 16  # readers between two slices


@dataclass(frozen=True, slots=True)
class Source:
    """An ItemReader whose paths and expressions are values already; plain data."""

    resource: str
    parameters: dict[str, Any]
    config: dict[str, Any]
    account: str

    @staticmethod
    def of(task: Task, config: dict[str, Any]) -> Source:
        """The source that a task for an item reader names. Raises AwsError where its parameters are no object."""
        return Source(task.resource, task.members(), config, task.account)


class Items(Iterator[Any]):
    """The items of a source, one after the other; good for the transaction in which it was opened.

    `taken` is how many there were. Raises UnreadableError.
    """

    __slots__ = ("_at", "_bucket", "_entries", "_most", "_source", "taken")

    def __init__(self, source: Source, bucket: Bucket, position: dict[str, Any]) -> None:
        self._source = source
        self._bucket = bucket
        self._at = position["at"]
        self._entries: Entries | None = _entries(source)(bucket, source.config, self._at)
        self._most = _most(source.config)
        self.taken: int = position["taken"]

    @property
    def position(self) -> dict[str, Any]:
        """Where the next item begins, as plain JSON. Who goes on there soon finds this reader as he left it."""
        position = {"taken": self.taken, "at": self._at}
        if self._entries is not None and self._at is not None:
            kept = _kept(self._bucket.ctx)
            kept[_key(self._source, position)] = self
            if len(kept) > KEPT:
                kept.pop(next(iter(kept)), None)
        return position

    @property
    def source(self) -> str:
        """Where the last item is from."""
        return self._bucket.source

    def __next__(self) -> Any:
        if self._entries is None or self.taken >= self._most:
            raise StopIteration
        try:
            item, self._at = next(self._entries)
        except StopIteration:
            self._entries = None
            raise
        except AwsError as error:
            raise UnreadableError(error.message) from None
        self.taken += 1
        return item

    def go_on(self, ctx: Context) -> Items:
        """The same in another transaction."""
        self._bucket.ctx = ctx
        return self


def open_items(ctx: Context, source: Source, position: dict[str, Any] | int | None = None) -> Items:
    """The items from a position on, or from the item with that number. Raises UnreadableError.

    Nothing is read before the first item is asked for, but with a number: then so many items are read over.
    """
    if isinstance(position, dict):
        kept = _kept(ctx).pop(_key(source, position), None)
        if kept is not None:
            return kept.go_on(ctx)
        return Items(source, Bucket(ctx, source.account, source.parameters), position)
    items = Items(source, Bucket(ctx, source.account, source.parameters), {"taken": 0, "at": None})
    deque(islice(items, position or 0), maxlen=0)
    return items


def _kept(ctx: Context) -> dict[str, Items]:
    """Readers that stand where they were left, the oldest first; else what is compressed is read from its start."""
    kept: dict[str, Items] = ctx.memory("stepfunctions").setdefault("readers", {})
    return kept


def _key(source: Source, position: dict[str, Any]) -> str:
    return dump([source.account, source.resource, source.parameters, source.config, position])


def _most(config: dict[str, Any]) -> int:
    """How many items are read; 0 is every one, as the state machines of AWS's own workshops have it."""
    most = config.get("MaxItems", 0)
    if isinstance(most, bool) or not isinstance(most, int) or most < 0:
        raise UnreadableError("field MaxItems must be positive")
    return min(most or ITEMS_MAX, ITEMS_MAX)


def _entries(source: Source) -> Any:
    if source.resource.endswith(":s3:listObjectsV2"):
        return listing.entries
    if not source.resource.endswith(":s3:getObject"):
        raise UnreadableError(f"Stepwell does not emulate the item reader {source.resource}.")
    kind = source.config.get("ManifestType")
    if kind == manifests.ATHENA:
        return manifests.athena
    if kind not in (None, manifests.INVENTORY):
        raise UnreadableError(f"The ManifestType {kind} is none of {manifests.ATHENA}, {manifests.INVENTORY}.")
    if kind == manifests.INVENTORY or source.config.get("InputType") == "MANIFEST":
        return manifests.inventory
    return formats.of_parameters

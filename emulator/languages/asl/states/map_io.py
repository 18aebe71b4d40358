"""Where the items of a distributed Map come from, how they are batched, and where its results go."""

from __future__ import annotations

from typing import Any

from emulator.languages.asl import templates
from emulator.languages.asl.dataflow import compile_template, find_template
from emulator.languages.asl.environment import Env, Read
from emulator.languages.asl.failures import runtime
from emulator.languages.asl.limits import PAYLOAD_LIMIT
from emulator.languages.asl.texts import dump, load, size_of


def _with_paths(given: dict[str, Any], numbers: tuple[str, ...], field: str, jsonata: bool) -> Read:
    """A configuration object; its `...Path` members are replaced by what they refer to."""
    fixed = {name: value for name, value in given.items() if not name.endswith("Path")}
    read = compile_template(fixed, field, jsonata)
    referred = [
        (name, templates.path(given[f"{name}Path"], f"{field}/{name}Path"))
        for name in numbers
        if f"{name}Path" in given
    ]
    return lambda env: {**read(env), **{name: find(env) for name, find in referred}}


class ItemReader:
    """ItemReader: which call gives the items. The answer of the call is the list of items."""

    __slots__ = ("config", "parameters", "resource")

    def __init__(self, given: dict[str, Any], jsonata: bool) -> None:
        self.resource: str = given["Resource"]
        field = "Arguments" if jsonata else "Parameters"
        self.parameters = compile_template(given.get(field, {}), f"ItemReader/{field}", jsonata)
        config = given.get("ReaderConfig", {})
        self.config = _with_paths(config, ("MaxItems",), "ItemReader/ReaderConfig", jsonata)


class ResultWriter:
    """ResultWriter: which call takes the results. The answer of the call is the result of the state."""

    __slots__ = ("config", "parameters", "resource")

    def __init__(self, given: dict[str, Any], jsonata: bool) -> None:
        self.resource: str = given.get("Resource", "")
        field = "Arguments" if jsonata else "Parameters"
        self.parameters = compile_template(given.get(field, {}), f"ResultWriter/{field}", jsonata)
        self.config: dict[str, Any] = given.get("WriterConfig", {})


class ItemBatcher:
    """ItemBatcher: how many items, or bytes of them, make the input of one child execution."""

    __slots__ = ("config", "input")

    def __init__(self, given: dict[str, Any], jsonata: bool) -> None:
        bounds = {name: value for name, value in given.items() if name != "BatchInput"}
        names = ("MaxItemsPerBatch", "MaxInputBytesPerBatch")
        self.config = _with_paths(bounds, names, "ItemBatcher", jsonata)
        self.input = find_template(given, "BatchInput", jsonata, "ItemBatcher/")

    def bounds(self, env: Env) -> dict[str, Any]:
        """What bounds a batch, for `Batch`. Raises StateFailure."""
        given = self.config(env)
        room = self._bound(given, "MaxInputBytesPerBatch") or PAYLOAD_LIMIT
        return {
            "most": self._bound(given, "MaxItemsPerBatch"),
            "room": min(room, PAYLOAD_LIMIT),
            "with": {} if self.input is None else {"BatchInput": self.input(env)},
        }

    def batches(self, env: Env, items: list[Any]) -> list[Any]:
        """The inputs of the child executions. Raises StateFailure."""
        made, batch = [], Batch(self.bounds(env))
        for item in items:
            text = dump(item)
            if not batch.fits(text):
                made.append(load(batch.emptied()))
            batch.add(text)
        return [*made, load(batch.emptied())] if batch.texts else made

    @staticmethod
    def _bound(bounds: dict[str, Any], name: str) -> int:
        value = bounds.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0 or value != int(value):
            raise runtime(f"{name} must be a positive integer, but was: {dump(value)}")
        return int(value)


class Batch:
    """The input of one child execution while it grows, in AWS's order ("ItemBatcher (Map)"); `texts` are its items."""

    __slots__ = ("_begin", "_most", "_room", "_size", "texts")

    def __init__(self, bounds: dict[str, Any]) -> None:
        self.texts: list[str] = []
        self._most: int = bounds["most"]
        self._room: int = bounds["room"]
        self._begin = dump({**bounds["with"], "Items": []}).removesuffix("]}")
        self._size = 0

    def fits(self, text: str) -> bool:
        """Is there room for one more item? The first one is never refused."""
        if not self.texts:
            return True
        if self.full:
            return False
        return size_of(self._begin) + self._size + 1 + size_of(text) + len("]}") <= self._room

    @property
    def full(self) -> bool:
        """Has it as many items as it may have?"""
        return bool(self._most) and len(self.texts) >= self._most

    def add(self, text: str) -> None:
        """Take one more item."""
        self._size += size_of(text) + (1 if self.texts else 0)
        self.texts.append(text)

    def emptied(self) -> str:
        """The input as JSON text; what follows is the next batch."""
        text = f"{self._begin}{','.join(self.texts)}]}}"
        self.texts, self._size = [], 0
        return text

"""Where the items of a distributed Map come from, how they are batched, and where its results go."""

from __future__ import annotations

from typing import Any

from emulator.languages.asl import templates
from emulator.languages.asl.dataflow import filled
from emulator.languages.asl.environment import Env, Read
from emulator.languages.asl.failures import PAYLOAD_LIMIT, runtime
from emulator.languages.asl.texts import dump


def compiled(value: Any, field: str, jsonata: bool) -> Read:
    """A template of either query language as a function."""
    if not jsonata:
        return filled(templates.template(value))
    from emulator.languages.asl import queries  # JSONata is loaded by the first machine that uses it

    return filled(queries.template(value, field))


def _with_paths(given: dict[str, Any], numbers: tuple[str, ...], field: str, jsonata: bool) -> Read:
    """A configuration object; its `...Path` members are replaced by what they refer to."""
    fixed = {name: value for name, value in given.items() if not name.endswith("Path")}
    read = compiled(fixed, field, jsonata)
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
        self.parameters = compiled(given.get(field, {}), f"ItemReader/{field}", jsonata)
        config = given.get("ReaderConfig", {})
        self.config = _with_paths(config, ("MaxItems",), "ItemReader/ReaderConfig", jsonata)


class ResultWriter:
    """ResultWriter: which call takes the results. The answer of the call is the result of the state."""

    __slots__ = ("config", "parameters", "resource")

    def __init__(self, given: dict[str, Any], jsonata: bool) -> None:
        self.resource: str = given.get("Resource", "")
        field = "Arguments" if jsonata else "Parameters"
        self.parameters = compiled(given.get(field, {}), f"ResultWriter/{field}", jsonata)
        self.config: dict[str, Any] = given.get("WriterConfig", {})


class ItemBatcher:
    """ItemBatcher: how many items, or bytes of them, make the input of one child execution."""

    __slots__ = ("config", "input")

    def __init__(self, given: dict[str, Any], jsonata: bool) -> None:
        bounds = {name: value for name, value in given.items() if name != "BatchInput"}
        names = ("MaxItemsPerBatch", "MaxInputBytesPerBatch")
        self.config = _with_paths(bounds, names, "ItemBatcher", jsonata)
        self.input: Read | None = None
        if "BatchInput" in given:
            self.input = compiled(given["BatchInput"], "ItemBatcher/BatchInput", jsonata)

    def batches(self, env: Env, items: list[Any]) -> list[Any]:
        """The inputs of the child executions. Raises StateFailure."""
        bounds = self.config(env)
        most = self._bound(bounds, "MaxItemsPerBatch") or len(items) or 1
        room = min(self._bound(bounds, "MaxInputBytesPerBatch") or PAYLOAD_LIMIT, PAYLOAD_LIMIT)
        frame = {} if self.input is None else {"BatchInput": self.input(env)}
        taken = len(dump({"Items": [], **frame}).encode())
        groups: list[list[Any]] = []
        size = 0
        for item in items:
            length = len(dump(item).encode("utf-8", "replace")) + 1
            if not groups or len(groups[-1]) >= most or taken + size + length > room + 1:
                groups.append([])
                size = 0
            groups[-1].append(item)
            size += length
        return [{"Items": group, **frame} for group in groups]

    @staticmethod
    def _bound(bounds: dict[str, Any], name: str) -> int:
        value = bounds.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0 or value != int(value):
            raise runtime(f"{name} must be a positive integer, but was: {dump(value)}")
        return int(value)

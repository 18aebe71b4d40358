"""What an expression sees: the document, the context object, the variables, and chance made from the seed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from emulator.languages.asl.texts import dump

if TYPE_CHECKING:
    from emulator.languages.asl.frames import Frame
    from emulator.languages.asl.run import Run

Read = Callable[["Env"], Any]


class Pair(dict[str, Any]):
    """A member of an object that is an item of a Map: {"Key", "Value"}."""


def listed(items: Any) -> list[Any]:
    """The items of an array, or of an object: its members."""
    return [Pair(Key=key, Value=value) for key, value in items.items()] if isinstance(items, dict) else items


@dataclass(slots=True)
class MapItem:
    """An item as `$$.Map.Item` shows it: `value` is an element of an array, or a Pair (Step Functions Developer Guide,
    "Context object data for Map states")."""

    index: int
    value: Any
    source: str = "STATE_DATA"

    def shown(self) -> dict[str, Any]:
        """The members of the context object."""
        value = self.value if isinstance(self.value, Pair) else {"Value": self.value}
        return {"Index": self.index, **value, "Source": self.source}


class Env:
    """One evaluation. `item` is that of a Map while its ItemSelector is evaluated."""

    __slots__ = ("_context", "_variables", "document", "frame", "item", "result", "run")

    def __init__(self, run: Run, frame: Frame, document: Any, item: MapItem | None = None, result: Any = None) -> None:
        self.run = run
        self.frame = frame
        self.document = document
        self.item = item
        self.result = result
        self._context: dict[str, Any] | None = None
        self._variables: dict[str, Any] | None = None

    @property
    def text(self) -> str:
        """The document as AWS shows it in a cause: the input of the state as it was given, anything else printed."""
        given = self.frame.input
        return given.text if self.document is given.value else dump(self.document)

    @property
    def context(self) -> dict[str, Any]:
        if self._context is None:
            self._context = self.run.context(self.frame, self.item)
        return self._context

    @property
    def variables(self) -> dict[str, Any]:
        if self._variables is None:
            self._variables = self.run.variables(self.frame)
        return self._variables

    def chance(self) -> int:
        """A number of 256 bits that depends on the seed and the place in the execution only."""
        return self.run.chance()


def mixed(*parts: Any) -> int:
    """A number of 256 bits out of these parts, always the same for the same parts."""
    return int.from_bytes(hashlib.sha256(repr(parts).encode()).digest(), "big")

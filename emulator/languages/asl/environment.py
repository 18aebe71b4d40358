"""What an expression sees: the document, the context object, the variables, and chance made from the seed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emulator.languages.asl.frames import Frame
    from emulator.languages.asl.run import Run

Read = Callable[["Env"], Any]


class Env:
    """One evaluation. `item` is (index, value) while the ItemSelector of a Map is evaluated."""

    __slots__ = ("_context", "_variables", "document", "frame", "item", "result", "run")

    def __init__(
        self, run: Run, frame: Frame, document: Any, item: tuple[int, Any] | None = None, result: Any = None
    ) -> None:
        self.run = run
        self.frame = frame
        self.document = document
        self.item = item
        self.result = result
        self._context: dict[str, Any] | None = None
        self._variables: dict[str, Any] | None = None

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

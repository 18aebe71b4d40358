"""Reference Paths: the JSONPaths that name exactly one place, and can therefore be written to."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from emulator.languages.paths.errors import InvalidPath, ReferencePathMismatch
from emulator.languages.paths.parser import parse
from emulator.languages.paths.tokens import plain_keys


class ReferencePath:
    """A path of single names and non-negative indexes from `$`. `keys` are its steps."""

    __slots__ = ("_single", "keys", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.keys = _keys(text)
        first = self.keys[0] if len(self.keys) == 1 else None
        self._single = first if isinstance(first, str) else None

    def __repr__(self) -> str:
        return f"ReferencePath({self.text!r})"

    def write(self, document: Any, value: Any) -> Any:
        """A document with `value` at this place; `$` is the value itself.

        The given document is not changed; what the path does not pass through is shared with it.
        Missing objects are created. Raises ReferencePathMismatch where a name meets something that is
        no object, or an index something that is no array or has no such element (ASL: ResultPath,
        States.ResultPathMatchFailure).
        """
        if self._single is not None and isinstance(document, dict):
            return {**document, self._single: value}  # as nearly all are: `$.result`
        return self._write(document, value, 0)

    def _write(self, node: Any, value: Any, place: int) -> Any:
        if place == len(self.keys):
            return value
        key = self.keys[place]
        if isinstance(key, int):
            if not isinstance(node, list) or key >= len(node):
                raise self._mismatch()
            elements = list(node)
            elements[key] = self._write(node[key], value, place + 1)
            return elements
        if node is _MISSING:
            return {key: self._write(_MISSING, value, place + 1)}
        if not isinstance(node, dict):
            raise self._mismatch()
        members = dict(node)
        members[key] = self._write(node.get(key, _MISSING), value, place + 1)
        return members

    def _mismatch(self) -> ReferencePathMismatch:
        return ReferencePathMismatch(f"The Reference Path '{self.text}' cannot be applied to the document")


_MISSING = object()

# The operators @ , : and ? have no place in a Reference Path (Amazon States Language, "Reference Paths").
_SHAPE = re.compile(
    r"""\$(?: \.[^\s.\[\]()*,:?@'"]+ | \[\ *(?: '(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" | [0-9]+ )\ *\] )*""",
    re.VERBOSE,
)


def _keys(text: str) -> tuple[str | int, ...]:
    if not _SHAPE.fullmatch(text):
        raise InvalidPath("A Reference Path starts with '$' and names a single node")
    keys = plain_keys(parse(text))
    assert keys is not None
    return keys


@lru_cache(maxsize=8192)
def reference(text: str) -> ReferencePath:
    """The Reference Path of a text, cached. Raises InvalidPath for anything but `$.a['b'][0]` forms."""
    return ReferencePath(text)

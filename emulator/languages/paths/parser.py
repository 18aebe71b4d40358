"""How a JSONPath is written: text -> tokens, as Jayway JsonPath 2.10 reads it."""

from __future__ import annotations

import re
from typing import Any

from emulator.languages.paths.arguments import read_arguments
from emulator.languages.paths.criteria import parse_criteria
from emulator.languages.paths.errors import InvalidPath
from emulator.languages.paths.scanning import end_of_group, end_of_quoted, skip_blanks, unescaped
from emulator.languages.paths.tokens import (
    Filter,
    Function,
    Index,
    Parsed,
    Property,
    Scan,
    Slice,
    Token,
    Wildcard,
)

_VARIABLE = re.compile(r"\$[^\W\d]\w*")
_SUBSCRIPT = re.compile(r"\[([ ]*[0-9:\-][0-9,: \-]*)\]")
_WILDCARD = re.compile(r"\[ *\* *\]")
_FILTER = re.compile(r"\[ *\? *\(")


def parse(text: str, *, roots: bool = False) -> Parsed:
    """A path whose root is `$` or `@`. Raises InvalidPath.

    With `roots` it is one of the Amazon States Language: it may begin with `$$` and `$name`, functions are names like
    any other, and filters see objects alone (Step Functions Developer Guide, "Reference Paths").
    """
    return _Reader(text, roots=roots).read()


class _Reader:
    """A position in the text of one path."""

    def __init__(self, text: str, *, roots: bool) -> None:
        rooted = text if text.startswith(("$", "@")) else f"$.{text}"
        stripped = rooted.strip(" ")
        if stripped.endswith("."):
            raise InvalidPath("Path must not end with a '.' or '..'")
        self.text = stripped
        self.roots = roots
        self.position = 0
        self.tokens: list[Token] = []

    def read(self) -> Parsed:
        root = self._root()
        self.position = len(root)
        if self.position < len(self.text):
            if self.text[self.position] not in ".[":
                raise InvalidPath(f"Illegal character at position {self.position} expected '.' or '['")
            self._next()
            # Jayway stops before the last character when a token has just ended there.
            while self.position < len(self.text) - 1:
                self._next()
        return Parsed(root, tuple(self.tokens))

    def _root(self) -> str:
        if self.roots and self.text.startswith("$$"):
            return "$$"
        name = _VARIABLE.match(self.text) if self.roots else None
        return name.group() if name else self.text[0]

    def _next(self) -> None:
        character = self.text[self.position]
        if character == ".":
            self._dot()
        if self.text[self.position] == "[":
            self._bracket()
        elif self.text[self.position] == "*":
            self.tokens.append(Wildcard())
            self.position += 1
        else:
            self._name()

    def _dot(self) -> None:
        if self.text.startswith("..", self.position):
            self.tokens.append(Scan())
            self.position += 1
        self.position += 1
        if self.text[self.position] == ".":
            raise InvalidPath(f"Character '.' on position {self.position} is not valid.")

    def _name(self) -> None:
        start = self.position
        end = next((at for at in range(start, len(self.text)) if self.text[at] in " .[("), len(self.text))
        name = self.text[start:end]
        if end < len(self.text) and self.text[end] == " ":
            raise InvalidPath(f"A name with a blank must be written ['my prop'], at position {start}")
        if end < len(self.text) and self.text[end] == "(":
            if not self.roots:
                self._function(name, end)
                return
            end = self.text.find(")", end) + 1 or len(self.text)
            name = self.text[start:end]
        self.tokens.append(Property((name,)))
        self.position = end

    def _function(self, name: str, opening: int) -> None:
        arguments, end = read_arguments(self.text, opening, name)
        values: list[Any] = [parse(source) if is_path else value for is_path, source, value in arguments]
        self.tokens.append(Function(name, tuple(values)))
        self.position = end

    def _bracket(self) -> None:
        after = self.text[self.position + 1 :].lstrip(" ")[:1]
        if after in ("'", '"') and after:
            self._names(after)
        elif subscript := _SUBSCRIPT.match(self.text, self.position):
            self.tokens.append(_subscript(subscript.group(1).strip()))
            self.position = subscript.end()
        elif wildcard := _WILDCARD.match(self.text, self.position):
            self.tokens.append(Wildcard())
            self.position = wildcard.end()
        elif criteria := _FILTER.match(self.text, self.position):
            self._filter(criteria.end() - 1)
        else:
            raise InvalidPath(f"Could not parse token starting at position {self.position}. Expected ?, ', 0-9, * ")

    def _names(self, quote: str) -> None:
        names: list[str] = []
        at = self.position + 1
        while True:
            at = skip_blanks(self.text, at)
            if self.text[at : at + 1] != quote:
                raise InvalidPath(f"Expected a quoted name at index {at}")
            end = end_of_quoted(self.text, at)
            names.append(unescaped(self.text[at + 1 : end]))
            at = skip_blanks(self.text, end + 1)
            if self.text[at : at + 1] == "]":
                break
            if self.text[at : at + 1] != ",":
                raise InvalidPath(f"Expected ',' or ']' after the name that ends at index {end}")
            at += 1
        self.tokens.append(Property(tuple(names)))
        self.position = at + 1

    def _filter(self, opening: int) -> None:
        closing = end_of_group(self.text, opening, patterns=True)
        end = skip_blanks(self.text, closing + 1)
        if self.text[end : end + 1] != "]":
            raise InvalidPath(f"Could not parse token starting at position {self.position}. Expected ?, ', 0-9, * ")
        self.tokens.append(Filter(parse_criteria(self.text[opening : closing + 1], parse), objects=self.roots))
        self.position = end + 1


def _subscript(expression: str) -> Index | Slice:
    try:
        if ":" not in expression:
            return Index(tuple(int(part) for part in re.split(r"\s*,\s*", expression.rstrip(", "))))
        if " " in expression or "," in expression:
            raise InvalidPath(f"Failed to parse SliceOperation: {expression}")
        parts = [int(part) if part else None for part in expression.split(":")]
    except ValueError:
        raise InvalidPath(f"Failed to parse index or slice: {expression}") from None
    if parts[0] is None and parts[1] is None:
        raise InvalidPath(f"Failed to parse SliceOperation: {expression}")
    return Slice(parts[0], parts[1])

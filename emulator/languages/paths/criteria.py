"""How a filter is written: the text inside `[?( ... )]` -> an expression tree."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from emulator.languages.paths.errors import InvalidPath
from emulator.languages.paths.regexes import Regex
from emulator.languages.paths.scanning import end_of_group, end_of_quoted, skip_blanks, unescaped

SYMBOLS = ("==", "===", "!=", "!==", "<", "<=", ">", ">=", "=~")
WORDS = (
    "IN",
    "NIN",
    "CONTAINS",
    "ALL",
    "SIZE",
    "EMPTY",
    "EXISTS",
    "TYPE",
    "MATCHES",
    "SUBSETOF",
    "ANYOF",
    "NONEOF",
)
OPERATORS = frozenset((*SYMBOLS, *WORDS))

_RELATIONAL = "<>=~!"
_NUMBER = re.compile(r"[0-9.eE\-]+")
_CALL = re.compile(r"\.[^ ]*\( *$")
_FLAGS = {
    "i": re.IGNORECASE,
    "m": re.MULTILINE,
    "s": re.DOTALL,
    "x": re.VERBOSE,
    "u": re.UNICODE,
    "d": re.UNICODE,
}


@dataclass(frozen=True, slots=True)
class PathOperand:
    """A path inside a filter; `parsed` is what the given reader of paths made of it."""

    parsed: Any
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Literal:
    """A string, Decimal, boolean, None, list, object or Regex."""

    value: Any


Operand: TypeAlias = PathOperand | Literal


@dataclass(frozen=True, slots=True)
class Relation:
    """`left operator right`."""

    left: Operand
    operator: str
    right: Operand


@dataclass(frozen=True, slots=True)
class Exists:
    """A path alone: it leads somewhere (or, negated, nowhere)."""

    path: PathOperand


@dataclass(frozen=True, slots=True)
class Logical:
    """'||' or '&&' of some parts, or '!' of one."""

    operator: str
    parts: tuple[Expression, ...]


Expression: TypeAlias = Relation | Exists | Logical


def parse_criteria(text: str, read_path: Callable[[str], Any]) -> Expression:
    """The expression written in `text`, parentheses included. Raises InvalidPath."""
    reader = _Criteria(text, read_path)
    expression = reader.any_of()
    if skip_blanks(text, reader.position) < len(text):
        raise InvalidPath(f"Expected end of filter expression instead of: {text[reader.position :]}")
    return expression


class _Criteria:
    """A position in the text of one filter."""

    def __init__(self, text: str, read_path: Callable[[str], Any]) -> None:
        self.text = text
        self.read_path = read_path
        self.position = 0

    def any_of(self) -> Expression:
        parts = [self._all_of()]
        while self._take("||"):
            parts.append(self._all_of())
        return parts[0] if len(parts) == 1 else Logical("||", tuple(parts))

    def _all_of(self) -> Expression:
        parts = [self._one()]
        while self._take("&&"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else Logical("&&", tuple(parts))

    def _one(self) -> Expression:
        start = self.position
        if self._take("!"):
            if self._peek() not in ("$", "@"):
                return Logical("!", (self._one(),))
            self.position = start
        if self._take("("):
            inner = self.any_of()
            if not self._take(")"):
                raise InvalidPath(f"Expected ) in {self.text}")
            return inner
        return self._relation()

    def _relation(self) -> Expression:
        left = self._operand()
        after = self.position
        try:
            return Relation(left, self._operator(), self._operand())
        except InvalidPath:
            self.position = after
        if not isinstance(left, PathOperand):
            raise InvalidPath(f"Expected path node in {self.text}")
        return Exists(left)

    def _operator(self) -> str:
        start = end = skip_blanks(self.text, self.position)
        if self._peek() in _RELATIONAL:
            while end < len(self.text) and self.text[end] in _RELATIONAL:
                end += 1
        else:
            while end < len(self.text) and self.text[end] != " ":
                end += 1
        operator = self.text[start:end].upper()
        if operator not in OPERATORS:
            raise InvalidPath(f"Filter operator {operator} is not supported!")
        self.position = end
        return operator

    def _operand(self) -> Operand:
        negated = self._take("!")
        character = self._peek()
        if character in ("$", "@"):
            return PathOperand(self.read_path(self._path_text()), negated)
        if negated:
            raise InvalidPath("Unexpected character: !")
        return Literal(self._literal(character))

    def _path_text(self) -> str:
        """Jayway's extent of a path: up to a blank, a relational character or a ')' that closes no call."""
        start = at = self.position
        at += 1
        while at < len(self.text):
            if self.text[at] == "[":
                at = end_of_group(self.text, at) + 1
                if at >= len(self.text):
                    break
            character = self.text[at]
            if character in _RELATIONAL or character == " ":
                break
            if character == ")" and not _CALL.search(self.text, start, at):
                break
            at += 1
        self.position = at
        return self.text[start:at]

    def _literal(self, character: str) -> Any:
        if character in ("'", '"'):
            return unescaped(self._through(end_of_quoted(self.text, self.position))[1:-1])
        if character in ("[", "{"):
            return _json(self._through(end_of_group(self.text, self.position)))
        if character == "/":
            return self._pattern()
        for word, value in (("true", True), ("false", False), ("null", None)):
            if self._take(word):
                return value
        return self._number()

    def _through(self, end: int) -> str:
        taken = self.text[self.position : end + 1]
        self.position = end + 1
        return taken

    def _pattern(self) -> Regex:
        source = self._through(end_of_quoted(self.text, self.position))[1:-1]
        flags = re.UNICODE
        while self._at() in _FLAGS:
            flags |= _FLAGS[self._at()]
            self.position += 1
        return Regex(source, flags)

    def _number(self) -> Decimal:
        match = _NUMBER.match(self.text, self.position)
        try:
            number = Decimal(match.group() if match else "")
        except InvalidOperation:
            raise InvalidPath(f"Failed to parse filter: {self.text}, error on position: {self.position}") from None
        self.position += len(match.group()) if match else 0
        return number

    def _at(self) -> str:
        return self.text[self.position : self.position + 1] or " "

    def _peek(self) -> str:
        self.position = skip_blanks(self.text, self.position)
        return self._at()

    def _take(self, word: str) -> bool:
        at = skip_blanks(self.text, self.position)
        if not self.text.startswith(word, at):
            return False
        self.position = at + len(word)
        return True


def _json(source: str) -> Any:
    """A JSON literal, single quotes allowed."""
    try:
        return json.loads(source)
    except ValueError:
        pass
    try:
        return json.loads(_double_quoted(source))
    except ValueError:
        raise InvalidPath(f"Not a JSON value: {source}") from None


def _double_quoted(source: str) -> str:
    parts: list[str] = []
    at = 0
    while at < len(source):
        end = at
        if source[at] in "'\"":
            end = end_of_quoted(source, at)
            parts.append(json.dumps(unescaped(source[at + 1 : end])))
        else:
            parts.append(source[at])
        at = end + 1
    return "".join(parts)

"""Objects of text, one item a record: CSV and JSON Lines. A place is the number of the byte after a record."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import chain
from typing import Any

from emulator.languages.asl.texts import load
from emulator.services.stepfunctions.integrations.items.errors import UnreadableError
from emulator.services.stepfunctions.integrations.items.objects import Entries, Object

DELIMITERS = {"COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "SPACE": " ", "TAB": "\t"}
LONGEST_HEADER = 10 * 1024  # bytes (AWS: ItemReader, CSVHeaderLocation)
LONGEST = 8 * 1024 * 1024  # bytes of a record: 32 times what a child execution takes
MARK = b"\xef\xbb\xbf"


class Lines(Iterator[str]):
    """The lines of an object, their ends included; `at` is the number of the byte after the last one given."""

    __slots__ = ("_lines", "at")

    def __init__(self, found: Object, at: int = 0) -> None:
        self.at = at
        self._lines = _split(found, at)

    def __next__(self) -> str:
        line = next(self._lines)
        first = self.at == 0
        self.at += len(line)
        try:
            return line.removeprefix(MARK).decode() if first else line.decode()
        except UnicodeDecodeError:
            raise UnreadableError("The object of the item reader is not UTF-8 text.") from None


def _split(found: Object, at: int) -> Iterator[bytes]:
    rest = b""
    for chunk in found.chunks(at):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line + b"\n"
        if len(rest) > LONGEST:
            raise UnreadableError(f"The object has a record of more than {LONGEST} bytes.")
    if rest:
        yield rest


def value_of(text: str | bytes) -> Any:
    """The value of a JSON text. Raises UnreadableError."""
    try:
        return load(text if isinstance(text, str) else text.decode())
    except ValueError as error:
        raise UnreadableError(f"The item reader found no valid JSON: {error}") from None


def of_lines(found: Object, config: dict[str, Any], at: int | None) -> Entries:
    """JSON Lines: a value a line; empty lines are none."""
    lines = Lines(found, at or 0)
    for line in lines:
        if line and not line.isspace():
            yield value_of(line), lines.at


def of_csv(found: Object, config: dict[str, Any], at: int | None) -> Entries:
    """One object of texts a row; where a row is short its last fields are empty, what it has more is left out."""
    lines = Lines(found)
    names = _header(lines, config)
    if at is not None:
        lines = Lines(found, at)
    missing = [""] * len(names)
    for row in _rows(lines, config):
        if row:
            yield dict(zip(names, chain(row, missing), strict=False)), lines.at


def _header(lines: Lines, config: dict[str, Any]) -> list[str]:
    where = config.get("CSVHeaderLocation")
    if where == "FIRST_ROW":
        names = next((row for row in _rows(lines, config) if row), [])
    elif where == "GIVEN":
        names = [str(name) for name in config.get("CSVHeaders") or ()]
    else:
        raise UnreadableError("CSVHeaderLocation must be FIRST_ROW or GIVEN.")
    if len(set(names)) != len(names):
        raise UnreadableError("CSV headers cannot contain duplicates.")
    if sum(len(name.encode()) + 1 for name in names) - 1 > LONGEST_HEADER:
        raise UnreadableError(f"CSV headers cannot be longer than {LONGEST_HEADER} bytes.")
    return names


def _rows(lines: Lines, config: dict[str, Any]) -> Iterator[list[str]]:
    """Rows by AWS's rules: quotes are doubled or escaped, a backslash takes the next character as it is."""
    delimiter = DELIMITERS.get(config.get("CSVDelimiter", "COMMA"))
    if delimiter is None:
        raise UnreadableError(f"The CSVDelimiter {config['CSVDelimiter']} is none of {', '.join(DELIMITERS)}.")
    inside = False  # a record that has begun: it goes on because a quoted field does

    def told() -> Iterator[str]:
        nonlocal inside
        for line in lines:
            begun, inside = inside, True
            yield _told(line, delimiter, begun) if '""' in line or "\\" in line else line

    csv.field_size_limit(LONGEST)
    try:
        for row in csv.reader(told(), delimiter=delimiter, escapechar="\\"):
            inside = False
            yield row
    except csv.Error as error:
        raise UnreadableError(f"The object of the item reader is not CSV: {error}") from None


def _told(line: str, delimiter: str, quoted: bool) -> str:
    """A line in the words of the csv module, which does not know that quotes are doubled outside of quotes as well,
    and takes a backslash at the end of a line to escape that end (AWS: "How Step Functions parses input CSV files")."""
    made, at, first = [], 0, not quoted
    while at < len(line):
        two = line[at : at + 2]
        taken = two if (two == '""' and not first) or two[0] == "\\" else two[0]
        if taken == "\\" or taken in ("\\\r", "\\\n"):
            made.append(taken[1:])
        elif taken == '""' and not quoted:
            made.append('\\"')
        else:
            made.append(taken)
        if taken == '"' and (first or quoted):
            quoted = not quoted
        first = taken == delimiter and not quoted
        at += len(taken)
    return "".join(made)

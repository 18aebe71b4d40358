"""Named SQL: blocks headed ``-- name: insert_message``, one statement each, parameters ``:name``."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import Any

from emulator.errors import EmulatorError
from emulator.storage import dialects

_NUMBER = re.compile(r"\s+RETURNING id\s*\Z")
_HEAD = re.compile(r"^--[ \t]*name:[ \t]*(.*?)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """One statement. `writes`: it is no SELECT. `returns`: it writes and has RETURNING. `numbers`: it inserts one
    row, or none, and returns its `id` and nothing else; it has neither DO UPDATE nor a SELECT.

    `lists`: the parameters written ``IN (:names...)``, given as lists of int or str.
    `sqlite` and `postgres` are the texts each dialect runs (see `dialects`), `sqlite_insert` the former without its
    `RETURNING id`; `values` puts parameters in the order that SQLite's wants. KeyError: one is missing.
    """

    name: str
    sql: str
    writes: bool = field(init=False)
    returns: bool = field(init=False)
    numbers: bool = field(init=False)
    lists: tuple[str, ...] = field(init=False)
    sqlite: str = field(init=False)
    sqlite_insert: str = field(init=False)
    postgres: str = field(init=False)
    values: Callable[[Mapping[str, Any]], Sequence[Any]] = field(init=False)

    def __post_init__(self) -> None:
        writes = dialects.verb(self.sql) not in ("SELECT", "VALUES")
        object.__setattr__(self, "writes", writes)
        object.__setattr__(self, "returns", writes and dialects.returns(self.sql))
        object.__setattr__(self, "lists", dialects.lists(self.sql))
        numbers = dialects.verb(self.sql) == "INSERT" and _NUMBER.search(self.sql) is not None
        words = {text.upper() for kind, text in dialects.tokens(self.sql) if kind == "word"}
        object.__setattr__(self, "numbers", numbers and not words & {"SELECT", "UPDATE"})
        object.__setattr__(self, "sqlite", dialects.sqlite_query(self.sql))
        object.__setattr__(self, "sqlite_insert", _NUMBER.sub("", self.sqlite))
        object.__setattr__(self, "postgres", dialects.postgres_query(self.sql))
        object.__setattr__(self, "values", _values(dialects.parameters(self.sql)))


def _values(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    if len(names) > 1:
        return itemgetter(*names)
    return lambda params: [params[name] for name in names]


def by_query(rows: Iterable[tuple[Query, dict[str, Any]]]) -> dict[Query, list[dict[str, Any]]]:
    """Parameters by the query that they are for, in their order."""
    found: dict[Query, list[dict[str, Any]]] = {}
    for query, params in rows:
        found.setdefault(query, []).append(params)
    return found


class Queries:
    """The queries of one file, each an attribute of its name; iterable in the order of the file."""

    def __init__(self, source: str, found: dict[str, Query]) -> None:
        self._source = source
        self._found = found
        self.__dict__.update(found)

    def __getattr__(self, name: str) -> Query:
        raise AttributeError(f"{self._source} has no query named {name!r}")

    def __iter__(self) -> Iterator[Query]:
        return iter(self._found.values())

    @classmethod
    def load(cls, path: Path) -> "Queries":
        """The queries of a file. EmulatorError: what is wrong in it, with file and name."""
        return cls.parse(path.read_text(encoding="utf-8"), source=str(path))

    @classmethod
    def parse(cls, text: str, *, source: str = "<text>") -> "Queries":
        """The queries of a text in the same format; `source` is what errors call it."""
        heads = list(_HEAD.finditer(text))
        preamble = text[: heads[0].start()] if heads else text
        if dialects.statements(preamble):
            raise EmulatorError(f"{source}: SQL before the first '-- name:' line")
        found: dict[str, Query] = {}
        for head, following in zip(heads, [*heads[1:], None], strict=True):
            name = head.group(1)
            if not name.isidentifier() or name.startswith("_") or name in ("load", "parse"):
                raise EmulatorError(f"{source}: {name!r} cannot name a query")
            if name in found:
                raise EmulatorError(f"{source}: two queries are named {name}")
            body = text[head.end() : following.start() if following else len(text)]
            found[name] = _query(name, body, source)
        return cls(source, found)


def _query(name: str, body: str, source: str) -> Query:
    written = dialects.statements(body)
    if len(written) != 1:
        raise EmulatorError(f"{source}: query {name} has {len(written)} statements, not one")
    try:
        return Query(name, written[0])
    except ValueError as error:
        raise EmulatorError(f"{source}: query {name}: {error}") from None
